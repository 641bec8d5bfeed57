//! `$util`: texts in other notations.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::serve::{decoded, encoded};

/// As a part of a string of JavaScript.
pub(crate) fn java_script(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut units = [0_u16; 2];
    for character in text.chars() {
        match character {
            '\'' => out.push_str("\\'"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' => out.push_str("\\/"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(character),
            _ => {
                for unit in character.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04X}"));
                }
            }
        }
    }
    out
}

/// As a value of a form.
pub(crate) fn url(text: &str) -> String {
    encoded(text, "*").replace("%20", "+").replace('~', "%7E")
}

pub(crate) fn from_url(text: &str) -> String {
    decoded(text, true)
}

pub(crate) fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

/// Nothing where it is no base64.
pub(crate) fn from_base64(text: &str) -> Option<String> {
    let bytes = STANDARD.decode(text.trim()).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_as_java_does() {
        assert_eq!(
            java_script("a'b\"c\\d/e\n\u{e9}\u{1F600}"),
            "a\\'b\\\"c\\\\d\\/e\\n\\u00E9\\uD83D\\uDE00"
        );
        assert_eq!(url("a b&c=é*~"), "a+b%26c%3D%C3%A9*%7E");
        assert_eq!(from_url("a+b%26"), "a b&");
        assert_eq!(from_base64(&base64("hé")).as_deref(), Some("hé"));
        assert_eq!(from_base64("!"), None);
    }
}
