//! Schedules.

use passo_json::{Json, Object, ObjectBuilder};
use passo_schedule::Schedule as Expression;
use passo_service::Fault;

use crate::quotas::{INPUT_BYTES_MAX, START_AGE_MAX_MILLIS};
use crate::request::{Answer, Request, nothing};
use crate::schedule::{Schedule, millis, seconds};
use crate::zone::Zone;
use crate::{check, faults, target};

/// `CreateSchedule`: a second time with the same token it is the same schedule.
pub(crate) fn create(request: &Request<'_>) -> Answer {
    let (group, name) = (request.group_name()?, request.name()?);
    let token = request.text("ClientToken");
    let now = request.service.now();
    let given = given(request, now)?;
    let change = request.service.records.change();
    request.group(group)?;
    if let Some(old) = request.find_schedule(group, name)? {
        if token.is_none() || old.token.as_deref() != token {
            return Err(faults::conflict(format!("Schedule {name} already exists.")));
        }
        return Ok(answer(&old));
    }
    let mut schedule = Schedule {
        account: request.given.account().to_owned(),
        region: request.given.region().to_owned(),
        group: group.to_owned(),
        name: name.to_owned(),
        given,
        token: token.map(str::to_owned),
        created_at: now,
        modified_at: now,
        began_at: now,
        next: None,
    };
    keep(request, &change, &mut schedule, now)?;
    Ok(answer(&schedule))
}

/// `UpdateSchedule`: changes it as a whole; what is not given is as if it never was.
pub(crate) fn update(request: &Request<'_>) -> Answer {
    let (group, name) = (request.group_name()?, request.name()?);
    let now = request.service.now();
    let given = given(request, now)?;
    let change = request.service.records.change();
    let found = request.find_schedule(group, name)?;
    let mut schedule = found.ok_or_else(|| faults::no_schedule(name))?;
    // A rate goes on as it was, unless it is another one.
    if given.get("ScheduleExpression") != schedule.given.get("ScheduleExpression") {
        schedule.began_at = now;
    }
    schedule.given = given;
    schedule.modified_at = now;
    keep(request, &change, &mut schedule, now)?;
    Ok(answer(&schedule))
}

/// `GetSchedule`
pub(crate) fn get(request: &Request<'_>) -> Answer {
    let (group, name) = (request.group_name()?, request.name()?);
    let found = request.find_schedule(group, name)?;
    let schedule = found.ok_or_else(|| faults::no_schedule(name))?;
    let mut shown = outline(&schedule);
    for (member, value) in schedule.given.iter() {
        shown.insert(&**member, value.clone());
    }
    Ok(Json::from(shown.build()))
}

/// `DeleteSchedule`
pub(crate) fn delete(request: &Request<'_>) -> Answer {
    let (group, name) = (request.group_name()?, request.name()?);
    let change = request.service.records.change();
    let found = request.find_schedule(group, name)?;
    let schedule = found.ok_or_else(|| faults::no_schedule(name))?;
    change
        .remove(&request.schedule_key(group, name))
        .map_err(|error| faults::store(&error))?;
    request.service.index().set(&schedule.key(), None);
    Ok(nothing())
}

/// `ListSchedules`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    let group = match request.text("GroupName") {
        Some(_) => Some(request.group(request.group_name()?)?.name),
        None => None,
    };
    let mut found = all(request, group.as_deref())?;
    if let Some(prefix) = request.text("NamePrefix") {
        found.retain(|(_, schedule)| schedule.name.starts_with(prefix));
    }
    if let Some(state) = request.text("State") {
        found.retain(|(_, schedule)| schedule.text("State") == Some(state));
    }
    request.page("Schedules", found, |schedule| {
        let arn = schedule.target().get("Arn").cloned();
        let mut shown = outline(schedule);
        shown
            .insert_some("State", schedule.given.get("State").cloned())
            .insert(
                "Target",
                Object::default().with("Arn", arn.unwrap_or(Json::Null)),
            );
        Json::from(shown.build())
    })
}

/// The schedules of the caller, or those of one group, by group and name.
fn all(request: &Request<'_>, group: Option<&str>) -> Result<Vec<(String, Schedule)>, Fault> {
    let mut prefix = vec!["schedule", request.given.account(), request.given.region()];
    prefix.extend(group);
    let rows = request.service.records.list(&prefix);
    let rows = rows.map_err(|error| faults::store(&error))?;
    let schedules = rows.iter().filter_map(|(_, row)| Schedule::decode(row));
    Ok(schedules
        .map(|schedule| (schedule.key(), schedule))
        .collect())
}

/// Keeps a schedule and says when it is fired next.
fn keep(
    request: &Request<'_>,
    change: &passo_records::Changing<'_>,
    schedule: &mut Schedule,
    now: i64,
) -> Result<(), Fault> {
    // What is due in this very second is due.
    let after = now.div_euclid(1000).saturating_mul(1000).saturating_sub(1);
    let due = schedule.rhythm().and_then(|rhythm| rhythm.next(after));
    schedule.next = due
        .filter(|_| schedule.is_enabled())
        .map(|due_at| schedule.fired(due_at, &request.service.entropy()));
    let key = schedule.key();
    change
        .put(&["schedule", &key], &schedule.encode())
        .map_err(|error| faults::store(&error))?;
    let fire_at = schedule.next.map(|next| next.fire_at);
    request.service.index().set(&key, fire_at);
    request.service.changed.notify_one();
    Ok(())
}

