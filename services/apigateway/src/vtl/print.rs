//! Values as text, as Java shows them: `{a=1, b=[x, y]}`.

use passo_json::{Json, float_text};

use super::Broken;
use super::eval::Evaluation;
use super::value::{Container, Value};

/// Lists and maps within each other; what is deeper is not shown.
const DEPTH_MAX: usize = 64;

impl Evaluation<'_> {
    /// The text of a value; that of nothing is empty.
    pub(crate) fn shown(&self, value: &Value) -> Result<String, Broken> {
        let mut out = String::new();
        self.write(value, &mut out, 0)?;
        self.bytes(out.len())?;
        Ok(out)
    }

    fn write(&self, value: &Value, out: &mut String, depth: usize) -> Result<(), Broken> {
        self.step()?;
        if depth > DEPTH_MAX {
            return Ok(());
        }
        match value {
            Value::Null if depth > 0 => out.push_str("null"),
            Value::Null | Value::Builtin(_) => {}
            Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Value::Integer(number) => out.push_str(&number.to_string()),
            Value::Float(number) => out.push_str(&float_text(*number)),
            Value::Text(text) => {
                self.bytes(text.len())?;
                out.push_str(text);
            }
            Value::Json(json) => self.write_json(json, out, depth)?,
            Value::Kept(at) => self.write_kept(*at, out, depth)?,
        }
        Ok(())
    }

    fn write_json(&self, json: &Json, out: &mut String, depth: usize) -> Result<(), Broken> {
        let below = depth.saturating_add(1);
        match json {
            Json::Array(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    self.write(&Value::of(item), out, below)?;
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (at, (name, member)) in members.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    out.push_str(name);
                    out.push('=');
                    self.write(&Value::of(member), out, below)?;
                }
                out.push('}');
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                self.write(&Value::of(json), out, below)?;
            }
        }
        Ok(())
    }

    fn write_kept(&self, at: usize, out: &mut String, depth: usize) -> Result<(), Broken> {
        let below = depth.saturating_add(1);
        match self.container(at) {
            Some(Container::List(items)) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    self.write(item, out, below)?;
                }
                out.push(']');
            }
            Some(Container::Map(entries)) => {
                out.push('{');
                for (at, (name, value)) in entries.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    out.push_str(name);
                    out.push('=');
                    self.write(value, out, below)?;
                }
                out.push('}');
            }
            None => {}
        }
        Ok(())
    }
}
