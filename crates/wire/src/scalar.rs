//! Scalars as text: in labels, query strings, headers, forms and XML.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_json::{Json, Number};
use passo_model::{Member, Shape, TimestampFormat};

use crate::problem::Problem;
use crate::time;

/// The format of a time: the member's, the shape's, or that of the place where it stands.
pub(crate) fn time_format(
    shape: &Shape,
    member: Option<&Member>,
    default: TimestampFormat,
) -> TimestampFormat {
    let own = match shape {
        Shape::Timestamp(format) => *format,
        _ => None,
    };
    let of_member = member.and_then(|member| member.timestamp);
    of_member.or(own).unwrap_or(default)
}

/// The canonical form of `text`.
pub(crate) fn read(shape: &Shape, text: &str) -> Result<Json, Problem> {
    match shape {
        Shape::Number { number, .. } => {
            let text = text.trim();
            let wrong = || Problem::new("A number is expected.");
            if let Ok(whole) = text.parse::<i64>() {
                return Ok(Json::from(whole));
            }
            if number.is_whole() {
                return Err(wrong());
            }
            match text {
                "NaN" | "Infinity" | "-Infinity" => return Ok(Json::from(text)),
                _ => {}
            }
            let value = text.parse().ok().and_then(Number::from_f64);
            value.map(Json::Number).ok_or_else(wrong)
        }
        Shape::Boolean => match text.trim() {
            "true" | "True" | "TRUE" => Ok(Json::from(true)),
            "false" | "False" | "FALSE" => Ok(Json::from(false)),
            _ => Err(Problem::new("A boolean is expected.")),
        },
        Shape::Timestamp(_) => {
            time::read(text).ok_or_else(|| Problem::new("A timestamp is expected."))
        }
        Shape::Text { .. }
        | Shape::Blob { .. }
        | Shape::Document
        | Shape::Structure(_)
        | Shape::List(_)
        | Shape::Map(_) => Ok(Json::from(text)),
    }
}

/// `value` as text.
pub(crate) fn write(shape: &Shape, value: &Json, format: TimestampFormat) -> Cow<'static, str> {
    match (shape, value) {
        (Shape::Timestamp(_), _) => match time::write(value, format) {
            Some(text) => Cow::Owned(text),
            None => Cow::Owned(plain(value)),
        },
        (_, Json::Bool(true)) => Cow::Borrowed("true"),
        (_, Json::Bool(false)) => Cow::Borrowed("false"),
        _ => Cow::Owned(plain(value)),
    }
}

/// Text as it stands, numbers without an exponent.
pub(crate) fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.to_string(),
        Json::Number(Number::Float(float)) => float.to_string(),
        Json::Null
        | Json::Bool(_)
        | Json::Number(Number::Int(_) | Number::Big(_))
        | Json::Array(_)
        | Json::Object(_) => value.to_text(),
    }
}

/// The bytes of a blob in canonical form.
pub(crate) fn bytes_of(value: &Json) -> Vec<u8> {
    let text = value.as_str().unwrap_or_default();
    STANDARD
        .decode(text)
        .unwrap_or_else(|_| text.as_bytes().to_vec())
}

/// A blob in canonical form.
pub(crate) fn blob(bytes: &[u8]) -> Json {
    Json::from(STANDARD.encode(bytes))
}
