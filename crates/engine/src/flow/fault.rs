//! Why a state cannot go on.

use std::sync::Arc;

use passo_asl::program::State;
use passo_expr::ExpressionFailure;
use passo_vocab::{ErrorName, Failure};

use crate::execution::Frame;

/// A failure of the state itself, before it goes through Retry and Catch.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// An expression failed, or its value is not allowed where it stands.
    Expression(ExpressionFailure),
    /// Any other failure, as it will be shown.
    Plain(Failure),
}

impl Fault {
    /// The interpreter cannot go on: `States.Runtime`.
    pub fn runtime(message: impl Into<String>) -> Fault {
        Fault::Expression(ExpressionFailure::runtime(message))
    }

    /// A payload is over the limit. `what` is a state's name, or a task's resource. Recorded on AWS.
    pub fn too_large(what: &str) -> Fault {
        Fault::Plain(too_large(what))
    }

    /// The failure as history shows it.
    pub fn failure(&self, state: &State, frame: &Frame) -> Failure {
        match self {
            Fault::Plain(failure) => failure.clone(),
            Fault::Expression(failure) => Failure::new(
                failure.error.clone(),
                format!(
                    "An error occurred while executing the state '{}' (entered at the event id #{}). {}",
                    state.name, frame.entered, failure.message
                ),
            ),
        }
    }

    /// Whether history has `EvaluationFailed` for it, and with which location.
    pub fn evaluation(&self) -> Option<Option<Arc<str>>> {
        match self {
            Fault::Expression(failure) if failure.error == ErrorName::QUERY_EVALUATION_ERROR => {
                Some(failure.location.as_deref().map(Arc::from))
            }
            Fault::Expression(_) | Fault::Plain(_) => None,
        }
    }
}

impl From<ExpressionFailure> for Fault {
    fn from(failure: ExpressionFailure) -> Fault {
        Fault::Expression(failure)
    }
}

/// The failure of a payload over the limit.
pub(crate) fn too_large(what: &str) -> Failure {
    Failure::new(
        ErrorName::DATA_LIMIT_EXCEEDED,
        format!(
            "The state/task '{what}' returned a result with a size exceeding the maximum number of bytes service limit."
        ),
    )
}
