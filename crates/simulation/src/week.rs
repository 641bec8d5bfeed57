//! Days of virtual time on the store on disk: whether memory, disk and rows return to where they were.
//!
//! Executions are started evenly over each day and kept for one day after their end; the last two days start none.
//! Knows how much there is of everything, not what it means. Entry point: [`week`].

use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use passo_asl::program::Program;
use passo_engine::{ExecutionHeader, Input, Limits, TaskId, TaskUpdate, WorkflowType};
use passo_json::{Json, Payload, json};
use passo_runtime::{
    Clock as _, Definitions as _, Entropy, Key, Message, NoDataSets, Ports, Runtime, Settings,
    Start, TABLES, TaskPort, TaskRequest, VirtualClock,
};
use passo_store::{Direction, KeyRange, Store};
use passo_store_embedded::{EmbeddedStore, Options};
use passo_vocab::Timestamp;

use crate::process::Compiler;

const DAY_MILLIS: i64 = 86_400_000;
/// Starts of one slot are made together: ten minutes.
const SLOTS: u64 = 144;
const ARN: &str = "arn:aws:states:us-east-1:000000000000";

/// How much there was at the end of one day.
#[derive(Clone, Debug)]
pub struct Day {
    /// Days since the beginning; 0 is before anything was started.
    pub number: u64,
    /// Executions started so far, children of Map runs not counted.
    pub started: u64,
    /// Rows of each table.
    pub rows: Vec<(&'static str, u64)>,
    /// Bytes of all files of the store.
    pub disk_bytes: u64,
    /// Bytes of memory that the process holds.
    pub resident_bytes: u64,
    /// Executions in memory.
    pub in_memory: usize,
    /// Timers set.
    pub timers: usize,
    /// How long the day took.
    pub took: Duration,
}

/// Runs `days` days of `each_day` executions and two days without, on a store in `directory`; `told` hears of each.
///
/// # Errors
/// Where the store or the operating system fails.
pub fn week(
    directory: &Path,
    days: u64,
    each_day: u64,
    told: &mut dyn FnMut(&Day),
) -> Result<(), Box<dyn std::error::Error>> {
    let store = Arc::new(EmbeddedStore::open(directory, Options::default())?);
    let clock = Arc::new(VirtualClock::new(Timestamp::from_epoch_millis(
        1_700_000_000_000,
    )));
    clock.set_jumps(false);
    let tasks = Arc::new(Tasks::default());
    let settings = Settings {
        retention: Duration::from_secs(86_400),
        ..Settings::default()
    };
    let ports = Ports {
        store: store.clone(),
        clock: clock.clone(),
        entropy: Arc::new(Counter::default()),
        definitions: Arc::new(Compiler::default()),
        tasks: tasks.clone(),
        data: Arc::new(NoDataSets),
        listeners: Vec::new(),
    };
    let runtime = Runtime::open(ports, settings)?;
    *tasks.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(runtime.clone());
    let mut run = Run {
        directory,
        store,
        clock,
        runtime,
        programs: programs()?,
        started: 0,
    };
    told(&run.look(0, Duration::ZERO)?);
    for number in 1..=days + 2 {
        let began = Instant::now();
        run.day(if number <= days { each_day } else { 0 })?;
        told(&run.look(number, began.elapsed())?);
    }
    *tasks.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    run.runtime.stop();
    Ok(())
}

/// A definition, with what was made of it.
type Runnable = (WorkflowType, Arc<str>, Arc<Program>);

struct Run<'a> {
    directory: &'a Path,
    store: Arc<EmbeddedStore>,
    clock: Arc<VirtualClock>,
    runtime: Runtime,
    programs: Vec<Runnable>,
    started: u64,
}

