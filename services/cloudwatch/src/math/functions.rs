//! The functions. A new one is a line in [`call`].

use std::collections::BTreeMap;

use super::evaluate::{Evaluation, columns, each};
use super::parser::Expression;
use super::value::{Line, Slots, Value};
use super::{MathError, wrong};

/// Calls the function called `name`.
// tidy: long, because every function answers for itself.
pub(super) fn call(
    evaluation: &mut Evaluation<'_>,
    name: &str,
    arguments: &[Expression],
) -> Result<Value, MathError> {
    let name = name.to_ascii_uppercase();
    if let ("FILL" | "SORT", [first, rest @ ..]) = (&*name, arguments) {
        let first = evaluation.value(first)?;
        return match &*name {
            "FILL" => fill(evaluation, first, rest),
            _ => sort(evaluation, first, rest),
        };
    }
    let mut values = Vec::new();
    for argument in arguments {
        values.push(evaluation.value(argument)?);
    }
    let (slots, count) = (evaluation.slots, values.len());
    let mut values = values.into_iter();
    let mut next = || values.next().ok_or_else(|| missing(&name));
    match &*name {
        "ABS" => each(next()?, f64::abs),
        "CEIL" => each(next()?, f64::ceil),
        "FLOOR" => each(next()?, f64::floor),
        "LOG" => each(next()?, f64::ln),
        "LOG10" => each(next()?, f64::log10),
        "SUM" | "AVG" | "MIN" | "MAX" | "STDDEV" => {
            let figure = figure(&name).ok_or_else(|| missing(&name))?;
            aggregate(next()?, &name, figure)
        }
        "METRIC_COUNT" => match next()? {
            Value::Lines(lines) => Ok(Value::Number(size(lines.len()))),
            Value::Line(_) => Ok(Value::Number(1.0)),
            Value::Number(_) | Value::Text(_) => Err(missing(&name)),
        },
        "METRICS" => {
            let text = match next() {
                Ok(Value::Text(text)) => text,
                Ok(_) => return Err(missing(&name)),
                Err(_) => String::new(),
            };
            Ok(Value::Lines(evaluation.source.metrics(&text)))
        }
        "SEARCH" => match (next()?, next()?, next()) {
            (Value::Text(what), Value::Text(statistic), period) => {
                let period = match period {
                    Ok(Value::Number(period)) => period,
                    Ok(_) => return Err(missing(&name)),
                    Err(_) => 300.0,
                };
                let found = evaluation.source.search(&what, &statistic, period)?;
                Ok(Value::Lines(found))
            }
            _ => Err(missing(&name)),
        },
        "DIFF" => over(next()?, |before, _, value| Some(value - before?.1)),
        "DIFF_TIME" => over(next()?, |before, at, _| Some(seconds(at - before?.0))),
        "RATE" => over(next()?, |before, at, value| {
            let (then, old) = before?;
            Some((value - old) / seconds(at - then))
        }),
        "RUNNING_SUM" => {
            let lines = |line: &Line| {
                let mut sum = 0.0;
                line.each(|_, value| {
                    sum += value;
                    Some(sum)
                })
            };
            per_line(next()?, lines)
        }
        "EPOCH" => over(next()?, |_, at, _| Some(seconds(at))),
        "MINUTE" => over(next()?, |_, at, _| {
            Some(seconds(at.div_euclid(60_000) % 60 * 1000))
        }),
        "HOUR" => over(next()?, |_, at, _| {
            Some(seconds(at.div_euclid(3_600_000) % 24 * 1000))
        }),
        // 1970 began on a Thursday; Monday is the first day.
        "DAY" => over(next()?, |_, at, _| {
            Some(seconds((at.div_euclid(86_400_000) + 3) % 7 * 1000) + 1.0)
        }),
        "PERIOD" => match next()? {
            Value::Line(line) => Ok(Value::Number(seconds(line.period_millis))),
            Value::Lines(_) | Value::Number(_) | Value::Text(_) => Err(missing(&name)),
        },
        "TIME_SERIES" => match next()? {
            Value::Number(number) => Ok(Value::Line(constant(number, slots))),
            Value::Line(_) | Value::Lines(_) | Value::Text(_) => Err(missing(&name)),
        },
        "FIRST" | "LAST" => {
            let mut lines = lines(next()?)?;
            let line = if name == "FIRST" && !lines.is_empty() {
                Some(lines.swap_remove(0))
            } else {
                lines.pop()
            };
            line.map(Value::Line)
                .ok_or_else(|| wrong("the list is empty"))
        }
        "REMOVE_EMPTY" => {
            let mut lines = lines(next()?)?;
            lines.retain(|line| !line.points.is_empty());
            Ok(Value::Lines(lines))
        }
        "SLICE" => {
            let lines = lines(next()?)?;
            let from = place(&next()?)?;
            let to = if count > 2 {
                place(&next()?)?
            } else {
                from + 1
            };
            let part = lines.get(from..to.min(lines.len())).unwrap_or_default();
            Ok(Value::Lines(part.to_vec()))
        }
        "IF" => {
            let (condition, then) = (next()?, next()?);
            choose(condition, &then, next().ok().as_ref(), slots)
        }
        _ => Err(wrong(format!("Unknown function '{name}'"))),
    }
}

