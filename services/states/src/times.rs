//! Times as the API writes them.

use passo_json::{Json, Number};
use passo_vocab::Timestamp;

/// Seconds since the epoch, with milliseconds as fraction.
pub(crate) fn epoch_seconds(at: Timestamp) -> Json {
    // Milliseconds of every printable year fit a double exactly.
    Number::from_f64(at.epoch_millis() as f64 / 1000.0).map_or(Json::Null, Json::Number)
}
