//! `PutEvents`

use passo_json::{Json, ObjectBuilder};
use passo_vocab::Timestamp;

use crate::event::Event;
use crate::faults;
use crate::names::{BusPlace, DEFAULT_BUS};
use crate::request::{Answer, Request};

/// Entries of one call. Source: API Reference, "PutEvents".
const ENTRIES_MAX: usize = 10;
/// Bytes of all entries. Source: User Guide, "Calculating Amazon EventBridge event entry size".
const BYTES_MAX: usize = 1 << 20;

/// Why an entry is not an event: code and message.
type Refused = (&'static str, String);

/// `PutEvents`: durable when it is answered.
pub(crate) fn put(request: &Request<'_>) -> Answer {
    let entries = request.given.list("Entries");
    if entries.is_empty() || entries.len() > ENTRIES_MAX {
        let bound = if entries.is_empty() {
            "greater than or equal to 1"
        } else {
            "less than or equal to 10"
        };
        return Err(faults::validation(format!(
            "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length {bound}"
        )));
    }
    if entries.iter().map(bytes).sum::<usize>() > BYTES_MAX {
        return Err(faults::validation(
            "Total size of the entries in the request is over the limit.",
        ));
    }
    let mut events = Vec::new();
    let (mut results, mut failed) = (Vec::new(), 0_i64);
    for entry in entries {
        let mut result = ObjectBuilder::new();
        match event(request, entry) {
            Ok(event) => {
                result.insert("EventId", &*event.id);
                events.push((BusPlace::of(&request.given.call.caller, bus(entry)), event));
            }
            Err((code, message)) => {
                failed += 1;
                result
                    .insert("ErrorCode", code)
                    .insert("ErrorMessage", message);
            }
        }
        results.push(Json::from(result.build()));
    }
    request.service.publish_on(&events)?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("FailedEntryCount", failed)
        .insert("Entries", results);
    Ok(Json::from(answer.build()))
}

fn event(request: &Request<'_>, entry: &Json) -> Result<Event, Refused> {
    let text = |member: &str| {
        let text = entry.get(member).and_then(Json::as_str);
        text.filter(|text| !text.is_empty()).ok_or_else(|| {
            let message = format!(
                "Parameter {member} is not valid. Reason: {member} is a required argument."
            );
            ("InvalidArgument", message)
        })
    };
    let source = text("Source")?;
    if source.starts_with("aws.") {
        let message = "Not authorized for the source.".to_owned();
        return Err(("NotAuthorizedForSourceException", message));
    }
    let detail_type = text("DetailType")?;
    let detail = Json::parse(text("Detail")?).ok();
    let detail = detail.filter(|detail| detail.as_object().is_some());
    let detail = detail.ok_or_else(|| ("MalformedDetail", "Detail is malformed.".to_owned()))?;
    let resources = entry.get("Resources").and_then(Json::as_array);
    Ok(Event {
        id: request.service.uuid().into(),
        detail_type: detail_type.into(),
        source: source.into(),
        account: request.given.account().into(),
        region: request.given.region().into(),
        at: time(entry.get("Time")).unwrap_or_else(|| request.now()),
        resources: resources.map(|list| list.to_vec()).unwrap_or_default(),
        detail,
    })
}

/// `Time`, as seconds or as text.
pub(crate) fn time(given: Option<&Json>) -> Option<i64> {
    let given = given?;
    if let Some(text) = given.as_str() {
        return Some(Timestamp::parse_rfc3339(text).ok()?.epoch_millis());
    }
    let seconds = given.as_f64().filter(|seconds| seconds.abs() < 1.0e11)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be far below 2^53"
    )]
    let millis = (seconds * 1000.0) as i64;
    Some(millis)
}

fn bus(entry: &Json) -> &str {
    let given = entry.get("EventBusName").and_then(Json::as_str);
    given.filter(|name| !name.is_empty()).unwrap_or(DEFAULT_BUS)
}

/// The size of an entry as AWS counts it: 14 bytes for a time, and the texts.
fn bytes(entry: &Json) -> usize {
    let text = |member: &str| entry.get(member).and_then(Json::as_str).map_or(0, str::len);
    let resources = entry.get("Resources").and_then(Json::as_array);
    let resources = resources.into_iter().flat_map(|list| list.iter());
    let resources: usize = resources.filter_map(Json::as_str).map(str::len).sum();
    let time = if entry.get("Time").is_some() { 14 } else { 0 };
    time + text("Source") + text("DetailType") + text("Detail") + resources
}
