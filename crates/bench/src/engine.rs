//! The interpreter: what a transition costs, and that neither the age of an execution nor its neighbours make it dearer.
//!
//! Everything is in memory and on one core. A transition is a Pass state entered and left: two events, decided, applied
//! and encoded for the journal.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, anyhow, ensure};
use passo_asl::program::Program;
use passo_asl::{CompileOptions, Format, compile};
use passo_engine::journal::{Decoder, Encoder};
use passo_engine::{
    Budget, Decision, Execution, ExecutionHeader, Input, Limits, Progress, Status, WorkflowType,
};
use passo_expr::Environment;
use passo_json::{Payload, json};
use passo_vocab::{Entropy, Timestamp};

use crate::measure::{Figure, Plan, Row};
use crate::report;

/// Events that one transition makes: the state is entered, the state is left.
const EVENTS: u32 = 2;
/// States in the chain, as many as an AWS history has room for.
const CHAIN: u32 = 10_000;
/// Transitions that are timed together where an execution is of some age.
const BURST: u32 = 200;
/// Events of one turn, as a driver would allow.
const TURN_EVENTS_MAX: u32 = 1000;
const AGES: [u32; 3] = [10, 1_000, 20_000];
const CROWDS: [u32; 3] = [1, 1_000, 100_000];

/// Measures the interpreter.
///
/// # Errors
/// When a definition does not compile, or an execution does not do what it should.
pub fn measure(plan: &Plan) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    if plan.wants("engine: Pass state") {
        rows.extend(chain(plan)?);
    }
    if plan.wants("engine: transition by age") {
        rows.extend(compare_with_first(
            AGES.map(|age| (format!("{age} events old"), age)),
            "by age",
            |age| aged(plan, age),
        )?);
    }
    if plan.wants("engine: transition by crowd") {
        rows.extend(compare_with_first(
            CROWDS.map(|crowd| (format!("{crowd} executions"), crowd)),
            "by crowd",
            |crowd| crowded(plan, crowd),
        )?);
    }
    Ok(rows)
}

/// One line for each size; the first is what the others are compared with.
fn compare_with_first(
    sizes: [(String, u32); 3],
    what: &str,
    measure: impl Fn(u32) -> Result<Figure>,
) -> Result<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    for (label, size) in sizes {
        let ours = measure(size)?;
        let rival = rows.first().map(|first| ("the first", first.ours));
        let row = Row {
            name: format!("engine: transition {what}, {label}"),
            ours,
            rival,
        };
        report::line(&row);
        rows.push(row);
    }
    Ok(rows)
}

/// A chain of Pass states: from start to end, and once more from its journal.
fn chain(plan: &Plan) -> Result<Vec<Row>> {
    let bench = Bench::new(&chain_definition(CHAIN))?;
    let mut desk = Desk::default();
    let run = plan.sample(|| {
        let mut live = bench.live();
        desk.journal.clear();
        let start = Instant::now();
        bench.run(&mut live, Input::Start, u32::MAX, &mut desk)?;
        finished(&live.execution, start)
    })?;
    let replay = plan.sample(|| {
        let mut execution = bench.live().execution;
        let mut decoder = Decoder::new(execution.header());
        let mut bytes = desk.journal.as_slice();
        let start = Instant::now();
        while let Some(event) = decoder.decode(&mut bytes)? {
            execution.evolve(&bench.program, &event)?;
        }
        finished(&execution, start)
    })?;
    let row = |name: &str, ours: Figure| {
        let row = Row {
            name: format!("engine: Pass state, {name}"),
            ours,
            rival: None,
        };
        report::line(&row);
        println!("{:<44} {:>12.0} per second", "", 1e9 / ours.best);
        row
    };
    println!(
        "{:<44} {:>12.1} bytes of journal",
        "",
        bytes_each(&desk.journal)
    );
    Ok(vec![
        row("run and encoded", run),
        row("decoded and replayed", replay),
    ])
}

/// Nanoseconds for each state of a chain that began at `start`.
fn finished(execution: &Execution, start: Instant) -> Result<f64> {
    let taken = start.elapsed().as_secs_f64() * 1e9;
    ensure!(
        matches!(execution.status(), Status::Succeeded { .. }),
        "the chain did not succeed"
    );
    Ok(taken / f64::from(CHAIN))
}

fn bytes_each(journal: &[u8]) -> f64 {
    journal.len() as f64 / f64::from(CHAIN)
}

/// Transitions of an execution whose history already has `age` events.
fn aged(plan: &Plan, age: u32) -> Result<Figure> {
    let bench = Bench::new(LOOP)?;
    let mut old = bench.live();
    bench.run(&mut old, Input::Start, age, &mut Desk::default())?;
    plan.sample(|| {
        let mut live = old.clone();
        let mut desk = Desk::default();
        let start = Instant::now();
        bench.run(&mut live, Input::Continue, BURST * EVENTS, &mut desk)?;
        Ok(start.elapsed().as_secs_f64() * 1e9 / f64::from(BURST))
    })
}

