//! How long Wait states take, as a share of what they say: for tests, as Step Functions Local's `WAIT_TIME_SCALE`.

/// The largest scale: a thousand times as long.
const MAX: f64 = 1000.0;

/// A scale in millionths. Retries, timeouts and heartbeats are not scaled, as in Step Functions Local.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitScale {
    millionths: i64,
}

impl WaitScale {
    /// As long as they say.
    pub const FULL: WaitScale = WaitScale {
        millionths: 1_000_000,
    };

    /// The scale `factor`, from 0 (no waiting at all) to 1,000; nothing otherwise.
    pub fn new(factor: f64) -> Option<WaitScale> {
        if !(0.0..=MAX).contains(&factor) {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "at most a thousand million, and rounded"
        )]
        let millionths = (factor * 1e6).round() as i64;
        Some(WaitScale { millionths })
    }

    /// How long `millis` take.
    pub(crate) fn apply(self, millis: i64) -> i64 {
        if self == WaitScale::FULL {
            return millis;
        }
        let scaled = i128::from(millis) * i128::from(self.millionths) / 1_000_000;
        i64::try_from(scaled).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_scaled() {
        for (factor, millis, expect) in [
            (1.0, 1234, 1234),
            (0.1, 60_000, 6000),
            (0.0, i64::MAX, 0),
            (0.000_001, 1_000_000, 1),
            (1000.0, i64::MAX, i64::MAX),
            (2.5, 1000, 2500),
        ] {
            let scale = WaitScale::new(factor).unwrap();
            assert_eq!(scale.apply(millis), expect, "{factor} {millis}");
        }
        for factor in [-0.1, 1000.1, f64::NAN, f64::INFINITY] {
            assert_eq!(WaitScale::new(factor), None, "{factor}");
        }
    }
}