/// What is given of a schedule, checked, with defaults.
fn given(request: &Request<'_>, now: i64) -> Result<Object, Fault> {
    let parameters = request.given;
    let expression = request.text("ScheduleExpression").unwrap_or_default();
    if Expression::parse(expression).is_err() {
        return Err(faults::validation(format!(
            "Invalid Schedule Expression {expression}."
        )));
    }
    let zone = request.text("ScheduleExpressionTimezone").unwrap_or("UTC");
    if Zone::parse(zone).is_none() {
        return Err(faults::validation(format!(
            "Invalid Schedule Expression Timezone {zone}."
        )));
    }
    check_times(request, now)?;
    check_window(parameters.get("FlexibleTimeWindow"))?;
    let mut given = ObjectBuilder::new();
    given
        .insert_some("Description", request.text("Description"))
        .insert("ScheduleExpression", expression)
        .insert("ScheduleExpressionTimezone", zone)
        .insert_some("StartDate", parameters.get("StartDate").cloned())
        .insert_some("EndDate", parameters.get("EndDate").cloned())
        .insert_some(
            "FlexibleTimeWindow",
            parameters.get("FlexibleTimeWindow").cloned(),
        )
        .insert_some("KmsKeyArn", request.text("KmsKeyArn"))
        .insert("State", request.text("State").unwrap_or("ENABLED"))
        .insert(
            "ActionAfterCompletion",
            request.text("ActionAfterCompletion").unwrap_or("NONE"),
        )
        .insert("Target", given_target(parameters.object("Target"))?);
    Ok(given.build())
}

fn check_times(request: &Request<'_>, now: i64) -> Result<(), Fault> {
    let time = |member: &str| request.given.get(member).and_then(millis);
    let (start, end) = (time("StartDate"), time("EndDate"));
    if start.is_some_and(|start| start < now.saturating_sub(START_AGE_MAX_MILLIS)) {
        return Err(faults::validation(
            "The StartDate you specify cannot be earlier than 5 minutes ago.",
        ));
    }
    if end.is_some_and(|end| end < now) {
        return Err(faults::validation(
            "The EndDate you specify must come after the current time.",
        ));
    }
    if let (Some(start), Some(end)) = (start, end)
        && end <= start
    {
        return Err(faults::validation(
            "The EndDate you specify must come after the StartDate.",
        ));
    }
    Ok(())
}

fn check_window(window: Option<&Json>) -> Result<(), Fault> {
    let mode = window.and_then(|window| window.get("Mode")?.as_str());
    let minutes = window.and_then(|window| window.get("MaximumWindowInMinutes"));
    let minutes = minutes.filter(|minutes| !minutes.is_null());
    match (mode, minutes) {
        (Some("FLEXIBLE"), None) => Err(faults::validation(
            "MaximumWindowInMinutes must be provided when Mode is FLEXIBLE.",
        )),
        (Some("OFF"), Some(_)) => Err(faults::validation(
            "MaximumWindowInMinutes must not be provided when Mode is OFF.",
        )),
        _ => Ok(()),
    }
}

/// A target, checked, with the retry policy that it has anyway.
fn given_target(target: Option<&Object>) -> Result<Object, Fault> {
    let given = target.cloned().unwrap_or_default();
    let text = |member: &str| given.get(member).and_then(Json::as_str);
    check::role(text("RoleArn").unwrap_or_default())?;
    let queue = given.get("DeadLetterConfig");
    if let Some(queue) = queue.and_then(|config| config.get("Arn")?.as_str()) {
        check::queue(queue)?;
    }
    if text("Input").is_some_and(|input| input.len() > INPUT_BYTES_MAX) {
        return Err(faults::validation("Input is larger than 256 KB."));
    }
    target::check(&given)?;
    let policy = given.get("RetryPolicy");
    let number = |member: &str, default: i64| {
        let value = policy.and_then(|policy| policy.get(member)?.as_i64());
        value.unwrap_or(default)
    };
    let policy = Object::default()
        .with(
            "MaximumEventAgeInSeconds",
            number("MaximumEventAgeInSeconds", 86_400),
        )
        .with("MaximumRetryAttempts", number("MaximumRetryAttempts", 185));
    Ok(given.with("RetryPolicy", policy))
}

fn answer(schedule: &Schedule) -> Json {
    Json::from(Object::default().with("ScheduleArn", schedule.arn()))
}

fn outline(schedule: &Schedule) -> ObjectBuilder {
    let mut shown = ObjectBuilder::new();
    shown
        .insert("Arn", schedule.arn())
        .insert("GroupName", schedule.group.as_str())
        .insert("Name", schedule.name.as_str())
        .insert("CreationDate", seconds(schedule.created_at))
        .insert("LastModificationDate", seconds(schedule.modified_at));
    shown
}
