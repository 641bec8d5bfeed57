//! The execution under way: driver, screen, logs, signals and the time limit.

use std::cell::RefCell;
use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use passo_engine::History;
use passo_lambda::{Functions, Settings};
use passo_testkit::mock::MockedTasks;
use passo_testkit::{ClockKind, DriveError, Driver, LambdaTasks, Outcome, TaskHandler};
use passo_vocab::Timestamp;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use super::arguments::OutputFormat;
use super::logs::{LogLine, log_lines};
use super::prepare::{ACCOUNT, Prepared, REGION, now};
use super::watch::{Events, Watch};
use super::{RunArguments, outcome};
use crate::duration;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::project;
use crate::tree::{Model, Screen, Show, Stream};

/// How often times on the screen are brought up to date.
const REPAINT_EVERY: Duration = Duration::from_millis(100);

/// Why following an execution came to an end.
enum Ended {
    Outcome(Result<Outcome, DriveError>),
    OutOfTime(Duration),
    Interrupted,
}

/// Runs the prepared execution to its end and tells how it ended.
///
/// # Errors
/// When its functions or mocks cannot be used, and when it cannot go on.
pub async fn session(arguments: &RunArguments, prepared: &Prepared) -> Result<Exit, Problem> {
    let scratch = tempfile::tempdir()
        .map_err(|error| Problem::new("a temporary directory cannot be made").why(error))?;
    let (sink, mut lines) = log_lines(arguments.logs);
    let known = project::lambda_functions(&prepared.project, scratch.path())?;
    let functions = if known.is_empty() {
        None
    } else {
        let started = Functions::new(Settings::default(), sink);
        Some(started.map_err(|error| Problem::new("functions cannot be run").why(error))?)
    };
    let lambda = LambdaTasks::new(functions.clone(), known, REGION, ACCOUNT);
    let mut handler: Arc<dyn TaskHandler> = Arc::new(lambda);
    if let Some(case) = prepared.mock_case(arguments)? {
        handler = Arc::new(MockedTasks::new(case, handler));
    }
    let screen = RefCell::new(screen(arguments, prepared));
    let mut watch = watch(arguments, prepared, &screen);
    let driver = Driver::new(handler, arguments.clock.kind(), prepared.seed);
    let ended = follow(arguments, prepared, &driver, &mut watch, &mut lines).await?;
    if let Some(functions) = functions {
        functions.shutdown().await;
    }
    while let Ok(line) = lines.try_recv() {
        let time = screen.borrow().model().now();
        screen.borrow_mut().log(&line.function, &line.line, time);
    }
    finish(arguments, prepared, ended, watch)
}

/// Drives the execution while showing it.
async fn follow(
    arguments: &RunArguments,
    prepared: &Prepared,
    driver: &Driver,
    watch: &mut Watch<'_, '_>,
    lines: &mut mpsc::Receiver<LogLine>,
) -> Result<Ended, Problem> {
    let screen = watch.screen;
    let no_signals = |error: std::io::Error| Problem::new("signals cannot be received").why(error);
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    let mut repaint = tokio::time::interval(REPAINT_EVERY);
    let run = driver.run(&prepared.program, prepared.header.clone(), watch);
    tokio::pin!(run);
    let limit = arguments.timeout.unwrap_or(Duration::MAX);
    let out_of_time = tokio::time::sleep(limit);
    tokio::pin!(out_of_time);
    loop {
        tokio::select! {
            biased;
            () = either(&mut interrupt, &mut terminate) => return Ok(Ended::Interrupted),
            Some(line) = lines.recv() => {
                let time = time_of(driver, screen);
                screen.borrow_mut().log(&line.function, &line.line, time);
            }
            ended = &mut run => return Ok(Ended::Outcome(ended)),
            () = &mut out_of_time => return Ok(Ended::OutOfTime(limit)),
            _ = repaint.tick() => {
                let time = time_of(driver, screen);
                screen.borrow_mut().repaint(time);
            }
        }
    }
}

async fn either(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

fn finish(
    arguments: &RunArguments,
    prepared: &Prepared,
    ended: Ended,
    watch: Watch<'_, '_>,
) -> Result<Exit, Problem> {
    let mut screen = watch.screen.borrow_mut();
    let last = screen.model().now();
    screen.finish(last);
    match ended {
        Ended::Outcome(Ok(ended)) => {
            let history = match watch.events {
                Events::Keep(kept) if arguments.history => Some(kept),
                Events::Keep(_) | Events::Print => None,
            };
            Ok(outcome::tell(
                &ended,
                &prepared.header,
                arguments.output,
                history,
            ))
        }
        Ended::Outcome(Err(error)) => Err(Problem::new("the execution cannot go on").why(error)),
        Ended::OutOfTime(limit) => {
            let limit = duration::show(i64::try_from(limit.as_millis()).unwrap_or(i64::MAX));
            still_running(format!("the execution did not end within {limit}"), &screen)
                .next("allow more with --timeout, or skip waiting with --clock virtual")
                .print();
            Ok(Exit::TimedOut)
        }
        Ended::Interrupted => {
            still_running("interrupted".to_owned(), &screen).print();
            Ok(Exit::Interrupted)
        }
    }
}

fn still_running(what: String, screen: &Screen<'_>) -> Problem {
    let running: Vec<String> = screen
        .model()
        .running()
        .iter()
        .take(5)
        .map(|name| format!("`{name}`"))
        .collect();
    if running.is_empty() {
        return Problem::new(what);
    }
    Problem::new(what).why(format!("still running: {}", running.join(", ")))
}

fn screen<'a>(arguments: &RunArguments, prepared: &'a Prepared) -> Screen<'a> {
    let show = if arguments.quiet {
        Show::Nothing
    } else if std::io::stderr().is_terminal() {
        Show::Tree
    } else {
        Show::Lines
    };
    if show != Show::Nothing {
        for note in &prepared.project.notes {
            anstream::eprintln!("note: {}", crate::terminal::Clean::line(note));
        }
    }
    let program = &prepared.program;
    let model = Model::new(
        Some(program),
        Arc::clone(&prepared.header.state_machine_name),
    );
    Screen::new(model, show, Stream::Error, Some(program))
}

fn watch<'s, 'a>(
    arguments: &RunArguments,
    prepared: &'a Prepared,
    screen: &'s RefCell<Screen<'a>>,
) -> Watch<'s, 'a> {
    let wanted = match arguments.output {
        OutputFormat::Jsonl => true,
        OutputFormat::Json => arguments.history,
        OutputFormat::Text => false,
    };
    Watch {
        screen,
        history: wanted.then(|| History::new(&prepared.program, &prepared.header)),
        events: match arguments.output {
            OutputFormat::Jsonl => Events::Print,
            OutputFormat::Json | OutputFormat::Text => Events::Keep(Vec::new()),
        },
    }
}

/// The time of the execution: a virtual clock shows that of the last event.
fn time_of(driver: &Driver, screen: &RefCell<Screen<'_>>) -> Timestamp {
    match driver.clock() {
        ClockKind::Real => now(),
        ClockKind::Virtual => screen.borrow().model().now(),
    }
}
