//! Evaluating alarms: reading what they look at, and recording a new state with everything that follows from it.

use std::collections::BTreeMap;

use passo_json::{Json, Object, ObjectBuilder};
use passo_records::Changing;
use passo_service::{Caller, Fault};
use passo_store::Batch;

use crate::alarm::{Alarm, Key, State};
use crate::composite::AlarmRule;
use crate::evaluation::{self, Comparison, MORE_PERIODS, Missing, Period, Rule, StateValue};
use crate::history::{self, ItemType};
use crate::query::{self, Query, Window};
use crate::series::Series;
use crate::service::Shared;
use crate::{actions, faults};

const MINUTE: i64 = 60_000;
/// How long a chain of composite alarms may be.
const ROUNDS_MAX: usize = 10;

/// What a metric alarm does, read from what was given.
struct Plan {
    rule: Rule,
    period_millis: i64,
    queries: Vec<Query>,
}

impl Plan {
    fn of(alarm: &Alarm) -> Option<Plan> {
        let caller = alarm.caller()?;
        let queries = queries(alarm, &caller)?;
        let returned = queries.iter().find(|query| query.is_returned)?;
        let periods = queries.iter().filter_map(Query::period_millis);
        let period_millis = returned.period_millis().or(periods.min())?;
        let periods = usize::try_from(alarm.number("EvaluationPeriods")?).ok()?;
        let breaching = alarm.number("DatapointsToAlarm");
        let breaching = breaching.and_then(|count| usize::try_from(count).ok());
        Some(Plan {
            rule: Rule {
                comparison: Comparison::parse(alarm.text("ComparisonOperator")?)?,
                threshold: alarm.given.get("Threshold")?.as_f64()?,
                missing: Missing::parse(alarm.text("TreatMissingData").unwrap_or("missing"))?,
                periods,
                breaching: breaching.unwrap_or(periods),
            },
            period_millis,
            queries,
        })
    }

    /// How often it is evaluated.
    fn step_millis(&self) -> i64 {
        self.period_millis.min(MINUTE)
    }
}

fn queries(alarm: &Alarm, caller: &Caller) -> Option<Vec<Query>> {
    if let Some(metrics) = alarm.given.get("Metrics").and_then(Json::as_array) {
        let queries = metrics.iter().enumerate();
        let queries = queries.map(|(place, query)| Query::read(query, place, caller).ok());
        return queries.collect();
    }
    // One metric, written as a query.
    let given = |member: &str| alarm.given.get(member).cloned();
    let mut metric = ObjectBuilder::new();
    metric
        .insert_some("Namespace", given("Namespace"))
        .insert_some("MetricName", given("MetricName"))
        .insert_some("Dimensions", given("Dimensions"));
    let mut stat = ObjectBuilder::new();
    stat.insert("Metric", metric.build())
        .insert_some("Period", given("Period"))
        .insert_some(
            "Stat",
            given("Statistic").or_else(|| given("ExtendedStatistic")),
        )
        .insert_some("Unit", given("Unit"));
    let query = Object::default()
        .with("Id", "metric")
        .with("MetricStat", stat.build());
    Some(vec![Query::read(&Json::from(query), 0, caller).ok()?])
}

/// The metrics that an alarm looks at, and how often it is evaluated.
pub(crate) fn looks_at(alarm: &Alarm) -> (Vec<Series>, i64) {
    let Some(plan) = Plan::of(alarm) else {
        return (Vec::new(), MINUTE);
    };
    let metrics = plan.queries.iter().filter_map(Query::metric);
    let metrics = metrics.map(|metric| Series::clone(&metric.series));
    (metrics.collect(), plan.step_millis())
}

/// Evaluates the alarm of `key`; when to do so again, if anything may become of it by itself.
///
/// # Errors
/// Where the store fails.
pub(crate) fn evaluate(shared: &Shared, key: &Key) -> Result<Option<i64>, Fault> {
    shared.settle()?;
    let changed = {
        let change = shared.records.change();
        let Some(alarm) = shared.alarm(key)? else {
            return Ok(None);
        };
        let Some(rule) = alarm.rule().and_then(AlarmRule::parse) else {
            let (next, changed) = judge(shared, &change, alarm)?;
            drop(change);
            if changed {
                follow(shared, key)?;
            }
            return Ok(next);
        };
        judge_composite(shared, &change, alarm, &rule)?
    };
    if changed {
        follow(shared, key)?;
    }
    Ok(None)
}

/// Evaluates the composite alarms that may look at an alarm that has changed.
///
/// # Errors
/// Where the store fails.
pub(crate) fn follow(shared: &Shared, key: &Key) -> Result<(), Fault> {
    for _ in 0..ROUNDS_MAX {
        let mut any = false;
        for other in shared.watch.composites(key) {
            let change = shared.records.change();
            let Some(alarm) = shared.alarm(&other)? else {
                continue;
            };
            if let Some(rule) = alarm.rule().and_then(AlarmRule::parse) {
                any |= judge_composite(shared, &change, alarm, &rule)?;
            }
        }
        if !any {
            break;
        }
    }
    Ok(())
}

