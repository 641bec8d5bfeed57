//! How the server is: what `/health` says.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use passo_json::{Json, json};
use passo_runtime::{Figures, Runtime};

/// Watches over the server.
#[derive(Default)]
pub(crate) struct Health {
    runtime: OnceLock<Runtime>,
    is_ready: AtomicBool,
    is_stopping: AtomicBool,
}

/// How a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    /// It takes work.
    Ok,
    /// It reads what was under way.
    Recovering,
    /// The store has no room: running work waits, new work is refused.
    Full,
    /// The store cannot be written any more: only a restart can help.
    Broken,
    /// It finishes open requests.
    Stopping,
}

impl Health {
    /// The runtime has recovered.
    pub(crate) fn recovered(&self, runtime: Runtime) {
        // Said once in the life of a server.
        let _ = self.runtime.set(runtime);
    }

    /// Everything is in place.
    pub(crate) fn ready(&self) {
        self.is_ready.store(true, Ordering::SeqCst);
    }

    /// It is about to end.
    pub(crate) fn stopping(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
    }

    /// What the runtime counts, once there is one.
    pub(crate) fn figures(&self) -> Option<Figures> {
        self.runtime.get().map(Runtime::figures)
    }

    /// The HTTP status and the body of `/health`: 200 where new work is taken, otherwise 503. `live` is false where
    /// only a restart can help.
    pub(crate) fn report(&self) -> (u16, Json) {
        let condition = self.condition();
        let ready = condition == Condition::Ok;
        let report = json!({
            "status": condition.name(),
            "ready": ready,
            "live": condition != Condition::Broken,
            "message": condition.message()
        });
        (if ready { 200 } else { 503 }, report)
    }

    fn condition(&self) -> Condition {
        if self.is_stopping.load(Ordering::SeqCst) {
            return Condition::Stopping;
        }
        match self.figures() {
            Some(figures) if figures.is_broken => Condition::Broken,
            Some(figures) if figures.is_full => Condition::Full,
            Some(_) if self.is_ready.load(Ordering::SeqCst) => Condition::Ok,
            Some(_) | None => Condition::Recovering,
        }
    }
}

impl Condition {
    fn name(self) -> &'static str {
        match self {
            Condition::Ok => "ok",
            Condition::Recovering => "recovering",
            Condition::Full => "full",
            Condition::Broken => "broken",
            Condition::Stopping => "stopping",
        }
    }

    fn message(self) -> &'static str {
        match self {
            Condition::Ok => "new work is taken",
            Condition::Recovering => {
                "executions that were under way are being read; requests are answered after that"
            }
            Condition::Full => {
                "the data cannot be written, most likely because the disk is full; new work is refused, running work \
                 goes on when there is room"
            }
            Condition::Broken => {
                "the data can no longer be written; restart the server, and look at its log"
            }
            Condition::Stopping => "open requests are being finished",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_without_a_runtime_recovers() {
        let health = Health::default();
        let (status, report) = health.report();
        assert_eq!(status, 503);
        assert_eq!(report.get("status"), Some(&Json::from("recovering")));
        assert_eq!(report.get("live"), Some(&Json::from(true)));
        health.stopping();
        let (_, report) = health.report();
        assert_eq!(report.get("status"), Some(&Json::from("stopping")));
    }
}
