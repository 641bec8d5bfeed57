//! Sets of characters.
//!
//! Entry point: [`Set`]. Case is folded as JavaScript does without the `u` flag.

/// A set of characters, with case folded already where that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Set {
    /// This character.
    One(char),
    /// The characters that fold to this one.
    Folded(char),
    /// A class.
    Class(Class),
}

impl Set {
    /// The set of one character.
    pub(super) fn one(sign: char, ignore_case: bool) -> Set {
        if ignore_case {
            Set::Folded(fold(sign))
        } else {
            Set::One(sign)
        }
    }

    /// Whether the set holds a character.
    pub(super) fn contains(&self, sign: char) -> bool {
        match self {
            Set::One(only) => sign == *only,
            Set::Folded(only) => sign == *only || fold(sign) == *only,
            Set::Class(class) => class.contains(sign),
        }
    }
}

/// A character class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Class {
    /// One bit for each ASCII character that is in the class: the answer, whatever the rest says.
    ascii: u128,
    /// Code points from and to, ascending and apart.
    ranges: Vec<(u32, u32)>,
    negated: bool,
    ignore_case: bool,
}

/// The most characters of a class whose other cases are added to it one by one. Larger ranges hold
/// both cases of nearly every letter in them anyway.
const FOLDED_MAX: u32 = 4096;

impl Class {
    /// The class of some ranges of code points.
    pub(super) fn new(mut ranges: Vec<(u32, u32)>, negated: bool, ignore_case: bool) -> Class {
        if ignore_case {
            let mut folded = Vec::new();
            let mut left = FOLDED_MAX;
            for (from, to) in &ranges {
                for code in (*from..=*to).take(usize::try_from(left).unwrap_or(0)) {
                    left -= 1;
                    folded.extend(
                        char::from_u32(code)
                            .map(fold)
                            .map(|sign| (sign.into(), sign.into())),
                    );
                }
            }
            ranges.extend(folded);
        }
        let mut class = Class {
            ascii: 0,
            ranges: merged(ranges),
            negated,
            ignore_case,
        };
        for code in 0..128_u8 {
            if class.contains_slowly(char::from(code)) {
                class.ascii |= 1 << code;
            }
        }
        class
    }

    /// `.`: everything but the ends of lines.
    pub(super) fn any() -> Class {
        Class::new(LINE_ENDS.to_vec(), true, false)
    }

    fn contains(&self, sign: char) -> bool {
        let code = u32::from(sign);
        if code < 128 {
            self.ascii >> code & 1 == 1
        } else {
            self.contains_slowly(sign)
        }
    }

    fn contains_slowly(&self, sign: char) -> bool {
        let mut listed = self.lists(sign);
        if !listed && self.ignore_case {
            let mut lower = sign.to_lowercase();
            let folds_to_lower = matches!((lower.next(), lower.next()), (Some(only), None) if fold(only) == fold(sign) && self.lists(only));
            listed = folds_to_lower || self.lists(fold(sign));
        }
        listed != self.negated
    }

    fn lists(&self, sign: char) -> bool {
        let code = u32::from(sign);
        let after = self.ranges.partition_point(|(from, _)| *from <= code);
        let range = after
            .checked_sub(1)
            .and_then(|index| self.ranges.get(index));
        range.is_some_and(|(_, to)| code <= *to)
    }
}

/// The ends of lines.
pub(super) const LINE_ENDS: [(u32, u32); 3] = [(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)];
/// `\d`.
pub(super) const DIGITS: [(u32, u32); 1] = [(0x30, 0x39)];
/// `\w`.
pub(super) const WORD: [(u32, u32); 4] = [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];
/// `\s`.
pub(super) const SPACE: [(u32, u32); 10] = [
    (0x09, 0x0D),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
];

/// Everything outside of ranges that are ascending and apart.
pub(super) fn complement(ranges: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut rest = Vec::new();
    let mut next = 0;
    for (from, to) in ranges {
        if let Some(before) = from.checked_sub(1).filter(|before| *before >= next) {
            rest.push((next, before));
        }
        next = to.saturating_add(1);
    }
    rest.push((next, u32::from(char::MAX)));
    rest
}

/// Whether a character ends a line.
pub(super) fn is_line_end(sign: char) -> bool {
    matches!(sign, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// Whether `\w` matches.
pub(super) fn is_word(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || sign == '_'
}

/// The character that stands for all its cases: its upper case, if that is one character, and ASCII
/// only for ASCII.
pub(super) fn fold(sign: char) -> char {
    if sign.is_ascii() {
        return sign.to_ascii_uppercase();
    }
    let mut upper = sign.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) if !only.is_ascii() => only,
        _ => sign,
    }
}

fn merged(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (from, to) in ranges {
        match merged.last_mut() {
            Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        let class = Class::new(
            vec![(0x61, 0x63), (0x62, 0x66), (0x3B1, 0x3B1)],
            false,
            false,
        );
        assert_eq!(class.ranges, [(0x61, 0x66), (0x3B1, 0x3B1)]);
        assert!(class.contains('f') && class.contains('α'));
        assert!(!class.contains('g') && !class.contains('A') && !class.contains('Α'));
        let folded = Class::new(vec![(0x61, 0x63), (0x3B1, 0x3B1)], false, true);
        assert!(folded.contains('B') && folded.contains('Α') && !folded.contains('d'));
        let negated = Class::new(vec![(0x61, 0x61)], true, true);
        assert!(!negated.contains('A') && negated.contains('b') && negated.contains('é'));
    }

    #[test]
    fn folding_keeps_ascii_apart() {
        assert_eq!(fold('k'), 'K');
        assert_eq!(fold('\u{17f}'), '\u{17f}');
        assert_eq!(fold('\u{212a}'), '\u{212a}');
        assert_eq!(fold('ß'), 'ß');
        assert_eq!(fold('ς'), 'Σ');
    }

    #[test]
    fn complements() {
        assert_eq!(complement(&[]), [(0, 0x10FFFF)]);
        assert_eq!(complement(&DIGITS), [(0, 0x2F), (0x3A, 0x10FFFF)]);
        assert_eq!(complement(&[(0, 5)]), [(6, 0x10FFFF)]);
    }
}
