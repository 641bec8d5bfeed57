//! Months, in UTC.

use passo_vocab::Timestamp;

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Month {
    year: u16,
    month: u8,
}

impl Month {
    /// The month that a time is in.
    pub(super) fn of(time: Timestamp) -> Month {
        let text = time.to_string();
        let month = text.get(..7).and_then(Month::parse);
        month.unwrap_or(Month {
            year: 1970,
            month: 1,
        })
    }

    /// The month written as `2030-01`.
    pub(super) fn parse(text: &str) -> Option<Month> {
        let (year, month) = text.split_once('-')?;
        if year.len() != 4 || month.len() != 2 {
            return None;
        }
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        (1..=12).contains(&month).then_some(Month { year, month })
    }

    /// When it begins.
    pub(super) fn begin(self) -> String {
        format!("{:04}-{:02}-01T00:00:00Z", self.year, self.month)
    }

    /// When the next one begins.
    pub(super) fn end(self) -> String {
        let next = match self.month {
            12 => Month {
                year: self.year.saturating_add(1),
                month: 1,
            },
            month => Month {
                month: month.saturating_add(1),
                ..self
            },
        };
        next.begin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let check = |text: &str, expect: Option<(&str, &str)>| {
            let month = Month::parse(text).map(|month| (month.begin(), month.end()));
            let month = month.as_ref().map(|(begin, end)| (&**begin, &**end));
            assert_eq!(month, expect, "{text}");
        };
        check(
            "2030-01",
            Some(("2030-01-01T00:00:00Z", "2030-02-01T00:00:00Z")),
        );
        check(
            "2030-12",
            Some(("2030-12-01T00:00:00Z", "2031-01-01T00:00:00Z")),
        );
        for wrong in ["2030", "2030-13", "2030-00", "30-01", "2030-1", "x"] {
            check(wrong, None);
        }
        let time = Timestamp::parse_rfc3339("2030-05-06T07:08:09Z").unwrap();
        assert_eq!(
            Month::of(time),
            Month {
                year: 2030,
                month: 5
            }
        );
    }
}
