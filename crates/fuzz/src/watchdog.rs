//! Runs workers, and sees what they cannot say themselves: aborts and hangs.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::arguments::Arguments;
use crate::failure::Failures;
use crate::fuzzer::Fuzzer;
use crate::process::processor_millis;

/// The processor time that one case may take.
const CASE_MILLIS_MAX: u64 = 1_000;
/// The time that one case may take on a machine with other work.
const CASE_WAIT_MAX: Duration = Duration::from_secs(60);
/// How often workers are looked at.
const POLL: Duration = Duration::from_millis(20);

/// Fuzzes until the time is up.
///
/// # Errors
/// When workers cannot be started, or failures cannot be saved.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let fuzzer = Fuzzer::new(
        arguments.target,
        arguments.seed,
        arguments.corpus.as_deref(),
    )?;
    let mut failures = Failures::default();
    let (start, mut said) = (Instant::now(), Said::default());
    let time = Duration::try_from_secs_f64(arguments.minutes * 60.0).context("no such time")?;
    let mut workers = Vec::new();
    for first in 0..arguments.workers.max(1) {
        workers.push(Worker::start(arguments, first)?);
    }
    while start.elapsed() < time {
        thread::sleep(POLL);
        for worker in &mut workers {
            let mut found = worker.panics();
            let end = worker.end_of_case()?;
            found.extend(end.clone());
            for (index, reason) in found {
                failures.add(
                    fuzzer.target.name,
                    arguments.seed,
                    index,
                    &reason,
                    &fuzzer.case(index),
                )?;
            }
            if let Some((index, _)) = end {
                let next = Worker::start(arguments, index + arguments.workers.max(1))?;
                said = said.with(&std::mem::replace(worker, next).stop());
            }
        }
    }
    for worker in workers {
        for (index, reason) in worker.panics() {
            failures.add(
                fuzzer.target.name,
                arguments.seed,
                index,
                &reason,
                &fuzzer.case(index),
            )?;
        }
        said = said.with(&worker.stop());
    }
    let seconds = start.elapsed().as_secs().max(1);
    println!(
        "{}: {} executions, {} per second, {}% accepted, {} failures, slowest {} ms (seed {}, case {})",
        fuzzer.target.name,
        said.executions,
        said.executions / seconds,
        said.accepted * 100 / said.executions.max(1),
        failures.count(),
        said.slowest.0,
        arguments.seed,
        said.slowest.1
    );
    for (reason, count) in failures.reasons() {
        println!("{count:>8}  {reason}");
    }
    Ok(if failures.count() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What a worker has said.
#[derive(Default)]
struct Said {
    index: u64,
    executions: u64,
    accepted: u64,
    panics: Vec<(u64, String)>,
    /// The slowest case that ended: its time in milliseconds, and its number.
    slowest: (u64, u64),
}

impl Said {
    /// Both together.
    fn with(mut self, other: &Said) -> Said {
        self.executions += other.executions;
        self.accepted += other.accepted;
        self.slowest = self.slowest.max(other.slowest);
        self
    }
}

struct Worker {
    child: Child,
    said: Arc<Mutex<Said>>,
    output: JoinHandle<()>,
    errors: Arc<Mutex<String>>,
    error_output: JoinHandle<()>,
    /// The case last seen at work, the processor time used then, and when that was.
    seen: (u64, u64, Instant),
}

impl Worker {
    fn start(arguments: &Arguments, first: u64) -> Result<Worker> {
        let mut command = Command::new(std::env::current_exe().context("no path to this program")?);
        command.arg(arguments.target.to_string());
        command.args([
            "--worker",
            &first.to_string(),
            "--seed",
            &arguments.seed.to_string(),
        ]);
        command.args(["--workers", &arguments.workers.to_string()]);
        if let Some(corpus) = &arguments.corpus {
            command.arg("--corpus").arg(corpus);
        }
        // A backtrace would hide the line that says why.
        command.env("RUST_BACKTRACE", "0");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().context("failed to start a worker")?;
        let said = Arc::new(Mutex::new(Said {
            index: first,
            ..Said::default()
        }));
        let errors = Arc::new(Mutex::new(String::new()));
        let output = child.stdout.take().context("a worker without output")?;
        let error_output = child
            .stderr
            .take()
            .context("a worker without error output")?;
        Ok(Worker {
            child,
            output: listen(output, Arc::clone(&said)),
            said,
            error_output: keep_tail(error_output, Arc::clone(&errors)),
            errors,
            seen: (u64::MAX, 0, Instant::now()),
        })
    }

    /// The panics that the worker has told of since the last call.
    fn panics(&self) -> Vec<(u64, String)> {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut said.panics)
    }

    /// The case that ended the worker, and how: by itself, or because it took too long.
    fn end_of_case(&mut self) -> Result<Option<(u64, String)>> {
        if let Some(status) = self.child.try_wait()? {
            // The last words may still be on their way.
            thread::sleep(POLL);
            let index = self
                .said
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .index;
            let errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
            return Ok(Some((index, format!("abort: {status}: {}", errors.trim()))));
        }
        let index = self
            .said
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .index;
        let used = processor_millis(self.child.id()).unwrap_or(0);
        if self.seen.0 != index {
            self.seen = (index, used, Instant::now());
        }
        let (_, before, since) = self.seen;
        let reason = if used.saturating_sub(before) > CASE_MILLIS_MAX {
            "hang: more than a second of processor time"
        } else if since.elapsed() > CASE_WAIT_MAX {
            "hang: no progress"
        } else {
            return Ok(None);
        };
        Ok(Some((index, reason.to_owned())))
    }

    /// Ends the worker; gives what it said.
    fn stop(mut self) -> Said {
        // A worker that is gone already cannot be killed; both are well.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = self.output.join();
        let _ = self.error_output.join();
        std::mem::take(&mut self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn listen(output: impl Read + Send + 'static, said: Arc<Mutex<Said>>) -> JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(output).lines() {
            let Ok(line) = line else { return };
            let mut words = line.splitn(3, ' ');
            let (kind, index) = (
                words.next(),
                words.next().and_then(|index| index.parse().ok()),
            );
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            match (kind, index) {
                (Some("c"), Some(index)) => {
                    said.index = index;
                    said.executions += 1;
                }
                (Some("a"), Some(_)) => said.accepted += 1,
                (Some("s"), Some(index)) => {
                    let millis = words
                        .next()
                        .and_then(|millis| millis.parse().ok())
                        .unwrap_or(0);
                    said.slowest = said.slowest.max((millis, index));
                }
                (Some("p"), Some(index)) => {
                    said.panics
                        .push((index, words.next().unwrap_or_default().to_owned()));
                }
                _ => {}
            }
        }
    })
}

/// Keeps the last words of an error output.
fn keep_tail(output: impl Read + Send + 'static, tail: Arc<Mutex<String>>) -> JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(output).lines() {
            let Ok(line) = line else { return };
            if !line.trim().is_empty() && !line.starts_with("note: ") {
                let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
                *tail = line.chars().take(300).collect();
            }
        }
    })
}
