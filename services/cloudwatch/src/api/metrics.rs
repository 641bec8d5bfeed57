//! Putting, reading and listing metrics.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;
use passo_store::Durability;

use crate::point::Point;
use crate::points::{Datum, Range};
use crate::query::{self, Answered, Query, Window};
use crate::request::{Answer, Request, millis, nothing, seconds};
use crate::series::{Series, read_dimensions};
use crate::statistic::Statistic;
use crate::unit::Unit;
use crate::{faults, quotas};

const DAY: i64 = 86_400_000;

/// `PutMetricData`: it is durable when this answers.
pub(crate) fn put(request: &Request<'_>) -> Answer {
    let namespace = request.required("Namespace")?;
    if !(1..=255).contains(&namespace.len()) || namespace.starts_with(':') || has_control(namespace)
    {
        return Err(faults::invalid(
            "The value for parameter Namespace is invalid.",
        ));
    }
    if namespace.starts_with("AWS/") {
        return Err(faults::invalid(
            "The value AWS/ for parameter Namespace is invalid.",
        ));
    }
    let mut given: Vec<&Json> = request.given.list("MetricData").iter().collect();
    for entity in request.given.list("EntityMetricData") {
        let list = entity.get("MetricData").and_then(Json::as_array);
        given.extend(list.into_iter().flat_map(|list| list.iter()));
    }
    if given.is_empty() {
        return Err(faults::missing("MetricData"));
    }
    if given.len() > quotas::DATA_MAX {
        return Err(faults::invalid(
            "The collection MetricData must not have a size greater than 1000.",
        ));
    }
    let now = request.now();
    let mut data = Vec::new();
    for (place, item) in given.into_iter().enumerate() {
        data.push(datum(request, namespace, item, place + 1, now)?);
    }
    request.service.write(&data, Durability::Synced)?;
    Ok(nothing())
}

fn has_control(text: &str) -> bool {
    text.contains(char::is_control)
}

