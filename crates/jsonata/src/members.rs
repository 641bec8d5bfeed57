//! The items of an array where they are: looked at, not cloned.
//!
//! Entry point: [`Value::members`]. For functions that read many items and keep few.

use crate::signature::kinds;
use crate::value::{Range, Value, json_kind_bit};
use passo_json::{Json, Number};

/// An item where it is. Plain JSON is always [`Member::Json`], whatever holds it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Member<'a> {
    Json(&'a Json),
    Other(&'a Value),
    /// An item of a range.
    Whole(i64),
}

/// Iterates over the items of an array; of anything else, over the value itself.
pub(crate) enum Members<'a> {
    Json(std::slice::Iter<'a, Json>),
    Values(std::slice::Iter<'a, Value>),
    Range(Range, u32),
    One(Option<&'a Value>),
}

impl<'a> Member<'a> {
    fn of(value: &'a Value) -> Member<'a> {
        match value {
            Value::Json(json) => Member::Json(json),
            other => Member::Other(other),
        }
    }

    /// The number, where this is one.
    #[expect(clippy::cast_precision_loss, reason = "a range ends far below 2^53")]
    pub(crate) fn as_number(self) -> Option<f64> {
        match self {
            Member::Json(Json::Number(number)) => Some(number.as_f64()),
            Member::Whole(number) => Some(number as f64),
            Member::Json(_) | Member::Other(_) => None,
        }
    }

    /// The text, where this is a string.
    pub(crate) fn as_text(self) -> Option<&'a str> {
        match self {
            Member::Json(Json::String(text)) => Some(text),
            Member::Json(_) | Member::Other(_) | Member::Whole(_) => None,
        }
    }

    /// The kind as signatures name it.
    pub(crate) fn kind_bit(self) -> u8 {
        match self {
            Member::Json(json) => json_kind_bit(json),
            Member::Other(value) => value.kind_bit(),
            Member::Whole(_) => kinds::NUMBER,
        }
    }

    /// The item as a value of its own.
    pub(crate) fn to_value(self) -> Value {
        match self {
            Member::Json(json) => Value::Json(json.clone()),
            Member::Other(value) => value.clone(),
            Member::Whole(number) => Value::Json(Json::Number(Number::Int(number))),
        }
    }
}

impl Value {
    /// The items of an array, where they are; of anything else, the value itself.
    pub(crate) fn members(&self) -> Members<'_> {
        match self {
            Value::Json(Json::Array(array)) => Members::Json(array.iter()),
            Value::List(list) => Members::Values(list.items.iter()),
            Value::Range(range) => Members::Range(*range, 0),
            _ => Members::One(Some(self)),
        }
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    #[inline]
    fn next(&mut self) -> Option<Member<'a>> {
        match self {
            Members::Json(items) => items.next().map(Member::Json),
            Members::Values(items) => items.next().map(Member::of),
            Members::Range(range, offset) => {
                if *offset >= range.count {
                    return None;
                }
                let number = range.first.checked_add(i64::from(*offset))?;
                *offset += 1;
                Some(Member::Whole(number))
            }
            Members::One(item) => item.take().map(Member::of),
        }
    }
}
