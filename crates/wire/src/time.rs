//! Times: one canonical number, three forms on the wire.

use passo_json::{Json, Number};
use passo_model::TimestampFormat;
use passo_vocab::Timestamp;

const MILLIS_PER_DAY: i64 = 86_400_000;
const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

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
    canonical(read_http_date(text)?)
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
        TimestampFormat::HttpDate => instant(&number).map(http_date),
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

/// `Fri, 20 Nov 2026 11:14:52 GMT` (RFC 9110, section 5.6.7).
fn http_date(at: Timestamp) -> String {
    // The epoch was a Thursday.
    let weekday = (at.epoch_millis().div_euclid(MILLIS_PER_DAY) + 4).rem_euclid(7);
    let weekday = usize::try_from(weekday).ok();
    let weekday = weekday.and_then(|day| WEEKDAYS.get(day));
    let text = at.to_string();
    let part = |from, to| text.get(from..to).unwrap_or_default();
    let month = part(5, 7).parse::<usize>().unwrap_or(1).saturating_sub(1);
    format!(
        "{}, {} {} {} {} GMT",
        weekday.copied().unwrap_or_default(),
        part(8, 10),
        MONTHS.get(month).copied().unwrap_or_default(),
        part(0, 4),
        part(11, 19)
    )
}

/// `Fri, 20 Nov 2026 11:14:52 GMT`; a fraction of a second is allowed, as Smithy does.
fn read_http_date(text: &str) -> Option<Timestamp> {
    let (_, rest) = text.split_once(", ")?;
    let mut parts = rest.split_ascii_whitespace();
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let (time, zone) = (parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    if zone != "GMT" {
        return None;
    }
    Timestamp::parse_rfc3339(&format!("{year:0>4}-{month:02}-{day:0>2}T{time}Z")).ok()
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
