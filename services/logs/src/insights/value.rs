//! Values of fields.

use std::cmp::Ordering;

use passo_json::Json;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Nothing,
    Text(String),
    Number(f64),
    Flag(bool),
    /// Milliseconds since 1970.
    Time(i64),
}

impl Value {
    pub(super) fn of_json(json: &Json) -> Value {
        match json {
            Json::Null => Value::Nothing,
            Json::Bool(flag) => Value::Flag(*flag),
            Json::Number(number) => Value::Number(number.as_f64()),
            Json::String(text) => Value::Text(text.to_string()),
            Json::Array(_) | Json::Object(_) => Value::Text(json.to_text()),
        }
    }

    /// As a number, which a text can be.
    #[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Time(millis) => Some(*millis as f64),
            Value::Text(text) => text.trim().parse().ok().filter(|it: &f64| it.is_finite()),
            Value::Flag(_) | Value::Nothing => None,
        }
    }

    /// As results show it.
    pub(super) fn text(&self) -> String {
        match self {
            Value::Nothing => String::new(),
            Value::Text(text) => text.clone(),
            Value::Number(number) => plain(*number),
            Value::Flag(flag) => if *flag { "1" } else { "0" }.to_owned(),
            Value::Time(millis) => time(*millis),
        }
    }

    pub(super) fn is_true(&self) -> bool {
        match self {
            Value::Flag(flag) => *flag,
            Value::Number(number) => *number != 0.0,
            Value::Nothing => false,
            Value::Text(text) => !text.is_empty() && text != "false" && text != "0",
            Value::Time(_) => true,
        }
    }

    /// The order of two values: as numbers where both are some, and as texts otherwise. What is not there has none.
    pub(super) fn compare(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Nothing, _) | (_, Value::Nothing) => None,
            _ => Some(match (self.number(), other.number()) {
                (Some(left), Some(right)) => (left + 0.0).total_cmp(&(right + 0.0)),
                _ => self.compared_text().cmp(&other.compared_text()),
            }),
        }
    }

    fn compared_text(&self) -> String {
        match self {
            Value::Flag(flag) => flag.to_string(),
            other => other.text(),
        }
    }
}

/// A number without decimals where it has none.
fn plain(number: f64) -> String {
    match passo_json::Number::integral(number) {
        Some(whole) => whole.to_string(),
        None => passo_json::float_text(number),
    }
}

/// `2026-11-20 17:00:00.000`
pub(super) fn time(millis: i64) -> String {
    let text = passo_vocab::Timestamp::from_epoch_millis(millis).to_string();
    let text = text.trim_end_matches('Z').replace('T', " ");
    let whole = if text.contains('.') { "" } else { ".000" };
    format!("{text}{whole}")
}
