//! Units. Source: CloudWatch API Reference, `MetricDatum`.

/// The unit of a metric, as a place in the list of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unit(u8);

/// Every unit. Places are stored: new ones go to the end.
const NAMES: [&str; 27] = [
    "None",
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
];

impl Unit {
    /// No unit was given.
    pub(crate) const NONE: Unit = Unit(0);

    pub(crate) fn parse(name: &str) -> Option<Unit> {
        let place = NAMES.iter().position(|unit| *unit == name)?;
        u8::try_from(place).ok().map(Unit)
    }

    pub(crate) fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0)).copied().unwrap_or("None")
    }

    pub(crate) fn to_byte(self) -> u8 {
        self.0
    }

    pub(crate) fn of_byte(byte: u8) -> Unit {
        Unit(byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_have_one_place_each() {
        for name in NAMES {
            let unit = Unit::parse(name).unwrap();
            assert_eq!(unit.name(), name);
            assert_eq!(Unit::of_byte(unit.to_byte()), unit);
        }
        assert_eq!(Unit::parse("count"), None);
    }
}