fn datum(
    request: &Request<'_>,
    namespace: &str,
    item: &Json,
    place: usize,
    now: i64,
) -> Result<Datum, Fault> {
    let parameter = |member: &str| format!("MetricData.member.{place}.{member}");
    let name = item.get("MetricName").and_then(Json::as_str);
    let name = name.ok_or_else(|| faults::missing(&parameter("MetricName")))?;
    if !(1..=255).contains(&name.len()) || has_control(name) {
        return Err(faults::invalid(format!(
            "The value for parameter {} is invalid.",
            parameter("MetricName")
        )));
    }
    let dimensions = read_dimensions(item.get("Dimensions"));
    let is_bad = |text: &String| text.trim().is_empty() || text.len() > 1024 || has_control(text);
    let has_bad = dimensions
        .iter()
        .any(|(name, value)| is_bad(name) || is_bad(value));
    if dimensions.len() > quotas::DIMENSIONS_MAX || has_bad {
        return Err(faults::invalid(format!(
            "The value for parameter {} is invalid.",
            parameter("Dimensions")
        )));
    }
    let at = item.get("Timestamp").and_then(millis).unwrap_or(now);
    if at < now.saturating_sub(quotas::PAST_MILLIS)
        || at > now.saturating_add(quotas::FUTURE_MILLIS)
    {
        return Err(faults::invalid(format!(
            "The parameter {} must specify a time within the past two weeks and not more than two hours in the future.",
            parameter("Timestamp")
        )));
    }
    let resolution = item.get("StorageResolution").and_then(Json::as_i64);
    if !matches!(resolution, None | Some(1 | 60)) {
        return Err(faults::invalid(format!(
            "The value for parameter {} must be 1 or 60.",
            parameter("StorageResolution")
        )));
    }
    let unit = item.get("Unit").and_then(Json::as_str);
    Ok(Datum {
        series: Arc::new(Series {
            account: request.given.account().to_owned(),
            region: request.given.region().to_owned(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dimensions,
        }),
        at,
        unit: unit.map_or(Ok(Unit::NONE), query::unit)?,
        point: point(item, &parameter)?,
        is_fine: resolution == Some(1),
    })
}

/// Largest value, either way. Source: API Reference, `MetricDatum`: 2^360.
fn is_value(value: f64) -> bool {
    value.is_finite() && value.abs() <= 2_f64.powi(360)
}

fn point(item: &Json, parameter: &dyn Fn(&str) -> String) -> Result<Point, Fault> {
    let number = |json: &Json, member: &str| json.get(member).and_then(Json::as_f64);
    let invalid = |member: &str| {
        faults::invalid(format!(
            "The value for parameter {} is invalid.",
            parameter(member)
        ))
    };
    let list = |member: &str| {
        let list = item.get(member).and_then(Json::as_array);
        let numbers = list.into_iter().flat_map(|list| list.iter());
        let numbers = numbers.map(|number| number.as_f64().filter(|number| is_value(*number)));
        let numbers: Option<Vec<f64>> = numbers.collect();
        numbers.ok_or_else(|| invalid(member))
    };
    let set = item.get("StatisticValues").filter(|set| !set.is_null());
    let (values, counts) = (list("Values")?, list("Counts")?);
    match (number(item, "Value"), set, values.as_slice()) {
        (Some(value), None, []) if is_value(value) => Ok(Point::of(value, 1.0)),
        (None, Some(set), []) => {
            let part = |member: &str| {
                let value = number(set, member).filter(|value| is_value(*value));
                value.ok_or_else(|| invalid(&format!("StatisticValues.{member}")))
            };
            let (count, sum) = (part("SampleCount")?, part("Sum")?);
            let (min, max) = (part("Minimum")?, part("Maximum")?);
            if count <= 0.0 || min > max {
                return Err(invalid("StatisticValues"));
            }
            Ok(Point::of_set(count, sum, min, max))
        }
        (None, None, [_, ..]) => {
            if values.len() > quotas::VALUES_MAX {
                return Err(faults::invalid(format!(
                    "The collection {} must not have a size greater than 150.",
                    parameter("Values")
                )));
            }
            if !counts.is_empty() && counts.len() != values.len() {
                return Err(faults::combination(format!(
                    "The parameters {} and {} must be of the same size.",
                    parameter("Values"),
                    parameter("Counts")
                )));
            }
            let counts = counts.into_iter().chain(std::iter::repeat(1.0));
            let points = values.into_iter().zip(counts);
            let points = points.filter(|(_, count)| *count > 0.0);
            let whole = points.map(|(value, count)| Point::of(value, count));
            let whole = whole.reduce(|mut all, point| {
                all.merge(&point);
                all
            });
            whole.ok_or_else(|| invalid("Counts"))
        }
        (None, None, []) => Err(faults::missing(&parameter("Value"))),
        (Some(_), None, []) => Err(invalid("Value")),
        _ => Err(faults::combination(format!(
            "The parameters {}, {} and {} are mutually exclusive and you have specified more than one.",
            parameter("Value"),
            parameter("Values"),
            parameter("StatisticValues")
        ))),
    }
}

/// The beginning of a time range, rounded as AWS does it. Source: API Reference, `GetMetricStatistics`, `StartTime`.
fn rounded_start(from: i64, period_millis: i64, now: i64) -> i64 {
    let age = now.saturating_sub(from);
    let step = match age {
        _ if period_millis < 60_000 => period_millis,
        _ if age < 15 * DAY => 60_000,
        _ if age < 63 * DAY => 300_000,
        _ => 3_600_000,
    };
    from.div_euclid(step) * step
}

/// `GetMetricStatistics`
pub(crate) fn statistics(request: &Request<'_>) -> Answer {
    let (from, to) = (
        request.required_time("StartTime")?,
        request.required_time("EndTime")?,
    );
    if from >= to {
        return Err(faults::combination(
            "The parameter StartTime must be less than the parameter EndTime.",
        ));
    }
    let period_millis = query::period(request.given.get("Period").unwrap_or(&Json::Null))?;
    let count = (to - from).div_euclid(period_millis);
    if count > quotas::STATISTICS_POINTS_MAX {
        return Err(faults::combination(format!(
            "You have requested up to {count} datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range."
        )));
    }
    let read = |member: &str| {
        let names = request.given.texts(member).into_iter();
        let read = names.map(|name| Ok((name, query::statistic(name)?)));
        read.collect::<Result<Vec<(&str, Statistic)>, Fault>>()
    };
    let (plain, extended) = (read("Statistics")?, read("ExtendedStatistics")?);
    if plain.is_empty() && extended.is_empty() {
        return Err(faults::combination(
            "At least one of the parameters Statistics and ExtendedStatistics must be specified.",
        ));
    }
    let unit = request.given.text("Unit").map(query::unit).transpose()?;
    let series = Series {
        account: request.given.account().to_owned(),
        region: request.given.region().to_owned(),
        namespace: request.required("Namespace")?.to_owned(),
        name: request.required("MetricName")?.to_owned(),
        dimensions: read_dimensions(request.given.get("Dimensions")),
    };
    let now = request.now();
    let range = Range {
        from: rounded_start(from, period_millis, now),
        to,
        period_millis,
    };
    request.service.settle()?;
    let found = request.service.points.read(&series, range, now);
    let found = found.map_err(|error| faults::store(&error))?;
    let shown = datapoints(&found, unit, &plain, &extended);
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Label", series.name.as_str())
        .insert("Datapoints", shown);
    Ok(Json::from(answer.build()))
}

/// Periods as `GetMetricStatistics` shows them: one datapoint for each unit.
fn datapoints(
    periods: &BTreeMap<i64, BTreeMap<Unit, Point>>,
    wanted: Option<Unit>,
    plain: &[(&str, Statistic)],
    extended: &[(&str, Statistic)],
) -> Vec<Json> {
    let mut shown = Vec::new();
    for (at, units) in periods {
        for (unit, point) in units {
            if wanted.is_some_and(|wanted| wanted != *unit) {
                continue;
            }
            let mut datapoint = ObjectBuilder::new();
            datapoint.insert("Timestamp", seconds(*at));
            for (name, statistic) in plain {
                datapoint.insert_some(*name, statistic.of(point));
            }
            let mut more = ObjectBuilder::new();
            for (name, statistic) in extended {
                more.insert_some(*name, statistic.of(point));
            }
            let more = more.build();
            if !more.is_empty() {
                datapoint.insert("ExtendedStatistics", more);
            }
            datapoint.insert("Unit", unit.name());
            shown.push(Json::from(datapoint.build()));
        }
    }
    shown
}

/// `GetMetricData`
pub(crate) fn data(request: &Request<'_>) -> Answer {
    let (from, to) = (
        request.required_time("StartTime")?,
        request.required_time("EndTime")?,
    );
    if from >= to {
        return Err(faults::validation(
            "The parameter EndTime must be greater than StartTime.",
        ));
    }
    let given = request.given.list("MetricDataQueries");
    if given.len() > quotas::QUERIES_MAX {
        return Err(faults::validation(
            "The collection MetricDataQueries must not have a size greater than 500.",
        ));
    }
    let caller = &request.given.call.caller;
    let mut queries = Vec::new();
    for (place, query) in given.iter().enumerate() {
        queries.push(Query::read(query, place, caller)?);
    }
    let mut ids = queries.iter().map(|query| query.id.as_str());
    let mut seen = std::collections::BTreeSet::new();
    if let Some(twice) = ids.find(|id| !seen.insert(*id)) {
        return Err(faults::validation(format!(
            "The values for parameter id in MetricDataQueries are not unique: {twice}"
        )));
    }
    let now = request.now();
    let periods = queries.iter().filter_map(Query::period_millis);
    let window = Window {
        from: rounded_start(from, periods.min().unwrap_or(60_000), now),
        to,
        now,
    };
    request.service.settle()?;
    let answers = query::answer(&request.service.points, &queries, caller, window)?;
    page_of_data(request, answers)
}

/// The points that fit into one answer of `GetMetricData`. The token says how many came before.
fn page_of_data(request: &Request<'_>, answers: Vec<Answered>) -> Answer {
    let limit = request.given.number("MaxDatapoints");
    let limit = limit.and_then(|limit| usize::try_from(limit).ok());
    let limit = limit.map_or(quotas::POINTS_MAX, |limit| {
        limit.clamp(1, quotas::POINTS_MAX)
    });
    let skip = match request.given.text("NextToken") {
        Some(token) => token.parse().map_err(|_| faults::next_token())?,
        None => 0_usize,
    };
    let ascending = request.given.text("ScanBy") == Some("TimestampAscending");
    let (mut shown, mut passed, mut taken) = (Vec::new(), 0_usize, 0_usize);
    let mut is_cut = false;
    for answered in answers {
        let mut points: Vec<(i64, f64)> = answered.line.points.into_iter().collect();
        if !ascending {
            points.reverse();
        }
        let before = skip.saturating_sub(passed).min(points.len());
        passed += points.len();
        let rest = points.get(before..).unwrap_or_default();
        let here = rest.get(..limit - taken).unwrap_or(rest);
        let is_whole = here.len() == rest.len();
        is_cut |= !is_whole;
        if here.is_empty() && (before > 0 || is_cut) {
            continue;
        }
        taken += here.len();
        let at = here.iter().map(|(at, _)| seconds(*at));
        let values = here.iter().map(|(_, value)| Json::from(*value));
        let mut result = ObjectBuilder::new();
        result
            .insert("Id", answered.id)
            .insert("Label", answered.label)
            .insert("Timestamps", at.collect::<Vec<_>>())
            .insert("Values", values.collect::<Vec<_>>())
            .insert(
                "StatusCode",
                if is_whole { "Complete" } else { "PartialData" },
            );
        shown.push(Json::from(result.build()));
    }
    let mut answer = ObjectBuilder::new();
    answer
        .insert("MetricDataResults", shown)
        .insert("Messages", Vec::<Json>::new())
        .insert_some("NextToken", is_cut.then(|| (skip + taken).to_string()));
    Ok(Json::from(answer.build()))
}

/// `ListMetrics`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    let (account, region) = request.home();
    let namespace = request.given.text("Namespace");
    let name = request.given.text("MetricName");
    let mut wanted: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for filter in request.given.list("Dimensions") {
        let text = |member: &str| filter.get(member).and_then(Json::as_str);
        if let Some(name) = text("Name") {
            wanted.insert(name, text("Value"));
        }
    }
    let now = request.now();
    let since = match request.given.text("RecentlyActive") {
        None => None,
        Some("PT3H") => Some(now.saturating_sub(3 * 3_600_000)),
        Some(_) => {
            return Err(faults::invalid(
                "The value for parameter RecentlyActive must be PT3H.",
            ));
        }
    };
    let mut prefix = vec![account, region];
    if let Some(namespace) = namespace {
        prefix.push(namespace);
        prefix.extend(name);
    }
    let after = match request.given.text("NextToken") {
        Some(token) => token.parse().map_err(|_| faults::next_token())?,
        None => 0,
    };
    request.service.settle()?;
    let (mut shown, mut seen, mut has_more) = (Vec::new(), 0_usize, false);
    let mut visit = |series: Series| {
        let fits = name.is_none_or(|name| name == series.name)
            && wanted.iter().all(|(name, value)| {
                let found = series.dimensions.get(*name);
                found.is_some_and(|found| value.is_none_or(|value| value == found))
            });
        if !fits {
            return ControlFlow::Continue(());
        }
        if shown.len() >= quotas::METRICS_PAGE {
            has_more = true;
            return ControlFlow::Break(());
        }
        seen += 1;
        if seen > after {
            shown.push(series.show());
        }
        ControlFlow::Continue(())
    };
    let found = request
        .service
        .points
        .find(&Series::prefix(&prefix), now, since, &mut visit);
    found.map_err(|error| faults::store(&error))?;
    let next = has_more.then(|| seen.to_string());
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Metrics", shown)
        .insert_some("NextToken", next);
    Ok(Json::from(answer.build()))
}
