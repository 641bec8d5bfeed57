//! What templates compute with.

use std::rc::Rc;

use passo_json::{Json, Number};

/// A value. Lists and maps that a template makes, or may change, are in the evaluation's store: they may hold each other.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(Rc<str>),
    /// A list or an object that nobody changes.
    Json(Json),
    /// The number of a list or map in the store.
    Kept(usize),
    Builtin(Builtin),
}

/// What is always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    Input,
    Util,
}

/// What the store holds.
#[derive(Clone, Debug)]
pub(crate) enum Container {
    List(Vec<Value>),
    /// In the order in which the keys came.
    Map(Vec<(Rc<str>, Value)>),
}

impl Value {
    pub(crate) fn text(text: &str) -> Value {
        Value::Text(Rc::from(text))
    }

    /// A value that JSON has.
    pub(crate) fn of(json: &Json) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(flag) => Value::Bool(*flag),
            Json::Number(number) => Value::number(number),
            Json::String(text) => Value::text(text),
            Json::Array(_) | Json::Object(_) => Value::Json(json.clone()),
        }
    }

    fn number(number: &Number) -> Value {
        match number.as_i64().filter(|_| number.is_integer()) {
            Some(whole) => Value::Integer(whole),
            None => Value::Float(number.as_f64()),
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether a condition of it holds.
    pub(crate) fn is_true(&self) -> bool {
        !matches!(self, Value::Null | Value::Bool(false))
    }

    pub(crate) fn as_float(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "as Java compares them")]
            Value::Integer(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            Value::Null
            | Value::Bool(_)
            | Value::Text(_)
            | Value::Json(_)
            | Value::Kept(_)
            | Value::Builtin(_) => None,
        }
    }
}
