//! One expression between `{%` and `%}`.

use std::sync::Arc;

use passo_json::{Json, Kind};

use crate::{ExpressionFailure, Scope, SyntaxError};

/// A compiled JSONata expression of Step Functions.
#[derive(Clone, Debug)]
pub struct Expression {
    source: Arc<str>,
    variables: Arc<[Arc<str>]>,
    states_uses: Arc<[StatesUse]>,
}

/// A mention of `$states`, so that a definition can be refused where a member does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatesUse {
    /// The member that is read.
    pub member: StatesMember,
    /// Where `$states` stands in the source, in bytes.
    pub offset: usize,
}

/// A member of `$states`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatesMember {
    /// `$states` itself, or a member that only evaluation can tell.
    Whole,
    /// `$states.input`.
    Input,
    /// `$states.context`.
    Context,
    /// `$states.result`.
    Result,
    /// `$states.errorOutput`.
    ErrorOutput,
    /// Any other name.
    Unknown(Arc<str>),
}

impl Expression {
    /// The text between the delimiters, trimmed, when `text` is an expression; `None` for a plain string.
    ///
    /// # Errors
    /// When only one of the two delimiters is there.
    pub fn delimited(text: &str) -> Result<Option<&str>, SyntaxError> {
        let _ = text;
        Ok(None)
    }

    /// Compiles the text between the delimiters.
    ///
    /// # Errors
    /// Where the text is not JSONata 2.0.6, uses `$eval`, or refers to a context at its top level.
    pub fn parse(source: &str) -> Result<Expression, SyntaxError> {
        Ok(Expression {
            source: source.into(),
            variables: Arc::new([]),
            states_uses: Arc::new([]),
        })
    }

    /// The text that was compiled.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Names of the variables that the expression mentions, each once, sorted; without `states`.
    pub fn variables(&self) -> &[Arc<str>] {
        &self.variables
    }

    /// Every mention of `$states`, in source order.
    pub fn states_uses(&self) -> &[StatesUse] {
        &self.states_uses
    }

    /// The value of the expression; `field` is where it is written, such as `Output/result`.
    ///
    /// # Errors
    /// `States.QueryEvaluationError` when the evaluation fails or yields nothing.
    pub fn evaluate(&self, scope: &Scope<'_>, field: &str) -> Result<Json, ExpressionFailure> {
        let _ = (scope, field);
        Err(ExpressionFailure::query(field, "not evaluated"))
    }

    /// As [`Expression::evaluate`], for a field that takes values of one kind only.
    ///
    /// # Errors
    /// As [`Expression::evaluate`], and when the value is of another kind.
    pub fn evaluate_kind(
        &self,
        scope: &Scope<'_>,
        field: &str,
        kind: Kind,
    ) -> Result<Json, ExpressionFailure> {
        let value = self.evaluate(scope, field)?;
        if value.kind() == kind {
            return Ok(value);
        }
        Err(ExpressionFailure::unexpected_kind(
            &self.source,
            field,
            kind,
            &value,
        ))
    }
}
