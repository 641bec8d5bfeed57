//! Alarms: putting, showing and removing them; their history.

use passo_json::{Json, Object, ObjectBuilder};
use passo_records::page;
use passo_service::Fault;
use passo_store::Batch;

use crate::alarm::{Alarm, Key, State};
use crate::composite::AlarmRule;
use crate::evaluation::{Comparison, Missing, StateValue};
use crate::history::{self, ItemType};
use crate::query::{self, Query};
use crate::request::{Answer, Request, millis, nothing};
use crate::series::read_dimensions;
use crate::{faults, judging, quotas};

const DAY_SECONDS: i64 = 86_400;

/// What `PutMetricAlarm` keeps.
const MEMBERS: [&str; 22] = [
    "AlarmName",
    "AlarmDescription",
    "ActionsEnabled",
    "OKActions",
    "AlarmActions",
    "InsufficientDataActions",
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Dimensions",
    "Period",
    "Unit",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
    "EvaluateLowSampleCountPercentile",
    "Metrics",
    "AlarmRule",
    "ActionsSuppressor",
];

/// `PutMetricAlarm`
pub(crate) fn put(request: &Request<'_>) -> Answer {
    check_metric_alarm(request)?;
    keep(request)
}

/// `PutCompositeAlarm`
pub(crate) fn put_composite(request: &Request<'_>) -> Answer {
    let rule = request.required("AlarmRule")?;
    let parsed = AlarmRule::parse(rule)
        .ok_or_else(|| faults::validation("AlarmRule must not contain an invalid expression."))?;
    let name = request.required("AlarmName")?;
    for other in parsed.names() {
        if other == name {
            return Err(faults::validation(
                "A composite alarm cannot depend on itself.",
            ));
        }
        if request.service.alarm(&key(request, other))?.is_none() {
            return Err(faults::validation(format!(
                "Could not save the composite alarm as alarms [{other}] in the alarm rule do not exist"
            )));
        }
    }
    keep(request)
}

fn key(request: &Request<'_>, name: &str) -> Key {
    Key {
        account: request.given.account().to_owned(),
        region: request.given.region().to_owned(),
        name: name.to_owned(),
    }
}

fn check_metric_alarm(request: &Request<'_>) -> Result<(), Fault> {
    let given = &request.given;
    let operator = request.required("ComparisonOperator")?;
    if Comparison::parse(operator).is_none() {
        return Err(faults::validation(format!(
            "The comparison operator {operator} is not supported."
        )));
    }
    let missing = given.text("TreatMissingData").unwrap_or("missing");
    if Missing::parse(missing).is_none() {
        return Err(faults::validation(format!(
            "Option {missing} is not supported for TreatMissingData"
        )));
    }
    let periods = given.number("EvaluationPeriods");
    let periods = periods.ok_or_else(|| faults::missing("EvaluationPeriods"))?;
    let breaching = given.number("DatapointsToAlarm").unwrap_or(periods);
    if periods < 1 {
        return Err(at_least_one(periods, "evaluationPeriods"));
    }
    if breaching < 1 {
        return Err(at_least_one(breaching, "datapointsToAlarm"));
    }
    if breaching > periods {
        return Err(faults::validation(
            "DatapointsToAlarm must be less than or equal to EvaluationPeriods.",
        ));
    }
    if given.get("Threshold").is_none() {
        return Err(faults::missing("Threshold"));
    }
    let period_millis = match given.list("Metrics") {
        [] => check_one_metric(request)?,
        metrics => check_metrics(request, metrics)?,
    };
    let seconds = (period_millis / 1000).saturating_mul(periods);
    let limit = match period_millis {
        3_600_000.. => 7 * DAY_SECONDS,
        _ => DAY_SECONDS,
    };
    if seconds > limit {
        return Err(faults::validation(format!(
            "Metrics cannot be checked across more than {} (EvaluationPeriods * Period must be <= {limit}).",
            if limit > DAY_SECONDS {
                "a week"
            } else {
                "a day"
            }
        )));
    }
    Ok(())
}

fn at_least_one(value: i64, member: &str) -> Fault {
    faults::validation(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have value greater than or equal to 1"
    ))
}

