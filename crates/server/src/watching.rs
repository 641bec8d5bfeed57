//! Who hears of requests: virtual time, which stands still while one is answered.

use std::any::Any;
use std::sync::OnceLock;

use passo_net::{Answered, Watch};
use passo_runtime::InFlight;
use passo_service::Call;

/// Hears of requests.
pub(crate) struct Watching {
    is_virtual: bool,
    in_flight: OnceLock<InFlight>,
}

impl Watching {
    /// Nothing is counted yet. `is_virtual` says whether time waits for requests.
    pub(crate) fn new(is_virtual: bool) -> Watching {
        Watching {
            is_virtual,
            in_flight: OnceLock::new(),
        }
    }

    /// Counts requests in `in_flight`, the runtime's own.
    pub(crate) fn count_in(&self, in_flight: InFlight) {
        // Said once in the life of a server.
        let _ = self.in_flight.set(in_flight);
    }
}

impl Watch for Watching {
    fn begun(&self, call: &Call) -> Option<Box<dyn Any + Send>> {
        if !self.is_virtual || waits_for_time(&call.operation) {
            return None;
        }
        let under_way = self.in_flight.get()?.begin();
        Some(Box::new(under_way))
    }

    fn answered(&self, _: &Answered<'_>) {}
}

/// Whether an operation waits until something has happened that takes time.
fn waits_for_time(operation: &str) -> bool {
    matches!(operation, "GetActivityTask" | "StartSyncExecution")
}
