//! Execution logging: what a state machine's `loggingConfiguration` wants of its executions' histories.
//!
//! Source: Developer Guide, "Using CloudWatch Logs to log execution history".

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use passo_asl::program::Program;
use passo_engine::{Event, EventKind, ExecutionHeader, History, HistoryEvent};
use passo_json::{Json, Object, ObjectBuilder};
use passo_runtime::{Key, Listener, Runtime};
use passo_service::{Call, Caller, Directory, RequestId};
use passo_vocab::{AccountId, Arn, Region};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::{LogEvent, Logs, Place};

/// How long it is believed that a state machine does not log. An update takes that long to be seen.
const OFF_FOR: Duration = Duration::from_secs(1);
/// State machines that are remembered not to log.
const OFF_MAX: usize = 10_000;

/// A listener that writes execution logs.
pub struct ExecutionLog {
    shared: Arc<Shared>,
}

struct Shared {
    handle: Handle,
    logs: Arc<Logs>,
    ready: Mutex<Option<(Runtime, Directory)>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// State machines that do not log, and when that was seen.
    off: BTreeMap<Arc<str>, Instant>,
    /// Executions that are followed.
    followed: BTreeMap<Arc<str>, mpsc::UnboundedSender<Vec<Event>>>,
}

/// What a state machine wants.
struct Wanted {
    level: Level,
    include_data: bool,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    All,
    Error,
    Fatal,
}

impl ExecutionLog {
    /// A listener that writes to `logs`, on the current tokio runtime.
    pub fn new(logs: Arc<Logs>) -> ExecutionLog {
        ExecutionLog {
            shared: Arc::new(Shared {
                handle: Handle::current(),
                logs,
                ready: Mutex::default(),
                state: Mutex::default(),
            }),
        }
    }

    /// Lets it begin. `directory` answers what a state machine's configuration is; `runtime` what was before this
    /// process.
    pub fn begin(&self, runtime: Runtime, directory: Directory) {
        *self
            .shared
            .ready
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some((runtime, directory));
    }

    /// Ends; what is under way is not logged any further.
    pub fn stop(&self) {
        *self
            .shared
            .ready
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
        self.shared.with(|state| state.followed.clear());
    }
}

impl Listener for ExecutionLog {
    fn recorded(&self, header: &Arc<ExecutionHeader>, program: &Arc<Program>, events: &[Event]) {
        let ready = self
            .shared
            .ready
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let Some((runtime, directory)) = ready else {
            return;
        };
        let ended = events.iter().any(|event| is_end(&event.kind));
        self.shared.with(|state| {
            let arn = &header.execution_arn;
            if let Some(followed) = state.followed.get(arn) {
                let _ = followed.send(events.to_vec());
            } else {
                let machine = &header.state_machine_arn;
                if state
                    .off
                    .get(machine)
                    .is_some_and(|seen| seen.elapsed() < OFF_FOR)
                {
                    return;
                }
                let (sender, receiver) = mpsc::unbounded_channel();
                let _ = sender.send(events.to_vec());
                state.followed.insert(Arc::clone(arn), sender);
                let shared = Arc::clone(&self.shared);
                let (header, program) = (Arc::clone(header), Arc::clone(program));
                self.shared.handle.spawn(async move {
                    follow(&shared, &runtime, &directory, &header, &program, receiver).await;
                });
            }
            if ended {
                state.followed.remove(arn);
            }
        });
    }
}

impl Shared {
    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn set_off(&self, header: &ExecutionHeader) {
        self.with(|state| {
            state.followed.remove(&header.execution_arn);
            if state.off.len() >= OFF_MAX {
                state.off.retain(|_, seen| seen.elapsed() < OFF_FOR);
            }
            if state.off.len() < OFF_MAX {
                state
                    .off
                    .insert(Arc::clone(&header.state_machine_arn), Instant::now());
            }
        });
    }
}

/// Logs one execution until it ends.
async fn follow(
    shared: &Shared,
    runtime: &Runtime,
    directory: &Directory,
    header: &ExecutionHeader,
    program: &Program,
    mut batches: mpsc::UnboundedReceiver<Vec<Event>>,
) {
    let Some(wanted) = wanted(directory, header).await else {
        return shared.set_off(header);
    };
    let stream = stream_of(header);
    let mut history = History::new(program, header);
    let mut redrives = 0_u32;
    let mut is_first = true;
    while let Some(events) = batches.recv().await {
        let mut records = Vec::new();
        if std::mem::take(&mut is_first)
            && !events
                .iter()
                .any(|event| matches!(event.kind, EventKind::ExecutionStarted { .. }))
        {
            // It was under way before this process: what was then is logged already, or lost.
            let all = runtime
                .events(Key::of(&header.execution_arn), header)
                .unwrap_or_default();
            let before = all
                .windows(events.len().max(1))
                .rposition(|window| *window == *events)
                .unwrap_or(0);
            for event in all.iter().take(before) {
                if matches!(event.kind, EventKind::ExecutionRedriven { .. }) {
                    redrives = redrives.saturating_add(1);
                }
                let _ = history.next_event(event);
            }
        }
        for event in &events {
            if matches!(event.kind, EventKind::ExecutionRedriven { .. }) {
                redrives = redrives.saturating_add(1);
            }
            if let Some(event) = history.next_event(event)
                && is_wanted(&event, wanted.level)
            {
                let message = record(&event, header, redrives, wanted.include_data).to_text();
                records.push(LogEvent {
                    at: event.timestamp,
                    message,
                });
            }
        }
        // A group that is not there gets nothing, as on AWS; logs are best effort.
        if !records.is_empty() && shared.logs.has(&wanted.place) {
            let _ = shared.logs.write(&wanted.place, &stream, records);
        }
    }
}

