//! One field of a cron expression: which numbers it allows.

/// What a field may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) first: u16,
    pub(crate) last: u16,
    /// Names of the numbers from `first` on.
    pub(crate) names: &'static [&'static str],
}

const MONTHS: &[&str] = &[
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const WEEKDAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

pub(crate) const MINUTES: Range = Range {
    first: 0,
    last: 59,
    names: &[],
};
pub(crate) const HOURS: Range = Range {
    first: 0,
    last: 23,
    names: &[],
};
pub(crate) const DAYS: Range = Range {
    first: 1,
    last: 31,
    names: &[],
};
pub(crate) const MONTHS_OF_YEAR: Range = Range {
    first: 1,
    last: 12,
    names: MONTHS,
};
pub(crate) const DAYS_OF_WEEK: Range = Range {
    first: 1,
    last: 7,
    names: WEEKDAYS,
};
pub(crate) const YEARS: Range = Range {
    first: 1970,
    last: 2199,
    names: &[],
};

/// The numbers that a field allows, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Numbers(Vec<u16>);

impl Numbers {
    /// Reads `*`, numbers or names, `a-b`, `a/step`, `a-b/step`, and lists of those.
    pub(crate) fn parse(text: &str, range: Range) -> Option<Numbers> {
        let mut numbers = Vec::new();
        for part in text.split(',') {
            let (span, step) = match part.split_once('/') {
                Some((span, step)) => (span, step.parse().ok().filter(|step| *step > 0)?),
                None => (part, 1),
            };
            let (first, last) = match span.split_once('-') {
                _ if span == "*" => (range.first, range.last),
                Some((first, last)) => (number(first, range)?, number(last, range)?),
                // A single number with steps goes on to the end.
                None if part.contains('/') => (number(span, range)?, range.last),
                None => (number(span, range)?, number(span, range)?),
            };
            if first <= last {
                numbers.extend((first..=last).step_by(step));
            } else {
                // FRI-MON goes round.
                numbers.extend((first..=range.last).chain(range.first..=last).step_by(step));
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        Some(Numbers(numbers))
    }

    pub(crate) fn contains(&self, number: impl Into<u16>) -> bool {
        self.0.binary_search(&number.into()).is_ok()
    }

    /// The first allowed number from `least` on.
    pub(crate) fn from(&self, least: u16) -> Option<u16> {
        let at = self.0.partition_point(|number| *number < least);
        self.0.get(at).copied()
    }

    pub(crate) fn first(&self) -> u16 {
        self.0.first().copied().unwrap_or(0)
    }
}

/// A number or a name.
pub(crate) fn number(text: &str, range: Range) -> Option<u16> {
    let upper = text.to_ascii_uppercase();
    let named = range.names.iter().position(|name| *name == upper);
    let number = match named {
        Some(at) => range.first.checked_add(u16::try_from(at).ok()?)?,
        None if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok()?,
        None => return None,
    };
    (range.first..=range.last)
        .contains(&number)
        .then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_allow_what_they_say() {
        for (text, range, expect) in [
            ("*", HOURS, Some((0..24).collect::<Vec<u16>>())),
            ("0/15", MINUTES, Some(vec![0, 15, 30, 45])),
            ("5-10/2", MINUTES, Some(vec![5, 7, 9])),
            ("MON-FRI", DAYS_OF_WEEK, Some(vec![2, 3, 4, 5, 6])),
            ("FRI-MON", DAYS_OF_WEEK, Some(vec![1, 2, 6, 7])),
            ("jan,MAR,12", MONTHS_OF_YEAR, Some(vec![1, 3, 12])),
            ("60", MINUTES, None),
            ("", MINUTES, None),
            ("1/0", MINUTES, None),
            ("+5", MINUTES, None),
            ("0", DAYS_OF_WEEK, None),
        ] {
            assert_eq!(Numbers::parse(text, range), expect.map(Numbers), "{text}");
        }
    }
}
