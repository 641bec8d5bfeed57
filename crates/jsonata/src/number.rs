//! Numbers as the language sees them: IEEE doubles, printed as ECMAScript prints them.

use passo_json::{Json, Number};

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
    // Rust's exponent form has the shortest digits, and the exponent that the rules below need.
    let scientific = format!("{:e}", number.abs());
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

/// The number rounded to 15 significant digits, as `$string` shows numbers.
pub(crate) fn fifteen_digits(number: f64) -> f64 {
    if number == number.trunc() && number.abs() < 1e15 {
        return number;
    }
    format!("{number:.14e}").parse().unwrap_or(number)
}
