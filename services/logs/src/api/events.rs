//! Log events.

use std::ops::ControlFlow;

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;
use passo_store::{Direction, Durability};
use passo_vocab::Timestamp;

use crate::event::KeptEvent;
use crate::pattern::FilterPattern;
use crate::request::Request;
use crate::tables::Window;
use crate::{LogEvent, Logs, faults};

/// Source: CloudWatch Logs API Reference, `PutLogEvents`: 10,000 events in a batch, 1 MB each.
const BATCH_EVENTS_MAX: usize = 10_000;
const MESSAGE_BYTES_MAX: usize = 1_048_576;
/// Events of an answer. Source: `GetLogEvents`, `FilterLogEvents`: 10,000, and 1 MB.
const PAGE_EVENTS_MAX: usize = 10_000;
const PAGE_BYTES_MAX: usize = 1_048_576;
/// Bytes that AWS counts for each event besides its message.
const EVENT_OVERHEAD_BYTES: usize = 26;

type Answer = Result<Json, Fault>;
/// Time and sequence.
type Position = (i64, u64);

/// `PutLogEvents`
pub(crate) fn put(logs: &Logs, request: &Request<'_>) -> Answer {
    let place = request.place()?;
    let name = request.required("logStreamName")?;
    let given = request.get("logEvents").and_then(Json::as_array);
    let given = given.ok_or_else(|| faults::invalid("logEvents must not be null"))?;
    if !(1..=BATCH_EVENTS_MAX).contains(&given.len()) {
        return Err(faults::invalid(format!(
            "A batch has 1 to {BATCH_EVENTS_MAX} log events."
        )));
    }
    let events = given.iter().map(|event| {
        let at = event.get("timestamp").and_then(Json::as_i64);
        let message = event.get("message").and_then(Json::as_str);
        match (at, message) {
            (Some(at), Some(message)) if (1..=MESSAGE_BYTES_MAX).contains(&message.len()) => {
                Ok(LogEvent {
                    at: Timestamp::from_epoch_millis(at),
                    message: message.to_owned(),
                })
            }
            _ => Err(faults::invalid(
                "A log event needs a timestamp and a message of 1 byte to 1 MB.",
            )),
        }
    });
    let events = events.collect::<Result<Vec<_>, Fault>>()?;
    let _changing = logs.changing();
    logs.tables.group(&place)?;
    let stream = logs
        .tables
        .find_stream(&place, name)?
        .ok_or_else(faults::no_stream)?;
    logs.append(&place, name, stream, events, Durability::Synced)?;
    let mut answer = ObjectBuilder::new();
    // Tokens have no meaning any more, and clients still look for them.
    answer.insert("nextSequenceToken", format!("{:056}", 0));
    Ok(Json::from(answer.build()))
}

/// `GetLogEvents`
pub(crate) fn get(logs: &Logs, request: &Request<'_>) -> Answer {
    let place = request.place()?;
    let name = request.required("logStreamName")?;
    let oldest = logs.oldest(&logs.tables.group(&place)?);
    logs.tables
        .find_stream(&place, name)?
        .ok_or_else(faults::no_stream)?;
    let start = request.number("startTime").unwrap_or(i64::MIN);
    let mut from = (start.max(oldest), 0);
    let mut to = (request.number("endTime").unwrap_or(i64::MAX), 0);
    let mut direction = if request.flag("startFromHead") {
        Direction::Forward
    } else {
        Direction::Backward
    };
    let token = request.text("nextToken");
    if let Some(token) = token {
        let (way, position) = token.split_once('/').ok_or_else(invalid_token)?;
        let position = parse_position(position).ok_or_else(invalid_token)?;
        if way == "f" {
            (from, direction) = (from.max(position), Direction::Forward);
        } else {
            (to, direction) = (to.min(position), Direction::Backward);
        }
    }
    let mut page = Page::new(request.limit(PAGE_EVENTS_MAX, PAGE_EVENTS_MAX));
    logs.tables.events(
        &place,
        name,
        Window {
            from,
            to,
            direction,
        },
        |event| page.take(event),
    )?;
    let mut events = page.events;
    if direction == Direction::Backward {
        events.reverse();
    }
    // Where there is nothing, the same token comes back, which tells clients that they are at the end.
    let edge = match direction {
        Direction::Forward => from,
        Direction::Backward => to,
    };
    let forward = events
        .last()
        .map_or(edge, |last| (last.at, last.sequence.saturating_add(1)));
    let backward = events
        .first()
        .map_or(edge, |first| (first.at, first.sequence));
    let shown: Vec<Json> = events
        .iter()
        .map(|event| show(event).build().into())
        .collect();
    let mut answer = ObjectBuilder::new();
    answer
        .insert("events", shown)
        .insert("nextForwardToken", format!("f/{}", position_text(forward)))
        .insert(
            "nextBackwardToken",
            format!("b/{}", position_text(backward)),
        );
    Ok(Json::from(answer.build()))
}

