//! Logs Insights: what is asked for, and what is told of it.

use std::ops::ControlFlow;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;
use passo_store::Direction;

use crate::insights::{Limits, Malformed, Query};
use crate::queries::{Asked, Group, Status, Work};
use crate::request::Request;
use crate::tables::Window;
use crate::{Logs, Place, faults};

/// Rows of an answer, where the query says nothing. Source: API Reference, `StartQuery`.
const ROWS_MAX: usize = 10_000;
/// Groups of one query. Source: API Reference, `StartQuery`.
const GROUPS_MAX: usize = 50;

type Answer = Result<Json, Fault>;

/// `StartQuery`
pub(crate) fn start(logs: &Logs, request: &Request<'_>) -> Answer {
    let text = request.required("queryString")?;
    let query = Query::parse(text).map_err(|error| malformed(text, &error))?;
    let seconds = |member: &str| {
        request
            .number(member)
            .ok_or_else(|| faults::missing(member))
    };
    let (from, to) = (seconds("startTime")?, seconds("endTime")?);
    if from > to {
        return Err(faults::invalid(
            "Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings",
        ));
    }
    let places = places(request)?;
    let limit = request
        .number("limit")
        .and_then(|it| usize::try_from(it).ok());
    let window = (
        from.saturating_mul(1000),
        to.saturating_mul(1000).saturating_add(1000),
    );
    let mut groups = Vec::new();
    for place in places {
        let group = logs.tables.group(&place)?;
        let oldest = logs.oldest(&group);
        groups.push(Group { place, oldest });
    }
    let limits = Limits {
        rows: limit.unwrap_or(ROWS_MAX).clamp(1, ROWS_MAX),
        now: logs.now(),
    };
    let id = request.given.call.request_id.as_str();
    let names = groups.iter().map(|group| group.place.group.clone());
    let names = names.collect();
    let asked = Asked::new(id, &request.given.call.caller, text, names, logs.now());
    let work = Work {
        tables: logs.tables.clone(),
        query,
        limits,
        groups,
        window,
    };
    logs.queries.start(asked, work)?;
    Ok(Json::from(Object::default().with("queryId", id)))
}

/// The query that is asked about.
fn find(logs: &Logs, request: &Request<'_>) -> Result<Arc<Asked>, Fault> {
    let id = request.required("queryId")?;
    let own = logs.queries.of(&request.given.call.caller);
    let found = own.into_iter().find(|asked| asked.id == id);
    found.ok_or_else(|| {
        let message = format!("Query not found: {id}");
        Fault::caller("ResourceNotFoundException", message)
    })
}

fn places(request: &Request<'_>) -> Result<Vec<Place>, Fault> {
    let caller = &request.given.call.caller;
    let names = request
        .text("logGroupName")
        .into_iter()
        .chain(request.texts("logGroupNames"));
    let mut places: Vec<Place> = names.map(|name| Place::of(caller, name)).collect();
    for identifier in request.texts("logGroupIdentifiers") {
        let place = Place::of_arn(identifier);
        places.push(place.unwrap_or_else(|| Place::of(caller, identifier)));
    }
    match places.len() {
        0 => Err(faults::missing("logGroupName")),
        1..=GROUPS_MAX => Ok(places),
        _ => Err(faults::invalid("A query has at most 50 log groups.")),
    }
}

