//! Runs cases and tells the watchdog which.
//!
//! On standard output: `c INDEX` before a case, `a INDEX` after one whose code was accepted,
//! `p INDEX REASON` after a panic, and `s INDEX MILLIS` after one slower than all before. Cases run on a thread with the stack that a server's threads have.

use std::cell::{Cell, RefCell};
use std::io::{BufWriter, Write, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Once;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use crate::arguments::Arguments;
use crate::case::{Case, Outcome};
use crate::fuzzer::Fuzzer;
use crate::process::limit_memory;
use crate::target::Target;

/// The stack of a worker's thread: that of a server's threads. Frames of an unoptimised build are
/// several times larger.
const STACK_BYTES: usize = if cfg!(debug_assertions) {
    16 << 20
} else {
    2 << 20
};

/// Faster cases are not worth telling of.
const NOTABLE: Duration = Duration::from_millis(20);

thread_local! {
    /// What the panic of the case at work said; nothing while no case is at work.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
    static AT_WORK: Cell<bool> = const { Cell::new(false) };
}

/// Makes panics of cases silent; others are told as before.
static HOOK: Once = Once::new();

/// Runs cases from `first` on, each `workers`th, until it is killed.
///
/// # Errors
/// When the corpus cannot be read, or nobody listens any more.
pub(crate) fn run(arguments: &Arguments, first: u64) -> Result<()> {
    let fuzzer = Fuzzer::new(
        arguments.target,
        arguments.seed,
        arguments.corpus.as_deref(),
    )?;
    let step = arguments.workers.max(1);
    on_thread(move || {
        limit_memory()?;
        let mut out = BufWriter::new(stdout());
        let mut index = first;
        let mut slowest = NOTABLE;
        loop {
            let case = fuzzer.case(index);
            writeln!(out, "c {index}")?;
            out.flush()?;
            let start = Instant::now();
            match run_case(fuzzer.target, &case) {
                Ok(Outcome::Accepted) => writeln!(out, "a {index}")?,
                Ok(Outcome::Refused) => {}
                Err(reason) => writeln!(out, "p {index} {}", reason.replace('\n', " "))?,
            }
            let taken = start.elapsed();
            if taken > slowest {
                slowest = taken;
                writeln!(out, "s {index} {}", taken.as_millis())?;
            }
            index += step;
        }
    })
}

/// Runs one case in this process and prints it.
///
/// # Errors
/// When the corpus cannot be read.
pub(crate) fn run_one(arguments: &Arguments, index: u64) -> Result<ExitCode> {
    let fuzzer = Fuzzer::new(
        arguments.target,
        arguments.seed,
        arguments.corpus.as_deref(),
    )?;
    on_thread(move || {
        let case = fuzzer.case(index);
        println!("--- code\n{}\n--- data\n{}", case.code, case.data);
        let start = Instant::now();
        let outcome = run_case(fuzzer.target, &case);
        println!("--- {outcome:?} after {:?}", start.elapsed());
        Ok(if outcome.is_ok() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    })
}

/// Runs a case; a panic gives its message and place.
///
/// # Errors
/// What the panic said.
pub(crate) fn run_case(target: &Target, case: &Case) -> Result<Outcome, String> {
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !AT_WORK.get() {
                return before(info);
            }
            let message = info.payload_as_str().unwrap_or("a value that is no text");
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            PANIC.set(Some(format!("panic: {message} at {place}")));
        }));
    });
    AT_WORK.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(|| (target.run)(case)));
    AT_WORK.set(false);
    outcome.map_err(|_| PANIC.take().unwrap_or_else(|| "panic".to_owned()))
}

/// Runs work on a thread with [`STACK_BYTES`] of stack.
///
/// # Errors
/// That of the work, or when there can be no thread.
pub(crate) fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let thread = thread::Builder::new().stack_size(STACK_BYTES).spawn(work)?;
    thread
        .join()
        .map_err(|_| anyhow!("the worker's own code panicked"))?
}
