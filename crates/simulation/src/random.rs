//! Chance that depends on nothing but the seed.

use passo_vocab::Entropy;

/// A source of choices.
pub(crate) struct Random(Entropy);

impl Random {
    /// The source of one purpose of one seed; purposes do not disturb each other.
    pub(crate) fn new(seed: u64, purpose: u64) -> Random {
        Random(Entropy::from_seed(
            seed.wrapping_mul(0xD134_2543_DE82_EF95) ^ purpose,
        ))
    }

    /// Any number.
    pub(crate) fn any(&self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `bound`; zero when that is zero.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        self.0.below(bound)
    }

    /// A time in milliseconds below `bound`.
    pub(crate) fn millis(&self, bound: u64) -> i64 {
        i64::try_from(self.below(bound)).unwrap_or(0)
    }

    /// A small count below `bound`.
    pub(crate) fn count(&self, bound: usize) -> usize {
        usize::try_from(self.below(bound as u64)).unwrap_or(0)
    }

    /// Yes, so many times in a thousand.
    pub(crate) fn per_mille(&self, times: u64) -> bool {
        self.below(1000) < times
    }

    /// One of the items; the first when there is none to choose.
    pub(crate) fn pick<T: Copy>(&self, items: &[T], otherwise: T) -> T {
        items
            .get(self.count(items.len()))
            .copied()
            .unwrap_or(otherwise)
    }
}
