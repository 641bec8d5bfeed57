//! Integers as spreadsheet columns: A, B, … Z, AA, AB.
//!
//! Entry points: [`to_letters`] and [`from_letters`].

const ALPHABET: [char; 26] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's',
    't', 'u', 'v', 'w', 'x', 'y', 'z',
];

/// The letters of a value, in lower case; empty for zero.
pub(super) fn to_letters(value: u64) -> String {
    let mut letters: Vec<char> = Vec::new();
    let mut rest = value;
    while let Some(below) = rest.checked_sub(1) {
        let digit = usize::try_from(below % 26).unwrap_or(0);
        letters.extend(ALPHABET.get(digit));
        rest = below / 26;
    }
    letters.into_iter().rev().collect()
}

/// The value of letters in either case; `None` for anything else and for values beyond a float.
pub(super) fn from_letters(text: &str) -> Option<f64> {
    let mut value = 0.0;
    for letter in text.chars() {
        let place = ALPHABET
            .iter()
            .position(|known| letter.eq_ignore_ascii_case(known))?;
        value = value * 26.0 + f64::from(u8::try_from(place).ok()?) + 1.0;
    }
    f64::is_finite(value).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_read_back() {
        for (value, letters) in [
            (0, ""),
            (1, "a"),
            (26, "z"),
            (27, "aa"),
            (52, "az"),
            (702, "zz"),
            (703, "aaa"),
        ] {
            assert_eq!(to_letters(value), letters);
            assert_eq!(from_letters(letters), Some(value as f64));
        }
        assert_eq!(from_letters("a1"), None);
        assert_eq!(from_letters(&"z".repeat(1000)), None);
    }
}
