//! Log groups.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;
use passo_store::{Batch, Durability};

use crate::filters::Kind;
use crate::request::Request;
use crate::{Logs, faults, keys};

/// Source: CloudWatch Logs API Reference, `PutRetentionPolicy`.
const RETENTIONS: [i64; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

type Answer = Result<Json, Fault>;

pub(super) fn nothing() -> Json {
    Json::from(Object::default())
}

/// `CreateLogGroup`
pub(crate) fn create(logs: &Logs, request: &Request<'_>) -> Answer {
    let place = request.place()?;
    let legal = |c: char| c.is_ascii_alphanumeric() || "._/#-".contains(c);
    if !(1..=512).contains(&place.group.len()) || !place.group.chars().all(legal) {
        return Err(faults::invalid(format!(
            "1 validation error detected: Value '{}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
            place.group
        )));
    }
    let _changing = logs.changing();
    if logs.tables.find_group(&place)?.is_some() {
        return Err(faults::group_exists());
    }
    let mut group = logs.new_group(&place);
    group.tags = request.map("tags");
    if let Some(class) = request.text("logGroupClass") {
        class.clone_into(&mut group.class);
    }
    let mut batch = Batch::new();
    batch.put(keys::GROUPS, keys::group(&place), group.encode());
    logs.tables.commit(&batch, Durability::Synced)?;
    Ok(nothing())
}

/// `DescribeLogGroups`
pub(crate) fn describe(logs: &Logs, request: &Request<'_>) -> Answer {
    let caller = &request.given.call.caller;
    let prefix = request.text("logGroupNamePrefix").unwrap_or_default();
    let pattern = request.text("logGroupNamePattern").unwrap_or_default();
    if !prefix.is_empty() && !pattern.is_empty() {
        return Err(faults::invalid(
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        ));
    }
    let pattern = pattern.to_lowercase();
    let after = request.text("nextToken").unwrap_or_default();
    let groups = logs
        .tables
        .groups(caller.account.as_str(), caller.region.as_str(), prefix)?;
    let mut wanted = groups.into_iter().filter(|group| {
        group.name.to_lowercase().contains(&pattern) && (after.is_empty() || *group.name > *after)
    });
    let mut shown = Vec::new();
    let mut last = None;
    for group in wanted.by_ref().take(request.limit(50, 50)) {
        let place = crate::Place::of(caller, &group.name);
        let filters = logs.filters.list(&place, Kind::Metric).len();
        shown.push(group.show(&place, filters));
        last = Some(group.name);
    }
    let more = wanted.next().is_some();
    let mut answer = ObjectBuilder::new();
    answer
        .insert("logGroups", shown)
        .insert_some("nextToken", last.filter(|_| more));
    Ok(Json::from(answer.build()))
}

/// `DeleteLogGroup`
pub(crate) fn delete(logs: &Logs, request: &Request<'_>) -> Answer {
    let place = request.place()?;
    let _changing = logs.changing();
    logs.tables.group(&place)?;
    let mut batch = Batch::new();
    for (name, _) in logs.tables.streams(&place, "")? {
        Logs::remove_stream(&mut batch, &place, &name);
    }
    batch.delete(keys::GROUPS, keys::group(&place));
    logs.tables.commit(&batch, Durability::Synced)?;
    let forgotten = logs.filters.forget(&place);
    forgotten.map_err(|error| faults::store(&error))?;
    Ok(nothing())
}

/// `PutRetentionPolicy`
pub(crate) fn put_retention(logs: &Logs, request: &Request<'_>) -> Answer {
    let days = request.number("retentionInDays").unwrap_or_default();
    if !RETENTIONS.contains(&days) {
        return Err(faults::invalid(format!(
            "1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: {RETENTIONS:?}"
        )));
    }
    set_retention(logs, request, Some(days))
}

/// `DeleteRetentionPolicy`
pub(crate) fn delete_retention(logs: &Logs, request: &Request<'_>) -> Answer {
    set_retention(logs, request, None)
}

fn set_retention(logs: &Logs, request: &Request<'_>, days: Option<i64>) -> Answer {
    let place = request.place()?;
    let _changing = logs.changing();
    let mut group = logs.tables.group(&place)?;
    group.retention_days = days;
    let mut batch = Batch::new();
    batch.put(keys::GROUPS, keys::group(&place), group.encode());
    logs.tables.commit(&batch, Durability::Synced)?;
    logs.expire(&place, &group)?;
    Ok(nothing())
}
