//! Times: one canonical number, three forms on the wire.

use passo_json::{Json, Number};
use passo_model::TimestampFormat;
use passo_vocab::Timestamp;

/// The canonical form of a time that is written as text, in any form.
pub(crate) fn read(text: &str) -> Option<Json> {
    let text = text.trim();
    if let Ok(at) = Timestamp::parse_rfc3339(text) {
        return canonical(at);
    }
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(Json::from(seconds));
    }
    if let Ok(seconds) = text.parse::<f64>() {
        return Number::integral(seconds).map(Json::Number);
    }
    canonical(Timestamp::parse_http_date(text)?)
}

/// `at` in seconds.
pub(crate) fn canonical(at: Timestamp) -> Option<Json> {
    let millis = at.epoch_millis();
    if millis % 1000 == 0 {
        return Some(Json::from(millis / 1000));
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of this era are exact"
    )]
    let seconds = millis as f64 / 1000.0;
    Number::from_f64(seconds).map(Json::Number)
}

/// A canonical time, or one that a service gave as text, as text in that form; `None` where it is neither.
pub(crate) fn write(value: &Json, format: TimestampFormat) -> Option<String> {
    let number = match value {
        Json::String(text) => read(text)?,
        Json::Number(_) => value.clone(),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => return None,
    };
    match format {
        TimestampFormat::EpochSeconds => Some(crate::scalar::plain(&number)),
        TimestampFormat::Iso8601 => instant(&number).map(|at| at.to_string()),
        TimestampFormat::HttpDate => instant(&number).map(Timestamp::to_http_date),
    }
}

fn instant(seconds: &Json) -> Option<Timestamp> {
    let millis = (seconds.as_f64()? * 1000.0).round();
    // The years 0000 to 9999.
    let in_range = (-6.3e13..=2.6e14).contains(&millis);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the value is whole and within i64"
    )]
    in_range.then(|| Timestamp::from_epoch_millis(millis as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form() {
        for (text, expect) in [
            ("2026-11-20T11:14:52Z", Some("1795173292")),
            ("2026-11-20T11:14:52.250Z", Some("1795173292.25")),
            ("Fri, 20 Nov 2026 11:14:52 GMT", Some("1795173292")),
            ("1795173292", Some("1795173292")),
            ("1795173292.5", Some("1795173292.5")),
            ("yesterday", None),
            ("", None),
        ] {
            let read = read(text).and_then(|time| write(&time, TimestampFormat::EpochSeconds));
            assert_eq!(read.as_deref(), expect, "{text}");
        }
    }

    #[test]
    fn times_are_written_in_every_form() {
        let time = Json::from(1795173292.25);
        for (format, expect) in [
            (TimestampFormat::Iso8601, "2026-11-20T11:14:52.250Z"),
            (TimestampFormat::EpochSeconds, "1795173292.25"),
            (TimestampFormat::HttpDate, "Fri, 20 Nov 2026 11:14:52 GMT"),
        ] {
            assert_eq!(write(&time, format).as_deref(), Some(expect));
        }
        let text = Json::from("2026-11-20T11:14:52Z");
        let seconds = write(&text, TimestampFormat::EpochSeconds);
        assert_eq!(seconds.as_deref(), Some("1795173292"));
        assert!(write(&Json::from(1e300), TimestampFormat::Iso8601).is_none());
    }
}
