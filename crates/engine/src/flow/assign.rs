//! Assign: new values of variables.

use std::sync::Arc;

use passo_asl::program::Flow;
use passo_expr::Template;
use passo_json::{Json, Payload};
use passo_vocab::{ErrorName, Failure};

use super::{Evaluator, Fault, Value};

/// Names and values, in the order of the definition.
pub(crate) type Assigned = Vec<(Arc<str>, Payload)>;

impl Evaluator<'_> {
    /// `Assign` of a state that does work. In JSONPath `$` is the result.
    pub fn assign(&self, flow: &Flow, result: &Value) -> Result<Assigned, Fault> {
        match flow {
            Flow::JsonPath(flow) => self.assign_path(flow.assign.as_ref(), result),
            Flow::Jsonata(flow) => {
                let Some(template) = &flow.assign else {
                    return Ok(Assigned::new());
                };
                let scope = self
                    .scope(&self.frame.input.payload)
                    .with_result(result.payload());
                self.assigned(template.evaluate(&scope, "Assign")?)
            }
        }
    }

    /// `Assign` of a state that does no work. In JSONPath `$` is `effective`.
    pub fn assign_of_input(&self, flow: &Flow, effective: &Value) -> Result<Assigned, Fault> {
        match flow {
            Flow::JsonPath(flow) => self.assign_path(flow.assign.as_ref(), effective),
            Flow::Jsonata(flow) => self.assign_jsonata(flow.assign.as_ref()),
        }
    }

    /// A rule's or catcher's `Assign` in JSONPath.
    pub(crate) fn assign_path(
        &self,
        template: Option<&Template>,
        from: &Value,
    ) -> Result<Assigned, Fault> {
        let Some(template) = template else {
            return Ok(Assigned::new());
        };
        self.assigned(template.evaluate(&self.scope(from.payload()), "Assign")?)
    }

    /// A rule's `Assign` in JSONata.
    pub(crate) fn assign_jsonata(&self, template: Option<&Template>) -> Result<Assigned, Fault> {
        let Some(template) = template else {
            return Ok(Assigned::new());
        };
        self.assigned(template.evaluate(&self.scope(&self.frame.input.payload), "Assign")?)
    }

    /// A catcher's `Assign` in JSONata.
    pub(crate) fn assign_error(
        &self,
        template: Option<&Template>,
        error: &Payload,
    ) -> Result<Assigned, Fault> {
        let Some(template) = template else {
            return Ok(Assigned::new());
        };
        let scope = self
            .scope(&self.frame.input.payload)
            .with_error_output(error);
        self.assigned(template.evaluate(&scope, "Assign")?)
    }

    fn assigned(&self, value: Json) -> Result<Assigned, Fault> {
        let Json::Object(object) = value else {
            return Ok(Assigned::new());
        };
        let assigned: Assigned = object
            .iter()
            .map(|(name, value)| (Arc::clone(name), Payload::from(value.clone())))
            .collect();
        let mut total = 0_usize;
        for (name, value) in &assigned {
            total = total.saturating_add(value.text().len());
            if total > self.limits.assign_bytes_max {
                return Err(self.too_much(name));
            }
        }
        if self.frame.variables.total_bytes().saturating_add(total)
            > self.limits.variables_bytes_max
        {
            // What is replaced is not taken off: the limit is far away in either case.
            return Err(self.too_much("Assign"));
        }
        Ok(assigned)
    }

    fn too_much(&self, name: &str) -> Fault {
        Fault::Plain(Failure::new(
            ErrorName::DATA_LIMIT_EXCEEDED,
            format!(
                "The variable '{name}' assigned by the state '{}' exceeds the maximum number of bytes service limit.",
                self.state.name
            ),
        ))
    }
}
