//! Metric filters and subscription filters.

use std::sync::Arc;

use passo_json::{Json, Object, ObjectBuilder};
use passo_records::page;
use passo_service::Fault;
use passo_vocab::Arn;

use super::groups::nothing;
use crate::filters::{Filter, Kind};
use crate::pattern::FilterPattern;
use crate::request::Request;
use crate::{Logs, Place, faults};

/// Source: CloudWatch Logs User Guide, "CloudWatch Logs quotas".
const METRIC_FILTERS_MAX: usize = 100;
const SUBSCRIPTION_FILTERS_MAX: usize = 2;
/// Source: API Reference, `TestMetricFilter`.
const TESTED_MAX: usize = 50;

type Answer = Result<Json, Fault>;

/// `PutMetricFilter`
pub(crate) fn put_metric(logs: &Logs, request: &Request<'_>) -> Answer {
    let transformations = request
        .get("metricTransformations")
        .and_then(Json::as_array);
    let [transformation] = transformations.map(|list| &**list).unwrap_or_default() else {
        return Err(faults::invalid(
            "1 validation error detected: Value at 'metricTransformations' failed to satisfy constraint: Member must have length equal to 1",
        ));
    };
    let has = |member: &str| transformation.get(member).and_then(Json::as_str).is_some();
    for member in ["metricName", "metricNamespace", "metricValue"] {
        if !has(member) {
            return Err(faults::missing(member));
        }
    }
    let has_dimensions = transformation
        .get("dimensions")
        .is_some_and(|it| !it.is_null());
    let has_default = transformation
        .get("defaultValue")
        .is_some_and(|it| !it.is_null());
    if has_dimensions && has_default {
        return Err(faults::invalid(
            "Invalid metric transformation: dimensions and default value are mutually exclusive properties.",
        ));
    }
    put(
        logs,
        request,
        Kind::Metric,
        &["metricTransformations", "applyOnTransformedLogs"],
        METRIC_FILTERS_MAX,
    )
}

/// `PutSubscriptionFilter`
pub(crate) fn put_subscription(logs: &Logs, request: &Request<'_>) -> Answer {
    let destination = request.required("destinationArn")?;
    let arn = Arn::parse(destination).ok();
    if arn.is_none_or(|arn| arn.service() != "lambda") {
        return Err(faults::invalid(
            "destinationArn must be the ARN of a Lambda function: no other destination is built in.",
        ));
    }
    put(
        logs,
        request,
        Kind::Subscription,
        &["destinationArn", "roleArn", "distribution"],
        SUBSCRIPTION_FILTERS_MAX,
    )
}

fn put(logs: &Logs, request: &Request<'_>, kind: Kind, members: &[&str], limit: usize) -> Answer {
    let place = request.place()?;
    let name = request.required("filterName")?;
    request.required("filterPattern")?;
    if !(1..=512).contains(&name.len()) || name.contains([':', '*']) {
        return Err(faults::invalid(format!(
            "1 validation error detected: Value '{name}' at 'filterName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*"
        )));
    }
    let _changing = logs.changing();
    logs.tables.group(&place)?;
    let there = logs.filters.list(&place, kind);
    let old = there.iter().find(|filter| filter.name == name);
    if old.is_none() && there.len() >= limit {
        return Err(faults::limit("Resource limit exceeded."));
    }
    let made_at = old.and_then(|old| old.given.get("creationTime")?.as_i64());
    let mut given = ObjectBuilder::new();
    given.insert("filterName", name).insert(
        "filterPattern",
        request.text("filterPattern").unwrap_or_default(),
    );
    for member in members {
        given.insert_some(*member, request.get(member).cloned());
    }
    if kind == Kind::Subscription && request.get("distribution").is_none() {
        given.insert("distribution", "ByLogStream");
    }
    given
        .insert("creationTime", made_at.unwrap_or_else(|| logs.now()))
        .insert("logGroupName", place.group.as_str());
    logs.filters.put(&place, kind, given.build())?;
    Ok(nothing())
}

