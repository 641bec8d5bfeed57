//! JSON schemas, draft 4, as far as models use them: whether a value fits.
//!
//! Bounded: what goes deeper than [`DEPTH_MAX`], or takes more than [`STEPS_MAX`] questions, does not fit. What the language has
//! and this module does not know (`format`, `dependencies`) is not asked for.

use std::cell::Cell;

use fancy_regex::Regex;
use passo_json::{Json, Object};

/// Schemas within schemas.
const DEPTH_MAX: usize = 100;
/// Questions that are asked of one value.
const STEPS_MAX: usize = 100_000;

struct Asking<'a> {
    root: &'a Json,
    /// The schema of another model.
    others: &'a dyn Fn(&str) -> Option<Json>,
    steps: Cell<usize>,
}

/// Whether `value` fits `schema`; `others` are the models that it may name.
pub(crate) fn fits(value: &Json, schema: &Json, others: &dyn Fn(&str) -> Option<Json>) -> bool {
    let asking = Asking {
        root: schema,
        others,
        steps: Cell::new(0),
    };
    asking.fits(value, schema, 0)
}

impl Asking<'_> {
    fn fits(&self, value: &Json, schema: &Json, depth: usize) -> bool {
        self.steps.set(self.steps.get().saturating_add(1));
        if depth > DEPTH_MAX || self.steps.get() > STEPS_MAX {
            return false;
        }
        let Some(schema) = schema.as_object() else {
            return schema.as_bool().unwrap_or(true);
        };
        if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
            return self.referred(value, reference, depth);
        }
        let list = |member: &str| schema.get(member).and_then(Json::as_array);
        let all = |member: &str| list(member).into_iter().flat_map(|it| it.iter());
        let is_of_type = match schema.get("type") {
            Some(Json::String(name)) => is_type(value, name),
            Some(Json::Array(names)) => names
                .iter()
                .filter_map(Json::as_str)
                .any(|name| is_type(value, name)),
            _ => true,
        };
        let below = depth.saturating_add(1);
        is_of_type
            && list("enum").is_none_or(|words| words.contains(value))
            && all("allOf").all(|it| self.fits(value, it, below))
            && (list("anyOf").is_none() || all("anyOf").any(|it| self.fits(value, it, below)))
            && (list("oneOf").is_none()
                || all("oneOf")
                    .filter(|it| self.fits(value, it, below))
                    .count()
                    == 1)
            && schema
                .get("not")
                .is_none_or(|it| !self.fits(value, it, below))
            && match value {
                Json::Object(members) => self.members(members, schema, below),
                Json::Array(items) => self.items(items, schema, below),
                Json::String(text) => is_text(text, schema),
                Json::Number(number) => is_number(number.as_f64(), schema),
                Json::Null | Json::Bool(_) => true,
            }
    }

    fn referred(&self, value: &Json, reference: &str, depth: usize) -> bool {
        let below = depth.saturating_add(1);
        if let Some(pointer) = reference.strip_prefix('#') {
            let found = self.root.pointer(pointer);
            return found.is_some_and(|schema| self.fits(value, schema, below));
        }
        // `https://apigateway.amazonaws.com/restapis/{id}/models/{name}`
        let name = reference.rsplit('/').next().unwrap_or_default();
        let Some(root) = (self.others)(name) else {
            return false;
        };
        let asking = Asking {
            root: &root,
            others: self.others,
            steps: self.steps.clone(),
        };
        let fits = asking.fits(value, &root, below);
        self.steps.set(asking.steps.get());
        fits
    }

    fn members(&self, members: &Object, schema: &Object, depth: usize) -> bool {
        let object = |member: &str| schema.get(member).and_then(Json::as_object);
        let (properties, patterns) = (object("properties"), object("patternProperties"));
        let required = schema.get("required").and_then(Json::as_array);
        let mut required = required.into_iter().flat_map(|it| it.iter());
        let has_all = required.all(|name| name.as_str().is_none_or(|it| members.contains_key(it)));
        let count = members.len();
        has_all
            && bound(schema, "minProperties").is_none_or(|min| count >= min)
            && bound(schema, "maxProperties").is_none_or(|max| count <= max)
            && members.iter().all(|(name, value)| {
                let own = properties.and_then(|it| it.get(name));
                let by_pattern = patterns.into_iter().flat_map(Object::iter);
                let mut by_pattern = by_pattern
                    .filter(|(pattern, _)| matches(pattern, name))
                    .peekable();
                let is_known = own.is_some() || by_pattern.peek().is_some();
                own.is_none_or(|it| self.fits(value, it, depth))
                    && by_pattern.all(|(_, it)| self.fits(value, it, depth))
                    && (is_known
                        || schema
                            .get("additionalProperties")
                            .is_none_or(|it| self.fits(value, it, depth)))
            })
    }

    fn items(&self, items: &[Json], schema: &Object, depth: usize) -> bool {
        let fit = match schema.get("items") {
            Some(Json::Array(each)) => {
                let mut pairs = items.iter().zip(each.iter());
                pairs.all(|(item, it)| self.fits(item, it, depth))
            }
            Some(all) => items.iter().all(|item| self.fits(item, all, depth)),
            None => true,
        };
        let is_unique = schema.get("uniqueItems").and_then(Json::as_bool) != Some(true)
            || items.iter().enumerate().all(|(at, item)| {
                self.steps.set(self.steps.get().saturating_add(at));
                self.steps.get() <= STEPS_MAX && !items.iter().take(at).any(|it| it == item)
            });
        fit && is_unique
            && bound(schema, "minItems").is_none_or(|min| items.len() >= min)
            && bound(schema, "maxItems").is_none_or(|max| items.len() <= max)
    }
}

