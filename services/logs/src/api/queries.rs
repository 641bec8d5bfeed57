//! Logs Insights: queries run when they are started, and their results are kept for a while, in memory.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;
use passo_store::Direction;

use crate::event::KeptEvent;
use crate::insights::{Limits, Malformed, Query, Record, Results};
use crate::request::Request;
use crate::tables::Window;
use crate::{Logs, Place, faults};

/// Queries whose results are kept.
const KEPT_MAX: usize = 100;
/// Rows of an answer, where the query says nothing. Source: API Reference, `StartQuery`.
const ROWS_MAX: usize = 10_000;
/// Events, and bytes of them, that one query looks at.
const RECORDS_MAX: usize = 500_000;
const BYTES_MAX: usize = 256 << 20;
/// Groups of one query. Source: API Reference, `StartQuery`.
const GROUPS_MAX: usize = 50;

type Answer = Result<Json, Fault>;

/// Queries that have run.
#[derive(Debug, Default)]
pub(crate) struct Queries {
    run: Mutex<VecDeque<Arc<Ran>>>,
}

#[derive(Debug)]
struct Ran {
    id: String,
    account: String,
    region: String,
    text: String,
    groups: Vec<String>,
    created_at: i64,
    results: Results,
    scanned: usize,
    bytes: usize,
}

impl Queries {
    fn keep(&self, ran: Ran) {
        let mut run = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        if run.len() >= KEPT_MAX {
            run.pop_front();
        }
        run.push_back(Arc::new(ran));
    }

    /// Those of a caller, the newest first.
    fn of(&self, request: &Request<'_>) -> Vec<Arc<Ran>> {
        let caller = &request.given.call.caller;
        let run = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        let own = run.iter().rev().filter(|ran| {
            ran.account == caller.account.as_str() && ran.region == caller.region.as_str()
        });
        own.cloned().collect()
    }

    fn find(&self, request: &Request<'_>) -> Result<Arc<Ran>, Fault> {
        let id = request.required("queryId")?;
        let found = self.of(request).into_iter().find(|ran| ran.id == id);
        found.ok_or_else(|| {
            Fault::caller(
                "ResourceNotFoundException",
                format!("Query not found: {id}"),
            )
        })
    }
}

/// What was read for a query.
#[derive(Default)]
struct Read {
    records: Vec<(i64, u64, Record)>,
    scanned: usize,
    bytes: usize,
}

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
    let mut read = Read::default();
    for place in &places {
        read_group(logs, place, window, &mut read)?;
    }
    let Read {
        mut records,
        scanned,
        bytes,
    } = read;
    records.sort_by_key(|(at, sequence, _)| (*at, *sequence));
    let limits = Limits {
        rows: limit.unwrap_or(ROWS_MAX).clamp(1, ROWS_MAX),
        now: logs.now(),
    };
    let results = query.run(records.into_iter().map(|(_, _, it)| it).collect(), limits);
    let id = request.given.call.request_id.as_str().to_owned();
    logs.queries.keep(Ran {
        id: id.clone(),
        account: request.given.account().to_owned(),
        region: request.given.region().to_owned(),
        text: text.to_owned(),
        groups: places.into_iter().map(|place| place.group).collect(),
        created_at: logs.now(),
        results,
        scanned,
        bytes,
    });
    Ok(Json::from(Object::default().with("queryId", id)))
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

fn read_group(
    logs: &Logs,
    place: &Place,
    window: (i64, i64),
    read: &mut Read,
) -> Result<(), Fault> {
    let group = logs.tables.group(place)?;
    let log: Arc<str> = format!("{}:{}", place.account, place.group).into();
    let window = Window {
        from: (window.0.max(logs.oldest(&group)), 0),
        to: (window.1, 0),
        direction: Direction::Forward,
    };
    for (name, _) in logs.tables.streams(place, "")? {
        let stream: Arc<str> = name.as_str().into();
        logs.tables.events(place, &name, window, |event| {
            read.scanned += 1;
            read.bytes += event.message.len();
            let record = Record {
                at: event.at,
                ingested_at: event.ingested_at,
                pointer: pointer(place, &name, &event),
                message: event.message,
                log: Arc::clone(&log),
                stream: Arc::clone(&stream),
            };
            read.records.push((event.at, event.sequence, record));
            match read.scanned < RECORDS_MAX && read.bytes < BYTES_MAX {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        })?;
    }
    Ok(())
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

/// `GetQueryResults`
pub(crate) fn results(logs: &Logs, request: &Request<'_>) -> Answer {
    let ran = logs.queries.find(request)?;
    let field = |(name, value): &(String, String)| {
        let shown = Object::default()
            .with("field", name.as_str())
            .with("value", value.as_str());
        Json::from(shown)
    };
    let rows = ran.results.rows.iter();
    let rows = rows.map(|row| Json::from(row.iter().map(field).collect::<Vec<_>>()));
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let figure = |count: usize| Json::from(number(count) as f64);
    let mut statistics = ObjectBuilder::new();
    statistics
        .insert("recordsMatched", figure(ran.results.matched))
        .insert("recordsScanned", figure(ran.scanned))
        .insert("bytesScanned", figure(ran.bytes))
        .insert("logGroupsScanned", figure(ran.groups.len()));
    let mut answer = ObjectBuilder::new();
    answer
        .insert("queryLanguage", "CWLI")
        .insert("results", rows.collect::<Vec<_>>())
        .insert("statistics", statistics.build())
        .insert("status", "Complete");
    Ok(Json::from(answer.build()))
}

/// `StopQuery`: what has run cannot be stopped.
pub(crate) fn stop(logs: &Logs, request: &Request<'_>) -> Answer {
    logs.queries.find(request)?;
    Ok(Json::from(Object::default().with("success", false)))
}

/// `DescribeQueries`
pub(crate) fn describe(logs: &Logs, request: &Request<'_>) -> Answer {
    let group = request.text("logGroupName");
    let is_complete = matches!(request.text("status"), None | Some("Complete"));
    let mut ran = logs.queries.of(request);
    ran.retain(|ran| {
        is_complete && group.is_none_or(|group| ran.groups.iter().any(|other| other == group))
    });
    let shown = ran.iter().take(request.limit(1000, 1000)).map(|ran| {
        let mut query = ObjectBuilder::new();
        query
            .insert("queryId", ran.id.as_str())
            .insert("queryString", ran.text.as_str())
            .insert("queryLanguage", "CWLI")
            .insert("status", "Complete")
            .insert("createTime", ran.created_at)
            .insert_some("logGroupName", ran.groups.first().map(String::as_str));
        Json::from(query.build())
    });
    Ok(Json::from(
        Object::default().with("queries", shown.collect::<Vec<_>>()),
    ))
}

/// What finds an event again.
fn pointer(place: &Place, stream: &str, event: &KeptEvent) -> String {
    let text = format!(
        "{}\n{stream}\n{}\n{}",
        place.arn(),
        event.at,
        event.sequence
    );
    URL_SAFE_NO_PAD.encode(text)
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
