//! The page of the server: what it is and how it does.

use passo_json::{Json, json};
use passo_vocab::Timestamp;

use super::ClockPage;
use crate::Data;
use crate::health::Health;

/// What does not change while a server runs.
pub(crate) struct Facts {
    pub(crate) started_at: Timestamp,
    pub(crate) address: String,
    pub(crate) data: Data,
}

impl Facts {
    pub(super) fn answer(&self, clock: &ClockPage, health: &Health) -> Json {
        let figures = health.figures().unwrap_or_default();
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let data = match &self.data {
            Data::Directory(directory) => json!({
                "kind": "directory", "path": directory.display().to_string()
            }),
            Data::Ephemeral => json!({"kind": "ephemeral"}),
        };
        let (_, report) = health.report();
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "processId": i64::from(std::process::id()),
            "startedAt": self.started_at.to_string(),
            "address": self.address.as_str(),
            "data": data,
            "clock": clock.answer(),
            "health": report,
            "executions": {
                "open": number(figures.executions_open),
                "inMemory": number(figures.executions_in_memory)
            },
            "timers": number(figures.timers)
        })
    }
}
