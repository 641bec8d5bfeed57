//! Catch: a failure becomes the input of another state.

use std::sync::Arc;

use passo_asl::program::{Catcher, Flow, StateKind};
use passo_json::{Json, ObjectBuilder, Payload};
use passo_vocab::{ErrorName, Failure};

use super::exit::Exit;
use super::turn::Turn;
use crate::flow::{Evaluator, Fault, Value};
use crate::{FrameId, Invariant};

impl Turn<'_> {
    pub fn catch(
        &mut self,
        id: FrameId,
        catcher: &Catcher,
        failure: &Failure,
    ) -> Result<(), Invariant> {
        let exit = caught(&self.evaluator(id)?, catcher, failure);
        self.settle(id, exit, |turn, exit| turn.exit(id, exit))
    }
}

/// How a state is left whose failure is caught.
pub(crate) fn caught(
    evaluator: &Evaluator<'_>,
    catcher: &Catcher,
    failure: &Failure,
) -> Result<Exit, Fault> {
    let error = &Payload::from(error_output(failure));
    let next = Some(catcher.next);
    let value = Value::New(error.clone());
    let (output, assigned) = if is_jsonata(evaluator) {
        let assigned = evaluator.assign_error(catcher.assign.as_ref(), error)?;
        let output = match &catcher.output {
            None => value,
            Some(template) => {
                let scope = evaluator
                    .scope(&evaluator.frame.input.payload)
                    .with_error_output(error);
                Value::New(Payload::from(template.evaluate(&scope, "Output")?))
            }
        };
        (output, assigned)
    } else {
        let assigned = evaluator.assign_path(catcher.assign.as_ref(), &value)?;
        (
            evaluator.result_path(&catcher.result_path, value)?,
            assigned,
        )
    };
    evaluator.check_size(&output)?;
    Ok(Exit {
        output,
        assigned,
        next,
    })
}

fn is_jsonata(evaluator: &Evaluator<'_>) -> bool {
    let flow = match &evaluator.state.kind {
        StateKind::Task(task) => &task.flow,
        StateKind::Parallel(parallel) => &parallel.flow,
        StateKind::Map(map) => &map.flow,
        _ => return false,
    };
    matches!(flow, Flow::Jsonata(_))
}

/// What a catcher sees of a failure. Recorded on AWS: what is not given is null, except that a timeout has an empty
/// cause.
fn error_output(failure: &Failure) -> Json {
    let error = failure
        .error
        .as_ref()
        .map_or(Json::Null, |error| Json::from(error.as_str()));
    let cause = match &failure.cause {
        Some(cause) => Json::from(Arc::clone(cause)),
        None if failure.error == Some(ErrorName::TIMEOUT) => Json::from(""),
        None => Json::Null,
    };
    ObjectBuilder::new()
        .insert("Error", error)
        .insert("Cause", cause)
        .build()
        .into()
}
