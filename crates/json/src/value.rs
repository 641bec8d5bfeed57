//! The tree: [`Json`], its accessors and its equality.

use std::fmt;
use std::sync::Arc;

use crate::{Array, Limits, Number, Object, ParseError};

/// A JSON value. Cloning costs one reference count; a value never changes once built.
///
/// Equality is by meaning: numbers by value (`1` equals `1.0`), objects whatever the order of their keys.
#[derive(Clone, Debug, Default)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer kept exact, or a binary64.
    Number(Number),
    /// Text.
    String(Arc<str>),
    /// A list.
    Array(Array),
    /// Keys and values in insertion order.
    Object(Object),
}

/// What a [`Json`] is, without its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// Any number.
    Number,
    /// Text.
    String,
    /// A list.
    Array,
    /// Keys and values.
    Object,
}

impl Kind {
    /// The name JSON Schema and AWS's error texts use: `null`, `boolean`, `number`, `string`, `array`, `object`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Boolean => "boolean",
            Kind::Number => "number",
            Kind::String => "string",
            Kind::Array => "array",
            Kind::Object => "object",
        }
    }
}

impl Json {
    /// Parses one JSON document within the default [`Limits`].
    ///
    /// # Errors
    /// Where the text is not JSON (RFC 8259), nests too deeply or is too long.
    pub fn parse(text: &str) -> Result<Json, ParseError> {
        Json::parse_with(text, Limits::default())
    }

    /// Parses one JSON document within `limits`.
    ///
    /// # Errors
    /// Where the text is not JSON (RFC 8259), nests too deeply or is too long.
    pub fn parse_with(text: &str, limits: Limits) -> Result<Json, ParseError> {
        crate::parse::parse(text, limits)
    }

    /// The value under `key`, where this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.as_object()?.get(key)
    }

    /// The item at `index`, where this is an array that long.
    pub fn at(&self, index: usize) -> Option<&Json> {
        self.as_array()?.get(index)
    }

    /// The text, where this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, where this is a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Json::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, where this is one.
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Json::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The whole number, where this is a number with an integral value that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The nearest binary64, where this is a number.
    pub fn as_f64(&self) -> Option<f64> {
        Some(self.as_number()?.as_f64())
    }

    /// The array, where this is one.
    pub fn as_array(&self) -> Option<&Array> {
        match self {
            Json::Array(array) => Some(array),
            _ => None,
        }
    }

    /// The object, where this is one.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }

    /// What this is.
    pub fn kind(&self) -> Kind {
        match self {
            Json::Null => Kind::Null,
            Json::Bool(_) => Kind::Boolean,
            Json::Number(_) => Kind::Number,
            Json::String(_) => Kind::String,
            Json::Array(_) => Kind::Array,
            Json::Object(_) => Kind::Object,
        }
    }

    /// Levels of nesting: 0 for a scalar, 1 for an empty array. Known without a walk.
    pub fn depth(&self) -> u32 {
        match self {
            Json::Array(array) => array.depth(),
            Json::Object(object) => object.depth(),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => 0,
        }
    }

    /// The compact text, in AWS's number forms.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        self.write_text(&mut text);
        text
    }

    /// Appends the compact text to `out`.
    pub fn write_text(&self, out: &mut String) {
        crate::print::write_compact(self, out);
    }

    /// The text with two spaces of indent per level, for people.
    pub fn to_pretty(&self) -> String {
        crate::print::pretty(self)
    }

    /// Bytes of the compact text, without building it.
    pub fn text_bytes(&self) -> usize {
        crate::print::compact_bytes(self)
    }

    /// The value that the JSON Pointer (RFC 6901) leads to, if any.
    pub fn pointer(&self, pointer: &str) -> Option<&Json> {
        crate::pointer::resolve(self, pointer)
    }
}

/// Compares without recursion, so that no depth of nesting can exhaust the stack.
impl PartialEq for Json {
    fn eq(&self, other: &Json) -> bool {
        let mut pending = vec![(self, other)];
        while let Some((left, right)) = pending.pop() {
            let equal = match (left, right) {
                (Json::Null, Json::Null) => true,
                (Json::Bool(a), Json::Bool(b)) => a == b,
                (Json::Number(a), Json::Number(b)) => a == b,
                (Json::String(a), Json::String(b)) => a == b,
                (Json::Array(a), Json::Array(b)) => {
                    if !a.is_same(b) && a.len() == b.len() {
                        pending.extend(a.iter().zip(b.iter()));
                    }
                    a.len() == b.len()
                }
                (Json::Object(a), Json::Object(b)) => {
                    a.is_same(b) || (a.len() == b.len() && push_entries(a, b, &mut pending))
                }
                _ => false,
            };
            if !equal {
                return false;
            }
        }
        true
    }
}

impl PartialEq for Array {
    fn eq(&self, other: &Array) -> bool {
        Json::Array(self.clone()) == Json::Array(other.clone())
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Object) -> bool {
        Json::Object(self.clone()) == Json::Object(other.clone())
    }
}

fn push_entries<'a>(
    left: &'a Object,
    right: &'a Object,
    pending: &mut Vec<(&'a Json, &'a Json)>,
) -> bool {
    for (key, value) in left.iter() {
        let Some(other) = right.get(key) else {
            return false;
        };
        pending.push((value, other));
    }
    true
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Json {
        Json::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Json {
        Json::Number(Number::Int(value))
    }
}

impl From<i32> for Json {
    fn from(value: i32) -> Json {
        Json::Number(Number::Int(i64::from(value)))
    }
}

impl From<u32> for Json {
    fn from(value: u32) -> Json {
        Json::Number(Number::Int(i64::from(value)))
    }
}

/// A float that is not finite has no JSON form and becomes `null`.
impl From<f64> for Json {
    fn from(value: f64) -> Json {
        Number::from_f64(value).map_or(Json::Null, Json::Number)
    }
}

impl From<Number> for Json {
    fn from(value: Number) -> Json {
        Json::Number(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Json {
        Json::String(Arc::from(value))
    }
}

impl From<String> for Json {
    fn from(value: String) -> Json {
        Json::String(Arc::from(value))
    }
}

impl From<Arc<str>> for Json {
    fn from(value: Arc<str>) -> Json {
        Json::String(value)
    }
}

impl From<Vec<Json>> for Json {
    fn from(value: Vec<Json>) -> Json {
        Json::Array(Array::from(value))
    }
}

impl From<Array> for Json {
    fn from(value: Array) -> Json {
        Json::Array(value)
    }
}

impl From<Object> for Json {
    fn from(value: Object) -> Json {
        Json::Object(value)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Json, json};

    #[test]
    fn a_value_is_three_words() {
        assert_eq!(size_of::<Json>(), 24);
    }

    #[test]
    fn equality_is_by_meaning() {
        assert_eq!(json!({"a": 1, "b": [1.0]}), json!({"b": [1], "a": 1.0}));
        assert_ne!(json!({"a": 1}), json!({"a": 1, "b": 1}));
        assert_ne!(json!([1, 2]), json!([2, 1]));
        assert_ne!(json!(0), json!(false));
    }

    #[test]
    fn a_million_levels_can_be_compared_printed_and_dropped() {
        let deep = |levels: usize| {
            (0..levels).fold(Json::Null, |inner, level| {
                if level % 2 == 0 {
                    Json::from(vec![inner])
                } else {
                    json!({ "k": inner })
                }
            })
        };
        let (one, other) = (deep(1_000_000), deep(1_000_000));
        assert!(one == other);
        assert_eq!(one.depth(), 1_000_000);
        assert_eq!(one.to_text().len(), one.text_bytes());
    }
}
