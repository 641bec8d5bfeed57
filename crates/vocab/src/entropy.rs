//! Deterministic entropy: the only source of chance for pure crates.
//!
//! The caller brings a seed and records it; the same seed gives the same values for ever. Not fit
//! for secrets.

use std::cell::Cell;

/// A SplitMix64 generator (Steele, Lea, Flood 2014). Same seed, same sequence, on every machine.
#[derive(Clone, Debug)]
pub struct Entropy {
    state: Cell<u64>,
}

impl Entropy {
    /// A generator that starts at `seed`.
    pub fn from_seed(seed: u64) -> Entropy {
        Entropy {
            state: Cell::new(seed),
        }
    }

    /// The next 64 bits, uniform.
    pub fn next_u64(&self) -> u64 {
        let state = self.state.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.state.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A uniform number in `0..bound`; 0 when `bound` is 0.
    pub fn below(&self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        // The part of the range that would favour small results is drawn again.
        let unfair = (u64::MAX % bound).wrapping_add(1) % bound;
        loop {
            let drawn = self.next_u64();
            if drawn <= u64::MAX - unfair {
                return drawn % bound;
            }
        }
    }

    /// A uniform number in `0.0 ..1.0` with 53 bits.
    pub fn unit_f64(&self) -> f64 {
        // 53 bits fit a double exactly.
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A version 4 UUID in lower-case text form (RFC 9562, section 5.4).
    pub fn uuid_v4(&self) -> String {
        let high = (self.next_u64() & !0xF000) | 0x4000;
        let low = (self.next_u64() & !(0b11 << 62)) | (0b10 << 62);
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xFFFF,
            high & 0xFFFF,
            low >> 48,
            low & 0xFFFF_FFFF_FFFF
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_published_sequence() {
        let entropy = Entropy::from_seed(1234567);
        assert_eq!(entropy.next_u64(), 6457827717110365317);
        assert_eq!(entropy.next_u64(), 3203168211198807973);
    }

    #[test]
    fn stays_below_the_bound() {
        let entropy = Entropy::from_seed(7);
        for bound in [1, 2, 3, 1000, u64::MAX] {
            for _ in 0..100 {
                assert!(entropy.below(bound) < bound);
            }
        }
        assert_eq!(entropy.below(0), 0);
        assert!((0..1000).all(|_| (0.0..1.0).contains(&entropy.unit_f64())));
    }

    #[test]
    fn makes_version_4_uuids() {
        let entropy = Entropy::from_seed(1);
        let (one, two) = (entropy.uuid_v4(), entropy.uuid_v4());
        assert_ne!(one, two);
        for uuid in [one, two] {
            let bytes = uuid.as_bytes();
            assert_eq!((uuid.len(), bytes[14]), (36, b'4'));
            assert!(b"89ab".contains(&bytes[19]), "{uuid}");
        }
    }
}
