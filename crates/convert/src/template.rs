//! Payload templates, and values that are written as they are.

use std::sync::Arc;

use passo_expr::{Jsonata, PathExpression};
use passo_json::{Json, ObjectBuilder};

use crate::fields::{Findings, Stuck, within};

/// Levels of a template that are looked into.
const DEPTH_MAX: usize = 200;

/// A value in both forms that a definition may take it in.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    /// As the value of a field: JSON in which texts may be expressions.
    pub(crate) json: Json,
    /// As one expression.
    pub(crate) code: Jsonata,
}

impl Value {
    pub(crate) fn of(code: Jsonata) -> Value {
        Value {
            json: Json::from(code.delimited()),
            code,
        }
    }

    /// A value that is not evaluated.
    pub(crate) fn literal(value: &Json) -> Value {
        Value {
            json: unevaluated(value, 0),
            code: Jsonata::literal(value),
        }
    }
}

/// A text that JSONata does not take for an expression.
pub(crate) fn plain(text: &str) -> Json {
    if text.starts_with("{%") || text.ends_with("%}") {
        return Json::from(Jsonata::literal(&Json::from(text)).delimited());
    }
    Json::from(text)
}

/// Recursion ends at [`DEPTH_MAX`]; deeper texts are not looked at, as templates do not get there.
fn unevaluated(value: &Json, depth: usize) -> Json {
    if depth > DEPTH_MAX {
        return value.clone();
    }
    match value {
        Json::String(text) => plain(text),
        Json::Array(items) => {
            let items: Vec<Json> = items
                .iter()
                .map(|item| unevaluated(item, depth.saturating_add(1)))
                .collect();
            Json::from(items)
        }
        Json::Object(members) => {
            let mut object = ObjectBuilder::new();
            for (key, member) in members.iter() {
                object.insert(
                    Arc::clone(key),
                    unevaluated(member, depth.saturating_add(1)),
                );
            }
            Json::from(object.build())
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => value.clone(),
    }
}

impl Findings {
    /// A payload template in which `$` is `document`.
    pub(crate) fn template(
        &mut self,
        template: &Json,
        document: &Jsonata,
        location: &str,
    ) -> Result<Value, Stuck> {
        self.level(template, document, location, 0)
    }

    fn level(
        &mut self,
        template: &Json,
        document: &Jsonata,
        location: &str,
        depth: usize,
    ) -> Result<Value, Stuck> {
        if depth > DEPTH_MAX {
            return Err(self.invalid(location, "the template is nested too deeply"));
        }
        match template {
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                Ok(Value::literal(template))
            }
            Json::Array(items) => {
                let (mut values, mut codes) = (Vec::new(), Vec::new());
                for (at, item) in items.iter().enumerate() {
                    let place = within(location, &at.to_string());
                    let value = self.level(item, document, &place, depth.saturating_add(1))?;
                    values.push(value.json);
                    codes.push(value.code);
                }
                Ok(Value {
                    json: Json::from(values),
                    code: Jsonata::list(&codes),
                })
            }
            Json::Object(members) => {
                let mut object = ObjectBuilder::new();
                let mut codes: Vec<(String, Jsonata)> = Vec::new();
                for (key, member) in members.iter() {
                    let place = within(location, key);
                    let computed = key.strip_suffix(".$");
                    // A computed member stands in place of a plain one of its name.
                    if computed.is_none() && members.contains_key(&format!("{key}.$")) {
                        continue;
                    }
                    let value = match computed {
                        Some(_) => self.computed(member, document, &place)?,
                        None => self.level(member, document, &place, depth.saturating_add(1))?,
                    };
                    let name = computed.unwrap_or(key);
                    object.insert(name, value.json);
                    codes.push((name.to_owned(), value.code));
                }
                Ok(Value {
                    json: Json::from(object.build()),
                    code: Jsonata::object(codes),
                })
            }
        }
    }

    fn computed(
        &mut self,
        text: &Json,
        document: &Jsonata,
        location: &str,
    ) -> Result<Value, Stuck> {
        let expression = self.parsed(text, location, PathExpression::parse)?;
        let code = self.with(document, location, |conversion| {
            conversion.value(&expression)
        })?;
        Ok(Value::of(code))
    }
}
