//! Times as the API shows them.

use passo_json::{Json, Number};
use passo_vocab::Timestamp;

/// Seconds since 1970, with a fraction.
#[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
pub(super) fn epoch_seconds(at: Timestamp) -> Json {
    Number::from_f64(at.epoch_millis() as f64 / 1000.0).map_or(Json::Null, Json::Number)
}
