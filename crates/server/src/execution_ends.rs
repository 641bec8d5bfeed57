//! Who waits for the end of which execution.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use passo_asl::program::Program;
use passo_engine::{Event, EventKind, ExecutionHeader};
use passo_runtime::{InFlight, Listener, UnderWay};
use tokio::sync::oneshot;

/// Tells of ends. What it hands out keeps virtual time still until the one who waited has gone on.
#[derive(Default)]
pub(crate) struct ExecutionEnds {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    in_flight: Option<InFlight>,
    waiting: BTreeMap<Arc<str>, Vec<oneshot::Sender<UnderWay>>>,
}

impl ExecutionEnds {
    /// Counts those who go on in `in_flight`, the runtime's own.
    pub(crate) fn count_in(&self, in_flight: InFlight) {
        self.with(|state| state.in_flight = Some(in_flight));
    }

    /// Yields once `execution_arn` has ended. Ends before this call are not told.
    pub(crate) fn next(&self, execution_arn: &str) -> oneshot::Receiver<UnderWay> {
        let (sender, receiver) = oneshot::channel();
        self.with(|state| {
            let senders = state.waiting.entry(execution_arn.into()).or_default();
            // Those who went away would pile up.
            senders.retain(|sender| !sender.is_closed());
            senders.push(sender);
        });
        receiver
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Listener for ExecutionEnds {
    fn recorded(&self, header: &Arc<ExecutionHeader>, _: &Arc<Program>, events: &[Event]) {
        if !events.iter().any(|event| is_end(&event.kind)) {
            return;
        }
        self.with(|state| {
            let State { in_flight, waiting } = state;
            let Some(in_flight) = in_flight else { return };
            for sender in waiting.remove(&header.execution_arn).unwrap_or_default() {
                // Whoever waited may have gone away.
                let _ = sender.send(in_flight.begin());
            }
        });
    }
}

/// Whether an execution ends with this event.
fn is_end(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::ExecutionSucceeded { .. }
            | EventKind::ExecutionFailed(_)
            | EventKind::ExecutionTimedOut(_)
            | EventKind::ExecutionAborted(_)
    )
}
