//! From tree to text: compact as AWS prints it, and indented for people. No recursion.

use std::fmt::Write as _;
use std::slice;
use std::sync::Arc;

use crate::decimal::{float_bytes, integer_bytes, write_float, write_integer};
use crate::scan::plain_run;
use crate::{Json, Number};

/// Receives the pieces of a text: either the text itself or only its length.
trait Sink {
    fn mark(&mut self, ascii: char);
    fn text(&mut self, text: &str);
    fn quoted(&mut self, text: &str);
    fn integer(&mut self, value: i64);
    fn float(&mut self, value: f64);
}

impl Sink for String {
    #[inline]
    fn mark(&mut self, ascii: char) {
        self.push(ascii);
    }

    fn text(&mut self, text: &str) {
        self.push_str(text);
    }

    #[inline]
    fn quoted(&mut self, text: &str) {
        write_quoted(text, self);
    }

    #[inline]
    fn integer(&mut self, value: i64) {
        write_integer(value, self);
    }

    fn float(&mut self, value: f64) {
        write_float(value, self);
    }
}

struct Count(usize);

impl Sink for Count {
    fn mark(&mut self, ascii: char) {
        self.0 += ascii.len_utf8();
    }

    fn text(&mut self, text: &str) {
        self.0 += text.len();
    }

    fn quoted(&mut self, text: &str) {
        let rest = text.as_bytes().iter().skip(plain_run(text.as_bytes()));
        let escapes: usize = rest.map(|byte| escape_bytes(*byte) - 1).sum();
        self.0 += text.len() + escapes + 2;
    }

    fn integer(&mut self, value: i64) {
        self.0 += integer_bytes(value);
    }

    fn float(&mut self, value: f64) {
        self.0 += float_bytes(value);
    }
}

/// A container that is open, with what is still to be printed of it.
enum Open<'a> {
    Array(slice::Iter<'a, Json>),
    Object(slice::Iter<'a, (Arc<str>, Json)>),
}

impl<'a> Open<'a> {
    #[inline]
    fn next(&mut self) -> Option<(Option<&'a str>, &'a Json)> {
        match self {
            Open::Array(items) => items.next().map(|item| (None, item)),
            Open::Object(entries) => entries.next().map(|(key, value)| (Some(&**key), value)),
        }
    }

    #[inline]
    fn close(&self) -> char {
        match self {
            Open::Array(_) => ']',
            Open::Object(_) => '}',
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Layout {
    Compact,
    Indented,
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

fn write(root: &Json, out: &mut impl Sink, layout: Layout) {
    let Some(mut current) = begin(root, out) else {
        return;
    };
    let mut around: Vec<Open<'_>> = Vec::new();
    let mut first = true;
    loop {
        let Some((key, value)) = current.next() else {
            if !first {
                new_line(out, layout, around.len());
            }
            out.mark(current.close());
            first = false;
            match around.pop() {
                Some(outer) => current = outer,
                None => return,
            }
            continue;
        };
        if !first {
            out.mark(',');
        }
        new_line(out, layout, around.len() + 1);
        if let Some(key) = key {
            out.quoted(key);
            out.mark(':');
            if layout == Layout::Indented {
                out.mark(' ');
            }
        }
        first = false;
        if let Some(inner) = begin(value, out) {
            around.push(std::mem::replace(&mut current, inner));
            first = true;
        }
    }
}

/// Prints a scalar, or the opening of a container, which is given back.
#[inline]
fn begin<'a>(value: &'a Json, out: &mut impl Sink) -> Option<Open<'a>> {
    match value {
        Json::Null => out.text("null"),
        Json::Bool(true) => out.text("true"),
        Json::Bool(false) => out.text("false"),
        Json::Number(Number::Int(value)) => out.integer(*value),
        Json::Number(Number::Float(value)) => out.float(*value),
        Json::Number(Number::Big(text)) => out.text(text),
        Json::String(text) => out.quoted(text),
        Json::Array(items) => {
            out.mark('[');
            return Some(Open::Array(items.iter()));
        }
        Json::Object(object) => {
            out.mark('{');
            return Some(Open::Object(object.entries().iter()));
        }
    }
    None
}

fn new_line(out: &mut impl Sink, layout: Layout, depth: usize) {
    if layout == Layout::Indented {
        out.mark('\n');
        for _ in 0..depth {
            out.text("  ");
        }
    }
}

/// Appends `text` as a JSON string literal. Only what JSON demands is escaped, as Jackson does.
#[inline]
pub fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    let run = plain_run(text.as_bytes());
    if run == text.len() {
        out.push_str(text);
    } else {
        write_escaped(text, run, out);
    }
    out.push('"');
}

/// Appends `text`, whose first special byte stands at `run`.
fn write_escaped(text: &str, mut run: usize, out: &mut String) {
    let mut rest = text;
    loop {
        // A special byte is ASCII, so the text may be split before it.
        let (plain, tail) = rest.split_at_checked(run).unwrap_or((rest, ""));
        out.push_str(plain);
        let mut chars = tail.chars();
        let Some(special) = chars.next() else {
            return;
        };
        push_escape(special, out);
        rest = chars.as_str();
        run = plain_run(rest.as_bytes());
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

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
