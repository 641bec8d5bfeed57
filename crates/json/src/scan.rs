//! Finds what stands out in the text of a string, eight bytes at a time. Knows no tokens.

/// A byte in every place of a word.
const EACH: u64 = 0x0101_0101_0101_0101;
/// The highest bit of every byte of a word.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// How many bytes at the start of `bytes` stand for themselves in a string literal: all before the first
/// quote, backslash or control character.
#[inline]
pub(crate) fn plain_run(bytes: &[u8]) -> usize {
    let (words, tail) = bytes.as_chunks::<8>();
    let mut run = 0;
    for word in words {
        let special = special_bytes(u64::from_le_bytes(*word));
        if special != 0 {
            return run + special.trailing_zeros() as usize / 8;
        }
        run += 8;
    }
    let special = tail.iter().position(|byte| is_special(*byte));
    run + special.unwrap_or(tail.len())
}

/// Whether `byte` cannot stand for itself in a string literal.
#[inline]
fn is_special(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// Marks the special bytes of `word` in their highest bits. The lowest mark is always right; a borrow may
/// set marks above it.
#[inline]
fn special_bytes(word: u64) -> u64 {
    let quote = word ^ (EACH * b'"' as u64);
    let backslash = word ^ (EACH * b'\\' as u64);
    let quotes = quote.wrapping_sub(EACH) & !quote;
    let backslashes = backslash.wrapping_sub(EACH) & !backslash;
    let controls = word.wrapping_sub(EACH * b' ' as u64) & !word;
    (quotes | backslashes | controls) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_find_what_bytes_find(bytes in prop::collection::vec(prop_oneof![
            any::<u8>(), Just(b'a'), Just(b'!'), Just(0x7f), Just(0x80), Just(0xff), Just(0x1f), Just(b' '),
        ], 0..40)) {
            let expect = bytes.iter().position(|byte| is_special(*byte)).unwrap_or(bytes.len());
            prop_assert_eq!(plain_run(&bytes), expect);
        }
    }
}