impl Run<'_> {
    fn day(&mut self, executions: u64) -> Result<(), Box<dyn std::error::Error>> {
        for slot in 0..SLOTS {
            let due = executions * (slot + 1) / SLOTS - executions * slot / SLOTS;
            for _ in 0..due {
                self.start()?;
            }
            self.pass(DAY_MILLIS / i64::try_from(SLOTS)?);
        }
        Ok(())
    }

    /// Lets time pass, and everything happen that happens in it.
    fn pass(&self, millis: i64) {
        let goal = self.clock.now().plus_millis(millis);
        self.clock.go_to(goal);
        while self.clock.now() < goal || self.runtime.in_flight().count() > 0 {
            thread::sleep(Duration::from_micros(200));
        }
    }

    fn start(&mut self) -> Result<(), Box<dyn std::error::Error>> {
        self.started += 1;
        let number = self.started;
        // Most are of the first kind.
        let kind = usize::try_from(number % 20)?;
        let Some((workflow_type, text, program)) =
            self.programs.get(kind).or(self.programs.first())
        else {
            return Ok(());
        };
        let (arn, limits) = match workflow_type {
            WorkflowType::Standard => (
                format!("{ARN}:execution:machine:e{number}"),
                Limits::STANDARD,
            ),
            WorkflowType::Express => (
                format!("{ARN}:express:machine:e{number}:1"),
                Limits::EXPRESS,
            ),
        };
        let key = Key::of(&arn);
        let header = ExecutionHeader {
            execution_arn: Arc::from(arn),
            name: Arc::from(format!("e{number}")),
            state_machine_arn: Arc::from(format!("{ARN}:stateMachine:machine")),
            state_machine_name: Arc::from("machine"),
            role_arn: Arc::from("arn:aws:iam::000000000000:role/role"),
            state_machine_version_arn: None,
            state_machine_alias_arn: None,
            workflow_type: *workflow_type,
            block: Program::ROOT,
            map_run: None,
            region: Arc::from("us-east-1"),
            input: Payload::from(json!({"orderId": number.to_string(), "note": "x".repeat(500)})),
            started_at: Timestamp::from_epoch_millis(0),
            limits,
            mocks: None,
        };
        let start = Start {
            header,
            program: program.clone(),
            definition: text.clone(),
            trace_header: None,
            named_by: (*workflow_type == WorkflowType::Standard)
                .then(|| Arc::from(number.to_string())),
            started: None,
            finished: None,
        };
        let sent = self.runtime.send(key, Message::Start(Box::new(start)));
        sent.map_err(|refused| format!("a start was refused: {refused:?}"))?;
        Ok(())
    }

    fn look(&self, number: u64, took: Duration) -> Result<Day, Box<dyn std::error::Error>> {
        let snapshot = self.store.snapshot()?;
        let mut rows = Vec::new();
        for table in TABLES {
            let mut count = 0;
            snapshot.scan(table, &KeyRange::all(), Direction::Forward, &mut |_, _| {
                count += 1;
                ControlFlow::Continue(())
            })?;
            rows.push((table.name(), count));
        }
        let figures = self.runtime.figures();
        Ok(Day {
            number,
            started: self.started,
            rows,
            disk_bytes: disk_bytes(self.directory)?,
            resident_bytes: resident_bytes()?,
            in_memory: figures.executions_in_memory,
            timers: figures.timers,
            took,
        })
    }
}

/// What runs: a chain with a wait, a task, a choice and a Map; one that fails; a Distributed Map; an Express workflow.
fn programs() -> Result<Vec<Runnable>, String> {
    let task = "arn:aws:lambda:us-east-1:000000000000:function:f";
    let chain = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"seen.$": "$.orderId"}, "Next": "B"},
        "B": {"Type": "Wait", "Seconds": 60, "Next": "C"},
        "C": {"Type": "Task", "Resource": task, "TimeoutSeconds": 600, "ResultPath": "$.done", "Next": "D"},
        "D": {"Type": "Choice", "Choices": [{"Variable": "$.done", "IsPresent": true, "Next": "E"}], "Default": "E"},
        "E": {"Type": "Map", "QueryLanguage": "JSONata", "Items": [1, 2, 3], "Next": "F",
            "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}},
        "F": {"Type": "Succeed"},
    }});
    let failing = json!({"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": task, "Next": "B"},
        "B": {"Type": "Fail", "Error": "Told", "Cause": "so"},
    }});
    let distributed = json!({"StartAt": "A", "States": {
        "A": {"Type": "Map", "QueryLanguage": "JSONata", "Items": [1, 2, 3, 4, 5], "Label": "a", "End": true,
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "I", "States": {"I": {"Type": "Task", "Resource": task, "End": true}}}},
    }});
    let express = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Task", "Resource": task, "End": true},
    }});
    let compiler = Compiler::default();
    [
        (WorkflowType::Standard, chain),
        (WorkflowType::Standard, failing),
        (WorkflowType::Standard, distributed),
        (WorkflowType::Express, express),
    ]
    .into_iter()
    .map(|(workflow_type, definition): (WorkflowType, Json)| {
        let text = definition.to_text();
        let program = compiler.program(&text)?;
        Ok((workflow_type, Arc::from(text), program))
    })
    .collect()
}

/// Does each task at once.
#[derive(Default)]
struct Tasks(Mutex<Option<Runtime>>);

impl TaskPort for Tasks {
    fn start(&self, request: TaskRequest) {
        let runtime = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let Some(runtime) = runtime else {
            return;
        };
        let result = Payload::from(json!({"result": "y".repeat(500)}));
        let news = [
            TaskUpdate::Started { worker: None },
            TaskUpdate::Succeeded(result),
        ];
        for update in news {
            let input = Input::Task {
                task: request.task.task,
                update,
            };
            let message = Message::Input {
                execution: request.execution,
                input,
                reply: None,
            };
            // What is refused is asked for again only by a timeout; this run never asks for so much.
            let _ = runtime.send(request.execution, message);
        }
    }

    fn cancel(&self, _execution: Key, _task: TaskId) {}
}

#[derive(Default)]
struct Counter(AtomicU64);

impl Entropy for Counter {
    fn seed(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

fn disk_bytes(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        // A file may go between the listing and the look.
        let Ok(about) = entry.metadata() else {
            continue;
        };
        bytes += if about.is_dir() {
            disk_bytes(&entry.path())?
        } else {
            blocks(&about)
        };
    }
    Ok(bytes)
}

/// What a file takes on the disk; its length may be more.
#[cfg(unix)]
fn blocks(about: &std::fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    about.blocks() * 512
}

#[cfg(not(unix))]
fn blocks(about: &std::fs::Metadata) -> u64 {
    about.len()
}

/// Of this process; none where the operating system does not tell.
fn resident_bytes() -> io::Result<u64> {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return Ok(0);
    };
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let digits: String = line
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    Ok(digits.parse::<u64>().unwrap_or(0) * 1024)
}
