//! The value of an expression for a row.

use std::cmp::Ordering;

use super::row::Row;
use super::syntax::{Expression, Operator, Pattern};
use super::value::Value;

/// Functions of one row. Those of many are in [`super::aggregate`].
const FUNCTIONS: [&str; 29] = [
    "abs",
    "bin",
    "ceil",
    "coalesce",
    "concat",
    "datefloor",
    "dateceil",
    "floor",
    "frommillis",
    "greatest",
    "isblank",
    "isempty",
    "ispresent",
    "least",
    "log",
    "ltrim",
    "now",
    "replace",
    "rtrim",
    "sqrt",
    "strcontains",
    "strlen",
    "substr",
    "tolower",
    "tomillis",
    "toupper",
    "trim",
    "if",
    "tonumber",
];

pub(super) fn is_function(name: &str) -> bool {
    FUNCTIONS.contains(&name)
}

/// The value of `expression`; what has none is nothing. `now` is the time, in milliseconds since 1970.
pub(super) fn value(expression: &Expression, row: &Row, now: i64) -> Value {
    match expression {
        Expression::Value(value) => value.clone(),
        Expression::Duration(_) | Expression::Star => Value::Nothing,
        Expression::Field(name) => row.get(name),
        Expression::Not(inside) => Value::Flag(!value(inside, row, now).is_true()),
        Expression::Negative(inside) => {
            let number = value(inside, row, now).number();
            number.map_or(Value::Nothing, |number| Value::Number(-number))
        }
        Expression::Both(operator, left, right) => both(*operator, left, right, row, now),
        Expression::In(left, items) => {
            let left = value(left, row, now);
            let is = |item| left.compare(&value(item, row, now)) == Some(Ordering::Equal);
            Value::Flag(items.iter().any(is))
        }
        Expression::Like(left, pattern) => {
            let left = value(left, row, now);
            Value::Flag(left != Value::Nothing && is_like(&left.text(), pattern))
        }
        Expression::Call(name, arguments) => call(name, arguments, row, now),
    }
}

/// An expression that takes too long finds nothing.
fn is_like(text: &str, pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Text(wanted) => text.contains(wanted.as_str()),
        Pattern::Expression(expression) => expression.is_match(text).unwrap_or(false),
    }
}

fn both(operator: Operator, left: &Expression, right: &Expression, row: &Row, now: i64) -> Value {
    let left = value(left, row, now);
    match operator {
        Operator::Or if left.is_true() => return Value::Flag(true),
        Operator::And if !left.is_true() => return Value::Flag(false),
        _ => {}
    }
    apply(operator, &left, &value(right, row, now))
}

/// What `operator` makes of two values.
pub(super) fn apply(operator: Operator, left: &Value, right: &Value) -> Value {
    let order = left.compare(right);
    let numbers = || left.number().zip(right.number());
    let compute = |how: fn(f64, f64) -> f64| match numbers() {
        Some((left, right)) => number(how(left, right)),
        None => Value::Nothing,
    };
    match operator {
        Operator::Or => Value::Flag(left.is_true() || right.is_true()),
        Operator::And => Value::Flag(left.is_true() && right.is_true()),
        Operator::Equal => Value::Flag(order == Some(Ordering::Equal)),
        Operator::NotEqual => Value::Flag(order != Some(Ordering::Equal)),
        Operator::Less => Value::Flag(order.is_some_and(Ordering::is_lt)),
        Operator::LessOrEqual => Value::Flag(order.is_some_and(Ordering::is_le)),
        Operator::Greater => Value::Flag(order.is_some_and(Ordering::is_gt)),
        Operator::GreaterOrEqual => Value::Flag(order.is_some_and(Ordering::is_ge)),
        Operator::Plus => compute(|left, right| left + right),
        Operator::Minus => compute(|left, right| left - right),
        Operator::Times => compute(|left, right| left * right),
        Operator::Divide => compute(|left, right| left / right),
        Operator::Remainder => compute(|left, right| left % right),
        Operator::Power => compute(f64::powf),
    }
}

/// A number that is one.
fn number(number: f64) -> Value {
    match number.is_finite() {
        true => Value::Number(number),
        false => Value::Nothing,
    }
}

