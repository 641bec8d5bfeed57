//! Numbers as decimal digits, written without the formatting machinery where they are short.

use std::fmt::Write as _;

/// Powers of ten that a binary64 holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
/// Up to here every whole number is a binary64.
const EXACT_MANTISSA_MAX: u64 = 1 << 53;
/// Binary64 keeps 53 bits of a product below 10¹¹, so that its error is below 10⁻⁴.
const PRODUCT_ERROR_MAX: f64 = 1e-4;

/// `mantissa / 10^scale`, exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Decimal {
    pub mantissa: u64,
    pub scale: usize,
}

impl Decimal {
    /// The whole part, and the `scale` digits of the fraction, which are four at most.
    #[inline]
    fn split(self) -> (u64, u16) {
        let unit = match self.scale {
            1 => 10,
            2 => 100,
            3 => 1000,
            _ => 10_000,
        };
        #[expect(clippy::cast_possible_truncation, reason = "below 10,000")]
        let fraction = (self.mantissa % unit) as u16;
        (self.mantissa / unit, fraction)
    }

    /// The nearest binary64, where one division gives it: both operands are exact, so the quotient is rounded once.
    #[inline]
    pub(crate) fn to_f64(self) -> Option<f64> {
        let power = POWERS.get(self.scale)?;
        if self.mantissa > EXACT_MANTISSA_MAX {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "at most 2^53, so it is exact")]
        let mantissa = self.mantissa as f64;
        Some(mantissa / power)
    }

    /// The shortest decimal with at least one digit after the point that reads back as `magnitude`, which is
    /// below 10⁷, where a few digits do. It has fewer than 16 digits, so no other decimal of that length reads
    /// back the same.
    #[inline]
    fn shortest(magnitude: f64) -> Option<Decimal> {
        for (scale, power) in [(1, 1e1), (2, 1e2), (3, 1e3), (4, 1e4)] {
            let scaled = magnitude * power;
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a cast saturates, and the comparison below refuses what was not whole"
            )]
            let nearest = (scaled + 0.5) as i64;
            #[expect(clippy::cast_precision_loss, reason = "below 10^11")]
            let miss = (scaled - nearest as f64).abs();
            // The product is rounded by less than this: a division is only spent on what may be a hit.
            if miss > PRODUCT_ERROR_MAX {
                continue;
            }
            let mantissa = nearest.unsigned_abs();
            let decimal = Decimal { mantissa, scale };
            if decimal.to_f64() == Some(magnitude) {
                return Some(decimal);
            }
        }
        None
    }
}

/// Appends `value` in decimal.
#[inline]
pub(crate) fn write_integer(value: i64, out: &mut String) {
    if value < 0 {
        out.push('-');
    }
    write_unsigned(value.unsigned_abs(), out);
}

/// Bytes that [`write_integer`] appends.
pub(crate) fn integer_bytes(value: i64) -> usize {
    unsigned_bytes(value.unsigned_abs()) + usize::from(value < 0)
}

/// Appends a finite float as Java prints a double, which is what AWS shows: at least one digit after the point,
/// and an exponent from 10⁷ up and below 10⁻³.
pub(crate) fn write_float(value: f64, out: &mut String) {
    match plain_decimal(value) {
        Some(decimal) => {
            if value.is_sign_negative() {
                out.push('-');
            }
            let (whole, fraction) = decimal.split();
            write_unsigned(whole, out);
            out.push('.');
            write_four(fraction, decimal.scale, out);
        }
        None => write_long_float(value, out),
    }
}

/// Bytes that [`write_float`] appends.
pub(crate) fn float_bytes(value: f64) -> usize {
    match plain_decimal(value) {
        Some(decimal) => {
            let sign = usize::from(value.is_sign_negative());
            sign + unsigned_bytes(decimal.split().0) + 1 + decimal.scale
        }
        None => float_text(value).len(),
    }
}

/// A finite float as Java prints a double, which is what AWS shows: at least one digit after the point,
/// and an exponent from 10⁷ up and below 10⁻³ (`0.0`, `1.5`, `1.0E7`, `2.0E-4`).
pub fn float_text(value: f64) -> String {
    let mut text = String::new();
    write_float(value, &mut text);
    text
}