fn missing(name: &str) -> MathError {
    wrong(format!("the arguments of {name} are not those it takes"))
}

#[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "lists are short")]
fn size(count: usize) -> f64 {
    count as f64
}

/// A place in a list.
fn place(value: &Value) -> Result<usize, MathError> {
    let Value::Number(number) = *value else {
        return Err(wrong("a place is a number"));
    };
    let whole = passo_json::Number::integral(number).and_then(|number| number.as_i64());
    let place = whole.and_then(|place| usize::try_from(place).ok());
    place.ok_or_else(|| wrong("a place is a whole number"))
}

fn lines(value: Value) -> Result<Vec<Line>, MathError> {
    match value {
        Value::Line(line) => Ok(vec![line]),
        Value::Lines(lines) => Ok(lines),
        Value::Number(_) | Value::Text(_) => Err(wrong("a time series is wanted")),
    }
}

fn per_line(value: Value, how: impl Fn(&Line) -> Line) -> Result<Value, MathError> {
    match value {
        Value::Line(line) => Ok(Value::Line(how(&line))),
        other => Ok(Value::Lines(lines(other)?.iter().map(how).collect())),
    }
}

/// Each point together with the one before it.
fn over(
    value: Value,
    how: impl Fn(Option<(i64, f64)>, i64, f64) -> Option<f64>,
) -> Result<Value, MathError> {
    per_line(value, |line| {
        let mut before = None;
        line.each(|at, value| {
            let yielded = how(before, at, value);
            before = Some((at, value));
            yielded
        })
    })
}

/// A figure of some numbers, of which there is at least one.
type Figure = fn(&[f64]) -> f64;

fn figure(name: &str) -> Option<Figure> {
    Some(match name {
        "SUM" => |values| values.iter().sum(),
        "AVG" => |values| values.iter().sum::<f64>() / size(values.len()),
        "MIN" => |values| values.iter().copied().fold(f64::INFINITY, f64::min),
        "MAX" => |values| values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        "STDDEV" => |values| {
            let mean = values.iter().sum::<f64>() / size(values.len());
            let squares = values.iter().map(|value| (value - mean).powi(2));
            (squares.sum::<f64>() / size(values.len())).sqrt()
        },
        _ => return None,
    })
}

/// Of a line a number, of a list a line.
fn aggregate(value: Value, name: &str, figure: Figure) -> Result<Value, MathError> {
    match value {
        Value::Number(number) => Ok(Value::Number(number)),
        Value::Line(line) if line.points.is_empty() => Ok(Value::Number(0.0)),
        Value::Line(line) => Ok(Value::Number(figure(&line.values()))),
        Value::Lines(lines) => {
            let points = columns(&lines).into_iter();
            let points = points.map(|(at, values)| (at, figure(&values)));
            Ok(Value::Line(Line {
                label: name.to_owned(),
                period_millis: lines.first().map_or(0, |line| line.period_millis),
                points: points.collect(),
            }))
        }
        Value::Text(_) => Err(missing(name)),
    }
}

