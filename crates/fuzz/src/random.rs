//! Pseudo-random choices that depend on nothing but the seed.

/// A generator (SplitMix64).
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// The generator of one case.
    pub(crate) fn of_case(seed: u64, index: u64) -> Random {
        let mut random = Random {
            state: seed ^ index.wrapping_mul(0xD134_2543_DE82_EF95),
        };
        random.next();
        random
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; zero when that is zero.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    /// Yes, once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of the items; the default when there is none.
    pub(crate) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        items
            .get(self.below(items.len()))
            .copied()
            .unwrap_or_default()
    }

    /// One of the texts; the empty one when there is none.
    pub(crate) fn pick_text<'a>(&mut self, texts: &'a [String]) -> &'a str {
        texts
            .get(self.below(texts.len()))
            .map_or("", String::as_str)
    }
}
