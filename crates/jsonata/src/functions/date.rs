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

fn now(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let (picture, zone) = (arguments.text(), arguments.text());
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
    let millis = parse_datetime(&text, picture.as_deref(), evaluator.environment.now_millis)?;
    Ok(millis
        .map(|millis| Value::Json(Json::from(millis)))
        .unwrap_or_default())
}
