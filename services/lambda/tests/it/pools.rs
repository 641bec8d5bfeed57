//! Warm processes: reused, bounded, drained.

use std::num::NonZeroU32;
use std::time::Duration;

use passo_json::Json;
use passo_lambda::{InvokeError, Settings};

use crate::harness::{Harness, environment, json, lives};

const COUNTER: &str = "import os, time\nn = 0\ndef handler(event, context):\n    global n\n    n += 1\n    \
                       time.sleep(event if isinstance(event, float) else 0)\n    return [n, os.getpid()]\n";

fn parts(result: &Json) -> (i64, i64) {
    let part = |index| result.at(index).unwrap().as_i64().unwrap();
    (part(0), part(1))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_serves_one_caller_after_the_other() {
    let harness = Harness::new(&[("handler.py", COUNTER)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    let first = harness.invoke(&function, "1").await;
    assert!(first.report.init_duration.is_some());
    let (_, pid) = parts(&json(&crate::harness::text(&first)));
    for n in 2..20 {
        let outcome = harness.invoke(&function, "1").await;
        assert_eq!(parts(&json(&crate::harness::text(&outcome))), (n, pid));
        assert_eq!(outcome.report.init_duration, None);
    }
    harness.functions.shutdown().await;
    assert!(!lives(pid));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_to_load_takes_what_is_warm_sooner() {
    let settings = Settings {
        loading_max: NonZeroU32::MIN,
        ..Settings::default()
    };
    let slow_to_load = format!("import time\ntime.sleep(0.5)\n{COUNTER}");
    let harness = Harness::with(settings, &[("handler.py", &slow_to_load)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    // The second loads once the first works; the third gets the first's process before the second's has loaded.
    let (a, b, c) = tokio::join!(
        harness.invoke(&function, "1"),
        harness.invoke(&function, "1"),
        harness.invoke(&function, "1"),
    );
    let mut processes: Vec<i64> = [a, b, c]
        .iter()
        .map(|outcome| parts(&json(&crate::harness::text(outcome))).1)
        .collect();
    processes.sort_unstable();
    processes.dedup();
    assert_eq!(processes.len(), 2, "{processes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_invocations_have_processes_of_their_own_up_to_the_bound() {
    let settings = Settings {
        concurrency_max: NonZeroU32::new(2).unwrap(),
        queue_max: 2,
        ..Settings::default()
    };
    let harness = Harness::with(settings, &[("handler.py", COUNTER)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    // Two run, two wait, the fifth is refused.
    let (a, b, c, d, e) = tokio::join!(
        harness.try_invoke(&function, "0.3"),
        harness.try_invoke(&function, "0.3"),
        harness.try_invoke(&function, "0.3"),
        harness.try_invoke(&function, "0.3"),
        harness.try_invoke(&function, "0.3"),
    );
    let error = e.unwrap_err();
    assert!(matches!(error, InvokeError::TooManyRequests));
    assert_eq!(
        (
            error.aws_code(),
            error.http_status(),
            error.to_string().as_str()
        ),
        ("TooManyRequestsException", 429, "Rate Exceeded.")
    );
    let mut pids: Vec<i64> = [a, b, c, d]
        .into_iter()
        .map(|outcome| parts(&json(&crate::harness::text(&outcome.unwrap()))).1)
        .collect();
    pids.sort_unstable();
    pids.dedup();
    assert_eq!(pids.len(), 2);
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_too_long_is_refused_too() {
    let settings = Settings {
        concurrency_max: NonZeroU32::MIN,
        queue_wait_max: Duration::from_millis(50),
        ..Settings::default()
    };
    let harness = Harness::with(settings, &[("handler.py", COUNTER)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    harness.result(&function, "1").await;
    let (first, second) = tokio::join!(
        harness.try_invoke(&function, "1.0"),
        harness.try_invoke(&function, "1.0")
    );
    assert!(first.is_ok());
    assert!(matches!(second, Err(InvokeError::TooManyRequests)));
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_beyond_a_reserved_concurrency_does_not_wait() {
    let harness = Harness::new(&[("handler.py", COUNTER)]);
    let reserved = |concurrency: u32| {
        let function = harness.python().with_timeout_seconds(30).unwrap();
        function.with_reserved_concurrency(concurrency)
    };
    // All versions share it.
    let (one, other) = (reserved(1), reserved(1).with_version("1"));
    harness.result(&one, "0").await;
    let (first, second) = tokio::join!(
        harness.try_invoke(&one, "0.5"),
        harness.try_invoke(&other, "0.5")
    );
    assert!(first.is_ok());
    assert!(matches!(second, Err(InvokeError::TooManyRequests)));
    let none = harness.try_invoke(&reserved(0), "0").await;
    assert!(matches!(none, Err(InvokeError::TooManyRequests)));
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_have_processes_of_their_own() {
    let harness = Harness::new(&[("handler.py", COUNTER)]);
    let latest = harness.python().with_timeout_seconds(30).unwrap();
    let published = latest.clone().with_version("1");
    for expect in [1, 2] {
        for function in [&latest, &published] {
            let (n, _) = parts(&json(&harness.result(function, "0").await));
            assert_eq!(n, expect);
        }
    }
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_configuration_drains_the_old_processes() {
    let harness = Harness::new(&[("handler.py", COUNTER)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    let (_, old) = parts(&json(&harness.result(&function, "1").await));
    let changed = function
        .clone()
        .with_environment(environment(&[("KEY", "new")]))
        .unwrap();
    let (n, new) = parts(&json(&harness.result(&changed, "1").await));
    assert_eq!(n, 1);
    assert_ne!(old, new);
    gone(old).await;
    let revised = changed.with_code_revision("2");
    let (n, newest) = parts(&json(&harness.result(&revised, "1").await));
    assert_eq!(n, 1);
    gone(new).await;
    harness.functions.forget(revised.arn());
    gone(newest).await;
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_processes_are_reaped() {
    let settings = Settings {
        idle_max: Duration::from_millis(20),
        ..Settings::default()
    };
    let harness = Harness::with(settings, &[("handler.py", COUNTER)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    let (_, pid) = parts(&json(&harness.result(&function, "1").await));
    gone(pid).await;
    assert_eq!(parts(&json(&harness.result(&function, "1").await)).0, 1);
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_died_while_idle_is_replaced() {
    let harness = Harness::new(&[("handler.py", COUNTER)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    for _ in 0..5 {
        let (n, pid) = parts(&json(&harness.result(&function, "1").await));
        assert_eq!(n, 1);
        // The next invocation may come before or after the pool knows of it.
        let id = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
        gone(pid).await;
    }
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn between_invocations_a_process_stands_still() {
    let source = "import threading, time\nticks = 0\ndef tick():\n    global ticks\n    while True:\n        \
                  ticks += 1\n        time.sleep(0.001)\nthreading.Thread(target=tick, daemon=True).start()\n\
                  def handler(event, context): return [ticks, 0]\n";
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    let (before, _) = parts(&json(&harness.result(&function, "1").await));
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (after, _) = parts(&json(&harness.result(&function, "1").await));
    assert!(after - before < 150, "{before} {after}");
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_function_makes_room_for_another() {
    let settings = Settings {
        processes_max: NonZeroU32::MIN,
        ..Settings::default()
    };
    let harness = Harness::with(settings, &[("handler.py", COUNTER)]);
    let one = harness.python().with_timeout_seconds(30).unwrap();
    let other = harness
        .named("g", "python3.12", "handler.handler")
        .with_timeout_seconds(30)
        .unwrap();
    let (_, first) = parts(&json(&harness.result(&one, "1").await));
    let (_, second) = parts(&json(&harness.result(&other, "1").await));
    assert!(!lives(first) && lives(second));
    harness.functions.shutdown().await;
}

/// Waits until a process is gone: its end is asynchronous to everything that a caller can wait for.
async fn gone(pid: i64) {
    let wait = async {
        while lives(pid) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait)
        .await
        .expect("the process ends");
}
