//! Any value as text: JSON with numbers of at most 15 digits, functions as the empty string.

use crate::error::Error;
use crate::eval::{Evaluator, Outcome};
use crate::functions::Arguments;
use crate::value::Value;
use passo_json::Json;

/// How text is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Compact,
    /// Two spaces a level.
    Indented,
}

pub(super) fn string(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let mut value = arguments.next();
    if value.is_undefined() || value.as_text().is_some() {
        return Ok(value);
    }
    if value.origin().outer {
        value = value.item(0).unwrap_or_default();
    }
    let indented = evaluator.truth(&arguments.next())?;
    let layout = if indented {
        Layout::Indented
    } else {
        Layout::Compact
    };
    let mut text = String::new();
    if !value.is_function() {
        evaluator.write_value(&value, layout, 0, &mut text)?;
    }
    Ok(Value::from(text))
}

impl Evaluator<'_> {
    /// Appends a value as `$string` gives it.
    pub(crate) fn write_string(
        &mut self,
        value: &Value,
        out: &mut String,
    ) -> Result<(), Box<Error>> {
        match value {
            Value::Json(Json::String(text)) => out.push_str(text),
            Value::Function(_) | Value::Undefined => {}
            other => self.write_value(other, Layout::Compact, 0, out)?,
        }
        Ok(())
    }

    fn write_value(
        &mut self,
        value: &Value,
        layout: Layout,
        level: usize,
        out: &mut String,
    ) -> Result<(), Box<Error>> {
        let start = out.len();
        match value {
            Value::Json(json) => self.write_json(json, layout, level, out)?,
            Value::List(_) | Value::Range(_) => {
                self.budget.check_stack()?;
                self.budget.spend_step()?;
                let mut comma = Separator::new('[', out);
                for item in value.elements() {
                    comma.next(layout, level + 1, out);
                    self.write_value(&item, layout, level + 1, out)?;
                }
                comma.end(']', layout, level, out);
            }
            Value::Record(_) => {
                self.budget.check_stack()?;
                self.budget.spend_step()?;
                let mut comma = Separator::new('{', out);
                for (key, member) in value.entries() {
                    comma.next(layout, level + 1, out);
                    write_quoted(&key, out);
                    out.push_str(if layout == Layout::Indented {
                        ": "
                    } else {
                        ":"
                    });
                    self.write_value(&member, layout, level + 1, out)?;
                }
                comma.end('}', layout, level, out);
            }
            Value::Function(_) | Value::Undefined | Value::Tuples(_) => out.push_str("\"\""),
        }
        if matches!(value, Value::Json(_)) {
            return Ok(());
        }
        self.budget.spend_steps((out.len() - start) / 64)
    }

    fn write_json(
        &mut self,
        json: &Json,
        layout: Layout,
        level: usize,
        out: &mut String,
    ) -> Result<(), Box<Error>> {
        let start = out.len();
        match json {
            Json::Null => out.push_str("null"),
            Json::Bool(boolean) => out.push_str(if *boolean { "true" } else { "false" }),
            Json::Number(number) => {
                crate::number::write_rounded(number.as_f64(), out);
            }
            Json::String(text) => write_quoted(text, out),
            Json::Array(array) => {
                self.budget.check_stack()?;
                self.budget.spend_step()?;
                let mut comma = Separator::new('[', out);
                for item in array {
                    comma.next(layout, level + 1, out);
                    self.write_json(item, layout, level + 1, out)?;
                }
                comma.end(']', layout, level, out);
                return Ok(());
            }
            Json::Object(object) => {
                self.budget.check_stack()?;
                self.budget.spend_step()?;
                let mut comma = Separator::new('{', out);
                for (key, member) in object.iter() {
                    self.budget.spend_bytes(key.len())?;
                    comma.next(layout, level + 1, out);
                    write_quoted(key, out);
                    out.push_str(if layout == Layout::Indented {
                        ": "
                    } else {
                        ":"
                    });
                    self.write_json(member, layout, level + 1, out)?;
                }
                comma.end('}', layout, level, out);
                return Ok(());
            }
        }
        self.budget.spend_step()?;
        self.budget.spend_bytes(out.len() - start + 2 * level)
    }
}

/// Brackets, commas and line breaks.
struct Separator {
    empty: bool,
}

impl Separator {
    fn new(open: char, out: &mut String) -> Separator {
        out.push(open);
        Separator { empty: true }
    }

    fn next(&mut self, layout: Layout, level: usize, out: &mut String) {
        if !self.empty {
            out.push(',');
        }
        self.empty = false;
        line_break(layout, level, out);
    }

    fn end(self, close: char, layout: Layout, level: usize, out: &mut String) {
        if !self.empty {
            line_break(layout, level, out);
        }
        out.push(close);
    }
}

fn line_break(layout: Layout, level: usize, out: &mut String) {
    if layout == Layout::Indented {
        out.push('\n');
        (0..level).for_each(|_| out.push_str("  "));
    }
}

/// Appends a JSON string as ECMAScript writes it.
fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            control if control < ' ' => {
                out.push_str("\\u00");
                let code = u32::from(control);
                out.extend(char::from_digit(code / 16, 16));
                out.extend(char::from_digit(code % 16, 16));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}
