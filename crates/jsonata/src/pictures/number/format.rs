//! A number as text.
//!
//! Entry point: [`format_number`].

use super::options::DecimalFormat;
use super::picture::{Grouping, Scale, SubPicture};
use crate::error::Error;
use crate::pictures::decimal::Decimal;

/// `$formatNumber`: a number after an XPath 3.1 picture.
///
/// Rounding takes halves to the even neighbour, on the number's shortest decimal digits. NaN and
/// the infinities give the texts of the format. The result is never longer than the picture plus a
/// number's 309 integer digits with their separators.
///
/// # Errors
/// `D3080` to `D3093` when the picture breaks a rule.
pub fn format_number(value: f64, picture: &str, options: &DecimalFormat) -> Result<String, Error> {
    let mut halves = picture.split(options.pattern_separator);
    let positive = SubPicture::parse(halves.next().unwrap_or_default(), options);
    let negative = halves.next().map(|half| SubPicture::parse(half, options));
    if halves.next().is_some() {
        let message = "the picture has more than two sub-pictures";
        return Err(Error::new("D3080", message).value(picture));
    }
    let (positive, negative) = (positive?, negative.transpose()?);
    if value.is_nan() {
        return Ok(options.not_a_number.clone());
    }
    let (sign, chosen) = match negative {
        Some(negative) if value < 0.0 => ("", negative),
        None if value < 0.0 => (options.minus_sign.as_str(), positive),
        Some(_) | None => ("", positive),
    };
    let body = match Decimal::from_f64(value) {
        Some(decimal) => body(decimal, &chosen, options),
        None => options.infinity.clone(),
    };
    Ok(format!("{sign}{}{body}{}", chosen.prefix, chosen.suffix))
}

fn body(decimal: Decimal, picture: &SubPicture, options: &DecimalFormat) -> String {
    let scaled = match picture.scale {
        Scale::One => decimal,
        Scale::Percent => decimal.scaled(2),
        Scale::PerMille => decimal.scaled(3),
    };
    let (mantissa, exponent) = mantissa(scaled, picture);
    let mut text = integer_part(&mantissa, picture, options);
    let fraction = fraction_part(&mantissa, picture, options);
    if !fraction.is_empty() {
        text.push(options.decimal_separator);
        text.push_str(&fraction);
    }
    if let Some((exponent, digits_min)) = exponent {
        text.push(options.exponent_separator);
        if exponent < 0 {
            text.push_str(&options.minus_sign);
        }
        let digits = exponent.unsigned_abs().to_string();
        let zeros = digits_min.saturating_sub(digits.len());
        text.extend(std::iter::repeat_n(options.show(0), zeros));
        text.extend(
            digits
                .bytes()
                .map(|digit| options.show(digit.saturating_sub(b'0'))),
        );
    }
    text
}

/// The rounded mantissa, and the exponent with its fewest digits when the picture has one.
///
/// A mantissa that rounds up to one digit more is scaled again, so that 9.99 is `1.0e1`, not `10.0e0`.
fn mantissa(scaled: Decimal, picture: &SubPicture) -> (Decimal, Option<(i64, usize)>) {
    let Some(digits_min) = picture.exponent_min else {
        return (scaled.rounded(picture.fraction_max), None);
    };
    if scaled.is_zero() {
        return (scaled, Some((0, digits_min)));
    }
    let wanted = i64::try_from(picture.scaling).unwrap_or(i64::MAX);
    let exponent = scaled.point().saturating_sub(wanted);
    let rounded = scaled
        .clone()
        .scaled(exponent.saturating_neg())
        .rounded(picture.fraction_max);
    if rounded.point() <= wanted {
        return (rounded, Some((exponent, digits_min)));
    }
    let exponent = exponent.saturating_add(1);
    let rounded = scaled
        .scaled(exponent.saturating_neg())
        .rounded(picture.fraction_max);
    (rounded, Some((exponent, digits_min)))
}

fn integer_part(mantissa: &Decimal, picture: &SubPicture, options: &DecimalFormat) -> String {
    let digits = mantissa.integer_digits();
    let zeros = picture.integer_min.saturating_sub(digits.len());
    let length = digits.len() + zeros;
    let padded = std::iter::repeat_n(0, zeros).chain(digits);
    let mut text = String::with_capacity(length * 2);
    for (digit, index) in padded.zip(0_usize..) {
        let to_right = length - index;
        let separated = match &picture.integer_grouping {
            Grouping::Every(every) => to_right.is_multiple_of(*every),
            Grouping::At(distances) => distances.contains(&to_right),
        };
        if index > 0 && separated {
            text.push(options.grouping_separator);
        }
        text.push(options.show(digit));
    }
    text
}

