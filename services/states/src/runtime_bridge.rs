//! Questions to the runtime, which answers once what it says is durable.

use std::sync::Arc;
use std::time::Duration;

use passo_engine::{Input, TaskUpdate, execution_arn_of_token};
use passo_runtime::{
    Accepted, InputError, Key, Message, Reply, Runtime, Start, StartError, Started,
};
use passo_service::{Caller, Fault};
use tokio::sync::oneshot;

use crate::{faults, resource};

/// How long an answer may take before somebody looks whether the store is full.
const PATIENCE: Duration = Duration::from_secs(3);

/// Sends the message that `message` makes of a reply, and waits for the answer.
///
/// # Errors
/// Where the runtime takes no message now, or stops before it has answered.
pub(crate) async fn ask<T: Send + 'static>(
    runtime: &Runtime,
    execution: Key,
    message: impl FnOnce(Reply<T>) -> Message,
) -> Result<T, Fault> {
    let (sender, receiver) = oneshot::channel();
    let reply = Box::new(move |answer| {
        // Whoever asked may have gone away.
        let _ = sender.send(answer);
    });
    runtime
        .send(execution, message(reply))
        .map_err(faults::refused)?;
    answer(runtime, receiver).await
}

/// Waits for an answer, as long as there is hope of one: what was taken before the store was full stays taken, but nobody
/// knows when it will be durable, so whoever waits is told.
async fn answer<T>(runtime: &Runtime, mut receiver: oneshot::Receiver<T>) -> Result<T, Fault> {
    loop {
        match tokio::time::timeout(PATIENCE, &mut receiver).await {
            Ok(answer) => return answer.map_err(|_| Fault::service("the server stops")),
            Err(_) if runtime.figures().is_full => {
                return Err(Fault::service(
                    "no room left in the store; what was asked for is done once there is some",
                ));
            }
            Err(_) => {}
        }
    }
}

/// Starts an execution.
///
/// # Errors
/// `ExecutionAlreadyExists`, and what [`ask`] may fail with.
pub(crate) async fn start(runtime: &Runtime, start: Start) -> Result<Started, Fault> {
    let arn = start.header.execution_arn.clone();
    let asked = ask(runtime, Key::of(&arn), |reply| {
        Message::Start(Box::new(Start {
            started: Some(reply),
            ..start
        }))
    });
    asked.await?.map_err(|error| match error {
        StartError::AlreadyExists => faults::execution_already_exists(&arn),
        StartError::Store(error) => faults::store(&error),
        StartError::Stopping => Fault::service("the server stops"),
    })
}

/// Passes an input on to an execution.
///
/// # Errors
/// `ExecutionDoesNotExist`; `Ok(None)` is an execution that has ended.
pub(crate) async fn input(
    runtime: &Runtime,
    execution_arn: &str,
    input: Input,
) -> Result<Option<Accepted>, Fault> {
    let execution = Key::of(execution_arn);
    let asked = ask(runtime, execution, |reply| Message::Input {
        execution,
        input,
        reply: Some(reply),
    });
    match asked.await? {
        Ok(accepted) => Ok(Some(accepted)),
        Err(InputError::Closed | InputError::TaskOver) => Ok(None),
        Err(InputError::NotFound) => Err(faults::execution_does_not_exist(execution_arn)),
        Err(InputError::Store(error)) => Err(faults::store(&error)),
        Err(InputError::Stopping) => Err(Fault::service("the server stops")),
    }
}

/// Whether `token` is one of the caller's. AWS looks at it before it looks at an output (recorded:
/// `aws-sdk:sfn:sendTaskSuccess` with neither).
///
/// # Errors
/// `InvalidToken` where it is not.
pub(crate) fn check_token(caller: &Caller, token: &str) -> Result<(), Fault> {
    match execution_arn_of_token(token) {
        Some(execution_arn) if resource::is_of(&execution_arn, caller) => Ok(()),
        Some(_) | None => Err(faults::invalid_token()),
    }
}

/// Tells the task that waits for `token` what became of it.
///
/// # Errors
/// `InvalidToken` where it is none of the caller's, `TaskDoesNotExist` and `TaskTimedOut` where nothing waits for it.
pub(crate) async fn send_token(
    runtime: &Runtime,
    caller: &Caller,
    token: &str,
    update: TaskUpdate,
) -> Result<(), Fault> {
    check_token(caller, token)?;
    let (sender, receiver) = oneshot::channel();
    let reply = Box::new(move |answer| {
        // Whoever asked may have gone away.
        let _ = sender.send(answer);
    });
    let sent = runtime.send_token(Arc::from(token), update, Some(reply));
    sent.map_err(faults::refused)?;
    match answer(runtime, receiver).await? {
        Ok(_) => Ok(()),
        Err(InputError::NotFound) => Err(faults::task_does_not_exist()),
        Err(InputError::Closed | InputError::TaskOver) => Err(faults::task_timed_out()),
        Err(InputError::Store(error)) => Err(faults::store(&error)),
        Err(InputError::Stopping) => Err(Fault::service("the server stops")),
    }
}