/// The few digits of `value`, where it is written without an exponent and has only a few.
#[inline]
fn plain_decimal(value: f64) -> Option<Decimal> {
    let magnitude = value.abs();
    if is_plain(magnitude) {
        Decimal::shortest(magnitude)
    } else {
        None
    }
}

/// Whether Java writes `magnitude` without an exponent.
#[inline]
fn is_plain(magnitude: f64) -> bool {
    magnitude == 0.0 || (1e-3..1e7).contains(&magnitude)
}

fn write_long_float(value: f64, out: &mut String) {
    if is_plain(value.abs()) {
        let _ = write!(out, "{value:?}");
        return;
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    let _ = write!(out, "{digits}{point}E{exponent}");
}

#[inline]
fn write_unsigned(value: u64, out: &mut String) {
    match u16::try_from(value) {
        Ok(small @ 0..=9999) => write_four(small, 1, out),
        Ok(_) | Err(_) => write_long_unsigned(value, out),
    }
}

/// Writes the digits before the last four, then these: at most five turns for 64 bits.
fn write_long_unsigned(value: u64, out: &mut String) {
    write_unsigned(value / 10_000, out);
    let last = (value % 10_000) as u16;
    write_four(last, 4, out);
}

fn unsigned_bytes(value: u64) -> usize {
    value.checked_ilog10().unwrap_or(0) as usize + 1
}

/// Appends a `value` below 10,000 with at least `least` digits.
#[inline]
fn write_four(value: u16, least: usize, out: &mut String) {
    if value >= 1000 || least >= 4 {
        out.push(last_digit(value / 1000));
    }
    if value >= 100 || least >= 3 {
        out.push(last_digit(value / 100));
    }
    if value >= 10 || least >= 2 {
        out.push(last_digit(value / 10));
    }
    out.push(last_digit(value));
}

#[inline]
fn last_digit(value: u16) -> char {
    let digit = (value % 10) as u8;
    char::from(b'0' + digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn floats_print_as_java_prints_them() {
        for (value, expect) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-1.5, "-1.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (0.001, "0.001"),
            (0.0002, "2.0E-4"),
            (12.25, "12.25"),
            (9999999.0, "9999999.0"),
            (9999999.999, "9999999.999"),
            (9999999.999999998, "9999999.999999998"),
            (10000000.0, "1.0E7"),
            (1.25e21, "1.25E21"),
            (5e-324, "5.0E-324"),
            (f64::MAX, "1.7976931348623157E308"),
        ] {
            assert_eq!(float_text(value), expect);
            assert_eq!(float_bytes(value), expect.len());
        }
    }

    #[test]
    fn integers_print() {
        for value in [
            0,
            7,
            -7,
            10,
            999,
            1000,
            9999,
            10000,
            65536,
            100000001,
            i64::MAX,
            i64::MIN,
        ] {
            let mut text = String::new();
            write_integer(value, &mut text);
            assert_eq!(text, value.to_string());
            assert_eq!(text.len(), integer_bytes(value));
        }
    }

    proptest! {
        #[test]
        fn short_decimals_print_as_the_formatting_machinery_prints_them(
            mantissa in 0..100_000_000_000_i64, scale in 0..8_i32,
        ) {
            let value = mantissa as f64 / 10_f64.powi(scale);
            prop_assume!((1e-3..1e7).contains(&value));
            prop_assert_eq!(float_text(value), format!("{value:?}"));
            let next = f64::from_bits(value.to_bits() + 1);
            prop_assume!(next < 1e7);
            prop_assert_eq!(float_text(-next), format!("{:?}", -next));
        }

        #[test]
        fn one_division_reads_what_the_parser_reads(mantissa in any::<u64>(), shift in 0..64_u32, scale in 0..25_usize) {
            let decimal = Decimal { mantissa: mantissa >> shift, scale };
            let text = format!("{}e-{scale}", decimal.mantissa);
            if let Some(value) = decimal.to_f64() {
                prop_assert_eq!(value, text.parse::<f64>().unwrap());
            }
        }
    }
}