// tidy: long, because every function answers for itself.
fn call(name: &str, arguments: &[Expression], row: &Row, now: i64) -> Value {
    let argument = |place: usize| {
        let argument = arguments.get(place);
        argument.map_or(Value::Nothing, |argument| value(argument, row, now))
    };
    let first = argument(0);
    let text = || first.text();
    let compute = |how: fn(f64) -> f64| first.number().map_or(Value::Nothing, |it| number(how(it)));
    let values = || arguments.iter().map(|argument| value(argument, row, now));
    let whole = |place: usize| {
        let number = argument(place)
            .number()
            .and_then(passo_json::Number::integral);
        let number = number.and_then(|number| number.as_i64());
        number.and_then(|number| usize::try_from(number).ok())
    };
    match name {
        "abs" => compute(f64::abs),
        "ceil" => compute(f64::ceil),
        "floor" => compute(f64::floor),
        "log" => compute(f64::ln),
        "sqrt" => compute(f64::sqrt),
        "tonumber" => compute(|number| number),
        "greatest" | "least" => {
            let numbers = values().filter_map(|value| value.number());
            let chosen = match name {
                "greatest" => numbers.reduce(f64::max),
                _ => numbers.reduce(f64::min),
            };
            chosen.map_or(Value::Nothing, Value::Number)
        }
        "bin" | "datefloor" | "dateceil" => bin(name, arguments, row, now),
        "now" => Value::Number(seconds(now)),
        "frommillis" => match first.number().and_then(passo_json::Number::integral) {
            Some(millis) => millis.as_i64().map_or(Value::Nothing, Value::Time),
            None => Value::Nothing,
        },
        "tomillis" => first.number().map_or(Value::Nothing, Value::Number),
        "coalesce" => {
            let found = values().find(|value| *value != Value::Nothing);
            found.unwrap_or(Value::Nothing)
        }
        "ispresent" => Value::Flag(first != Value::Nothing),
        "isempty" => Value::Flag(first == Value::Nothing || text().is_empty()),
        "isblank" => Value::Flag(first == Value::Nothing || text().trim().is_empty()),
        "concat" => Value::Text(values().map(|value| value.text()).collect()),
        "trim" => Value::Text(trimmed(&text(), &argument(1), true, true)),
        "ltrim" => Value::Text(trimmed(&text(), &argument(1), true, false)),
        "rtrim" => Value::Text(trimmed(&text(), &argument(1), false, true)),
        "strlen" => Value::Number(size(text().chars().count())),
        "toupper" => Value::Text(text().to_uppercase()),
        "tolower" => Value::Text(text().to_lowercase()),
        "substr" => {
            let from = whole(1).unwrap_or(0);
            let count = whole(2).unwrap_or(usize::MAX);
            Value::Text(text().chars().skip(from).take(count).collect())
        }
        "replace" => {
            let (old, new) = (argument(1).text(), argument(2).text());
            match old.is_empty() {
                true => Value::Text(text()),
                false => Value::Text(text().replace(&old, &new)),
            }
        }
        "strcontains" => Value::Flag(text().contains(&argument(1).text())),
        "if" => argument(if first.is_true() { 1 } else { 2 }),
        _ => Value::Nothing,
    }
}

#[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
fn seconds(millis: i64) -> f64 {
    (millis / 1000) as f64
}

#[expect(clippy::cast_precision_loss, reason = "texts are shorter than 2^53")]
pub(super) fn size(count: usize) -> f64 {
    count as f64
}

fn trimmed(text: &str, characters: &Value, left: bool, right: bool) -> String {
    let characters = match characters {
        Value::Nothing => String::new(),
        other => other.text(),
    };
    let goes = |c: char| match characters.is_empty() {
        true => c.is_whitespace(),
        false => characters.contains(c),
    };
    let text = if left {
        text.trim_start_matches(goes)
    } else {
        text
    };
    let text = if right {
        text.trim_end_matches(goes)
    } else {
        text
    };
    text.to_owned()
}

/// `bin(5m)`, `bin(field, 5m)`, `datefloor(field, 5m)`, `dateceil(field, 5m)`
fn bin(name: &str, arguments: &[Expression], row: &Row, now: i64) -> Value {
    let (of, millis) = match arguments {
        [Expression::Duration(millis)] => (row.get("@timestamp"), *millis),
        [of, Expression::Duration(millis)] => (value(of, row, now), *millis),
        _ => return Value::Nothing,
    };
    let at = match of {
        Value::Time(at) => at,
        other => {
            let number = other.number().and_then(passo_json::Number::integral);
            match number.and_then(|number| number.as_i64()) {
                Some(at) => at,
                None => return Value::Nothing,
            }
        }
    };
    let up = if name == "dateceil" { millis - 1 } else { 0 };
    Value::Time(
        at.saturating_add(up)
            .div_euclid(millis)
            .saturating_mul(millis),
    )
}
