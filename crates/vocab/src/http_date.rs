//! Dates as HTTP headers have them: `Fri, 20 Nov 2026 11:14:52 GMT` (RFC 9110, section 5.6.7).

use crate::Timestamp;

const MILLIS_PER_DAY: i64 = 86_400_000;
const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Timestamp {
    /// As an HTTP header has it, in whole seconds: `Fri, 20 Nov 2026 11:14:52 GMT`.
    pub fn to_http_date(self) -> String {
        // The epoch was a Thursday.
        let weekday = (self.epoch_millis().div_euclid(MILLIS_PER_DAY) + 4).rem_euclid(7);
        let weekday = usize::try_from(weekday).ok();
        let weekday = weekday.and_then(|day| WEEKDAYS.get(day));
        let text = self.to_string();
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

    /// Reads what an HTTP header says. A fraction of a second is allowed, as Smithy does; the weekday is not looked at.
    pub fn parse_http_date(text: &str) -> Option<Timestamp> {
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
            let at = Timestamp::parse_rfc3339(time).unwrap();
            assert_eq!(at.to_http_date(), expect);
            let whole = Timestamp::from_epoch_millis(at.epoch_millis() / 1000 * 1000);
            assert_eq!(Timestamp::parse_http_date(expect), Some(whole));
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "Fri",
            "Fri, 20 Nov 2026 11:14:52 CET",
            "Fri, 20 Foo 2026 11:14:52 GMT",
            "Fri, x",
        ] {
            assert_eq!(Timestamp::parse_http_date(text), None, "{text}");
        }
    }
}
