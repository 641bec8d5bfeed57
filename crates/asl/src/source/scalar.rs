//! YAML's plain scalars, by the core schema of YAML 1.2 (chapter 10.3).

use std::sync::Arc;

use passo_json::Json;

use super::NodeKind;

/// What a plain scalar stands for; `None` where JSON has no such value (`.inf`, `.nan`, out of range).
pub(super) fn resolve(text: &str) -> Option<NodeKind> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(NodeKind::Null),
        "true" | "True" | "TRUE" => return Some(NodeKind::Bool(true)),
        "false" | "False" | "FALSE" => return Some(NodeKind::Bool(false)),
        _ => {}
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return None;
    }
    match number_text(text) {
        Some(lexeme) => match Json::parse(&lexeme) {
            Ok(Json::Number(number)) => Some(NodeKind::Number(number)),
            _ => None,
        },
        None => Some(NodeKind::String(Arc::from(text))),
    }
}

/// The number in JSON's grammar, where `text` is one in YAML's.
fn number_text(text: &str) -> Option<String> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let plain = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
            return plain
                .then(|| u128::from_str_radix(digits, radix).ok())
                .flatten()
                .map(|value| value.to_string());
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, Some(unsigned.get(at + 1..)?)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let mut lexeme = String::from(if text.starts_with('-') { "-" } else { "" });
    let significant = whole.trim_start_matches('0');
    lexeme.push_str(if significant.is_empty() {
        "0"
    } else {
        significant
    });
    if mantissa.contains('.') {
        lexeme.push('.');
        lexeme.push_str(if fraction.is_empty() { "0" } else { fraction });
    }
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || !all_digits(digits) {
            return None;
        }
        lexeme.push('e');
        lexeme.push_str(exponent);
    }
    Some(lexeme)
}

#[cfg(test)]
mod tests {
    use super::super::{Node, Span};
    use super::*;

    #[test]
    fn core_schema() {
        for (text, expect) in [
            ("", Some("null")),
            ("~", Some("null")),
            ("Null", Some("null")),
            ("nULL", Some("\"nULL\"")),
            ("TRUE", Some("true")),
            ("yes", Some("\"yes\"")),
            ("012", Some("12")),
            ("-0", Some("0")),
            ("+7", Some("7")),
            ("0x1F", Some("31")),
            ("0o17", Some("15")),
            ("1.", Some("1.0")),
            (".5", Some("0.5")),
            ("-1.5e2", Some("-150.0")),
            ("1e", Some("\"1e\"")),
            (".", Some("\".\"")),
            ("-", Some("\"-\"")),
            ("2024-01-01", Some("\"2024-01-01\"")),
            ("12345678901234567890123", Some("12345678901234567890123")),
            (".inf", None),
            ("1e999", None),
        ] {
            let found =
                resolve(text).map(|kind| Node::new(Span::default(), kind).to_json().to_text());
            assert_eq!(found.as_deref(), expect, "{text}");
        }
    }
}
