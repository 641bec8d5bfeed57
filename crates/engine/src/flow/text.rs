//! `Error` and `Cause` of a Fail state.

use std::sync::Arc;

use passo_asl::program::{Fail, Text};
use passo_json::{Json, Kind};
use passo_vocab::{ErrorName, Failure};

use super::{Evaluator, Fault};

impl Evaluator<'_> {
    /// What a Fail state fails with.
    pub fn failure(&self, fail: &Fail) -> Result<Failure, Fault> {
        let error = self.text(fail.error.as_ref(), "Error", "ErrorPath")?;
        let cause = self.text(fail.cause.as_ref(), "Cause", "CausePath")?;
        Ok(Failure {
            error: error.map(ErrorName::new),
            cause,
        })
    }

    fn text(
        &self,
        text: Option<&Text>,
        field: &'static str,
        path_field: &'static str,
    ) -> Result<Option<Arc<str>>, Fault> {
        let input = &self.frame.input.payload;
        let value = match text {
            None => return Ok(None),
            Some(Text::Literal(text)) => return Ok(Some(Arc::clone(text))),
            Some(Text::Path(path)) => {
                let scope = self.scope(input);
                path.read(&scope)
                    .map_err(|error| error.into_not_found(path_field, &scope))?
            }
            Some(Text::Intrinsic(intrinsic)) => intrinsic.evaluate(&self.scope(input))?,
            Some(Text::Expression(expression)) => {
                expression.evaluate_kind(&self.scope(input), field, Kind::String)?
            }
        };
        match value {
            Json::String(text) => Ok(Some(text)),
            other => Err(Fault::runtime(format!(
                "The field '{path_field}' must refer to a string, but was: {other}"
            ))),
        }
    }
}
