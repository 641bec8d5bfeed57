//! One event as `GetExecutionHistory` shows it.

use passo_json::{Json, Number, Object, ObjectBuilder};
use passo_vocab::Timestamp;

use crate::EventId;

/// One event of a history, in the API's terms.
///
/// Source: AWS Step Functions API Reference, `HistoryEvent`.
#[derive(Clone, Debug)]
pub struct HistoryEvent {
    /// `id`, counted from 1.
    pub id: EventId,
    /// `previousEventId`: the event that caused it, 0 for none.
    pub previous_event_id: EventId,
    /// `timestamp`.
    pub timestamp: Timestamp,
    /// `type`, for example `PassStateEntered`.
    pub type_name: &'static str,
    /// The member with the details and its name, for types that have one.
    pub details: Option<(&'static str, Object)>,
}

/// Members of details that hold execution data.
const DATA: [&str; 9] = [
    "input",
    "inputDetails",
    "output",
    "outputDetails",
    "parameters",
    "assignedVariables",
    "assignedVariablesDetails",
    "error",
    "cause",
];

impl HistoryEvent {
    /// The event in the API's shape; the timestamp is in seconds since the epoch. Without `include_data`, members that
    /// hold execution data are left out.
    pub fn to_json(&self, include_data: bool) -> Json {
        let mut event = ObjectBuilder::new();
        event
            .insert("timestamp", epoch_seconds(self.timestamp))
            .insert("type", self.type_name)
            .insert("id", number(self.id))
            .insert("previousEventId", number(self.previous_event_id));
        if let Some((name, details)) = &self.details {
            let shown: Object = details
                .iter()
                .filter(|(key, _)| include_data || !DATA.contains(&key.as_ref()))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            event.insert(*name, shown);
        }
        event.build().into()
    }
}

fn number(id: EventId) -> i64 {
    i64::try_from(id.number()).unwrap_or(i64::MAX)
}

/// Seconds since the epoch, with milliseconds as fraction.
fn epoch_seconds(timestamp: Timestamp) -> Json {
    // Milliseconds of every printable year fit a double exactly.
    let seconds = timestamp.epoch_millis() as f64 / 1000.0;
    Number::from_f64(seconds).map_or(Json::Null, Json::Number)
}
