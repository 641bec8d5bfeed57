//! What an integer picture says.
//!
//! Entry point: [`IntegerPicture::parse`]. Knows nothing of values.

use crate::error::Error;

/// Where each family of ten decimal digits starts that a picture may use (Unicode `Nd`).
const ZEROS: [u32; 37] = [
    0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6,
    0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80,
    0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0,
    0xFF10,
];

/// How letters are cased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pictures) enum Case {
    /// `W`, `A`, `I`, `N`.
    Upper,
    /// `w`, `a`, `i`, `n`.
    Lower,
    /// `Ww`, `Nn`.
    Title,
}

impl Case {
    /// `text`, which is in title case, in this case.
    pub(in crate::pictures) fn apply(self, text: &str) -> String {
        match self {
            Case::Upper => text.to_uppercase(),
            Case::Lower => text.to_lowercase(),
            Case::Title => text.to_owned(),
        }
    }
}

/// Separators between digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pictures) enum Grouping {
    /// The same sign after every so many digits, without end.
    Regular {
        /// Digits between two signs, at least one.
        every: usize,
        /// The sign.
        sign: char,
    },
    /// Signs at these distances from the right end only, nearest first; possibly none.
    Irregular(Vec<(usize, char)>),
}

/// A decimal digit pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pictures) struct DigitPattern {
    /// The code point of the family's zero.
    pub(in crate::pictures) zero: u32,
    /// How many digits are printed at least.
    pub(in crate::pictures) mandatory: usize,
    /// How many `#` the pattern has.
    pub(in crate::pictures) optional: usize,
    /// Where separators stand.
    pub(in crate::pictures) grouping: Grouping,
}

/// The primary format token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pictures) enum Primary {
    /// `A` or `a`: A, B, … Z, AA.
    Letters,
    /// `I` or `i`.
    Roman,
    /// `W`, `w` or `Ww`.
    Words,
    /// Digits.
    Decimal(DigitPattern),
    /// A numbering sequence that starts with this token; none is supported.
    Sequence(String),
}

/// A whole integer picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pictures) struct IntegerPicture {
    /// What the number is made of.
    pub(in crate::pictures) primary: Primary,
    /// How letters are cased.
    pub(in crate::pictures) case: Case,
    /// Whether `;o` asks for an ordinal.
    pub(in crate::pictures) ordinal: bool,
}

impl IntegerPicture {
    /// Reads a picture: the primary token, then perhaps `;` and a modifier.
    ///
    /// # Errors
    /// `D3131` when the digits come from different families.
    pub(in crate::pictures) fn parse(picture: &str) -> Result<IntegerPicture, Error> {
        let (token, modifier) = picture.rsplit_once(';').unwrap_or((picture, ""));
        IntegerPicture::from_parts(token, modifier.starts_with('o'))
    }

    /// Reads a primary token.
    ///
    /// # Errors
    /// As [`IntegerPicture::parse`].
    pub(in crate::pictures) fn from_parts(
        token: &str,
        ordinal: bool,
    ) -> Result<IntegerPicture, Error> {
        let (primary, case) = match token {
            "A" => (Primary::Letters, Case::Upper),
            "a" => (Primary::Letters, Case::Lower),
            "I" => (Primary::Roman, Case::Upper),
            "i" => (Primary::Roman, Case::Lower),
            "W" => (Primary::Words, Case::Upper),
            "w" => (Primary::Words, Case::Lower),
            "Ww" => (Primary::Words, Case::Title),
            _ => (digit_pattern(token)?, Case::Lower),
        };
        Ok(IntegerPicture {
            primary,
            case,
            ordinal,
        })
    }

    /// The digit pattern, if the picture is one.
    pub(in crate::pictures) fn digits_mut(&mut self) -> Option<&mut DigitPattern> {
        match &mut self.primary {
            Primary::Decimal(pattern) => Some(pattern),
            Primary::Letters | Primary::Roman | Primary::Words | Primary::Sequence(_) => None,
        }
    }
}

/// The error for a numbering sequence.
pub(in crate::pictures) fn unsupported_sequence(token: &str) -> Error {
    Error::new(
        "D3130",
        format!("formatting or parsing an integer as a sequence starting with `{token}` is not supported"),
    )
    .value(token)
}

fn digit_pattern(token: &str) -> Result<Primary, Error> {
    let (mut zero, mut mandatory, mut optional) = (None, 0, 0);
    let mut separators: Vec<(usize, char)> = Vec::new();
    for sign in token.chars().rev() {
        if let Some(family) = family_of(sign) {
            if zero.is_some_and(|known| known != family) {
                let message = "in a decimal digit pattern, all digits must be from the same family";
                return Err(Error::new("D3131", message).value(token));
            }
            zero = Some(family);
            mandatory += 1;
        } else if sign == '#' {
            optional += 1;
        } else {
            separators.push((mandatory + optional, sign));
        }
    }
    let Some(zero) = zero else {
        return Ok(Primary::Sequence(token.to_owned()));
    };
    let grouping = match regular(&separators) {
        Some((every, sign)) => Grouping::Regular { every, sign },
        None => Grouping::Irregular(separators),
    };
    Ok(Primary::Decimal(DigitPattern {
        zero,
        mandatory,
        optional,
        grouping,
    }))
}

fn family_of(sign: char) -> Option<u32> {
    if sign.is_ascii() {
        return sign.is_ascii_digit().then_some(0x30);
    }
    let code = u32::from(sign);
    ZEROS
        .into_iter()
        .find(|zero| code.checked_sub(*zero).is_some_and(|digit| digit < 10))
}

/// The repeated distance and sign, when the separators (nearest to the right end first) form one
/// unbroken series.
fn regular(separators: &[(usize, char)]) -> Option<(usize, char)> {
    let (every, sign) = *separators.first()?;
    let all = separators
        .iter()
        .zip(1_usize..)
        .all(|((position, other), rank)| {
            *other == sign && every.checked_mul(rank) == Some(*position)
        });
    (all && every > 0).then_some((every, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grouping_is_regular_only_as_an_unbroken_series() {
        for (picture, every) in [
            ("#,##0", Some(3)),
            ("#,###,##0", Some(3)),
            ("##,##,##0", None),
            ("#:###,##0", None),
            ("#,######,##0", None),
            ("0,", None),
            ("0", None),
            ("0000:00", Some(2)),
            ("0000:00:00", Some(2)),
        ] {
            let parsed = IntegerPicture::parse(picture).unwrap();
            let Primary::Decimal(pattern) = parsed.primary else {
                panic!("{picture}")
            };
            let found = match pattern.grouping {
                Grouping::Regular { every, .. } => Some(every),
                Grouping::Irregular(_) => None,
            };
            assert_eq!(found, every, "{picture}");
        }
    }
}