fn check_one_metric(request: &Request<'_>) -> Result<i64, Fault> {
    let given = &request.given;
    request.required("MetricName")?;
    request.required("Namespace")?;
    match (given.text("Statistic"), given.text("ExtendedStatistic")) {
        (Some(_), Some(_)) => {
            return Err(faults::combination(
                "Exactly one of Statistic and ExtendedStatistic must be specified.",
            ));
        }
        (None, None) => return Err(faults::missing("Statistic")),
        (Some(statistic), None) | (None, Some(statistic)) => {
            query::statistic(statistic)?;
        }
    }
    given.text("Unit").map(query::unit).transpose()?;
    let period = given
        .get("Period")
        .ok_or_else(|| faults::missing("Period"))?;
    match period.as_i64() {
        Some(10 | 20 | 30) => query::period(period),
        Some(seconds) if seconds >= 60 => query::period(period),
        _ => Err(faults::validation(
            "The value for parameter Period must be 10, 20, 30 or a multiple of 60.",
        )),
    }
}

fn check_metrics(request: &Request<'_>, metrics: &[Json]) -> Result<i64, Fault> {
    if request.given.get("MetricName").is_some() || request.given.get("Statistic").is_some() {
        return Err(faults::validation(
            "Metrics list and single metric parameters cannot be specified at the same time.",
        ));
    }
    let caller = &request.given.call.caller;
    let mut queries = Vec::new();
    for (place, metric) in metrics.iter().enumerate() {
        queries.push(Query::read(metric, place, caller)?);
    }
    let mut returned = queries.iter().filter(|query| query.is_returned);
    let (Some(one), None) = (returned.next(), returned.next()) else {
        return Err(faults::validation(
            "Exactly one element of the metrics list should return data.",
        ));
    };
    let periods = queries.iter().filter_map(Query::period_millis);
    let period = one.period_millis().or(periods.min());
    period.ok_or_else(|| faults::missing("Period"))
}

/// Keeps an alarm as it is given. One that is there keeps its state and its tags.
fn keep(request: &Request<'_>) -> Answer {
    let name = request.required("AlarmName")?;
    if !(1..=255).contains(&name.len()) || name.contains(char::is_control) {
        return Err(faults::validation(
            "1 validation error detected: Value at 'alarmName' failed to satisfy constraint: Member must have length less than or equal to 255",
        ));
    }
    for member in ["OKActions", "AlarmActions", "InsufficientDataActions"] {
        let actions = request.given.texts(member);
        if actions.len() > quotas::ACTIONS_MAX {
            return Err(faults::validation(format!(
                "The collection {member} must not have a size greater than 5."
            )));
        }
        if let Some(wrong) = actions.iter().find(|action| !action.starts_with("arn:")) {
            return Err(faults::validation(format!("Invalid arn syntax: {wrong}")));
        }
    }
    let members = MEMBERS.into_iter();
    let members = members.filter_map(|member| Some((member, request.given.get(member)?.clone())));
    let given: Object = members.collect();
    let (now, key) = (request.now(), key(request, name));
    let change = request.service.records.change();
    let before = request.service.alarm(&key)?;
    let is_new = before.is_none();
    let alarms = request
        .service
        .records
        .list(&["alarm", &key.account, &key.region]);
    if is_new && alarms.map_err(|error| faults::store(&error))?.len() >= quotas::ALARMS_MAX {
        return Err(faults::limit("You have reached the limit of 5000 alarms."));
    }
    let (state, tags) = match before {
        Some(alarm) => (alarm.state, alarm.tags),
        None => (
            State {
                value: StateValue::InsufficientData,
                reason: "Unchecked: Initial alarm creation".to_owned(),
                reason_data: None,
                updated_at: now,
                changed_at: now,
            },
            request.given.tags("Tags"),
        ),
    };
    let alarm = Alarm {
        account: key.account.clone(),
        region: key.region.clone(),
        name: name.to_owned(),
        given,
        state,
        configured_at: now,
        tags,
    };
    let mut batch = Batch::new();
    change.put_into(&mut batch, &key.row(), &alarm.encode());
    let (kind, summary) = match is_new {
        true => ("Create", format!("Alarm \"{name}\" created")),
        false => ("Update", format!("Alarm \"{name}\" updated")),
    };
    let data = history::configuration_update(kind, &alarm);
    let item = (ItemType::ConfigurationUpdate, &*summary, data);
    history::put(request.service, &change, &mut batch, &alarm, item);
    change
        .commit(&batch)
        .map_err(|error| faults::store(&error))?;
    drop(change);
    request.service.watch.put(&alarm, now);
    Ok(nothing())
}

/// The alarms of the caller, by name.
fn alarms(request: &Request<'_>) -> Result<Vec<Alarm>, Fault> {
    let (account, region) = request.home();
    let rows = request.service.records.list(&["alarm", account, region]);
    let rows = rows.map_err(|error| faults::store(&error))?;
    Ok(rows
        .iter()
        .filter_map(|(_, row)| Alarm::decode(row))
        .collect())
}

