//! Integers as Roman numerals.
//!
//! Entry points: [`to_roman`] and [`from_roman`].

const NUMERALS: [(u64, &str); 13] = [
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
];

/// The largest value written in Roman numerals: a thousand `m`. Larger ones only waste memory.
pub(super) const ROMAN_MAX: u64 = 1_000_000;

/// The numerals of a value up to [`ROMAN_MAX`], in lower case; empty for zero.
pub(super) fn to_roman(value: u64) -> Option<String> {
    if value > ROMAN_MAX {
        return None;
    }
    let mut text = String::new();
    let mut rest = value;
    for (weight, numeral) in NUMERALS {
        while rest >= weight {
            text.push_str(numeral);
            rest -= weight;
        }
    }
    Some(text)
}

/// The value of numerals in either case; `None` when another character occurs.
///
/// A numeral before a larger one is subtracted, whatever the two are, as JSONata does.
pub(super) fn from_roman(text: &str) -> Option<f64> {
    let (mut value, mut largest) = (0.0, 1.0);
    for numeral in text.chars().rev() {
        let weight = weight_of(numeral)?;
        if weight < largest {
            value -= weight;
        } else {
            largest = weight;
            value += weight;
        }
    }
    Some(value)
}

fn weight_of(numeral: char) -> Option<f64> {
    match numeral.to_ascii_uppercase() {
        'M' => Some(1000.0),
        'D' => Some(500.0),
        'C' => Some(100.0),
        'L' => Some(50.0),
        'X' => Some(10.0),
        'V' => Some(5.0),
        'I' => Some(1.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_read_back() {
        for (value, text) in [
            (0, ""),
            (1, "i"),
            (4, "iv"),
            (99, "xcix"),
            (1984, "mcmlxxxiv"),
            (4000, "mmmm"),
        ] {
            assert_eq!(to_roman(value).as_deref(), Some(text));
            assert_eq!(from_roman(text), Some(value as f64));
        }
        assert_eq!(from_roman("MXQ"), None);
        assert_eq!(to_roman(ROMAN_MAX + 1), None);
    }
}
