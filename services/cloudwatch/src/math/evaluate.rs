//! From a tree to its value.

use std::collections::{BTreeMap, BTreeSet};

use super::functions;
use super::parser::{Expression, Operator};
use super::value::{Line, Slots, Value};
use super::{MathError, wrong};

/// How many expressions may refer to each other.
const REFERENCES_MAX: usize = 50;

/// Where metrics and other expressions come from.
pub(crate) trait Source {
    /// The metric or expression that has this id.
    fn named(&self, id: &str) -> Option<Named<'_>>;
    /// The metrics whose ids hold `text`, in order.
    fn metrics(&self, text: &str) -> Vec<Line>;
    /// What a search finds.
    ///
    /// # Errors
    /// Where it is no search.
    fn search(&self, what: &str, statistic: &str, period: f64) -> Result<Vec<Line>, MathError>;
}

/// What an id stands for.
pub(crate) enum Named<'a> {
    Metric(&'a Line),
    Expression(&'a Expression),
}

/// An evaluation that is under way.
pub(super) struct Evaluation<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) slots: Slots,
    under_way: BTreeSet<String>,
}

/// The value of `expression`.
///
/// # Errors
/// Where it has none.
pub(crate) fn evaluate(
    expression: &Expression,
    source: &dyn Source,
    slots: Slots,
) -> Result<Value, MathError> {
    let mut evaluation = Evaluation {
        source,
        slots,
        under_way: BTreeSet::new(),
    };
    evaluation.value(expression)
}

impl Evaluation<'_> {
    pub(super) fn value(&mut self, expression: &Expression) -> Result<Value, MathError> {
        match expression {
            Expression::Number(number) => Ok(Value::Number(*number)),
            Expression::Text(text) => Ok(Value::Text(text.clone())),
            Expression::Name(name) => self.named(name),
            Expression::List(items) => {
                let mut lines = Vec::new();
                for item in items {
                    match self.value(item)? {
                        Value::Line(line) => lines.push(line),
                        Value::Lines(more) => lines.extend(more),
                        Value::Number(_) | Value::Text(_) => {
                            return Err(wrong("a list can only have time series"));
                        }
                    }
                }
                Ok(Value::Lines(lines))
            }
            Expression::Negative(inside) => each(self.value(inside)?, |value| -value),
            Expression::Both(operator, left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                both(*operator, left, right)
            }
            Expression::Call(name, arguments) => functions::call(self, name, arguments),
        }
    }

    fn named(&mut self, name: &str) -> Result<Value, MathError> {
        match self.source.named(name) {
            Some(Named::Metric(line)) => Ok(Value::Line(line.clone())),
            Some(Named::Expression(expression)) => {
                if self.under_way.len() >= REFERENCES_MAX || !self.under_way.insert(name.to_owned())
                {
                    return Err(wrong(format!("'{name}' refers to itself")));
                }
                let value = self.value(expression);
                self.under_way.remove(name);
                value
            }
            None => Err(wrong(format!("Unknown ID '{name}'"))),
        }
    }
}

/// The same for every number in `value`.
pub(super) fn each(value: Value, how: impl Fn(f64) -> f64) -> Result<Value, MathError> {
    Ok(match value {
        Value::Number(number) => Value::Number(how(number)),
        Value::Line(line) => Value::Line(line.map(how)),
        Value::Lines(lines) => Value::Lines(lines.iter().map(|line| line.map(&how)).collect()),
        Value::Text(_) => return Err(wrong("a text is not a number")),
    })
}

fn both(operator: Operator, left: Value, right: Value) -> Result<Value, MathError> {
    let apply = |left, right| operator.apply(left, right);
    Ok(match (left, right) {
        (Value::Number(left), Value::Number(right)) => Value::Number(apply(left, right)),
        (Value::Line(left), Value::Line(right)) => Value::Line(joined(&left, &right, apply)),
        (Value::Lines(left), Value::Lines(right)) => {
            if left.len() != right.len() {
                return Err(wrong("the lists are not of the same length"));
            }
            let pairs = left.iter().zip(&right);
            Value::Lines(
                pairs
                    .map(|(left, right)| joined(left, right, apply))
                    .collect(),
            )
        }
        (Value::Lines(left), Value::Line(right)) => {
            let lines = left.iter().map(|left| joined(left, &right, apply));
            Value::Lines(lines.collect())
        }
        (Value::Line(left), Value::Lines(right)) => {
            let lines = right.iter().map(|right| Line {
                label: right.label.clone(),
                ..joined(&left, right, apply)
            });
            Value::Lines(lines.collect())
        }
        (left, Value::Number(right)) => each(left, |left| apply(left, right))?,
        (Value::Number(left), right) => each(right, |right| apply(left, right))?,
        (Value::Text(_), _) | (_, Value::Text(_)) => return Err(wrong("a text is not a number")),
    })
}

/// The points that both lines have.
fn joined(left: &Line, right: &Line, apply: impl Fn(f64, f64) -> f64) -> Line {
    left.each(|at, value| Some(apply(value, *right.points.get(&at)?)))
}

/// Values by time, over all lines.
pub(super) fn columns(lines: &[Line]) -> BTreeMap<i64, Vec<f64>> {
    let mut columns: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for line in lines {
        for (at, value) in &line.points {
            columns.entry(*at).or_default().push(*value);
        }
    }
    columns
}