/// What the execution's state machine wants now.
async fn wanted(directory: &Directory, header: &ExecutionHeader) -> Option<Wanted> {
    let states = directory.by_name("states")?;
    let arn = Arn::parse(&header.execution_arn).ok()?;
    let mut parameters = ObjectBuilder::new();
    parameters.insert("stateMachineArn", Arc::clone(&header.state_machine_arn));
    let call = Call {
        operation: "DescribeStateMachine".into(),
        parameters: Json::from(parameters.build()),
        caller: Caller {
            account: AccountId::parse(arn.account()).ok()?,
            region: Region::parse(arn.region()).ok()?,
        },
        request_id: RequestId::new("execution-log"),
    };
    let machine = states.call(call).await.ok()?;
    let configuration = machine.get("loggingConfiguration")?;
    let level = match configuration.get("level")?.as_str()? {
        "ALL" => Level::All,
        "ERROR" => Level::Error,
        "FATAL" => Level::Fatal,
        _ => return None,
    };
    let destination = configuration.get("destinations")?.at(0)?;
    let group = destination
        .get("cloudWatchLogsLogGroup")?
        .get("logGroupArn")?;
    Some(Wanted {
        level,
        include_data: configuration
            .get("includeExecutionData")
            .and_then(Json::as_bool)
            .unwrap_or(false),
        place: Place::of_arn(group.as_str()?)?,
    })
}

/// Whether an event is of a level.
fn is_wanted(event: &HistoryEvent, level: Level) -> bool {
    let name = event.type_name;
    let fatal = matches!(
        name,
        "ExecutionFailed" | "ExecutionTimedOut" | "ExecutionAborted"
    );
    match level {
        Level::All => true,
        Level::Error => {
            fatal
                || name == "FailStateEntered"
                || ["Failed", "TimedOut", "Aborted"]
                    .iter()
                    .any(|end| name.ends_with(end))
        }
        Level::Fatal => fatal,
    }
}

/// One record. Every number is text.
fn record(
    event: &HistoryEvent,
    header: &ExecutionHeader,
    redrives: u32,
    include_data: bool,
) -> Json {
    let shown = event.to_json(include_data);
    let details = event
        .details
        .as_ref()
        .and_then(|(name, _)| shown.get(name))
        .cloned();
    let mut record = ObjectBuilder::new();
    record
        .insert("id", event.id.number().to_string())
        .insert("type", event.type_name)
        .insert(
            "details",
            numbers_as_text(details.unwrap_or_else(|| Json::from(Object::default()))),
        )
        .insert(
            "previous_event_id",
            event.previous_event_id.number().to_string(),
        )
        .insert(
            "event_timestamp",
            event.timestamp.epoch_millis().to_string(),
        )
        .insert("execution_arn", Arc::clone(&header.execution_arn))
        .insert_some("map_run_arn", header.map_run.clone())
        .insert("redrive_count", redrives.to_string());
    Json::from(record.build())
}

/// Details are objects of texts, numbers and flat objects.
fn numbers_as_text(details: Json) -> Json {
    let Some(members) = details.as_object() else {
        return details;
    };
    let members = members.iter().map(|(name, value)| {
        let value = match value {
            Json::Number(_) => Json::from(value.to_text()),
            other => other.clone(),
        };
        (Arc::clone(name), value)
    });
    Json::from(members.collect::<Object>())
}

/// The log stream that an execution's records go to: `states/<machine>/<minute of the start>/<digits of the machine>`.
pub fn stream_of(header: &ExecutionHeader) -> String {
    let start = header.started_at.to_string();
    let minute: String = start
        .chars()
        .take(16)
        .map(|c| if matches!(c, 'T' | ':') { '-' } else { c })
        .collect();
    let digits: String = Key::of(&header.state_machine_arn)
        .to_string()
        .chars()
        .take(8)
        .collect();
    format!("states/{}/{minute}/{digits}", header.state_machine_name)
}

fn is_end(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::ExecutionSucceeded { .. }
            | EventKind::ExecutionFailed(_)
            | EventKind::ExecutionTimedOut(_)
            | EventKind::ExecutionAborted(_)
    )
}

#[cfg(test)]
mod tests {
    use passo_engine::EventId;
    use passo_vocab::Timestamp;

    use super::*;

    fn event(type_name: &'static str) -> HistoryEvent {
        HistoryEvent {
            id: EventId::new(2),
            previous_event_id: EventId::NONE,
            timestamp: Timestamp::from_epoch_millis(5),
            type_name,
            details: None,
        }
    }

    #[test]
    fn levels_choose_events() {
        for (name, error, fatal) in [
            ("PassStateEntered", false, false),
            ("FailStateEntered", true, false),
            ("TaskTimedOut", true, false),
            ("MapIterationAborted", true, false),
            ("ExecutionSucceeded", false, false),
            ("ExecutionAborted", true, true),
        ] {
            let event = event(name);
            assert!(is_wanted(&event, Level::All));
            assert_eq!(is_wanted(&event, Level::Error), error, "{name}");
            assert_eq!(is_wanted(&event, Level::Fatal), fatal, "{name}");
        }
    }
}
