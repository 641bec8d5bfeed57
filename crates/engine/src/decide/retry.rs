//! Retry: which entry, and when.

use passo_asl::program::{JitterStrategy, Retrier};
use passo_vocab::{Entropy, Failure};

use super::failed::matches_any;
use super::turn::Turn;
use crate::execution::Origin;
use crate::{Command, EventId, EventKind, FrameId, Invariant, TimerId};

impl Turn<'_> {
    /// The first entry of `Retry` that names the failure, if it has attempts left.
    pub fn retrier<'r>(
        &self,
        id: FrameId,
        retriers: &'r [Retrier],
        failure: &Failure,
        origin: Origin,
    ) -> Result<Option<(usize, &'r Retrier)>, Invariant> {
        let found = retriers
            .iter()
            .enumerate()
            .find(|(_, retrier)| matches_any(&retrier.error_equals, failure, origin));
        let retries = &self.frame(id)?.retries;
        Ok(found.filter(|(place, retrier)| retries.of(*place) < retrier.max_attempts))
    }

    pub fn retry(&mut self, id: FrameId, place: usize, retrier: &Retrier) -> Result<(), Invariant> {
        let attempt = self.frame(id)?.retries.of(place);
        let millis = backoff_millis(retrier, attempt, &self.environment.entropy);
        let until = self
            .environment
            .now
            .plus_millis(i64::try_from(millis).unwrap_or(i64::MAX));
        let retrier = u32::try_from(place).unwrap_or(u32::MAX);
        self.emit(
            id,
            EventId::NONE,
            EventKind::RetryScheduled { retrier, until },
        )?;
        let timer = TimerId::new(self.execution.sequence.number());
        self.command(Command::SetTimer { timer, at: until });
        Ok(())
    }
}

/// How long to wait before the retry that follows `attempt` earlier ones.
pub(crate) fn backoff_millis(retrier: &Retrier, attempt: u64, entropy: &Entropy) -> u64 {
    let most = delay_millis(retrier, attempt);
    match retrier.jitter_strategy {
        JitterStrategy::None => most,
        JitterStrategy::Full => entropy.below(most.saturating_add(1)),
    }
}

/// The delay before jitter: `IntervalSeconds` × `BackoffRate` ^ `attempt`, at most `MaxDelaySeconds`.
fn delay_millis(retrier: &Retrier, attempt: u64) -> u64 {
    /// AWS's bound for an interval; with a rate above one it would otherwise grow without end.
    const SECONDS_MAX: f64 = 99_999_999.0;
    let exponent = i32::try_from(attempt).unwrap_or(i32::MAX);
    let computed = retrier.interval_seconds as f64 * retrier.backoff_rate.powi(exponent);
    let most = retrier
        .max_delay_seconds
        .map_or(SECONDS_MAX, |seconds| seconds as f64);
    let seconds = computed.min(most).clamp(0.0, SECONDS_MAX);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0 ..= 10^11"
    )]
    let millis = (seconds * 1000.0).round() as u64;
    millis
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_up_to_their_limit() {
        let retrier = |rate, most| Retrier {
            error_equals: Vec::new(),
            interval_seconds: 3,
            max_attempts: 10,
            backoff_rate: rate,
            max_delay_seconds: most,
            jitter_strategy: JitterStrategy::None,
        };
        for (rate, most, attempt, expect) in [
            (2.0, None, 0, 3_000),
            (2.0, None, 3, 24_000),
            (1.5, None, 1, 4_500),
            (2.0, Some(10), 3, 10_000),
            (1.0, None, 99, 3_000),
            (10.0, None, u64::MAX, 99_999_999_000),
        ] {
            assert_eq!(
                delay_millis(&retrier(rate, most), attempt),
                expect,
                "{rate} {attempt}"
            );
        }
    }
}