fn constant(number: f64, slots: Slots) -> Line {
    let points = slots.each(slots.period_millis).map(|at| (at, number));
    Line {
        label: String::new(),
        period_millis: slots.period_millis,
        points: points.collect(),
    }
}

/// How gaps are filled.
enum Filling {
    With(f64),
    Repeat,
    Linear,
}

fn fill(
    evaluation: &mut Evaluation<'_>,
    value: Value,
    rest: &[Expression],
) -> Result<Value, MathError> {
    let how = match rest {
        [Expression::Name(name)] if name == "REPEAT" => Filling::Repeat,
        [Expression::Name(name)] if name == "LINEAR" => Filling::Linear,
        [other] => match evaluation.value(other)? {
            Value::Number(number) => Filling::With(number),
            Value::Line(_) | Value::Lines(_) | Value::Text(_) => return Err(missing("FILL")),
        },
        _ => return Err(missing("FILL")),
    };
    let slots = evaluation.slots;
    per_line(value, |line| filled(line, &how, slots))
}

fn filled(line: &Line, how: &Filling, slots: Slots) -> Line {
    let value = |at: i64| {
        let here = line.points.get(&at).copied();
        let before = || line.points.range(..at).next_back();
        here.or_else(|| match how {
            Filling::With(number) => Some(*number),
            Filling::Repeat => before().map(|(_, value)| *value),
            Filling::Linear => {
                let (then, old) = before()?;
                let (later, new) = line.points.range(at..).next()?;
                let share = seconds(at - then) / seconds(later - then);
                Some(old + (new - old) * share)
            }
        })
    };
    let points: BTreeMap<i64, f64> = slots
        .each(line.period_millis.max(1000))
        .filter_map(|at| Some((at, value(at)?)))
        .collect();
    Line {
        label: line.label.clone(),
        period_millis: line.period_millis,
        points,
    }
}

fn sort(
    evaluation: &mut Evaluation<'_>,
    value: Value,
    rest: &[Expression],
) -> Result<Value, MathError> {
    let mut lines = lines(value)?;
    let (by, order, limit) = match rest {
        [Expression::Name(by), Expression::Name(order)] => (by, order, None),
        [Expression::Name(by), Expression::Name(order), limit] => {
            (by, order, Some(place(&evaluation.value(limit)?)?))
        }
        _ => return Err(missing("SORT")),
    };
    let figure = figure(by).ok_or_else(|| missing("SORT"))?;
    lines.sort_by(|left, right| figure(&left.values()).total_cmp(&figure(&right.values())));
    match &**order {
        "ASC" => {}
        "DESC" => lines.reverse(),
        _ => return Err(missing("SORT")),
    }
    lines.truncate(limit.unwrap_or(usize::MAX));
    Ok(Value::Lines(lines))
}

/// `IF`: a point is left out where what is chosen has none.
fn choose(
    condition: Value,
    then: &Value,
    or: Option<&Value>,
    slots: Slots,
) -> Result<Value, MathError> {
    let at = |value: Option<&Value>, at: i64| match value {
        Some(Value::Number(number)) => Some(*number),
        Some(Value::Line(line)) => line.points.get(&at).copied(),
        Some(Value::Lines(_) | Value::Text(_)) | None => None,
    };
    match condition {
        Value::Number(number) => {
            let chosen = if number != 0.0 { Some(then) } else { or };
            match chosen {
                Some(chosen) => Ok(chosen.clone()),
                None => Ok(Value::Line(Line {
                    period_millis: slots.period_millis,
                    ..Line::default()
                })),
            }
        }
        Value::Line(line) => Ok(Value::Line(line.each(|time, value| {
            let chosen = if value != 0.0 { Some(then) } else { or };
            at(chosen, time)
        }))),
        Value::Lines(_) | Value::Text(_) => Err(missing("IF")),
    }
}