fn is_type(value: &Json, name: &str) -> bool {
    match (name, value) {
        ("object", Json::Object(_))
        | ("array", Json::Array(_))
        | ("string", Json::String(_))
        | ("number", Json::Number(_))
        | ("boolean", Json::Bool(_))
        | ("null", Json::Null) => true,
        ("integer", Json::Number(number)) => number.is_integer(),
        _ => false,
    }
}

fn bound(schema: &Object, member: &str) -> Option<usize> {
    let bound = schema.get(member).and_then(Json::as_i64)?;
    usize::try_from(bound).ok()
}

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).is_ok_and(|regex| regex.is_match(text).unwrap_or(false))
}

fn is_text(text: &str, schema: &Object) -> bool {
    let characters = text.chars().count();
    bound(schema, "minLength").is_none_or(|min| characters >= min)
        && bound(schema, "maxLength").is_none_or(|max| characters <= max)
        && schema
            .get("pattern")
            .and_then(Json::as_str)
            .is_none_or(|pattern| matches(pattern, text))
}

fn is_number(value: f64, schema: &Object) -> bool {
    let number = |member: &str| schema.get(member).and_then(Json::as_f64);
    let is_set = |member: &str| schema.get(member).and_then(Json::as_bool) == Some(true);
    let above = number("minimum").is_none_or(|min| match is_set("exclusiveMinimum") {
        true => value > min,
        false => value >= min,
    });
    let below = number("maximum").is_none_or(|max| match is_set("exclusiveMaximum") {
        true => value < max,
        false => value <= max,
    });
    let is_multiple = number("multipleOf").is_none_or(|of| {
        let quotient = value / of;
        of > 0.0 && (quotient - quotient.round()).abs() < 1e-9
    });
    above && below && is_multiple
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn check(schema: &Json, value: &Json, expect: bool) {
        let pet = json!({"type": "object", "required": ["name"]});
        let others = |name: &str| (name == "Pet").then(|| pet.clone());
        assert_eq!(fits(value, schema, &others), expect, "{schema} {value}");
    }

    #[test]
    fn values_fit_schemas() {
        let order = json!({
            "type": "object", "required": ["id"], "additionalProperties": false,
            "properties": {
                "id": {"type": "string", "pattern": "^o-", "maxLength": 5},
                "count": {"type": "integer", "minimum": 1, "maximum": 9},
                "kind": {"enum": ["a", "b"]},
                "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true, "maxItems": 2},
                "pet": {"$ref": "https://apigateway.amazonaws.com/restapis/x/models/Pet"},
                "more": {"$ref": "#/definitions/more"}
            },
            "definitions": {"more": {"anyOf": [{"type": "null"}, {"type": "number", "multipleOf": 0.5}]}}
        });
        for (value, expect) in [
            (json!({"id": "o-1"}), true),
            (
                json!({"id": "o-1", "count": 9, "kind": "a", "tags": ["x"], "pet": {"name": 1}, "more": 1.5}),
                true,
            ),
            (json!({"id": "o-1", "more": null}), true),
            (json!({}), false),
            (json!([]), false),
            (json!({"id": 1}), false),
            (json!({"id": "x-1"}), false),
            (json!({"id": "o-1234"}), false),
            (json!({"id": "o-1", "count": 0}), false),
            (json!({"id": "o-1", "count": 1.5}), false),
            (json!({"id": "o-1", "kind": "c"}), false),
            (json!({"id": "o-1", "tags": ["x", "x"]}), false),
            (json!({"id": "o-1", "pet": {}}), false),
            (json!({"id": "o-1", "more": 1.3}), false),
            (json!({"id": "o-1", "other": 1}), false),
        ] {
            check(&order, &value, expect);
        }
        let endless = json!({"$ref": "#"});
        check(&endless, &json!(1), false);
        check(&json!({"oneOf": [{}, {}]}), &json!(1), false);
        check(&json!({"not": {"type": "null"}}), &json!(null), false);
    }
}
