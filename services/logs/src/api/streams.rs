//! Log streams.

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;
use passo_store::{Batch, Durability};

use super::groups::nothing;
use crate::request::Request;
use crate::stream::Stream;
use crate::{Logs, faults, keys};

/// Streams of one group that callers may make; AWS has no bound.
const STREAMS_MAX: usize = 100_000;

type Answer = Result<Json, Fault>;

/// `CreateLogStream`
pub(crate) fn create(logs: &Logs, request: &Request<'_>) -> Answer {
    let place = request.place()?;
    let name = request.required("logStreamName")?;
    if !(1..=512).contains(&name.len()) || name.contains([':', '*']) {
        return Err(faults::invalid(format!(
            "1 validation error detected: Value '{name}' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*"
        )));
    }
    let _changing = logs.changing();
    logs.tables.group(&place)?;
    if logs.tables.find_stream(&place, name)?.is_some() {
        return Err(faults::stream_exists());
    }
    if logs.tables.streams(&place, "")?.len() >= STREAMS_MAX {
        return Err(faults::limit("The log group has too many log streams."));
    }
    let mut batch = Batch::new();
    batch.put(
        keys::STREAMS,
        keys::stream(&place, name),
        Stream::new(logs.now()).encode(),
    );
    logs.tables.commit(&batch, Durability::Synced)?;
    Ok(nothing())
}

/// `DescribeLogStreams`
pub(crate) fn describe(logs: &Logs, request: &Request<'_>) -> Answer {
    let place = request.place()?;
    logs.tables.group(&place)?;
    let prefix = request.text("logStreamNamePrefix").unwrap_or_default();
    let order = request.text("orderBy");
    if order == Some("LastEventTime") && !prefix.is_empty() {
        return Err(faults::invalid(
            "Cannot order by LastEventTime with a logStreamNamePrefix.",
        ));
    }
    let mut streams = logs.tables.streams(&place, prefix)?;
    if order == Some("LastEventTime") {
        streams.sort_by_key(|(_, stream)| stream.last_event_at);
    }
    if request.flag("descending") {
        streams.reverse();
    }
    let after = request.text("nextToken");
    let seen = after.and_then(|after| streams.iter().position(|(name, _)| name == after));
    let rest = streams
        .get(seen.map_or(0, |seen| seen + 1)..)
        .unwrap_or_default();
    let limit = request.limit(50, 50);
    let page = rest.get(..limit).unwrap_or(rest);
    let last = page
        .last()
        .filter(|_| rest.len() > page.len())
        .map(|(name, _)| name.as_str());
    let shown: Vec<Json> = page
        .iter()
        .map(|(name, stream)| stream.show(&place, name))
        .collect();
    let mut answer = ObjectBuilder::new();
    answer
        .insert("logStreams", shown)
        .insert_some("nextToken", last);
    Ok(Json::from(answer.build()))
}

/// `DeleteLogStream`
pub(crate) fn delete(logs: &Logs, request: &Request<'_>) -> Answer {
    let place = request.place()?;
    let name = request.required("logStreamName")?;
    let _changing = logs.changing();
    logs.tables.group(&place)?;
    logs.tables
        .find_stream(&place, name)?
        .ok_or_else(faults::no_stream)?;
    let mut batch = Batch::new();
    Logs::remove_stream(&mut batch, &place, name);
    logs.tables.commit(&batch, Durability::Synced)?;
    Ok(nothing())
}
