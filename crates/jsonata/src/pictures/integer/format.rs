//! An integer as text.
//!
//! Entry points: [`format_integer`], and [`format_digits`] for a picture already read.

use super::letters::to_letters;
use super::picture::{Case, DigitPattern, Grouping, IntegerPicture, Primary, unsupported_sequence};
use super::roman::to_roman;
use super::words::{Form, to_words};
use crate::error::Error;

/// `$formatInteger`: the floor of `value` after an XPath 3.1 integer picture.
///
/// # Errors
/// `D3130` for a numbering sequence, `D3131` for digits of two families, `D1001` when the value is
/// not finite or too large for letters or Roman numerals (above one million).
pub fn format_integer(value: f64, picture: &str) -> Result<String, Error> {
    let picture = IntegerPicture::parse(picture)?;
    let value = value.floor();
    if !value.is_finite() {
        return Err(out_of_range(&value.to_string()));
    }
    let digits = value.abs().to_string();
    let text = format_digits(&digits, &picture)?;
    Ok(if value < 0.0 {
        format!("-{text}")
    } else {
        text
    })
}

/// Decimal digits (at least one) after a picture, without sign.
///
/// # Errors
/// As [`format_integer`].
pub(in crate::pictures) fn format_digits(
    digits: &str,
    picture: &IntegerPicture,
) -> Result<String, Error> {
    let form = if picture.ordinal {
        Form::Ordinal
    } else {
        Form::Cardinal
    };
    match &picture.primary {
        Primary::Letters => {
            let value = digits.parse().map_err(|_| out_of_range(digits))?;
            Ok(cased(to_letters(value), picture.case))
        }
        Primary::Roman => {
            let value = digits.parse().ok().and_then(to_roman);
            Ok(cased(
                value.ok_or_else(|| out_of_range(digits))?,
                picture.case,
            ))
        }
        Primary::Words => Ok(picture.case.apply(&to_words(digits, form))),
        Primary::Decimal(pattern) => {
            let mut text = grouped(digits, pattern);
            if picture.ordinal {
                text.push_str(ordinal_suffix(digits));
            }
            Ok(text)
        }
        Primary::Sequence(token) => Err(unsupported_sequence(token)),
    }
}

fn cased(lower: String, case: Case) -> String {
    match case {
        Case::Upper => lower.to_ascii_uppercase(),
        Case::Lower | Case::Title => lower,
    }
}

fn grouped(digits: &str, pattern: &DigitPattern) -> String {
    let zeros = pattern.mandatory.saturating_sub(digits.len());
    let length = digits.len() + zeros;
    let padded = std::iter::repeat_n('0', zeros).chain(digits.chars());
    let mut text = String::with_capacity(length * 2);
    for (digit, index) in padded.zip(0_usize..) {
        if index > 0 {
            push_separators(&mut text, length - index, &pattern.grouping);
        } else if length == pattern.mandatory + pattern.optional {
            // Signs before the first digit of the pattern are not separators but belong to it.
            push_signs(&mut text, length, &pattern.grouping);
        }
        let value = digit.to_digit(10).unwrap_or(0);
        text.push(char::from_u32(pattern.zero.saturating_add(value)).unwrap_or(digit));
    }
    push_signs(&mut text, 0, &pattern.grouping);
    text
}

/// Appends what stands between two digits, `to_right` digits before the end.
fn push_separators(text: &mut String, to_right: usize, grouping: &Grouping) {
    match grouping {
        Grouping::Regular { every, sign } => {
            if to_right.is_multiple_of(*every) {
                text.push(*sign);
            }
        }
        Grouping::Irregular(_) => push_signs(text, to_right, grouping),
    }
}

/// Appends the irregular signs that stand `to_right` digits before the end.
fn push_signs(text: &mut String, to_right: usize, grouping: &Grouping) {
    if let Grouping::Irregular(signs) = grouping {
        let here = signs
            .iter()
            .rev()
            .filter(|(position, _)| *position == to_right);
        text.extend(here.map(|(_, sign)| sign));
    }
}

