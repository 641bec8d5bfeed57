//! Java's `java.util.Random`: what a seed means to `$random` and `States.MathRandom`.
//!
//! Source: the algorithm is part of the class's documentation; `$random(42)` on AWS yields its first double.

const MULTIPLIER: u64 = 0x5_DEEC_E66D;
const MASK: u64 = (1 << 48) - 1;

/// A linear congruential generator of 48 bits.
pub(crate) struct JavaRandom {
    state: u64,
}

impl JavaRandom {
    pub(crate) fn from_seed(seed: i64) -> JavaRandom {
        JavaRandom {
            state: (seed.cast_unsigned() ^ MULTIPLIER) & MASK,
        }
    }

    /// Uniform in `0.0..1.0`.
    pub(crate) fn next_double(&mut self) -> f64 {
        let high = u64::from(self.next(26)) << 27;
        let bits = high + u64::from(self.next(27));
        bits as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in `0..bound`; 0 when `bound` is 0.
    pub(crate) fn next_below(&mut self, bound: u32) -> u32 {
        if bound == 0 {
            return 0;
        }
        if bound.is_power_of_two() {
            let scaled = (u64::from(bound) * u64::from(self.next(31))) >> 31;
            return u32::try_from(scaled).unwrap_or_default();
        }
        loop {
            let bits = self.next(31);
            let value = bits % bound;
            // Java notices the unfair end of the range by an overflow of a signed int.
            if u64::from(bits - value) + u64::from(bound - 1) <= i32::MAX.cast_unsigned().into() {
                return value;
            }
        }
    }

    /// The upper `bits` (32 at most) of the next state.
    fn next(&mut self, bits: u32) -> u32 {
        self.state = (self.state.wrapping_mul(MULTIPLIER).wrapping_add(0xB)) & MASK;
        u32::try_from(self.state >> (48 - bits.min(32))).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yields_what_java_yields() {
        assert_eq!(JavaRandom::from_seed(42).next_double(), 0.7275636800328681);
        assert_eq!(JavaRandom::from_seed(42).next_below(10), 0);
        let mut random = JavaRandom::from_seed(42);
        let drawn: Vec<_> = (0..5).map(|_| random.next_below(100)).collect();
        assert_eq!(drawn, [30, 63, 48, 84, 70]);
        let mut random = JavaRandom::from_seed(7);
        assert_eq!(
            (random.next_below(1 << 20), random.next_below(2_000_000_000)),
            (766193, 1371249164)
        );
    }

    #[test]
    fn stays_below_the_bound() {
        let mut random = JavaRandom::from_seed(-5);
        for bound in [1, 2, 3, 1 << 30, u32::MAX >> 1] {
            assert!((0..50).all(|_| random.next_below(bound) < bound));
        }
        assert_eq!(random.next_below(0), 0);
    }
}
