//! What CloudWatch Logs holds about one execution: its own records, and what its Lambda functions printed for it.
//!
//! Records of an execution are in the stream that execution logging gives it. Lines of a function are those between the start and the
//! report of an invocation that has the id of one of the execution's tasks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use passo_json::{Json, ObjectBuilder, json};
use passo_logs::Place;
use passo_vocab::{Arn, Timestamp};

use super::Refusal;
use super::backstage::Asked;
use super::executions::number;
use super::journal::{Attempt, Journal};
use super::query::Query;
use crate::audience::Audience;

/// Records that are shown, the newest.
const RECORDS_MAX: usize = 2000;
/// Characters of a record that are shown.
const MESSAGE_CHARACTERS: usize = 8192;
/// Functions whose logs are read.
const FUNCTIONS_MAX: usize = 20;
/// Pages of a log group that are read; one holds up to 10,000 events.
const PAGES_MAX: usize = 4;
/// How long after an execution's end its records may be late.
const LATE_MILLIS: i64 = 60_000;

/// The log records of one execution, in the order of time.
pub(super) async fn answer(
    audience: &Audience,
    query: &Query,
    asked: &Asked,
) -> Result<Json, Refusal> {
    let arn: Arc<str> = query.required("execution")?.into();
    let (runtime, definitions) = (
        audience.backstage.runtime()?.clone(),
        Arc::clone(&audience.definitions),
    );
    let (account, execution) = (asked.caller.account.clone(), Arc::clone(&arn));
    let reading = tokio::task::spawn_blocking(move || {
        Journal::find(&runtime, &definitions, &execution, &account)
    });
    let journal = reading.await.map_err(|_| Refusal::unavailable())??;
    let mut reading = Reading {
        audience,
        asked,
        journal: &journal,
        records: Vec::new(),
        is_complete: true,
    };
    let logging = reading.execution().await?;
    let functions = reading.functions().await?;
    let mut records = reading.records;
    records.sort_by_key(|(at, _)| *at);
    let left_out = records.len().saturating_sub(RECORDS_MAX);
    let shown: Vec<Json> = records
        .into_iter()
        .skip(left_out)
        .map(|(_, one)| one)
        .collect();
    Ok(json!({
        "executionArn": arn,
        "status": journal.summary.status.name(),
        "logging": logging,
        "functions": functions,
        "records": shown,
        "complete": reading.is_complete && left_out == 0
    }))
}

struct Reading<'a> {
    audience: &'a Audience,
    asked: &'a Asked,
    journal: &'a Journal,
    records: Vec<(i64, Json)>,
    is_complete: bool,
}

/// An event of a log group.
struct Line {
    at: i64,
    stream: String,
    message: String,
}

