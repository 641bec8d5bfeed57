//! Figures of many rows: `stats`.

use std::collections::BTreeSet;

use super::evaluate::{apply, size, value};
use super::row::Row;
use super::syntax::Expression;
use super::value::Value;

/// Functions of many rows.
const FIGURES: [&str; 14] = [
    "avg",
    "count",
    "count_distinct",
    "earliest",
    "latest",
    "max",
    "median",
    "min",
    "pct",
    "percentile",
    "sortsfirst",
    "sortslast",
    "stddev",
    "sum",
];

pub(super) fn is_figure(name: &str) -> bool {
    FIGURES.contains(&name)
}

/// The value of an expression over all rows of a group.
pub(super) fn figure(expression: &Expression, rows: &[&Row], now: i64) -> Value {
    match expression {
        Expression::Call(name, arguments) if is_figure(name) => of(name, arguments, rows, now),
        Expression::Both(operator, left, right) => apply(
            *operator,
            &figure(left, rows, now),
            &figure(right, rows, now),
        ),
        Expression::Negative(inside) => {
            let number = figure(inside, rows, now).number();
            number.map_or(Value::Nothing, |number| Value::Number(-number))
        }
        Expression::Call(name, arguments) => {
            // A function of figures: `ceil(avg(x))`.
            let arguments = arguments.iter().map(|argument| match argument {
                Expression::Duration(millis) => Expression::Duration(*millis),
                argument => Expression::Value(figure(argument, rows, now)),
            });
            let call = Expression::Call(name.clone(), arguments.collect());
            value(&call, &Row::default(), now)
        }
        other => rows
            .first()
            .map_or(Value::Nothing, |row| value(other, row, now)),
    }
}

fn of(name: &str, arguments: &[Expression], rows: &[&Row], now: i64) -> Value {
    let is_all = matches!(arguments.first(), None | Some(Expression::Star));
    if name == "count" && is_all {
        return Value::Number(size(rows.len()));
    }
    let Some(argument) = arguments.first() else {
        return Value::Nothing;
    };
    let each = |row: &&Row| value(argument, row, now);
    let values: Vec<Value> = rows.iter().map(each).collect();
    let there = || values.iter().filter(|value| **value != Value::Nothing);
    match name {
        "count" => return Value::Number(size(there().count())),
        "count_distinct" => {
            let distinct: BTreeSet<String> = there().map(Value::text).collect();
            return Value::Number(size(distinct.len()));
        }
        "earliest" | "latest" => {
            let time = |row: &Row| row.get("@timestamp").number().unwrap_or(f64::NEG_INFINITY);
            let pairs = rows.iter().zip(&values);
            let pairs = pairs.filter(|(_, value)| **value != Value::Nothing);
            let found = match name {
                "earliest" => pairs.min_by(|left, right| time(left.0).total_cmp(&time(right.0))),
                _ => pairs.max_by(|left, right| time(left.0).total_cmp(&time(right.0))),
            };
            return found.map_or(Value::Nothing, |(_, value)| value.clone());
        }
        "sortsfirst" => {
            return there()
                .min_by_key(|it| it.text())
                .cloned()
                .unwrap_or(Value::Nothing);
        }
        "sortslast" => {
            return there()
                .max_by_key(|it| it.text())
                .cloned()
                .unwrap_or(Value::Nothing);
        }
        _ => {}
    }
    let are_times = there()
        .next()
        .is_some_and(|value| matches!(value, Value::Time(_)));
    let mut numbers: Vec<f64> = values.iter().filter_map(Value::number).collect();
    numbers.sort_by(f64::total_cmp);
    let percent = match name {
        "median" => Some(50.0),
        "pct" | "percentile" => arguments
            .get(1)
            .and_then(|it| figure(it, rows, now).number()),
        _ => None,
    };
    let yielded = of_numbers(name, &numbers, percent);
    match yielded.and_then(passo_json::Number::integral) {
        Some(millis) if are_times && matches!(name, "min" | "max") => {
            millis.as_i64().map_or(Value::Nothing, Value::Time)
        }
        _ => yielded.map_or(Value::Nothing, Value::Number),
    }
}

/// A figure of numbers in order.
fn of_numbers(name: &str, numbers: &[f64], percent: Option<f64>) -> Option<f64> {
    let count = size(numbers.len());
    let sum: f64 = numbers.iter().sum();
    if numbers.is_empty() {
        return None;
    }
    match name {
        "sum" => Some(sum),
        "avg" => Some(sum / count),
        "min" => numbers.first().copied(),
        "max" => numbers.last().copied(),
        "stddev" => {
            let mean = sum / count;
            let squares = numbers.iter().map(|number| (number - mean).powi(2));
            Some((squares.sum::<f64>() / count).sqrt())
        }
        _ => {
            let rank = (percent?.clamp(0.0, 100.0) / 100.0 * count).ceil().max(1.0);
            let rank = passo_json::Number::integral(rank)?.as_i64()?;
            let place = usize::try_from(rank - 1).ok()?;
            numbers.get(place).copied()
        }
    }
}
