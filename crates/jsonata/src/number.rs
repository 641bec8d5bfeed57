//! Numbers as the language sees them: IEEE doubles, printed as ECMAScript prints them.

use passo_json::{Json, Number};
use std::fmt::Write;

/// A finite double as JSON: whole numbers become integers.
pub(crate) fn json(number: f64) -> Option<Json> {
    Number::integral(number).map(Json::Number)
}

/// The shortest text that reads back as the same double, in ECMAScript's form.
pub(crate) fn to_text(number: f64) -> String {
    let mut text = String::new();
    write_text(number, &mut text);
    text
}

/// Appends what [`to_text`] gives.
pub(crate) fn write_text(number: f64, out: &mut String) {
    if number == 0.0 {
        out.push('0');
        return;
    }
    if !number.is_finite() {
        out.push_str("null");
        return;
    }
    let magnitude = number.abs();
    if (1e-6..1e21).contains(&magnitude) {
        // Within these bounds Rust writes what ECMAScript writes. Writing to a string cannot fail.
        let _ = write!(out, "{number}");
        return;
    }
    // Rust's exponent form has the shortest digits, and the exponent that the rules below need.
    let scientific = format!("{magnitude:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    if number < 0.0 {
        out.push('-');
    }
    write_digits(&digits, exponent, out);
}

/// Places the decimal point, or the exponent beyond ±21 and ±7 places.
fn write_digits(digits: &str, exponent: i32, out: &mut String) {
    let point = exponent + 1;
    let length = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |count: i32, out: &mut String| (0..count).for_each(|_| out.push('0'));
    if (length..=21).contains(&point) {
        out.push_str(digits);
        zeros(point - length, out);
    } else if (1..=21).contains(&point) {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
        out.push_str(whole);
        out.push('.');
        out.push_str(fraction);
    } else if (-5..=0).contains(&point) {
        out.push_str("0.");
        zeros(-point, out);
        out.push_str(digits);
    } else {
        let (first, fraction) = digits.split_at(1.min(digits.len()));
        out.push_str(first);
        if !fraction.is_empty() {
            out.push('.');
            out.push_str(fraction);
        }
        out.push_str(if exponent < 0 { "e-" } else { "e+" });
        out.push_str(&exponent.unsigned_abs().to_string());
    }
}

/// Appends the number rounded to 15 significant digits, as `$string` shows numbers.
pub(crate) fn write_rounded(number: f64, out: &mut String) {
    let start = out.len();
    write_text(number, out);
    let written = out.get(start..).unwrap_or("");
    // The bytes of a number with no more digits than 15 need no rounding. Zeros at the ends are
    // counted as well, which costs time but not correctness.
    if written.bytes().filter(u8::is_ascii_digit).count() > 15 {
        out.truncate(start);
        write_text(fifteen_digits(number), out);
    }
}

fn fifteen_digits(number: f64) -> f64 {
    format!("{number:.14e}").parse().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: f64, text: &str, rounded: &str) {
        assert_eq!(to_text(number), text);
        let mut out = String::new();
        write_rounded(number, &mut out);
        assert_eq!(out, rounded);
    }

    #[test]
    fn numbers_print_as_in_ecmascript() {
        check(0.0, "0", "0");
        check(-0.0, "0", "0");
        check(100.0, "100", "100");
        check(-1.5, "-1.5", "-1.5");
        check(1e21, "1e+21", "1e+21");
        check(
            123456789012345680000.0,
            "123456789012345680000",
            "123456789012346000000",
        );
        check(1.5e300, "1.5e+300", "1.5e+300");
        check(1e-6, "0.000001", "0.000001");
        check(1e-7, "1e-7", "1e-7");
        check(-1.25e-9, "-1.25e-9", "-1.25e-9");
        check(0.1 + 0.2, "0.30000000000000004", "0.3");
        check(90.57000000000001, "90.57000000000001", "90.57");
        check(9007199254740993.0, "9007199254740992", "9007199254740990");
    }
}
