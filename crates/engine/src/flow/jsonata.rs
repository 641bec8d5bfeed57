//! Arguments → work → Output, in JSONata.

use passo_asl::program::JsonataFlow;
use passo_expr::Template;
use passo_json::Payload;

use super::{Evaluator, Fault, Value};

impl Evaluator<'_> {
    pub(super) fn jsonata_arguments(&self, flow: &JsonataFlow) -> Result<Value, Fault> {
        let Some(template) = &flow.arguments else {
            return Ok(Value::Kept(self.frame.input.clone()));
        };
        let arguments = template.evaluate(&self.scope(&self.frame.input.payload), "Arguments")?;
        Ok(Value::New(Payload::from(arguments)))
    }

    /// `Output`; without it, `fallback`, which is the result of the state's work if `is_result`.
    pub(super) fn jsonata_output(
        &self,
        output: Option<&Template>,
        fallback: Value,
        is_result: bool,
    ) -> Result<Value, Fault> {
        let Some(template) = output else {
            return Ok(fallback);
        };
        let mut scope = self.scope(&self.frame.input.payload);
        if is_result {
            scope = scope.with_result(fallback.payload());
        }
        Ok(Value::New(Payload::from(
            template.evaluate(&scope, "Output")?,
        )))
    }
}