fn malformed(text: &str, error: &Malformed) -> Fault {
    let before = text.get(..error.at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let position = before.rsplit('\n').next().map_or(0, str::len) + 1;
    let message = format!("{} at line {line} and position {position}", error.message);
    let place = i64::try_from(error.at).unwrap_or(i64::MAX);
    let location = Object::default()
        .with("startCharOffset", place)
        .with("endCharOffset", place.saturating_add(1));
    let compile = Object::default()
        .with("location", location)
        .with("message", message.as_str());
    let mut fault = Fault::caller("MalformedQueryException", message);
    fault.members = fault.members.with("queryCompileError", compile);
    fault
}

/// `GetQueryResults`: nothing is told before the end.
pub(crate) fn results(logs: &Logs, request: &Request<'_>) -> Answer {
    let asked = find(logs, request)?;
    let status = asked.status();
    let mut answer = ObjectBuilder::new();
    answer.insert("queryLanguage", "CWLI");
    let (mut shown, mut figures) = (Vec::new(), [0; 3]);
    if let Status::Complete(outcome) = &status {
        shown.extend(outcome.results.rows.iter().map(|row| shown_row(row)));
        figures = [outcome.results.matched, outcome.scanned, outcome.bytes];
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let figure = |count: usize| Json::from(i64::try_from(count).unwrap_or(i64::MAX) as f64);
    let [matched, scanned, bytes] = figures;
    let mut statistics = ObjectBuilder::new();
    statistics
        .insert("recordsMatched", figure(matched))
        .insert("recordsScanned", figure(scanned))
        .insert("bytesScanned", figure(bytes))
        .insert("logGroupsScanned", figure(asked.groups.len()));
    answer
        .insert("results", shown)
        .insert("statistics", statistics.build())
        .insert("status", status.name());
    Ok(Json::from(answer.build()))
}

fn shown_row(row: &[(String, String)]) -> Json {
    let field = |(name, value): &(String, String)| {
        let shown = Object::default()
            .with("field", name.as_str())
            .with("value", value.as_str());
        Json::from(shown)
    };
    Json::from(row.iter().map(field).collect::<Vec<_>>())
}

/// `StopQuery`
pub(crate) fn stop(logs: &Logs, request: &Request<'_>) -> Answer {
    let asked = find(logs, request)?;
    match asked.cancel() {
        true => Ok(Json::from(Object::default().with("success", true))),
        false => Err(faults::invalid("The specified query is not running.")),
    }
}

/// `DescribeQueries`
pub(crate) fn describe(logs: &Logs, request: &Request<'_>) -> Answer {
    let (group, status) = (request.text("logGroupName"), request.text("status"));
    let mut known = logs.queries.of(&request.given.call.caller);
    known.retain(|asked| {
        status.is_none_or(|status| status == asked.status().name())
            && group.is_none_or(|group| asked.groups.iter().any(|other| other == group))
    });
    let shown = known.iter().take(request.limit(1000, 1000)).map(|asked| {
        let mut query = ObjectBuilder::new();
        query
            .insert("queryId", asked.id.as_str())
            .insert("queryString", asked.text.as_str())
            .insert("queryLanguage", "CWLI")
            .insert("status", asked.status().name())
            .insert("createTime", asked.created_at)
            .insert_some("logGroupName", asked.groups.first().map(String::as_str));
        Json::from(query.build())
    });
    Ok(Json::from(
        Object::default().with("queries", shown.collect::<Vec<_>>()),
    ))
}

/// `GetLogRecord`
pub(crate) fn record(logs: &Logs, request: &Request<'_>) -> Answer {
    let text = request.required("logRecordPointer")?;
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let parts: Vec<&str> = text.iter().flat_map(|text| text.split('\n')).collect();
    let invalid = || faults::invalid("The log record pointer is not valid.");
    let [arn, stream, at, sequence] = *parts else {
        return Err(invalid());
    };
    let place = Place::of_arn(arn).filter(|place| place.account == request.given.account());
    let place = place.ok_or_else(invalid)?;
    let at: i64 = at.parse().map_err(|_| invalid())?;
    let sequence: u64 = sequence.parse().map_err(|_| invalid())?;
    let window = Window {
        from: (at, sequence),
        to: (at, sequence.saturating_add(1)),
        direction: Direction::Forward,
    };
    let mut record = ObjectBuilder::new();
    logs.tables.events(&place, stream, window, |event| {
        record
            .insert("@message", event.message.as_str())
            .insert("@timestamp", event.at.to_string())
            .insert("@ingestionTime", event.ingested_at.to_string())
            .insert("@logStream", stream)
            .insert("@log", format!("{}:{}", place.account, place.group));
        ControlFlow::Break(())
    })?;
    let record = record.build();
    if record.is_empty() {
        return Err(invalid());
    }
    Ok(Json::from(Object::default().with("logRecord", record)))
}
