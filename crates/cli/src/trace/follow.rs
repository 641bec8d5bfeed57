//! Following an execution on a server.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;

use passo_asl::program::Program;
use passo_asl::source::Format;
use passo_asl::{CompileOptions, WorkflowType};
use passo_json::{Json, json};

use super::tail::Tail;
use crate::aws::names::{self, member};
use crate::aws::{Api, CallError};
use crate::output;
use crate::problem::Problem;
use crate::run::now;
use crate::tree::{Model, Progress, Screen, Show, Stream};

/// How often times on the screen are brought up to date.
const REPAINT_EVERY: Duration = Duration::from_millis(100);

/// What is followed, and how it is shown.
pub struct Following<'a> {
    /// The execution.
    pub arn: &'a str,
    /// Where the tree goes.
    pub stream: Stream,
    /// Shows no tree.
    pub is_quiet: bool,
    /// Prints events to standard output, instead of a tree there.
    pub prints_events: bool,
    /// The time between two looks.
    pub interval: Duration,
    /// How long it is followed at most.
    pub timeout: Option<Duration>,
}

/// Why following came to an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The execution is over, with this status.
    Over(&'static str),
    /// The time is over.
    OutOfTime,
    /// The user interrupted.
    Interrupted,
}

/// Follows an execution until its end.
///
/// # Errors
/// When the server does not tell of it.
pub async fn follow(api: &Api, following: &Following<'_>) -> Result<Ended, Problem> {
    let program = program(api, following.arn).await;
    let name: Arc<str> = names::execution_name(following.arn).into();
    let model = Model::new(program.as_ref(), name);
    let mut screen = Screen::new(model, show(following), following.stream, program.as_ref());
    let mut tail = Tail::new(following.arn);
    let out_of_time = tokio::time::sleep(following.timeout.unwrap_or(Duration::MAX));
    tokio::pin!(out_of_time);
    let ended = tokio::select! {
        ended = watch(api, following, &mut tail, &mut screen) => ended,
        () = &mut out_of_time => Ok(Ended::OutOfTime),
        _ = tokio::signal::ctrl_c() => Ok(Ended::Interrupted),
    };
    screen.finish(now());
    ended.map_err(|error| {
        let name = names::execution_name(following.arn);
        error.problem(format!("`{name}` cannot be followed"))
    })
}

async fn watch(
    api: &Api,
    following: &Following<'_>,
    tail: &mut Tail,
    screen: &mut Screen<'_>,
) -> Result<Ended, CallError> {
    let mut repaint = tokio::time::interval(REPAINT_EVERY);
    loop {
        let (events, is_more) = tail.next(api).await?;
        let mut over = None;
        for event in &events {
            if following.prints_events {
                output::line(&output::readable(event).to_text());
            }
            // What is over is told with its last counts.
            if member(event, "type").starts_with("MapRun") {
                tell_map_runs(api, screen).await;
            }
            screen.told(event);
            over = status_of(member(event, "type"));
        }
        tell_map_runs(api, screen).await;
        screen.repaint(now());
        // What is over may have been redriven since.
        if let Some(status) = over.filter(|_| !is_more) {
            return Ok(Ended::Over(status));
        }
        if is_more {
            continue;
        }
        let pause = tokio::time::sleep(following.interval);
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut pause => break,
                _ = repaint.tick() => screen.repaint(now()),
            }
        }
    }
}

/// The status that an event leaves an execution with, where that is over.
fn status_of(kind: &str) -> Option<&'static str> {
    match kind {
        "ExecutionSucceeded" => Some("SUCCEEDED"),
        "ExecutionFailed" => Some("FAILED"),
        "ExecutionTimedOut" => Some("TIMED_OUT"),
        "ExecutionAborted" => Some("ABORTED"),
        _ => None,
    }
}

/// Brings Map runs up to date. One that the server does not tell of just shows no progress.
async fn tell_map_runs(api: &Api, screen: &mut Screen<'_>) {
    for arn in screen.model().map_runs_under_way() {
        let described = api
            .states("DescribeMapRun", &json!({"mapRunArn": &*arn}))
            .await;
        let Ok(described) = described else { continue };
        let Some(counts) = described.get("itemCounts") else {
            continue;
        };
        let count = |name: &str| {
            let count = counts.get(name).and_then(Json::as_i64);
            count
                .and_then(|count| u64::try_from(count).ok())
                .unwrap_or(0)
        };
        let failed = [count("failed"), count("timedOut"), count("aborted")];
        let progress = Progress {
            total: count("total"),
            succeeded: count("succeeded"),
            failed: failed.into_iter().fold(0, u64::saturating_add),
        };
        screen.map_run_told(&arn, progress);
    }
}

fn show(following: &Following<'_>) -> Show {
    let is_terminal = match following.stream {
        Stream::Output => std::io::stdout().is_terminal(),
        Stream::Error => std::io::stderr().is_terminal(),
    };
    match following {
        Following { is_quiet: true, .. } => Show::Nothing,
        Following {
            prints_events: true,
            stream: Stream::Output,
            ..
        } => Show::Nothing,
        Following { .. } if is_terminal => Show::Tree,
        Following { .. } => Show::Lines,
    }
}

/// The execution's definition, ready to be looked up. It only makes the tree better: without it, there is still one.
async fn program(api: &Api, arn: &str) -> Option<Program> {
    let parameters = json!({"executionArn": arn});
    let described = api
        .states("DescribeStateMachineForExecution", &parameters)
        .await;
    let described = described.ok()?;
    let definition = described.get("definition")?.as_str()?;
    let options = CompileOptions {
        workflow_type: WorkflowType::Standard,
        ..CompileOptions::default()
    };
    let compiled = passo_asl::compile(definition, Format::Json, &options);
    compiled.ok().map(|compiled| compiled.program)
}