fn fraction_part(mantissa: &Decimal, picture: &SubPicture, options: &DecimalFormat) -> String {
    let mut digits = mantissa.fraction_digits();
    digits.resize(digits.len().max(picture.fraction_min), 0);
    let mut text = String::with_capacity(digits.len() * 2);
    let mut separators = picture.fraction_grouping.iter().peekable();
    for (digit, index) in digits.into_iter().zip(0_usize..) {
        while separators.next_if(|distance| **distance <= index).is_some() {
            text.push(options.grouping_separator);
        }
        text.push(options.show(digit));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_with(value: f64, picture: &str, options: &[(&str, &str)], expected: &str) {
        let mut format = DecimalFormat::default();
        for (name, sign) in options {
            format.set(name, sign).unwrap();
        }
        let found = format_number(value, picture, &format);
        let found = found.unwrap_or_else(|error| error.code.to_owned());
        assert_eq!(found, expected, "{value} with {picture}");
    }

    #[track_caller]
    fn check(value: f64, picture: &str, expected: &str) {
        check_with(value, picture, &[], expected);
    }

    #[test]
    fn digits_and_separators() {
        check(12345.6, "#,###.00", "12,345.60");
        check(12345678.9, "9,999.99", "12,345,678.90");
        check(123412345678.9, "9,9,99.99", "123412345,6,78.90");
        check(1234.56789, "9,999.999,999", "1,234.567,890");
        check(1234.5, "#.000,000,###", "1234.500,000");
        check(0.5, "#.0##,###", ".5");
        check(7.0, "#,###", "7");
        check(7.0, "###,#,##", "7");
        check(1e20, "#,######", "100,000000,000000,000000");
        check(1e21, "#,##0", "1,000,000,000,000,000,000,000");
        check(2.0, "000.000", "002.000");
        check(0.0, "#", "0");
        check(0.0, "#.#", ".0");
        check(0.234, ".00", ".23");
        check(123.9, "9999", "0124");
        check(-0.001, "0.0", "-0.0");
    }

    #[test]
    fn halves_round_to_even() {
        for (value, expected) in [
            (0.5, "0"),
            (1.5, "2"),
            (2.5, "2"),
            (-2.5, "-2"),
            (2.51, "3"),
        ] {
            check(value, "0", expected);
        }
        check(1.005, "0.00", "1.00");
        check(1.015, "0.00", "1.02");
    }

    #[test]
    fn signs() {
        check(-5.0, "0", "-5");
        check(-5.0, "0;(0)", "(5)");
        check(5.0, "0;(0)", "5");
        check(-0.0, "0;(0)", "0");
        check_with(-5.0, "0", &[("minus-sign", "minus ")], "minus 5");
        check(185.2812, "PREFIX##00.000###SUFFIX", "PREFIX185.2812SUFFIX");
        check(0.14, "01%", "14%");
        check(0.4857, "###.###\u{2030}", "485.7\u{2030}");
        check_with(0.14, "###pm", &[("per-mille", "pm")], "140pm");
        check_with(-0.14, "###pm", &[("per-mille", "pm")], "-140pm");
        check_with(
            1234.5,
            "#.##0,0",
            &[("decimal-separator", ","), ("grouping-separator", ".")],
            "1.234,5",
        );
        check(f64::NAN, "0", "NaN");
        check(f64::NEG_INFINITY, "a0b", "-aInfinityb");
        check_with(f64::INFINITY, "0", &[("infinity", "\u{221e}")], "\u{221e}");
    }

    #[test]
    fn other_digits() {
        check_with(1234.5678, "①①.①①①e①", &[("zero-digit", "⑟")], "①②.③④⑥e②");
        check_with(2.0, "AAA.AAA", &[("zero-digit", "A")], "AAC.AAA");
        check_with(
            2.0,
            "0\u{10ffff}",
            &[("zero-digit", "\u{10ffff}")],
            "0\u{fffd}",
        );
    }

    #[test]
    fn exponents() {
        check(1234.5678, "00.000e0", "12.346e2");
        check(1234.5678, "00.000e000", "12.346e002");
        check(0.234, "0.0e0", "2.3e-1");
        check(0.234, "#.00e0", "0.23e0");
        check(0.123, "#.e9", "0.1e0");
        check(0.234, ".00e0", ".23e0");
        check(0.0, "0.0e0", "0.0e0");
        check(-1234.0, "0.0e0", "-1.2e3");
        check(1000.0, "0.0e0", "1.0e3");
        check(9.99, "0.0e0", "1.0e1");
        check(f64::MAX, "0.0e0", "1.8e308");
        check(5e-324, "0.0e0", "5.0e-324");
        check(1234.0, "ex0.0e0", "ex1.2e3");
    }

    #[test]
    fn every_rule_has_its_code() {
        for (picture, code) in [
            ("#;#;#", "D3080"),
            ("#.0.0", "D3081"),
            ("#0%%", "D3082"),
            ("#0\u{2030}\u{2030}", "D3083"),
            ("#0%\u{2030}", "D3084"),
            (".e0", "D3085"),
            ("", "D3085"),
            ("abc", "D3085"),
            ("0;", "D3085"),
            ("0+.e0", "D3086"),
            ("0,.e0", "D3087"),
            ("0.,0", "D3087"),
            ("0,", "D3088"),
            ("0,,0", "D3089"),
            ("0#.e0", "D3090"),
            ("#0.#0e0", "D3091"),
            ("#0.0e0%", "D3092"),
            ("#0.0e0,0", "D3093"),
            ("0e#", "D3093"),
            ("0e", "D3093"),
            ("0.0e", "D3093"),
            ("0.0ex", "D3093"),
        ] {
            check(20.0, picture, code);
        }
    }
}
