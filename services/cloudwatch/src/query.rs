//! Queries of metric data, with expressions over each other: what `GetMetricData` answers, and what alarms look at.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use passo_json::Json;
use passo_service::{Caller, Fault};

use crate::math::{self, Expression, Line, MathError, Named, Slots, Source, Value};
use crate::points::{Points, Range};
use crate::search::Search;
use crate::series::{Series, read_dimensions};
use crate::statistic::Statistic;
use crate::unit::Unit;
use crate::{faults, quotas};

/// One query.
pub(crate) struct Query {
    pub(crate) id: String,
    pub(crate) label: Option<String>,
    pub(crate) is_returned: bool,
    kind: Kind,
}

enum Kind {
    Metric(MetricStat),
    Expression {
        text: String,
        tree: Expression,
        period_millis: Option<i64>,
    },
}

/// One statistic of one metric.
pub(crate) struct MetricStat {
    pub(crate) series: Arc<Series>,
    pub(crate) statistic: Statistic,
    pub(crate) unit: Option<Unit>,
    pub(crate) period_millis: i64,
}

/// What a query yielded.
pub(crate) struct Answered {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) line: Line,
}

/// The time that is looked at, in milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) now: i64,
}

impl Query {
    /// Reads the query at `place` in a list.
    ///
    /// # Errors
    /// Where it is none.
    pub(crate) fn read(given: &Json, place: usize, caller: &Caller) -> Result<Query, Fault> {
        let text = |member: &str| given.get(member).and_then(Json::as_str);
        let id = text("Id").unwrap_or_default().to_owned();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(is_name) {
            return Err(faults::validation(format!(
                "The value '{id}' for parameter MetricDataQueries.member.{}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.",
                place + 1
            )));
        }
        let stat = given.get("MetricStat").filter(|stat| !stat.is_null());
        let kind = match (stat, text("Expression")) {
            (Some(stat), None) => Kind::Metric(MetricStat::read(stat, caller)?),
            (None, Some(text)) => Kind::Expression {
                text: text.to_owned(),
                tree: math::parse(text).map_err(|error| in_expression(&id, &error))?,
                period_millis: given.get("Period").map(period).transpose()?,
            },
            _ => {
                return Err(faults::validation(format!(
                    "The parameter MetricDataQueries.member.{}.MetricStat and MetricDataQueries.member.{}.Expression are mutually exclusive and you have to specify one of them.",
                    place + 1,
                    place + 1
                )));
            }
        };
        Ok(Query {
            id,
            label: text("Label").map(str::to_owned),
            is_returned: given.get("ReturnData").and_then(Json::as_bool) != Some(false),
            kind,
        })
    }

    /// The metric, if it is one.
    pub(crate) fn metric(&self) -> Option<&MetricStat> {
        match &self.kind {
            Kind::Metric(metric) => Some(metric),
            Kind::Expression { .. } => None,
        }
    }

    /// The period of what it yields, where it says one.
    pub(crate) fn period_millis(&self) -> Option<i64> {
        match &self.kind {
            Kind::Metric(metric) => Some(metric.period_millis),
            Kind::Expression { period_millis, .. } => *period_millis,
        }
    }
}

impl MetricStat {
    fn read(given: &Json, caller: &Caller) -> Result<MetricStat, Fault> {
        let metric = given.get("Metric").unwrap_or(&Json::Null);
        let text = |json: &Json, member: &str| json.get(member)?.as_str().map(str::to_owned);
        let wanted = |member: &str| text(metric, member).ok_or_else(|| faults::missing(member));
        let name = text(given, "Stat").ok_or_else(|| faults::missing("Stat"))?;
        let unit = text(given, "Unit");
        Ok(MetricStat {
            series: Arc::new(Series {
                account: caller.account.to_string(),
                region: caller.region.to_string(),
                namespace: wanted("Namespace")?,
                name: wanted("MetricName")?,
                dimensions: read_dimensions(metric.get("Dimensions")),
            }),
            statistic: statistic(&name)?,
            unit: unit.map(|unit| self::unit(&unit)).transpose()?,
            period_millis: period(given.get("Period").unwrap_or(&Json::Null))?,
        })
    }

    /// Its line.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) fn line(&self, points: &Points, window: Window) -> Result<Line, Fault> {
        let range = Range {
            from: window.from,
            to: window.to,
            period_millis: self.period_millis,
        };
        let read = points.read(&self.series, range, window.now);
        let mut line = Line {
            label: self.series.name.clone(),
            period_millis: self.period_millis,
            points: BTreeMap::new(),
        };
        for (at, units) in read.map_err(|error| faults::store(&error))? {
            let units = units.into_iter();
            let units = units.filter(|(unit, _)| self.unit.is_none_or(|wanted| wanted == *unit));
            let whole = units.map(|(_, point)| point).reduce(|mut all, point| {
                all.merge(&point);
                all
            });
            if let Some(value) = whole.and_then(|point| self.statistic.of(&point)) {
                line.points.insert(at, value);
            }
        }
        Ok(line)
    }
}

/// Reads a statistic.
///
/// # Errors
/// Where there is none of that name.
pub(crate) fn statistic(name: &str) -> Result<Statistic, Fault> {
    Statistic::parse(name).ok_or_else(|| {
        faults::validation(format!(
            "The value {name} for parameter Stat is not supported."
        ))
    })
}

/// Reads a unit.
///
/// # Errors
/// Where there is none of that name.
pub(crate) fn unit(name: &str) -> Result<Unit, Fault> {
    Unit::parse(name).ok_or_else(|| {
        faults::invalid(format!(
            "The value {name} for parameter Unit is not supported."
        ))
    })
}

