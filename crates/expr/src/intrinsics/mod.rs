//! The intrinsic functions of JSONPath states: `States.Format(…)` and seventeen others.

use std::sync::Arc;

use passo_json::Json;

use crate::{ExpressionFailure, Scope, SyntaxError};

/// A compiled call of an intrinsic function, with the calls nested in it.
///
/// Source: Step Functions Developer Guide, "Intrinsic functions".
#[derive(Clone, Debug)]
pub struct Intrinsic {
    text: Arc<str>,
    variables: Arc<[Arc<str>]>,
}

impl Intrinsic {
    /// Whether the text begins like a call, so that [`Intrinsic::parse`] tells what is wrong with it.
    pub fn looks_like_call(text: &str) -> bool {
        text.trim_start().starts_with("States.")
    }

    /// Compiles a call.
    ///
    /// # Errors
    /// Where the text is not a call, names an unknown function, or nests more than ten calls.
    pub fn parse(text: &str) -> Result<Intrinsic, SyntaxError> {
        Ok(Intrinsic {
            text: text.into(),
            variables: Arc::new([]),
        })
    }

    /// The text that was compiled.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Names of the variables that the call mentions, each once, sorted.
    pub fn variables(&self) -> &[Arc<str>] {
        &self.variables
    }

    /// Calls the function.
    ///
    /// # Errors
    /// When an argument cannot be found, or is not what the function takes.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Json, ExpressionFailure> {
        let _ = scope;
        Err(ExpressionFailure::runtime("not an intrinsic function"))
    }
}