impl Reading<'_> {
    /// Reads the records of execution logging; how it is set, or null where it is off.
    async fn execution(&mut self) -> Result<Json, Refusal> {
        let arn = Arc::clone(&self.journal.header.execution_arn);
        let described = json!({"executionArn": Arc::clone(&arn)});
        let backstage = &self.audience.backstage;
        let machine = backstage
            .states("DescribeStateMachineForExecution", described, self.asked)
            .await;
        // A machine that is gone has no configuration any more.
        let configuration = machine
            .ok()
            .and_then(|machine| machine.get("loggingConfiguration").cloned());
        let Some((level, group)) = configuration.as_ref().and_then(wanted) else {
            return Ok(Json::Null);
        };
        let stream = passo_logs::stream_of(&self.journal.header);
        let pattern = format!("\"{arn}\"");
        let parameters = json!({
            "logGroupName": group.as_str(), "logStreamNames": [stream], "filterPattern": pattern
        });
        let lines = self.lines(parameters).await?;
        for line in lines.iter().flatten() {
            let record = Json::parse(&line.message).unwrap_or(Json::Null);
            let text = |name| record.get(name).and_then(Json::as_str);
            if text("execution_arn") != Some(&arn) {
                continue;
            }
            let event = text("id").and_then(|id| id.parse::<i64>().ok());
            let mut shown = shown(line, "execution", &group);
            shown
                .insert_some("event", event)
                .insert_some("type", text("type").map(str::to_owned));
            self.records.push((line.at, Json::from(shown.build())));
        }
        Ok(json!({"level": level, "logGroup": group, "exists": lines.is_some()}))
    }

    /// Reads what functions printed; which they are.
    async fn functions(&mut self) -> Result<Vec<Json>, Refusal> {
        let mut functions: BTreeMap<String, Vec<Attempt>> = BTreeMap::new();
        for attempt in self.journal.attempts() {
            if let Some(name) = function_of(&attempt) {
                functions.entry(name).or_default().push(attempt);
            }
        }
        self.is_complete &= functions.len() <= FUNCTIONS_MAX;
        let mut told = Vec::new();
        for (name, attempts) in functions.into_iter().take(FUNCTIONS_MAX) {
            let group = self.group_of(&name).await;
            let lines = self.lines(json!({"logGroupName": group.as_str()})).await?;
            told.push(json!({
                "name": name.as_str(), "logGroup": group.as_str(), "exists": lines.is_some(),
                "invocations": number(attempts.len())
            }));
            let attempts: BTreeMap<&str, &Attempt> = attempts
                .iter()
                .map(|attempt| (attempt.request_id.as_str(), attempt))
                .collect();
            let ids: BTreeSet<&str> = attempts.keys().copied().collect();
            let lines = lines.unwrap_or_default();
            for (line, id) in of_invocations(&lines, &ids) {
                let mut shown = shown(line, "function", &group);
                shown
                    .insert("function", name.as_str())
                    .insert("requestId", id);
                if let Some(attempt) = attempts.get(id) {
                    let event = i64::try_from(attempt.event).unwrap_or(i64::MAX);
                    shown
                        .insert("state", Arc::clone(&attempt.state))
                        .insert("event", event);
                }
                self.records.push((line.at, Json::from(shown.build())));
            }
        }
        Ok(told)
    }

    async fn group_of(&self, function: &str) -> String {
        let asked = json!({"FunctionName": function});
        let backstage = &self.audience.backstage;
        let found = backstage
            .call("lambda", "GetFunctionConfiguration", asked, self.asked)
            .await
            .ok();
        let group = found.as_ref().and_then(|found| {
            let configuration = found.get("LoggingConfig")?;
            configuration.get("LogGroup")?.as_str()
        });
        group.map_or_else(|| format!("/aws/lambda/{function}"), str::to_owned)
    }

    /// The events of a group while the execution ran; `None` where there is no such group.
    async fn lines(&mut self, parameters: Json) -> Result<Option<Vec<Line>>, Refusal> {
        let summary = &self.journal.summary;
        let until = summary.stopped_at.map(|at| at.plus_millis(LATE_MILLIS));
        let mut asked = parameters.as_object().cloned().unwrap_or_default();
        asked = asked.with("startTime", millis(summary.started_at));
        if let Some(until) = until {
            asked = asked.with("endTime", millis(until));
        }
        let mut lines = Vec::new();
        for _ in 0..PAGES_MAX {
            let page = self
                .audience
                .backstage
                .call(
                    "logs",
                    "FilterLogEvents",
                    Json::from(asked.clone()),
                    self.asked,
                )
                .await;
            let page = match page {
                Ok(page) => page,
                Err(refusal) if refusal.is("ResourceNotFoundException") => return Ok(None),
                Err(refusal) => return Err(refusal),
            };
            let events = page.get("events").and_then(Json::as_array);
            lines.extend(
                events
                    .into_iter()
                    .flat_map(|events| events.iter())
                    .map(line),
            );
            let Some(token) = page.get("nextToken").and_then(Json::as_str) else {
                return Ok(Some(lines));
            };
            asked = asked.with("nextToken", token);
        }
        self.is_complete = false;
        Ok(Some(lines))
    }
}

fn millis(at: Timestamp) -> i64 {
    at.epoch_millis()
}

