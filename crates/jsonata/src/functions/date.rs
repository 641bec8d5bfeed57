//! Time. The clock is the environment's, and stands still during an evaluation.

use super::{Arguments, Row};
use crate::error::Error;
use crate::eval::{Evaluator, Outcome};
use crate::pictures::{format_datetime, parse_datetime};
use crate::value::Value;
use passo_json::Json;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "now",
        signature: "<s?s?:s>",
        arity: 2,
        body: now,
    },
    Row {
        name: "millis",
        signature: "<:n>",
        arity: 0,
        body: millis,
    },
    Row {
        name: "fromMillis",
        signature: "<n-s?s?:s>",
        arity: 3,
        body: from_millis,
    },
    Row {
        name: "toMillis",
        signature: "<s-s?:n>",
        arity: 2,
        body: to_millis,
    },
];

/// Spends for reading a picture, and for trying each of its parts at so many places.
fn spend_picture(
    evaluator: &mut Evaluator<'_>,
    picture: Option<&str>,
    places: usize,
) -> Result<(), Box<Error>> {
    /// What ISO 8601 costs, as long as its picture.
    const ISO: usize = 48;
    let length = picture.map_or(ISO, str::len);
    evaluator
        .budget
        .spend_steps(length.saturating_mul(places.max(2)))
}

fn now(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let (picture, zone) = (arguments.text(), arguments.text());
    spend_picture(evaluator, picture.as_deref(), 1)?;
    let millis = evaluator.environment.now_millis;
    let text = format_datetime(millis, picture.as_deref(), zone.as_deref())?;
    evaluator.text(text)
}

fn millis(evaluator: &mut Evaluator<'_>, _: Arguments) -> Outcome {
    Ok(Value::Json(Json::from(evaluator.environment.now_millis)))
}

fn from_millis(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(number) = arguments.number() else {
        return Ok(Value::Undefined);
    };
    let (picture, zone) = (arguments.text(), arguments.text());
    spend_picture(evaluator, picture.as_deref(), 1)?;
    let millis = passo_json::Number::integral(number.trunc()).and_then(|number| number.as_i64());
    let Some(millis) = millis else {
        let text = crate::number::to_text(number);
        let message = format!("the timestamp {text} is out of range");
        return Err(Box::new(Error::new("D1001", message).value(text)));
    };
    let text = format_datetime(millis, picture.as_deref(), zone.as_deref())?;
    evaluator.text(text)
}

fn to_millis(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    let picture = arguments.text();
    spend_picture(evaluator, picture.as_deref(), text.len() / 4)?;
    let millis = parse_datetime(&text, picture.as_deref(), evaluator.environment.now_millis)?;
    Ok(millis
        .map(|millis| Value::Json(Json::from(millis)))
        .unwrap_or_default())
}
