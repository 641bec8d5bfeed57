//! An execution on a thread of its own, and the history that it has so far.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use passo_asl::program::Program;
use passo_engine::{Event, ExecutionHeader, History};
use passo_json::Json;
use passo_testkit::{ClockKind, Driver, ExecutionKey, Observer, Seen, TaskHandler};
use tokio::runtime::Handle;

/// The same for every run, so that a case that fails once fails always.
const SEED: u64 = 1;

/// An execution that was started.
pub struct Running {
    program: Arc<Program>,
    header: ExecutionHeader,
    events: Mutex<Vec<Event>>,
}

impl Running {
    /// Starts an execution; its tasks are done by `handler`, its waits take no time.
    pub fn start(
        program: Arc<Program>,
        header: ExecutionHeader,
        handler: Arc<dyn TaskHandler>,
        runtime: Handle,
    ) -> Arc<Self> {
        let running = Arc::new(Self {
            program,
            header,
            events: Mutex::default(),
        });
        let own = Arc::clone(&running);
        thread::spawn(move || {
            let driver = Driver::new(handler, ClockKind::Virtual, SEED);
            let mut watch = Watch(&own);
            // What ends an execution too early shows as a history that is too short.
            let _ = runtime.block_on(driver.run(&own.program, own.header.clone(), &mut watch));
        });
        running
    }

    /// What `GetExecutionHistory` answers now.
    pub fn history(&self) -> Vec<Json> {
        let events = self
            .events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let shown = History::project(&self.program, &self.header, &events);
        shown.map(|event| event.to_json(true)).collect()
    }
}

struct Watch<'a>(&'a Running);

impl Observer for Watch<'_> {
    fn seen(&mut self, seen: Seen<'_>) {
        if seen.execution == ExecutionKey::ROOT {
            let events = self.0.events.lock();
            events
                .unwrap_or_else(PoisonError::into_inner)
                .push(seen.event.clone());
        }
    }
}