/// `DescribeAlarms`
pub(crate) fn describe(request: &Request<'_>) -> Answer {
    let given = &request.given;
    let names = given.texts("AlarmNames");
    let prefix = given.text("AlarmNamePrefix").unwrap_or_default();
    if !names.is_empty() && !prefix.is_empty() {
        return Err(faults::combination(
            "AlarmNamePrefix and AlarmNames are mutually exclusive.",
        ));
    }
    let types = given.texts("AlarmTypes");
    let is_wanted_type = |alarm: &Alarm| match alarm.rule() {
        Some(_) => types.contains(&"CompositeAlarm"),
        None => types.is_empty() || types.contains(&"MetricAlarm"),
    };
    let action = given.text("ActionPrefix");
    let mut found = alarms(request)?;
    let children = given.text("ChildrenOfAlarmName");
    let children = children.map(|parent| children_of(&found, parent));
    let parents_of = given.text("ParentsOfAlarmName");
    found.retain(|alarm| {
        let looks_at = |name: &str| {
            let rule = alarm.rule().and_then(AlarmRule::parse);
            rule.is_some_and(|rule| rule.names().contains(&name))
        };
        if let Some(children) = &children {
            return children.contains(&alarm.name);
        }
        if let Some(name) = parents_of {
            return looks_at(name);
        }
        is_wanted_type(alarm)
            && (names.is_empty() || names.contains(&alarm.name.as_str()))
            && alarm.name.starts_with(prefix)
            && given
                .text("StateValue")
                .is_none_or(|value| alarm.state.value.name() == value)
            && action.is_none_or(|prefix| has_action(alarm, prefix))
    });
    let limit = given
        .number("MaxRecords")
        .unwrap_or(50)
        .clamp(1, quotas::ALARMS_PAGE);
    let limit = usize::try_from(limit).unwrap_or(50);
    let (found, next) = page(found, |alarm| &alarm.name, given.text("NextToken"), limit);
    let (composite, metric): (Vec<&Alarm>, Vec<&Alarm>) =
        found.iter().partition(|alarm| alarm.rule().is_some());
    let show = |alarms: Vec<&Alarm>| alarms.into_iter().map(Alarm::show).collect::<Vec<_>>();
    let mut answer = ObjectBuilder::new();
    answer
        .insert("CompositeAlarms", show(composite))
        .insert("MetricAlarms", show(metric))
        .insert_some("NextToken", next);
    Ok(Json::from(answer.build()))
}

fn has_action(alarm: &Alarm, prefix: &str) -> bool {
    let states = [
        StateValue::Ok,
        StateValue::Alarm,
        StateValue::InsufficientData,
    ];
    let mut actions = states.iter().flat_map(|state| alarm.actions(*state));
    actions.any(|action| action.starts_with(prefix))
}

/// The alarms that the composite alarm `parent` looks at.
fn children_of(alarms: &[Alarm], parent: &str) -> Vec<String> {
    let parent = alarms.iter().find(|alarm| alarm.name == parent);
    let rule = parent.and_then(|alarm| AlarmRule::parse(alarm.rule()?));
    let names = rule.as_ref().map(AlarmRule::names).unwrap_or_default();
    names.into_iter().map(str::to_owned).collect()
}

/// `DescribeAlarmsForMetric`
pub(crate) fn describe_for_metric(request: &Request<'_>) -> Answer {
    let (name, namespace) = (
        request.required("MetricName")?,
        request.required("Namespace")?,
    );
    let given = &request.given;
    let dimensions = read_dimensions(given.get("Dimensions"));
    let same = |alarm: &Alarm, member: &str| {
        given
            .text(member)
            .is_none_or(|wanted| alarm.text(member) == Some(wanted))
    };
    let mut found = alarms(request)?;
    found.retain(|alarm| {
        let has_period = given
            .number("Period")
            .is_none_or(|period| alarm.number("Period") == Some(period));
        let own = read_dimensions(alarm.given.get("Dimensions"));
        let is_it = alarm.text("MetricName") == Some(name)
            && alarm.text("Namespace") == Some(namespace)
            && own == dimensions
            && has_period
            && same(alarm, "Statistic")
            && same(alarm, "ExtendedStatistic")
            && same(alarm, "Unit");
        let (looked_at, _) = judging::looks_at(alarm);
        let uses = alarm.given.contains_key("Metrics")
            && looked_at.iter().any(|series| {
                series.name == name
                    && series.namespace == namespace
                    && series.dimensions == dimensions
            });
        is_it || uses
    });
    let mut answer = ObjectBuilder::new();
    answer.insert(
        "MetricAlarms",
        found.iter().map(Alarm::show).collect::<Vec<_>>(),
    );
    Ok(Json::from(answer.build()))
}

