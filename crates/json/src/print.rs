//! From tree to text: compact as AWS prints it, and indented for people. No recursion.

use std::fmt::Write as _;

use crate::{Json, Number};

/// Receives the pieces of a text: either the text itself or only its length.
trait Sink {
    fn text(&mut self, text: &str);
    fn quoted(&mut self, text: &str);
}

impl Sink for String {
    fn text(&mut self, text: &str) {
        self.push_str(text);
    }

    fn quoted(&mut self, text: &str) {
        write_quoted(text, self);
    }
}

struct Count(usize);

impl Sink for Count {
    fn text(&mut self, text: &str) {
        self.0 += text.len();
    }

    fn quoted(&mut self, text: &str) {
        let escapes: usize = text.bytes().map(|byte| escape_bytes(byte) - 1).sum();
        self.0 += text.len() + escapes + 2;
    }
}

/// Containers that are open, each with what is still to be printed.
enum Open<'a> {
    Array(std::slice::Iter<'a, Json>),
    Object(std::slice::Iter<'a, (std::sync::Arc<str>, Json)>),
}

pub(crate) fn write_compact(value: &Json, out: &mut String) {
    write(value, out, Layout::Compact);
}

pub(crate) fn compact_bytes(value: &Json) -> usize {
    let mut count = Count(0);
    write(value, &mut count, Layout::Compact);
    count.0
}

pub(crate) fn pretty(value: &Json) -> String {
    let mut text = String::new();
    write(value, &mut text, Layout::Indented);
    text
}

#[derive(Clone, Copy, PartialEq)]
enum Layout {
    Compact,
    Indented,
}

fn write(root: &Json, out: &mut impl Sink, layout: Layout) {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut value = root;
    loop {
        let mut first = begin(value, out, &mut open);
        value = loop {
            let (separator, colon) = match layout {
                Layout::Compact => (",", ":"),
                Layout::Indented => (",", ": "),
            };
            let depth = open.len();
            let (next, key, close) = match open.last_mut() {
                None => return,
                Some(Open::Array(items)) => (items.next(), None, "]"),
                Some(Open::Object(entries)) => match entries.next() {
                    Some((key, value)) => (Some(value), Some(key), "}"),
                    None => (None, None, "}"),
                },
            };
            let Some(next) = next else {
                open.pop();
                if !first {
                    new_line(out, layout, depth - 1);
                }
                out.text(close);
                first = false;
                continue;
            };
            if !first {
                out.text(separator);
            }
            new_line(out, layout, depth);
            if let Some(key) = key {
                out.quoted(key);
                out.text(colon);
            }
            break next;
        };
    }
}

/// Prints a scalar, or the opening of a container; tells whether a container was opened.
fn begin<'a>(value: &'a Json, out: &mut impl Sink, open: &mut Vec<Open<'a>>) -> bool {
    match value {
        Json::Null => out.text("null"),
        Json::Bool(true) => out.text("true"),
        Json::Bool(false) => out.text("false"),
        Json::Number(Number::Int(value)) => write_integer(*value, out),
        Json::Number(Number::Float(value)) => out.text(&float_text(*value)),
        Json::Number(Number::Big(text)) => out.text(text),
        Json::String(text) => out.quoted(text),
        Json::Array(items) => {
            out.text("[");
            open.push(Open::Array(items.iter()));
            return true;
        }
        Json::Object(object) => {
            out.text("{");
            open.push(Open::Object(object.entries().iter()));
            return true;
        }
    }
    false
}

fn write_integer(value: i64, out: &mut impl Sink) {
    let mut digits = String::new();
    let _ = write!(digits, "{value}");
    out.text(&digits);
}

fn new_line(out: &mut impl Sink, layout: Layout, depth: usize) {
    if layout == Layout::Indented {
        out.text("\n");
        for _ in 0..depth {
            out.text("  ");
        }
    }
}

/// Appends `text` as a JSON string literal. Only what JSON demands is escaped, as Jackson does.
pub fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| escape_bytes(byte) > 1) {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = tail.chars();
        if let Some(character) = chars.next() {
            push_escape(character, out);
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

fn push_escape(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        other => {
            let _ = write!(out, "\\u{:04X}", u32::from(other));
        }
    }
}

/// Bytes that `byte` of a string takes in a literal.
fn escape_bytes(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
        0..=0x1f => 6,
        _ => 1,
    }
}

/// A finite float as Java prints a double, which is what AWS shows: at least one digit after the point,
/// and an exponent from 10⁷ up and below 10⁻³ (`0.0`, `1.5`, `1.0E7`, `2.0E-4`).
pub fn float_text(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-3..1e7).contains(&magnitude) {
        return format!("{value:?}");
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{point}E{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

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
            (9999999.0, "9999999.0"),
            (10000000.0, "1.0E7"),
            (1.25e21, "1.25E21"),
            (5e-324, "5.0E-324"),
            (f64::MAX, "1.7976931348623157E308"),
        ] {
            assert_eq!(float_text(value), expect);
        }
    }

    #[test]
    fn strings_are_escaped_as_little_as_json_allows() {
        let text = Json::from("a\"\\\n\u{1}/é😀\u{7f}").to_text();
        assert_eq!(text, "\"a\\\"\\\\\\n\\u0001/é😀\u{7f}\"");
    }

    #[test]
    fn indented() {
        assert_eq!(
            json!({"a": [1, {}], "b": []}).to_pretty(),
            "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}"
        );
    }
}