/// Transitions in turn, one of each of `crowd` executions.
fn crowded(plan: &Plan, crowd: u32) -> Result<Figure> {
    let bench = Bench::new(LOOP)?;
    let mut lives: Vec<_> = (0..crowd).map(|_| bench.live()).collect();
    for live in &mut lives {
        bench.run(live, Input::Start, EVENTS, &mut Desk::default())?;
    }
    let rounds = 100_000 / crowd;
    plan.sample(|| {
        let mut desk = Desk::default();
        let start = Instant::now();
        for _ in 0..rounds {
            desk.journal.clear();
            for live in &mut lives {
                bench.run(live, Input::Continue, EVENTS, &mut desk)?;
            }
        }
        Ok(start.elapsed().as_secs_f64() * 1e9 / f64::from(rounds * crowd))
    })
}

/// A Pass and a Choice state that follow each other for ever.
const LOOP: &str = r#"{"StartAt": "A", "States": {
    "A": {"Type": "Pass", "Next": "B"},
    "B": {"Type": "Choice", "Choices": [{"Variable": "$.end", "BooleanEquals": true, "Next": "C"}], "Default": "A"},
    "C": {"Type": "Succeed"}}}"#;

fn chain_definition(states: u32) -> String {
    let state = |number: u32| {
        let next = number + 1;
        let exit = if next == states {
            "\"End\":true".to_owned()
        } else {
            format!("\"Next\":\"S{next}\"")
        };
        format!("\"S{number}\":{{\"Type\":\"Pass\",{exit}}}")
    };
    let states: Vec<_> = (0..states).map(state).collect();
    format!("{{\"StartAt\":\"S0\",\"States\":{{{}}}}}", states.join(","))
}

struct Bench {
    program: Program,
    environment: Environment,
}

/// When every execution begins.
const BEGIN: Timestamp = Timestamp::from_epoch_millis(1_735_689_600_000);

/// The header of an execution with these limits.
pub fn bench_header(limits: Limits) -> ExecutionHeader {
    let name = |text: &str| Arc::<str>::from(text);
    ExecutionHeader {
        execution_arn: name("arn:aws:states:us-east-1:123456789012:execution:bench:one"),
        name: name("one"),
        state_machine_arn: name("arn:aws:states:us-east-1:123456789012:stateMachine:bench"),
        state_machine_name: name("bench"),
        role_arn: name("arn:aws:iam::123456789012:role/bench"),
        state_machine_version_arn: None,
        state_machine_alias_arn: None,
        workflow_type: WorkflowType::Standard,
        block: Program::ROOT,
        map_run: None,
        region: name("us-east-1"),
        input: Payload::from(json!({"orderId": "12345", "end": false})),
        started_at: BEGIN,
        limits,
        mocks: None,
    }
}

impl Bench {
    fn new(definition: &str) -> Result<Self> {
        let compiled = compile(definition, Format::Json, &CompileOptions::default())
            .map_err(|diagnostics| anyhow!("the definition is not valid: {diagnostics:?}"))?;
        let environment = Environment {
            now: BEGIN,
            entropy: Entropy::from_seed(1),
        };
        Ok(Self {
            program: compiled.program,
            environment,
        })
    }

    fn live(&self) -> Live {
        let header = bench_header(Limits {
            payload_bytes_max: Limits::STANDARD.payload_bytes_max,
            ..Limits::EXPRESS
        });
        Live {
            encoder: Encoder::new(&header),
            execution: Execution::new(header),
        }
    }

    /// Moves on by `events` events (and the few that cannot be cut off), all encoded for the journal.
    fn run(&self, live: &mut Live, input: Input, events: u32, desk: &mut Desk) -> Result<()> {
        let mut input = input;
        let mut left = events;
        loop {
            let budget = Budget::events(left.min(TURN_EVENTS_MAX));
            let progress = live.execution.decide(
                &self.program,
                input,
                &self.environment,
                budget,
                &mut desk.decision,
            )?;
            left = left.saturating_sub(u32::try_from(desk.decision.events.len())?);
            for event in &desk.decision.events {
                live.encoder.encode(event, &mut desk.journal);
            }
            desk.decision.events.clear();
            desk.decision.commands.clear();
            match progress {
                Progress::More if left > 0 => input = Input::Continue,
                Progress::More | Progress::Settled => return Ok(()),
            }
        }
    }
}

/// What a driver keeps from turn to turn.
#[derive(Default)]
struct Desk {
    decision: Decision,
    journal: Vec<u8>,
}

/// An execution and the writer of its journal.
#[derive(Clone)]
struct Live {
    execution: Execution,
    encoder: Encoder,
}