fn ordinal_suffix(digits: &str) -> &'static str {
    let mut last = digits.bytes().rev();
    match (last.next(), last.next()) {
        (_, Some(b'1')) => "th",
        (Some(b'1'), _) => "st",
        (Some(b'2'), _) => "nd",
        (Some(b'3'), _) => "rd",
        _ => "th",
    }
}

fn out_of_range(value: &str) -> Error {
    Error::new(
        "D1001",
        format!("number out of range for this picture: `{value}`"),
    )
    .value(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f64, picture: &str, expected: &str) {
        let found = format_integer(value, picture).unwrap_or_else(|error| error.code.to_owned());
        assert_eq!(found, expected, "{value} with {picture}");
    }

    #[test]
    fn digits() {
        check(123.0, "000", "123");
        check(123.9, "0000", "0123");
        check(-3.0, "0000", "-0003");
        check(-3.5, "0", "-4");
        check(0.0, "0", "0");
        check(-0.0, "00", "00");
        check(1234.0, "###0", "1234");
        check(12340.0, "###١", "١٢٣٤٠");
        check(12.0, "##0０", "D3131");
        check(1e21, "0", "1000000000000000000000");
        check(f64::NAN, "0", "D1001");
        check(f64::INFINITY, "w", "D1001");
        check(f64::NEG_INFINITY, "a", "D1001");
    }

    #[test]
    fn separators_stand_between_digits_only() {
        check(12.0, "#,##0", "12");
        check(1200.0, "#,##0", "1,200");
        check(12345678.0, "#,##0", "12,345,678");
        check(1234567890.0, "#:###,##0", "1234:567,890");
        check(1234567890.0, "##,##,##0", "12345,67,890");
        check(12.0, "#:###,##0", "12");
        check(123.0, "#:###,##0", "123");
        check(1234.0, "#;###,##0;", "1,234");
        check(7.0, "0.", "7.");
        check(5.0, "no7", "no5");
        check(700.0, "00:;o", "700:th");
        check(1234.0, "#𝕏##0", "1𝕏234");
    }

    #[test]
    fn ordinals() {
        for (value, expected) in [
            (1.0, "1st"),
            (2.0, "2nd"),
            (3.0, "3rd"),
            (4.0, "4th"),
            (11.0, "11th"),
            (12.0, "12th"),
            (21.0, "21st"),
            (111.0, "111th"),
            (1011.0, "1011th"),
        ] {
            check(value, "0;o", expected);
        }
        check(1011.0, "0,000;o", "1,011th");
        check(1234.0, "0;c", "1234");
    }

    #[test]
    fn letters_and_numerals() {
        check(27.0, "a", "aa");
        check(123456.0, "A", "FZPH");
        check(0.0, "a", "");
        check(99.0, "i", "xcix");
        check(-1984.0, "I", "-MCMLXXXIV");
        check(1e7, "I", "D1001");
        check(1e300, "A", "D1001");
        check(5.0, "α", "D3130");
        check(5.0, "", "D3130");
        check(5.0, "#", "D3130");
    }

    #[test]
    fn words() {
        for (value, expected) in [
            (0.0, "zero"),
            (12.0, "twelve"),
            (20.0, "twenty"),
            (34.0, "thirty-four"),
            (100.0, "one hundred"),
            (1001.0, "one thousand and one"),
            (1100.0, "one thousand, one hundred"),
            (3730.0, "three thousand, seven hundred and thirty"),
            (1e6 + 1.0, "one million and one"),
            (1000000000001.0, "one trillion and one"),
            (1e15, "one thousand trillion"),
            (1e46, "ten billion trillion trillion trillion"),
            (-5.0, "-five"),
        ] {
            check(value, "w", expected);
        }
        check(555.0, "Ww", "Five Hundred and Fifty-Five");
        check(555.0, "W", "FIVE HUNDRED AND FIFTY-FIVE");
        check(0.0, "w;o", "zeroth");
        check(20.0, "w;o", "twentieth");
        check(1000.0, "w;o", "one thousandth");
        check(
            3731.0,
            "w;o",
            "three thousand, seven hundred and thirty-first",
        );
        check(2e6, "w;o", "two millionth");
        assert!(format_integer(f64::MAX, "w").unwrap().len() < 20_000);
    }
}
