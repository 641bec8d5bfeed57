//! State machines that are about to be gone.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use passo_engine::Input;
use passo_runtime::{ExecutionStatus, Key, Message, Refused};
use passo_service::Fault;
use passo_vocab::Failure;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::faults;
use crate::model::{Owned, StateMachine};
use crate::service::StepFunctions;
use crate::tables::View;

/// How long to wait where the runtime has too much to do already.
const BUSY_PAUSE: Duration = Duration::from_millis(5);

/// The executions of a state machine that have not ended.
pub(crate) fn running(service: &StepFunctions, arn: &str) -> Result<Vec<Arc<str>>, Fault> {
    let mut running = Vec::new();
    let visited = service.runtime.executions(arn, None, &mut |summary| {
        if summary.status == ExecutionStatus::Running {
            running.push(summary.execution_arn);
        }
        ControlFlow::Continue(())
    });
    visited.map_err(|error| faults::store(&error))?;
    Ok(running)
}

/// Stops executions, and waits until each has ended. One that cannot be told now is told again a little later.
pub(crate) async fn stop_all(service: &StepFunctions, executions: Vec<Arc<str>>) {
    let mut stopping = Vec::new();
    for arn in executions {
        let execution = Key::of(&arn);
        loop {
            let (sender, receiver) = oneshot::channel();
            let stop = Message::Input {
                execution,
                input: Input::Stop {
                    failure: Failure::default(),
                },
                reply: Some(Box::new(move |answer| {
                    // Whoever asked may have gone away.
                    let _ = sender.send(answer);
                })),
            };
            match service.runtime.send(execution, stop) {
                Err(Refused::Busy) => sleep(BUSY_PAUSE).await,
                Ok(()) => {
                    stopping.push(receiver);
                    break;
                }
                Err(Refused::Full | Refused::Stopping | Refused::NoToken) => return,
            }
        }
    }
    for receiver in stopping {
        // One that had ended already is as good as stopped.
        let _ = receiver.await;
    }
}

/// The state machine as it is shown: one that was deleted is there until its last execution has ended, then it is
/// removed by the first call that looks for it.
pub(crate) fn existing(
    service: &StepFunctions,
    view: &View,
    owned: &Owned,
) -> Result<Option<StateMachine>, Fault> {
    let Some(machine) = view.machine(owned)? else {
        return Ok(None);
    };
    if !machine.is_deleting || !running(service, &machine.arn)?.is_empty() {
        return Ok(Some(machine));
    }
    service.tables.change(|view, changes| {
        if view
            .machine(owned)?
            .is_some_and(|machine| machine.is_deleting)
        {
            changes.delete_machine(owned, &machine.arn);
        }
        Ok(())
    })?;
    Ok(None)
}
