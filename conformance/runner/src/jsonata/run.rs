//! Every case of the suite on a thread of its own, with a bound on its time.

use std::cell::Cell;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use passo_json::Json;
use passo_jsonata::error::REFUSED_FUNCTION;
use passo_jsonata::{Environment, Error, Expression, Limits, NoHostFunctions, Profile};

use super::case::{Case, Expect, Line};
use super::datasets::Datasets;
use crate::outcome::{Outcome, Verdict};
use crate::{corpus, workers};

/// Far beyond what the slowest case takes in a debug build.
const TIME_MAX: Duration = Duration::from_secs(60);
/// Debug builds have large frames: what a case may use, and what its thread has.
const STACK_BYTES: usize = 32 << 20;
const THREAD_STACK_BYTES: usize = 2 * STACK_BYTES;
/// 2025-01-01T00:00:00Z. The suite expects of the time only that it does not change.
const NOW_MILLIS: i64 = 1_735_689_600_000;

/// Runs the cases of the suite in `folder` whose id contains `only`.
///
/// # Errors
/// When the suite cannot be read.
pub fn run(folder: &Path, only: Option<&str>) -> Result<Vec<Outcome>> {
    let datasets = Datasets::read(&folder.join("datasets"))?;
    let mut outcomes = Vec::new();
    let mut cases = Vec::new();
    for text in corpus::lines(&folder.join("cases.jsonl"))? {
        match Line::parse(&text, &datasets).with_context(|| format!("in `{text}`"))? {
            Line::Case(case) => cases.push(case),
            Line::LoneSurrogate => outcomes.push(Outcome {
                id: String::new(),
                area: String::new(),
                verdict: Verdict::Apart("half a surrogate pair, which no Rust string holds".into()),
            }),
        }
    }
    if let Some(only) = only {
        cases.retain(|case| case.id.contains(only));
        outcomes.clear();
    }
    let verdicts = workers::map(&cases, |case| judge_in_time(case));
    for (case, verdict) in cases.iter().zip(verdicts) {
        let area = case.id.split('/').next().unwrap_or_default().to_owned();
        outcomes.push(Outcome {
            id: case.id.clone(),
            area,
            verdict,
        });
    }
    Ok(outcomes)
}

fn judge_in_time(case: &Case) -> Verdict {
    let (sender, receiver) = mpsc::channel();
    let owned = case.clone();
    // Nobody listens to a case that ends too late.
    let work = move || drop(sender.send(judge(&owned)));
    let thread = thread::Builder::new()
        .stack_size(THREAD_STACK_BYTES)
        .spawn(work);
    if let Err(error) = thread {
        return failed(case, &format!("no thread: {error}"));
    }
    match receiver.recv_timeout(TIME_MAX) {
        Ok(verdict) => verdict,
        Err(RecvTimeoutError::Timeout) => failed(case, &format!("no end within {TIME_MAX:?}")),
        Err(RecvTimeoutError::Disconnected) => failed(case, "a panic"),
    }
}

fn judge(case: &Case) -> Verdict {
    let result = evaluate(case);
    let is_expected = match (&result, &case.expect) {
        (Ok(value), expect) => expect.accepts(value.as_ref()),
        (Err(error), Expect::Error(code)) => error.code == code,
        (Err(error), Expect::Refusal) => error.code == REFUSED_FUNCTION,
        (Err(_), Expect::Value(_) | Expect::Unordered(_) | Expect::Nothing) => false,
    };
    if is_expected {
        return Verdict::Passed;
    }
    let got = match result {
        Ok(Some(value)) => value.to_text(),
        Ok(None) => "nothing".to_owned(),
        Err(error) => format!("error {error}"),
    };
    failed(case, &got)
}

fn failed(case: &Case, got: &str) -> Verdict {
    let input = case.input.as_ref().map_or("none".to_owned(), Json::to_text);
    Verdict::Failed(format!(
        "expression: {}\n     input: {}\n  expected: {}\n       got: {}",
        case.expression,
        shortened(&input),
        shortened(&case.expect.describe()),
        shortened(got)
    ))
}

/// Enough of a long text to recognise it.
fn shortened(text: &str) -> String {
    const CHARACTERS_MAX: usize = 2000;
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((at, _)) => format!(
            "{} … ({} bytes)",
            text.get(..at).unwrap_or(text),
            text.len()
        ),
        None => text.to_owned(),
    }
}

fn evaluate(case: &Case) -> Result<Option<Json>, Error> {
    let profile = Profile::default().with_refused("eval");
    let expression = Expression::compile(&case.expression, &profile)?;
    // The suite counts ten million items, which is more than one evaluation may allocate by default.
    let limits = Limits {
        steps: 20_000_000,
        bytes: 1 << 30,
        stack_bytes: STACK_BYTES,
        ..Limits::default()
    };
    let limits = Limits {
        depth: case.depth.unwrap_or(limits.depth),
        ..limits
    };
    let seed = Cell::new(1_u64);
    let random = || {
        // Any sequence will do: the suite looks at ranges only.
        seed.set(
            seed.get()
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1),
        );
        seed.get()
    };
    let environment = Environment {
        now_millis: NOW_MILLIS,
        random: &random,
        host_functions: &NoHostFunctions,
    };
    expression.evaluate(case.input.as_ref(), &case.bindings, &environment, &limits)
}
