//! Rows: an event, and what commands have made of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_json::Json;

use super::value::Value;

/// One event as queries see it.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) ingested_at: i64,
    pub(crate) message: String,
    /// `account:group`
    pub(crate) log: Arc<str>,
    pub(crate) stream: Arc<str>,
    /// What finds it again.
    pub(crate) pointer: String,
}

/// A row.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    record: Option<Arc<Source>>,
    values: BTreeMap<String, Value>,
}

#[derive(Debug)]
struct Source {
    record: Record,
    /// The message, where it is JSON.
    parsed: Option<Json>,
}

impl Row {
    pub(super) fn of(record: Record) -> Row {
        let text = record.message.trim();
        let looks = text.starts_with('{');
        let parsed = looks.then(|| Json::parse(text).ok()).flatten();
        Row {
            record: Some(Arc::new(Source { record, parsed })),
            values: BTreeMap::new(),
        }
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// What finds its event again.
    pub(super) fn pointer(&self) -> Option<&str> {
        Some(&self.record.as_ref()?.record.pointer)
    }

    pub(super) fn get(&self, name: &str) -> Value {
        if let Some(value) = self.values.get(name) {
            return value.clone();
        }
        let Some(source) = &self.record else {
            return Value::Nothing;
        };
        let record = &source.record;
        match name {
            "@timestamp" => Value::Time(record.at),
            "@ingestionTime" => Value::Time(record.ingested_at),
            "@message" => Value::Text(record.message.clone()),
            "@logStream" => Value::Text(record.stream.to_string()),
            "@log" => Value::Text(record.log.to_string()),
            "@ptr" => Value::Text(record.pointer.clone()),
            name => {
                let found = source.parsed.as_ref().and_then(|json| select(json, name));
                match found.map(Value::of_json) {
                    Some(value) => value,
                    None => of_lambda(&record.message, name),
                }
            }
        }
    }
}

/// `a.b.0.c`; names that have dots themselves are found, too.
fn select<'a>(json: &'a Json, name: &str) -> Option<&'a Json> {
    if let Some(value) = json.get(name) {
        return Some(value);
    }
    let mut dots = name.match_indices('.').map(|(place, _)| place);
    dots.find_map(|place| {
        let (first, rest) = name.split_at_checked(place)?;
        let rest = rest.strip_prefix('.')?;
        let inside = json.get(first).or_else(|| json.at(first.parse().ok()?));
        select(inside?, rest)
    })
    .or_else(|| json.at(name.parse().ok()?))
}

/// The fields that AWS finds in what Lambda logs. Source: User Guide, "Supported logs and discovered fields".
fn of_lambda(message: &str, name: &str) -> Value {
    let label = match name {
        "@requestId" => "RequestId: ",
        "@duration" => "\tDuration: ",
        "@billedDuration" => "\tBilled Duration: ",
        "@initDuration" => "\tInit Duration: ",
        "@memorySize" => "\tMemory Size: ",
        "@maxMemoryUsed" => "\tMax Memory Used: ",
        "@type" => {
            let kinds = ["START", "END", "REPORT"];
            let first = message.split(' ').next().unwrap_or_default();
            let is_one = kinds.contains(&first) && message.contains("RequestId: ");
            return match is_one {
                true => Value::Text(first.to_owned()),
                false => Value::Nothing,
            };
        }
        _ => return Value::Nothing,
    };
    let Some((_, after)) = message.split_once(label) else {
        return Value::Nothing;
    };
    let word = after.split_whitespace().next().unwrap_or_default();
    let number: Option<f64> = word.parse().ok();
    match (name, number) {
        ("@requestId", _) => Value::Text(word.to_owned()),
        // AWS shows sizes in bytes.
        ("@memorySize" | "@maxMemoryUsed", Some(megabytes)) => Value::Number(megabytes * 1e6),
        (_, Some(number)) => Value::Number(number),
        (_, None) => Value::Nothing,
    }
}
