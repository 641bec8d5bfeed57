//! Numbers that only grow, and tell when they were given.

use std::sync::atomic::{AtomicU64, Ordering};

/// Bits below the milliseconds: a million numbers in one.
const COUNTER_BITS: u32 = 20;

/// Gives numbers.
#[derive(Debug, Default)]
pub(crate) struct Sequences {
    last: AtomicU64,
}

impl Sequences {
    /// Greater than every number before, and not before `now` in milliseconds.
    pub(crate) fn next(&self, now: i64) -> u64 {
        let least = first_at(now);
        let mut given = 0;
        // The closure always yields a number, so that the update cannot fail.
        let _ = self
            .last
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| {
                given = last.saturating_add(1).max(least);
                Some(given)
            });
        given
    }

    /// Numbers up to this one were given by an earlier process.
    pub(crate) fn used(&self, number: u64) {
        self.last.fetch_max(number, Ordering::SeqCst);
    }
}

/// The first number that may be given at `millis`.
fn first_at(millis: i64) -> u64 {
    millis.max(0).cast_unsigned() << COUNTER_BITS
}

/// When a number was given, in milliseconds since 1970; later than that if more than a million were wanted in one.
pub(crate) fn given_at(number: u64) -> i64 {
    (number >> COUNTER_BITS).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_grow_and_tell_their_time() {
        let sequences = Sequences::default();
        let one = sequences.next(5);
        let two = sequences.next(5);
        let back = sequences.next(3);
        assert!(one < two && two < back);
        assert_eq!((given_at(one), given_at(back)), (5, 5));
        sequences.used(first_at(9));
        assert_eq!(given_at(sequences.next(6)), 9);
    }
}
