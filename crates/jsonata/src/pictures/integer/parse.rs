//! Text as an integer.
//!
//! Entry points: [`parse_integer`], and [`parse_text`] for a picture already read.

use super::letters::from_letters;
use super::picture::{DigitPattern, Grouping, IntegerPicture, Primary, unsupported_sequence};
use super::roman::from_roman;
use super::words::from_words;
use crate::error::Error;

/// `$parseInteger`: the value of a text that was written after an integer picture.
///
/// `None` when the text holds no such number, where jsonata.js yields NaN. Leading digits are
/// enough, as there: what follows them is ignored.
///
/// # Errors
/// `D3130` for a numbering sequence, `D3131` for digits of two families.
pub fn parse_integer(text: &str, picture: &str) -> Result<Option<f64>, Error> {
    let picture = IntegerPicture::parse(picture)?;
    parse_text(text, &picture)
}

/// [`parse_integer`] with a picture already read.
///
/// # Errors
/// `D3130` for a numbering sequence.
pub(in crate::pictures) fn parse_text(
    text: &str,
    picture: &IntegerPicture,
) -> Result<Option<f64>, Error> {
    match &picture.primary {
        Primary::Letters => Ok(from_letters(text)),
        Primary::Roman => Ok(from_roman(text)),
        Primary::Words => Ok(from_words(text)),
        Primary::Decimal(pattern) => Ok(from_digits(text, pattern)),
        Primary::Sequence(token) => Err(unsupported_sequence(token)),
    }
}

/// The leading digits, without separators. An ordinal's suffix needs no care: it ends the digits.
fn from_digits(text: &str, pattern: &DigitPattern) -> Option<f64> {
    let text = text.trim_start();
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut digits = String::new();
    for sign in text
        .chars()
        .filter(|sign| !is_separator(*sign, &pattern.grouping))
    {
        let value = u32::from(sign).checked_sub(pattern.zero);
        let Some(digit) = value.and_then(|value| char::from_digit(value, 10)) else {
            break;
        };
        digits.push(digit);
    }
    let value: f64 = digits.parse().ok()?;
    let value = if negative { -value } else { value };
    value.is_finite().then_some(value)
}

fn is_separator(sign: char, grouping: &Grouping) -> bool {
    match grouping {
        Grouping::Regular {
            sign: separator, ..
        } => sign == *separator,
        Grouping::Irregular(signs) => signs.iter().any(|(_, separator)| sign == *separator),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, picture: &str, expected: Option<f64>) {
        assert_eq!(
            parse_integer(text, picture),
            Ok(expected),
            "{text} with {picture}"
        );
    }

    #[test]
    fn digits() {
        check("123", "0", Some(123.0));
        check("-0123", "0000", Some(-123.0));
        check("1,234,567", "#,##0", Some(1234567.0));
        check("1.234", "#.##0", Some(1234.0));
        check("1234:567,890", "#:###,##0", Some(1234567890.0));
        check("١٢٣٤٠", "###١", Some(12340.0));
        check("123rd", "000;o", Some(123.0));
        check("12abc", "0", Some(12.0));
        check("", "0", None);
        check("abc", "0", None);
        check(&"9".repeat(400), "0", None);
    }

    #[test]
    fn letters_numerals_and_words() {
        check("KN", "A", Some(300.0));
        check("MCMLXXXIV", "I", Some(1984.0));
        check("one trillion and one", "w", Some(1000000000001.0));
        check("ten billion trillion trillion trillion", "w", Some(1e46));
        check("NINETY-NINTH", "W;o", Some(99.0));
        check("Seven Hundred and Thirty-Third", "Ww;o", Some(733.0));
        check(
            "one hundred and twenty-seven thousand, three hundred",
            "w",
            Some(127300.0),
        );
        check("three potatoes", "w", None);
        check("", "w", None);
        check("Q7", "I", None);
        assert_eq!(parse_integer("50", "#").unwrap_err().code, "D3130");
        assert_eq!(parse_integer("50", "0０").unwrap_err().code, "D3131");
    }

    #[test]
    fn words_read_back() {
        for value in [
            0, 7, 13, 40, 99, 100, 101, 999, 1000, 1001, 12345, 999999, 1000000, 7654321,
        ] {
            for picture in ["w", "W", "Ww", "w;o"] {
                let text = super::super::format_integer(f64::from(value), picture).unwrap();
                check(&text, picture, Some(f64::from(value)));
            }
        }
    }
}