/// `DeleteMetricFilter`, `DeleteSubscriptionFilter`
pub(crate) fn delete(logs: &Logs, request: &Request<'_>, kind: Kind) -> Answer {
    let place = request.place()?;
    let name = request.required("filterName")?;
    let _changing = logs.changing();
    logs.tables.group(&place)?;
    let removed = logs.filters.remove(&place, kind, name);
    match removed.map_err(|error| faults::store(&error))? {
        true => Ok(nothing()),
        false => Err(faults::no_filter(match kind {
            Kind::Metric => "metric",
            Kind::Subscription => "subscription",
        })),
    }
}

/// `DescribeMetricFilters`: of one group, or of all.
pub(crate) fn describe_metric(logs: &Logs, request: &Request<'_>) -> Answer {
    let found = match request.text("logGroupName") {
        Some(_) => of_group(logs, request, Kind::Metric)?,
        None => {
            let all = logs.filters.all(&request.given.call.caller, Kind::Metric);
            all.into_iter().map(|(_, filter)| filter).collect()
        }
    };
    let (name, namespace) = (request.text("metricName"), request.text("metricNamespace"));
    let found = found.into_iter().filter(|filter| {
        let list = filter
            .given
            .get("metricTransformations")
            .and_then(Json::as_array);
        let mut list = list.into_iter().flat_map(|list| list.iter());
        list.any(|it| {
            let is = |member: &str, wanted: Option<&str>| {
                wanted.is_none_or(|wanted| it.get(member).and_then(Json::as_str) == Some(wanted))
            };
            is("metricName", name) && is("metricNamespace", namespace)
        })
    });
    Ok(shown(request, "metricFilters", found.collect()))
}

/// `DescribeSubscriptionFilters`
pub(crate) fn describe_subscription(logs: &Logs, request: &Request<'_>) -> Answer {
    let found = of_group(logs, request, Kind::Subscription)?;
    Ok(shown(request, "subscriptionFilters", found))
}

fn of_group(logs: &Logs, request: &Request<'_>, kind: Kind) -> Result<Vec<Arc<Filter>>, Fault> {
    let place: Place = request.place()?;
    logs.tables.group(&place)?;
    Ok(logs.filters.list(&place, kind))
}

fn shown(request: &Request<'_>, member: &str, mut found: Vec<Arc<Filter>>) -> Json {
    let prefix = request.text("filterNamePrefix").unwrap_or_default();
    found.retain(|filter| filter.name.starts_with(prefix));
    let (found, next) = page(
        found,
        |filter| &filter.name,
        request.text("nextToken"),
        request.limit(50, 50),
    );
    let shown = found
        .iter()
        .map(|filter| Json::from(Object::clone(&filter.given)));
    let mut answer = ObjectBuilder::new();
    answer
        .insert(member, shown.collect::<Vec<_>>())
        .insert_some("nextToken", next);
    Json::from(answer.build())
}

/// `TestMetricFilter`
pub(crate) fn test(request: &Request<'_>) -> Answer {
    let pattern = request.required("filterPattern")?;
    let pattern = FilterPattern::parse(pattern).ok_or_else(faults::pattern)?;
    let messages = request.texts("logEventMessages");
    if !(1..=TESTED_MAX).contains(&messages.len()) {
        return Err(faults::invalid(
            "1 validation error detected: Value at 'logEventMessages' failed to satisfy constraint: Member must have length less than or equal to 50",
        ));
    }
    let selectors = pattern.selectors();
    let mut matches = Vec::new();
    for (number, message) in (1_i64..).zip(messages) {
        let Some(found) = pattern.find(message) else {
            continue;
        };
        let values = selectors.iter();
        let values = values.filter_map(|it| Some((it.as_str(), Json::from(found.value(it)?))));
        let mut one = ObjectBuilder::new();
        one.insert("eventNumber", number)
            .insert("eventMessage", message)
            .insert("extractedValues", values.collect::<Object>());
        matches.push(Json::from(one.build()));
    }
    let mut answer = ObjectBuilder::new();
    answer.insert("matches", matches);
    Ok(Json::from(answer.build()))
}
