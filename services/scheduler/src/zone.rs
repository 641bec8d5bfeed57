//! Time zones: what a clock on a wall shows, and when. The zones are those of the IANA database that is built in, the same on
//! every machine.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use passo_schedule::Civil;

/// A time zone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Zone(TimeZone);

/// When a clock shows a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Then, in seconds since 1970; the first time, where clocks were put back.
    At(i64),
    /// Never: clocks were put forward. It would have been then.
    Never(i64),
}

impl Zone {
    /// The zone that IANA calls `name`.
    pub(crate) fn parse(name: &str) -> Option<Zone> {
        TimeZoneDatabase::bundled().get(name).ok().map(Zone)
    }

    /// What a clock shows `seconds` after the beginning of 1970.
    pub(crate) fn civil(&self, seconds: i64) -> Civil {
        let Ok(instant) = jiff::Timestamp::from_second(seconds) else {
            return Civil::from_seconds(seconds);
        };
        let offset = self.0.to_offset(instant).seconds();
        Civil::from_seconds(seconds.saturating_add(i64::from(offset)))
    }

    /// When a clock shows `civil`.
    pub(crate) fn shown(&self, civil: Civil) -> Shown {
        let small = |value: u8| i8::try_from(value).unwrap_or(0);
        let date = DateTime::new(
            i16::try_from(civil.year).unwrap_or(i16::MAX),
            small(civil.month),
            small(civil.day),
            small(civil.hour),
            small(civil.minute),
            small(civil.second),
            0,
        );
        let Ok(date) = date else {
            return Shown::At(civil.to_seconds());
        };
        let ambiguous = self.0.to_ambiguous_timestamp(date);
        let at = |offset: jiff::tz::Offset| civil.to_seconds() - i64::from(offset.seconds());
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { offset } => Shown::At(at(offset)),
            AmbiguousOffset::Fold { before, .. } => Shown::At(at(before)),
            AmbiguousOffset::Gap { before, .. } => Shown::Never(at(before)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_put_forward_and_back() {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        for (text, expect) in [
            ("2026-01-15T12:00:00", Shown::At(1_768_474_800)),
            ("2026-07-15T12:00:00", Shown::At(1_784_109_600)),
            ("2026-03-29T02:30:00", Shown::Never(1_774_747_800)),
            ("2026-10-25T02:30:00", Shown::At(1_792_888_200)),
        ] {
            let civil = Civil::parse(text).unwrap();
            assert_eq!(berlin.shown(civil), expect, "{text}");
            if let Shown::At(seconds) = expect {
                assert_eq!(berlin.civil(seconds), civil, "{text}");
            }
        }
        assert_eq!(Zone::parse("Mars/Olympus"), None);
        assert!(Zone::parse("UTC").is_some());
    }
}
