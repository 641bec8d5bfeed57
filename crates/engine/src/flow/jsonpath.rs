//! InputPath → Parameters → work → ResultSelector → ResultPath → OutputPath.

use passo_asl::program::{JsonPathFlow, PathOrNull, ResultPath};
use passo_expr::Template;
use passo_json::{Json, Object, Payload};

use super::{Evaluator, Fault, Value};

impl Evaluator<'_> {
    pub(super) fn input_path(&self, flow: &JsonPathFlow) -> Result<Value, Fault> {
        self.select(
            flow.input_path.as_ref(),
            Value::Kept(self.frame.input.clone()),
        )
    }

    pub(super) fn parameters(&self, flow: &JsonPathFlow, effective: Value) -> Result<Value, Fault> {
        self.shape(flow.parameters.as_ref(), effective, "Parameters")
    }

    pub(super) fn result_selector(
        &self,
        flow: &JsonPathFlow,
        result: Value,
    ) -> Result<Value, Fault> {
        self.shape(flow.result_selector.as_ref(), result, "ResultSelector")
    }

    /// The result in the raw input.
    pub(crate) fn result_path(&self, path: &ResultPath, result: Value) -> Result<Value, Fault> {
        match path {
            ResultPath::Replace => Ok(result),
            ResultPath::Discard => Ok(Value::Kept(self.frame.input.clone())),
            ResultPath::At(path) => {
                let raw = self.frame.input.payload.json();
                let combined = path
                    .write(raw, result.payload().json().clone())
                    .map_err(|error| error.into_failure())?;
                Ok(Value::New(Payload::from(combined)))
            }
        }
    }

    pub(crate) fn output_path(&self, flow: &JsonPathFlow, combined: Value) -> Result<Value, Fault> {
        self.select(flow.output_path.as_ref(), combined)
    }

    /// `from` through a template, where there is one.
    pub(super) fn shape(
        &self,
        template: Option<&Template>,
        from: Value,
        field: &str,
    ) -> Result<Value, Fault> {
        let Some(template) = template else {
            return Ok(from);
        };
        let shaped = template.evaluate(&self.scope(from.payload()), field)?;
        Ok(Value::New(Payload::from(shaped)))
    }

    /// `from` through `InputPath` or `OutputPath`.
    fn select(&self, path: Option<&PathOrNull>, from: Value) -> Result<Value, Fault> {
        match path {
            None => Ok(from),
            Some(PathOrNull::Null) => Ok(Value::New(Payload::from(Json::from(Object::default())))),
            Some(PathOrNull::Path(path)) => {
                let selected = path
                    .read_payload(&self.scope(from.payload()))
                    .map_err(|error| error.into_invalid_path())?;
                if selected.is_same(from.payload()) {
                    return Ok(from);
                }
                Ok(Value::New(selected))
            }
        }
    }
}