/// Level and group of a `loggingConfiguration` that logs.
fn wanted(configuration: &Json) -> Option<(String, String)> {
    let level = configuration.get("level")?.as_str()?;
    let destination = configuration.get("destinations")?.at(0)?;
    let group = destination
        .get("cloudWatchLogsLogGroup")?
        .get("logGroupArn")?;
    let place = Place::of_arn(group.as_str()?)?;
    (level != "OFF").then(|| (level.to_owned(), place.group))
}

fn line(event: &Json) -> Line {
    let text = |name| event.get(name).and_then(Json::as_str).unwrap_or_default();
    Line {
        at: event
            .get("timestamp")
            .and_then(Json::as_i64)
            .unwrap_or_default(),
        stream: text("logStreamName").to_owned(),
        message: text("message").trim_end_matches('\n').to_owned(),
    }
}

fn shown(line: &Line, source: &str, group: &str) -> ObjectBuilder {
    let message: String = line.message.chars().take(MESSAGE_CHARACTERS).collect();
    let is_cut = message.len() < line.message.len();
    let mut shown = ObjectBuilder::new();
    shown
        .insert("at", Timestamp::from_epoch_millis(line.at).to_string())
        .insert("source", source)
        .insert("logGroup", group)
        .insert("logStream", line.stream.as_str())
        .insert("message", message)
        .insert_some("cut", is_cut.then_some(true));
    shown
}

/// The function that a task invokes: its bare name.
fn function_of(attempt: &Attempt) -> Option<String> {
    let resource = &*attempt.resource;
    let named = if resource.starts_with("arn:aws:lambda:") {
        resource.to_owned()
    } else if resource.contains(":lambda:invoke") {
        let name = attempt.parameters.json().get("FunctionName")?;
        name.as_str()?.to_owned()
    } else {
        return None;
    };
    let name = match Arn::parse(&named) {
        Ok(arn) => arn.resource().strip_prefix("function:")?.to_owned(),
        Err(_) => named
            .rsplit_once(":function:")
            .map_or(named.clone(), |(_, name)| name.to_owned()),
    };
    Some(name.split(':').next().unwrap_or_default().to_owned())
}

/// The lines that belong to invocations with these ids, each with its id. One process serves one invocation at a time.
fn of_invocations<'a>(lines: &'a [Line], ids: &BTreeSet<&'a str>) -> Vec<(&'a Line, &'a str)> {
    let mut current: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let mut found = Vec::new();
    for line in lines {
        let id_after = |word: &str| {
            let rest = line.message.strip_prefix(word)?;
            rest.split(char::is_whitespace).next()
        };
        let begun = id_after("START RequestId: ");
        let over = id_after("REPORT RequestId: ");
        let open = current.entry(line.stream.as_str()).or_default();
        if let Some(id) = begun {
            *open = ids.get(id).copied();
        }
        let named = over.or_else(|| id_after("END RequestId: "));
        let owner = match named {
            Some(id) => ids.get(id).copied(),
            None => *open,
        };
        found.extend(owner.map(|id| (line, id)));
        if over.is_some() {
            *open = None;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_belong_to_the_invocation_that_printed_them() {
        let line = |stream: &str, message: &str| Line {
            at: 0,
            stream: stream.to_owned(),
            message: message.to_owned(),
        };
        let lines = [
            line("a", "INIT_START"),
            line("a", "START RequestId: one Version: $LATEST"),
            line("b", "START RequestId: other Version: $LATEST"),
            line("a", "hello"),
            line("b", "not ours"),
            line("a", "END RequestId: one"),
            line("a", "REPORT RequestId: one\tDuration: 1 ms"),
            line("a", "between"),
            line("a", "START RequestId: third Version: $LATEST"),
            line("a", "not ours either"),
        ];
        let found = of_invocations(&lines, &BTreeSet::from(["one", "two"]));
        let messages: Vec<&str> = found.iter().map(|(line, _)| &*line.message).collect();
        assert_eq!(
            messages,
            [
                "START RequestId: one Version: $LATEST",
                "hello",
                "END RequestId: one",
                "REPORT RequestId: one\tDuration: 1 ms"
            ]
        );
        assert!(found.iter().all(|(_, id)| *id == "one"));
    }
}
