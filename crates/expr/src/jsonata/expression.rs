//! One expression between `{%` and `%}`.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use passo_json::{Json, Kind};
use passo_jsonata::error::{REFUSED_CONTEXT, REFUSED_FUNCTION};
use passo_jsonata::{Environment as Surroundings, Error, Limits, Profile};

use crate::jsonata::bindings::{STATES, ScopeBindings};
use crate::jsonata::functions::{StepFunctions, profile};
use crate::{ExpressionFailure, Scope, SyntaxError, SyntaxErrorKind};

static PROFILE: LazyLock<Profile> = LazyLock::new(profile);

/// A compiled JSONata expression of Step Functions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Expression {
    compiled: Arc<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    source: Arc<str>,
    program: passo_jsonata::Expression,
    variables: Vec<Arc<str>>,
    states_uses: Vec<StatesUse>,
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
    /// When only one of the two delimiters is there, or blanks stand outside of them.
    pub fn delimited(text: &str) -> Result<Option<&str>, SyntaxError> {
        let inner = text
            .strip_prefix("{%")
            .and_then(|rest| rest.strip_suffix("%}"));
        if let Some(source) = inner {
            return Ok(Some(source.trim()));
        }
        let trimmed = text.trim();
        if trimmed.starts_with("{%") || trimmed.ends_with("%}") {
            let message = "A JSONata expression must start with '{%' and end with '%}'";
            return Err(SyntaxError::new(0, message));
        }
        Ok(None)
    }

    /// Compiles the text between the delimiters.
    ///
    /// # Errors
    /// Where the text is not JSONata 2.0.6 ([`SyntaxErrorKind::Invalid`]), or refers to a context at its
    /// top level ([`SyntaxErrorKind::Unsupported`]).
    pub fn parse(source: &str) -> Result<Expression, SyntaxError> {
        let program = passo_jsonata::Expression::compile(source, &PROFILE).map_err(refusal)?;
        let variables: BTreeSet<Arc<str>> = program
            .variables()
            .filter(|name| *name != STATES)
            .map(Arc::from)
            .collect();
        let states_uses = program
            .variable_uses()
            .iter()
            .filter(|one| &*one.name == STATES)
            .map(|one| StatesUse {
                member: StatesMember::from_field(one.fields.first()),
                offset: one.position,
            })
            .collect();
        Ok(Expression {
            compiled: Arc::new(Compiled {
                source: source.into(),
                program,
                variables: variables.into_iter().collect(),
                states_uses,
            }),
        })
    }

    /// The text that was compiled.
    pub fn source(&self) -> &str {
        &self.compiled.source
    }

    /// Names of the variables that the expression mentions, each once, sorted; without `states`.
    pub fn variables(&self) -> &[Arc<str>] {
        &self.compiled.variables
    }

    /// Every mention of `$states`, in source order.
    pub fn states_uses(&self) -> &[StatesUse] {
        &self.compiled.states_uses
    }

    /// The value of the expression; `field` is where it is written, such as `Output/result`.
    ///
    /// Source of the texts: recorded on AWS.
    ///
    /// # Errors
    /// `States.QueryEvaluationError` when the evaluation fails or yields nothing.
    pub fn evaluate(&self, scope: &Scope<'_>, field: &str) -> Result<Json, ExpressionFailure> {
        let compiled = &*self.compiled;
        let needs_context = compiled
            .states_uses
            .iter()
            .any(|one| matches!(one.member, StatesMember::Context | StatesMember::Whole));
        let bindings = ScopeBindings {
            scope: *scope,
            needs_context,
        };
        let functions = StepFunctions {
            environment: scope.environment,
        };
        let random = || scope.environment.entropy.next_u64();
        let surroundings = Surroundings {
            now_millis: scope.environment.now.epoch_millis(),
            random: &random,
            host_functions: &functions,
        };
        match compiled
            .program
            .evaluate(None, &bindings, &surroundings, &Limits::default())
        {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(self.failure(field, "returned nothing (undefined).")),
            Err(error) => Err(self.failure(field, &thrown(&error))),
        }
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
            self.source(),
            field,
            kind,
            &value,
        ))
    }

    fn failure(&self, field: &str, outcome: &str) -> ExpressionFailure {
        let source = self.source();
        ExpressionFailure::query(
            field,
            format!(
                "The JSONata expression '{source}' specified for the field '{field}' {outcome}"
            ),
        )
    }
}

impl StatesMember {
    fn from_field(name: Option<&Arc<str>>) -> StatesMember {
        let Some(name) = name else {
            return StatesMember::Whole;
        };
        match &**name {
            "input" => StatesMember::Input,
            "context" => StatesMember::Context,
            "result" => StatesMember::Result,
            "errorOutput" => StatesMember::ErrorOutput,
            _ => StatesMember::Unknown(Arc::clone(name)),
        }
    }
}

fn refusal(error: Error) -> SyntaxError {
    let offset = error.position.unwrap_or_default();
    if error.code == REFUSED_CONTEXT || error.code == REFUSED_FUNCTION {
        let message = match &error.token {
            Some(token) => format!("Reference to '{token}' at the top level is not supported."),
            None => error.message,
        };
        return SyntaxError {
            offset,
            kind: SyntaxErrorKind::Unsupported,
            message,
        };
    }
    SyntaxError::new(offset, error.message)
}

/// The language's errors come with their code. What only the host knows (limits) comes without.
fn thrown(error: &Error) -> String {
    let message = &error.message;
    if error.code.starts_with('U') {
        return format!("threw an error during evaluation: {message}");
    }
    format!(
        "threw an error during evaluation. {}: {message}",
        error.code
    )
}