/// `FilterLogEvents`
pub(crate) fn filter(logs: &Logs, request: &Request<'_>) -> Answer {
    let place = request.place()?;
    let oldest = logs.oldest(&logs.tables.group(&place)?);
    let pattern = request.text("filterPattern").unwrap_or_default();
    let pattern = FilterPattern::parse(pattern).ok_or_else(faults::pattern)?;
    let start = request.number("startTime").unwrap_or(i64::MIN);
    let mut from = (start.max(oldest), 0);
    let to = (
        request
            .number("endTime")
            .map_or(i64::MAX, |end| end.saturating_add(1)),
        0,
    );
    if let Some(token) = request.text("nextToken") {
        from = parse_position(token).ok_or_else(invalid_token)?;
    }
    let window = Window {
        from,
        to,
        direction: Direction::Forward,
    };
    let limit = request.limit(PAGE_EVENTS_MAX, PAGE_EVENTS_MAX);
    let wanted = request.texts("logStreamNames");
    let prefix = request.text("logStreamNamePrefix").unwrap_or_default();
    let mut found: Vec<(String, KeptEvent)> = Vec::new();
    let mut cut = false;
    for (name, _) in logs.tables.streams(&place, prefix)? {
        if !wanted.is_empty() && !wanted.contains(&name.as_str()) {
            continue;
        }
        let mut page = Page::new(limit);
        logs.tables.events(&place, &name, window, |event| {
            if pattern.matches(&event.message) {
                page.take(event)
            } else {
                ControlFlow::Continue(())
            }
        })?;
        cut |= page.is_full;
        found.extend(page.events.into_iter().map(|event| (name.clone(), event)));
        // What is beyond the earliest `limit` so far is not of this page.
        found.sort_by_key(|(_, event)| (event.at, event.sequence));
        cut |= found.len() > limit;
        found.truncate(limit);
    }
    let mut page = Page::new(limit);
    let mut kept = 0;
    for (_, event) in &found {
        if page.take(event.clone()).is_break() {
            cut = true;
            break;
        }
        kept += 1;
    }
    let last = page.events.last().filter(|_| cut);
    let next = last.map(|last| position_text((last.at, last.sequence.saturating_add(1))));
    let shown: Vec<Json> = found
        .iter()
        .take(kept)
        .map(|(name, event)| show_found(name, event))
        .collect();
    let mut answer = ObjectBuilder::new();
    answer
        .insert("events", shown)
        .insert("searchedLogStreams", Vec::<Json>::new())
        .insert_some("nextToken", next);
    Ok(Json::from(answer.build()))
}

fn invalid_token() -> Fault {
    faults::invalid("The specified nextToken is invalid.")
}

/// Events of one answer, until it is full.
struct Page {
    events: Vec<KeptEvent>,
    bytes: usize,
    limit: usize,
    is_full: bool,
}

impl Page {
    fn new(limit: usize) -> Page {
        Page {
            events: Vec::new(),
            bytes: 0,
            limit,
            is_full: false,
        }
    }

    /// Takes an event; breaks with the first that does not fit.
    fn take(&mut self, event: KeptEvent) -> ControlFlow<()> {
        let bytes = self
            .bytes
            .saturating_add(event.message.len() + EVENT_OVERHEAD_BYTES);
        let fits = self.events.is_empty() || bytes <= PAGE_BYTES_MAX;
        if self.events.len() >= self.limit || !fits {
            self.is_full = true;
            return ControlFlow::Break(());
        }
        self.bytes = bytes;
        self.events.push(event);
        ControlFlow::Continue(())
    }
}

fn show(event: &KeptEvent) -> ObjectBuilder {
    let mut shown = ObjectBuilder::new();
    shown
        .insert("timestamp", event.at)
        .insert("message", event.message.as_str())
        .insert("ingestionTime", event.ingested_at);
    shown
}

fn show_found(stream: &str, event: &KeptEvent) -> Json {
    let mut shown = show(event);
    shown
        .insert("logStreamName", stream)
        .insert("eventId", event.id());
    Json::from(shown.build())
}

fn position_text((at, sequence): Position) -> String {
    format!("{at}:{sequence}")
}

fn parse_position(text: &str) -> Option<Position> {
    let (at, sequence) = text.split_once(':')?;
    Some((at.parse().ok()?, sequence.parse().ok()?))
}
