//! Dates as HTTP headers have them (RFC 9110, section 5.6.7).

use passo_vocab::Timestamp;

const MILLIS_PER_DAY: i64 = 86_400_000;
const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `Fri, 20 Nov 2026 11:14:52 GMT`
pub(crate) fn http_date(at: Timestamp) -> String {
    // The epoch was a Thursday.
    let weekday = (at.epoch_millis().div_euclid(MILLIS_PER_DAY) + 4).rem_euclid(7);
    let weekday = usize::try_from(weekday)
        .ok()
        .and_then(|day| WEEKDAYS.get(day));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_worded_as_in_http() {
        for (time, expect) in [
            ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("2026-11-20T11:14:52.123Z", "Fri, 20 Nov 2026 11:14:52 GMT"),
        ] {
            assert_eq!(http_date(Timestamp::parse_rfc3339(time).unwrap()), expect);
        }
    }
}