/// `DescribeAlarmHistory`
pub(crate) fn history(request: &Request<'_>) -> Answer {
    let given = &request.given;
    let (account, region) = request.home();
    let mut items = history::items(request.service, account, region)?;
    let types = given.texts("AlarmTypes");
    let (from, to) = (request.time("StartDate"), request.time("EndDate"));
    items.retain(|(_, item)| {
        let text = |member: &str| item.get(member).and_then(Json::as_str);
        let is = |member: &str| {
            given
                .text(member)
                .is_none_or(|wanted| text(member) == Some(wanted))
        };
        let at = item.get("Timestamp").and_then(millis).unwrap_or_default();
        let kind = text("AlarmType").unwrap_or_default();
        is("AlarmName")
            && is("HistoryItemType")
            && (types.is_empty() || types.contains(&kind))
            && from.is_none_or(|from| at >= from)
            && to.is_none_or(|to| at <= to)
    });
    if given.text("ScanBy") != Some("TimestampAscending") {
        items.reverse();
    }
    let seen = match given.text("NextToken") {
        Some(token) => {
            let place = items.iter().position(|(place, _)| place == token);
            place.ok_or_else(faults::next_token)? + 1
        }
        None => 0,
    };
    let rest = items.get(seen..).unwrap_or_default();
    let limit = given.number("MaxRecords").unwrap_or(100).clamp(1, 100);
    let shown = rest
        .get(..usize::try_from(limit).unwrap_or(100))
        .unwrap_or(rest);
    let next = shown.last().filter(|_| shown.len() < rest.len());
    let mut answer = ObjectBuilder::new();
    answer
        .insert(
            "AlarmHistoryItems",
            shown
                .iter()
                .map(|(_, item)| item.clone())
                .collect::<Vec<_>>(),
        )
        .insert_some("NextToken", next.map(|(place, _)| place.as_str()));
    Ok(Json::from(answer.build()))
}

/// `DeleteAlarms`: those that are not there are left out.
pub(crate) fn delete(request: &Request<'_>) -> Answer {
    for name in request.given.texts("AlarmNames") {
        let key = key(request, name);
        let change = request.service.records.change();
        let Some(alarm) = request.service.alarm(&key)? else {
            continue;
        };
        let gone = change.remove(&key.row());
        gone.map_err(|error| faults::store(&error))?;
        let mut batch = Batch::new();
        let summary = format!("Alarm \"{name}\" deleted");
        let data = history::configuration_update("Delete", &alarm);
        let item = (ItemType::ConfigurationUpdate, &*summary, data);
        history::put(request.service, &change, &mut batch, &alarm, item);
        change
            .commit(&batch)
            .map_err(|error| faults::store(&error))?;
        request.service.watch.remove(&key);
    }
    Ok(nothing())
}

/// `SetAlarmState`: until the next evaluation.
pub(crate) fn set_state(request: &Request<'_>) -> Answer {
    let key = key(request, request.required("AlarmName")?);
    let text = request.required("StateValue")?;
    let value = StateValue::parse(text).ok_or_else(|| {
        faults::validation(format!(
            "1 validation error detected: Value '{text}' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]"
        ))
    })?;
    let reason = request.required("StateReason")?.to_owned();
    let data = request.given.text("StateReasonData").map(str::to_owned);
    if data
        .as_deref()
        .is_some_and(|data| Json::parse(data).is_err())
    {
        return Err(Fault::caller("InvalidFormatFault", "Unknown").with_query_code("InvalidFormat"));
    }
    {
        let change = request.service.records.change();
        let alarm = request.service.alarm(&key)?.ok_or_else(faults::no_alarm)?;
        judging::set_state(request.service, &change, alarm, value, reason, data)?;
    }
    judging::follow(request.service, &key)?;
    // It is what it is until the next full minute.
    let next = (request.now().div_euclid(60_000) + 1) * 60_000;
    request.service.watch.wake(&key, next);
    Ok(nothing())
}

/// `EnableAlarmActions`, `DisableAlarmActions`
pub(crate) fn set_actions(request: &Request<'_>, enabled: bool) -> Answer {
    for name in request.given.texts("AlarmNames") {
        let key = key(request, name);
        let change = request.service.records.change();
        if let Some(mut alarm) = request.service.alarm(&key)? {
            alarm.given = alarm.given.with("ActionsEnabled", enabled);
            let kept = change.put(&key.row(), &alarm.encode());
            kept.map_err(|error| faults::store(&error))?;
        }
    }
    Ok(nothing())
}