impl Operator {
    /// Comparisons yield 1 and 0. What cannot be divided is left out, since it is no number.
    fn apply(self, left: f64, right: f64) -> f64 {
        let flag = |is_so: bool| f64::from(u8::from(is_so));
        let is_equal = (left - right).abs() <= f64::EPSILON * left.abs().max(right.abs());
        match self {
            Operator::Or => flag(left != 0.0 || right != 0.0),
            Operator::And => flag(left != 0.0 && right != 0.0),
            Operator::Less => flag(left < right),
            Operator::LessOrEqual => flag(left <= right),
            Operator::Greater => flag(left > right),
            Operator::GreaterOrEqual => flag(left >= right),
            Operator::Equal => flag(is_equal),
            Operator::NotEqual => flag(!is_equal),
            Operator::Plus => left + right,
            Operator::Minus => left - right,
            Operator::Times => left * right,
            Operator::Divide => left / right,
            Operator::Power => left.powf(right),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    struct Metrics(BTreeMap<String, Line>, BTreeMap<String, Expression>);

    impl Source for Metrics {
        fn named(&self, id: &str) -> Option<Named<'_>> {
            let metric = self.0.get(id).map(Named::Metric);
            metric.or_else(|| self.1.get(id).map(Named::Expression))
        }

        fn metrics(&self, text: &str) -> Vec<Line> {
            let metrics = self.0.iter().filter(|(id, _)| id.contains(text));
            metrics.map(|(_, line)| line.clone()).collect()
        }

        fn search(&self, _: &str, _: &str, _: f64) -> Result<Vec<Line>, MathError> {
            Ok(self.metrics("m"))
        }
    }

    fn line(label: &str, values: &[(i64, f64)]) -> Line {
        Line {
            label: label.to_owned(),
            period_millis: 60_000,
            points: values
                .iter()
                .map(|(at, value)| (at * 60_000, *value))
                .collect(),
        }
    }

    fn value(text: &str) -> Result<Value, MathError> {
        let metrics = Metrics(
            BTreeMap::from([
                ("m1".to_owned(), line("m1", &[(0, 1.0), (1, 2.0), (3, 4.0)])),
                ("m2".to_owned(), line("m2", &[(0, 10.0), (1, 0.0)])),
            ]),
            BTreeMap::from([
                ("e1".to_owned(), parse("m1 * 2").unwrap()),
                ("loop".to_owned(), parse("loop + 1").unwrap()),
            ]),
        );
        let slots = Slots {
            from: 0,
            to: 240_000,
            period_millis: 60_000,
        };
        evaluate(&parse(text)?, &metrics, slots)
    }

    fn check(text: &str, expect: &[(i64, f64)]) {
        match value(text) {
            Ok(Value::Line(got)) => assert_eq!(got.points, line("", expect).points, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn lines_are_computed() {
        check("m1 + 1", &[(0, 2.0), (1, 3.0), (3, 5.0)]);
        check("2 * m1 ^ 2 - m1", &[(0, 1.0), (1, 6.0), (3, 28.0)]);
        check("m1 / m2", &[(0, 0.1)]);
        check("-m1", &[(0, -1.0), (1, -2.0), (3, -4.0)]);
        check("e1", &[(0, 2.0), (1, 4.0), (3, 8.0)]);
        check("m1 / AVG(m1) * 7", &[(0, 3.0), (1, 6.0), (3, 12.0)]);
        check("SUM([m1, m2])", &[(0, 11.0), (1, 2.0), (3, 4.0)]);
        check("SUM(METRICS())", &[(0, 11.0), (1, 2.0), (3, 4.0)]);
        check("MAX(METRICS('m'))", &[(0, 10.0), (1, 2.0), (3, 4.0)]);
        check("AVG([m1,m2])", &[(0, 5.5), (1, 1.0), (3, 4.0)]);
        check("FILL(m1, 0)", &[(0, 1.0), (1, 2.0), (2, 0.0), (3, 4.0)]);
        check(
            "FILL(m1, REPEAT)",
            &[(0, 1.0), (1, 2.0), (2, 2.0), (3, 4.0)],
        );
        check(
            "FILL(m1, LINEAR)",
            &[(0, 1.0), (1, 2.0), (2, 3.0), (3, 4.0)],
        );
        check("m1 > 1 AND m1 < 4", &[(0, 0.0), (1, 1.0), (3, 0.0)]);
        check("IF(m1 > 1, m1, 0)", &[(0, 0.0), (1, 2.0), (3, 4.0)]);
        check("IF(m1 > 1, m1)", &[(1, 2.0), (3, 4.0)]);
        check("DIFF(m1)", &[(1, 1.0), (3, 2.0)]);
        check("RATE(m1) * 60", &[(1, 1.0), (3, 1.0)]);
        check("RUNNING_SUM(m1)", &[(0, 1.0), (1, 3.0), (3, 7.0)]);
        check("FIRST(SORT([m1, m2], MAX, DESC))", &[(0, 10.0), (1, 0.0)]);
        check("TIME_SERIES(3)", &[(0, 3.0), (1, 3.0), (2, 3.0), (3, 3.0)]);
        check("m1 * PERIOD(m1) / 60", &[(0, 1.0), (1, 2.0), (3, 4.0)]);
        check("CEIL(ABS(m2 - 1.5))", &[(0, 9.0), (1, 2.0)]);
        check("METRIC_COUNT([m1, m2]) * m2", &[(0, 20.0), (1, 0.0)]);
        check(
            "SUM(SEARCH('x', 'Sum', 60))",
            &[(0, 11.0), (1, 2.0), (3, 4.0)],
        );
    }

    #[test]
    fn what_is_no_expression_says_so() {
        let deep = "(".repeat(500);
        for text in [
            "", "m1 +", "(m1", "[m1", "m1 m2", "m3", "loop", "NOPE(m1)", "\"a", "m1 + 'a'",
            "SUM()", "[1]", "1.2.3", "m1 ? 2", "FILL(m1)", &deep,
        ] {
            assert!(value(text).is_err(), "{text}");
        }
        assert_eq!(value("1 + 2 * 3"), Ok(Value::Number(7.0)));
    }
}