fn judge(
    shared: &Shared,
    change: &Changing<'_>,
    alarm: Alarm,
) -> Result<(Option<i64>, bool), Fault> {
    let (Some(plan), Some(caller)) = (Plan::of(&alarm), alarm.caller()) else {
        return Ok((None, false));
    };
    let (now, step) = (shared.now(), plan.step_millis());
    let end = now.div_euclid(step) * step;
    let count = plan.rule.periods.saturating_add(MORE_PERIODS);
    let length = i64::try_from(count).unwrap_or(i64::MAX);
    let from = end.saturating_sub(length.saturating_mul(plan.period_millis));
    let window = Window { from, to: end, now };
    let answers = query::answer(&shared.points, &plan.queries, &caller, window);
    // An expression that has no value has no points.
    let line = match answers {
        Ok(answers) => answers
            .into_iter()
            .next()
            .map(|answered| answered.line.points),
        Err(fault) if fault.status < 500 => None,
        Err(fault) => return Err(fault),
    };
    let periods = periods(&line.unwrap_or_default(), end, plan.period_millis, count);
    let next = match may_move(shared, &plan, from)? {
        true => Some(end + step),
        false => None,
    };
    let Some(verdict) = evaluation::evaluate(&plan.rule, &periods) else {
        return Ok((next, false));
    };
    if verdict.value == alarm.state.value {
        return Ok((next, false));
    }
    let data = actions::reason_data(&alarm, &verdict.points, now);
    set_state(
        shared,
        change,
        alarm,
        verdict.value,
        verdict.reason,
        Some(data),
    )?;
    Ok((next, true))
}

/// Periods before `end`, the newest first.
fn periods(points: &BTreeMap<i64, f64>, end: i64, period_millis: i64, count: usize) -> Vec<Period> {
    let starts = std::iter::successors(Some(end - period_millis), |at| {
        at.checked_sub(period_millis)
    });
    let starts = starts.take(count);
    starts.map(|at| (at, points.get(&at).copied())).collect()
}

/// Whether there is data that can still come into, or go out of, what is looked at.
fn may_move(shared: &Shared, plan: &Plan, from: i64) -> Result<bool, Fault> {
    let metrics: Vec<_> = plan.queries.iter().filter_map(Query::metric).collect();
    for metric in &metrics {
        let has = shared.points.has_since(&metric.series, from);
        if has.map_err(|error| faults::store(&error))? {
            return Ok(true);
        }
    }
    // Searches look at metrics that are not known here.
    Ok(metrics.is_empty())
}

fn judge_composite(
    shared: &Shared,
    change: &Changing<'_>,
    alarm: Alarm,
    rule: &AlarmRule,
) -> Result<bool, Fault> {
    let mut states = BTreeMap::new();
    for name in rule.names() {
        let key = Key {
            name: name.to_owned(),
            ..alarm.key()
        };
        if let Some(other) = shared.alarm(&key)? {
            states.insert(name.to_owned(), other);
        }
    }
    let holds = rule.holds(&|name| states.get(name).map(|alarm| alarm.state.value));
    let value = match holds {
        true => StateValue::Alarm,
        false => StateValue::Ok,
    };
    if value == alarm.state.value {
        return Ok(false);
    }
    let newest = states.values().max_by_key(|other| other.state.changed_at);
    let reason = match newest {
        Some(other) => format!(
            "{} transitioned to {} at {}",
            other.arn(),
            other.state.value.name(),
            passo_vocab::Timestamp::from_epoch_millis(other.state.changed_at)
        ),
        None => format!("The alarm rule is {holds}"),
    };
    set_state(shared, change, alarm, value, reason, None)?;
    Ok(true)
}

/// Gives an alarm a state. What follows from another one becomes durable together with it.
///
/// # Errors
/// Where the store fails; nothing has changed then.
pub(crate) fn set_state(
    shared: &Shared,
    change: &Changing<'_>,
    mut alarm: Alarm,
    value: StateValue,
    reason: String,
    reason_data: Option<String>,
) -> Result<(), Fault> {
    let now = shared.now();
    let is_other = value != alarm.state.value;
    let state = State {
        value,
        reason,
        reason_data,
        updated_at: now,
        changed_at: if is_other {
            now
        } else {
            alarm.state.changed_at
        },
    };
    let before = std::mem::replace(&mut alarm.state, state);
    let mut batch = Batch::new();
    change.put_into(&mut batch, &alarm.key().row(), &alarm.encode());
    let mut tickets = Vec::new();
    if is_other {
        let summary = format!(
            "Alarm updated from {} to {}",
            before.value.name(),
            value.name()
        );
        let data = history::state_update(&before, &alarm.state);
        let item = (ItemType::StateUpdate, &*summary, data);
        history::put(shared, change, &mut batch, &alarm, item);
        if alarm.are_actions_enabled() {
            for action in alarm.actions(value) {
                let summary = format!("Successfully executed action {action}");
                let data = Object::default()
                    .with("actionState", "Succeeded")
                    .with("notificationResource", action)
                    .with("stateUpdateTimestamp", now);
                let item = (ItemType::Action, &*summary, Json::from(data));
                history::put(shared, change, &mut batch, &alarm, item);
            }
        }
        let id = shared.uuid();
        for delivery in actions::deliveries(&alarm, &before, &id, shared.ports.events) {
            tickets.push(shared.outbox.put(&mut batch, delivery));
        }
    }
    change
        .commit(&batch)
        .map_err(|error| faults::store(&error))?;
    for ticket in tickets {
        shared.outbox.let_go(ticket);
    }
    Ok(())
}