/// Reads a period, in milliseconds.
///
/// # Errors
/// Where it is not 1, 5, 10, 20, 30 or a multiple of 60.
pub(crate) fn period(given: &Json) -> Result<i64, Fault> {
    let seconds = given.as_i64().unwrap_or_default();
    let is_fine = matches!(seconds, 1 | 5 | 10 | 20 | 30);
    let is_whole = (60..=10_000_000).contains(&seconds) && seconds % 60 == 0;
    if is_fine || is_whole {
        return Ok(seconds * 1000);
    }
    Err(faults::validation(
        "The value for parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.",
    ))
}

/// Answers `queries`: those that return data, in order.
///
/// # Errors
/// Where an expression is wrong, or the store fails.
pub(crate) fn answer(
    points: &Points,
    queries: &[Query],
    caller: &Caller,
    window: Window,
) -> Result<Vec<Answered>, Fault> {
    let mut lines = BTreeMap::new();
    for query in queries {
        if let Kind::Metric(metric) = &query.kind {
            let mut line = metric.line(points, window)?;
            if let Some(label) = &query.label {
                line.label.clone_from(label);
            }
            lines.insert(query.id.as_str(), line);
        }
    }
    let periods = lines.values().map(|line| line.period_millis);
    let known = Known {
        points,
        caller,
        window,
        period_millis: periods.min().unwrap_or(60_000),
        lines,
        queries,
    };
    let mut answers = Vec::new();
    for query in queries.iter().filter(|query| query.is_returned) {
        answers.extend(known.answer(query)?);
    }
    Ok(answers)
}

/// What expressions can refer to.
struct Known<'a> {
    points: &'a Points,
    caller: &'a Caller,
    window: Window,
    period_millis: i64,
    lines: BTreeMap<&'a str, Line>,
    queries: &'a [Query],
}

impl Known<'_> {
    fn answer(&self, query: &Query) -> Result<Vec<Answered>, Fault> {
        let answered = |label: String, line: Line| Answered {
            id: query.id.clone(),
            label,
            line,
        };
        let label = || query.label.clone().unwrap_or_else(|| query.id.clone());
        match &query.kind {
            Kind::Metric(_) => {
                let line = self.lines.get(query.id.as_str()).cloned();
                let line = line.unwrap_or_default();
                Ok(vec![answered(line.label.clone(), line)])
            }
            Kind::Expression {
                tree,
                text,
                period_millis,
            } => {
                let slots = Slots {
                    from: self.window.from,
                    to: self.window.to,
                    period_millis: period_millis.unwrap_or(self.period_millis),
                };
                match math::evaluate(tree, self, slots) {
                    Ok(Value::Line(line)) => Ok(vec![answered(label(), line)]),
                    Ok(Value::Lines(lines)) => {
                        let lines = lines.into_iter();
                        Ok(lines
                            .map(|line| answered(line.label.clone(), line))
                            .collect())
                    }
                    Ok(Value::Number(_) | Value::Text(_)) => Err(faults::validation(format!(
                        "Error in expression '{}' [{text}]: The expression must return a time series.",
                        query.id
                    ))),
                    Err(error) => Err(in_expression(&query.id, &error)),
                }
            }
        }
    }
}

impl Source for Known<'_> {
    fn named(&self, id: &str) -> Option<Named<'_>> {
        if let Some(line) = self.lines.get(id) {
            return Some(Named::Metric(line));
        }
        let query = self.queries.iter().find(|query| query.id == id)?;
        match &query.kind {
            Kind::Expression { tree, .. } => Some(Named::Expression(tree)),
            Kind::Metric(_) => None,
        }
    }

    fn metrics(&self, text: &str) -> Vec<Line> {
        let metrics = self.queries.iter().filter(|query| query.id.contains(text));
        metrics
            .filter_map(|query| self.lines.get(query.id.as_str()).cloned())
            .collect()
    }

    fn search(&self, what: &str, statistic: &str, period: f64) -> Result<Vec<Line>, MathError> {
        let error = |message: &str| MathError(message.to_owned());
        let search = Search::parse(what).ok_or_else(|| error("the search is not one"))?;
        let statistic =
            Statistic::parse(statistic).ok_or_else(|| error("there is no such statistic"))?;
        let seconds = passo_json::Number::integral(period);
        let period_millis = seconds.map(|seconds| self::period(&Json::Number(seconds)));
        let Some(Ok(period_millis)) = period_millis else {
            return Err(error("the period of a search is not one"));
        };
        let mut parts = vec![self.caller.account.as_str(), self.caller.region.as_str()];
        parts.extend(search.namespace());
        let mut found = Vec::new();
        let mut visit = |series: Series| {
            if search.finds(&series) {
                found.push(series);
            }
            match found.len() < quotas::SEARCH_MAX {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        };
        let prefix = Series::prefix(&parts);
        self.points
            .find(&prefix, self.window.now, None, &mut visit)
            .map_err(|source| error(&source.to_string()))?;
        let mut lines = Vec::new();
        for series in found {
            let values = series.dimensions.values().map(String::as_str);
            let label = values.chain([&*series.name]).collect::<Vec<_>>().join(" ");
            let metric = MetricStat {
                series: Arc::new(series),
                statistic,
                unit: None,
                period_millis,
            };
            let line = metric.line(self.points, self.window);
            let line = line.map_err(|fault| error(&fault.message))?;
            lines.push(Line { label, ..line });
        }
        Ok(lines)
    }
}

fn in_expression(id: &str, error: &MathError) -> Fault {
    faults::validation(format!("Error in expression '{id}': {}", error.0))
}
