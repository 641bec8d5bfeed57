//! Functions that take too long, too much, or leave in the middle.

use std::time::Duration;

use bytes::Bytes;
use passo_lambda::{FunctionError, InvokeError, InvokeOptions, Settings};
use tokio::time::Instant;

use crate::harness::{Harness, json, tail, text};
use crate::left_behind::all_gone;

async fn check_error(source: &str, expect: &str) {
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    assert_eq!(harness.error(&function, "{}").await, expect, "{source}");
    // The next invocation gets a new process.
    assert_eq!(harness.error(&function, "{}").await, expect, "{source}");
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeout_kills_whatever_the_function_ignores() {
    let source = "import signal, subprocess, os\n\
                  signal.signal(signal.SIGTERM, signal.SIG_IGN)\n\
                  def handler(event, context):\n    \
                      child = subprocess.Popen(['sleep', '1000'])\n    \
                      daemon = subprocess.Popen(['sleep', '1000'], start_new_session=True)\n    \
                      print('pids', os.getpid(), child.pid, daemon.pid)\n    \
                      while True: pass\n";
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness.python().with_timeout_seconds(1).unwrap();
    let outcome = harness.invoke(&function, "{}").await;
    assert_eq!(outcome.function_error, Some(FunctionError::Unhandled));
    let id = outcome.request_id.to_string();
    assert_eq!(
        text(&outcome),
        format!(
            r#"{{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: {id} Error: Task timed out after 1.00 seconds"}}"#
        )
    );
    let log = tail(&outcome);
    let pids = log
        .lines()
        .find_map(|line| line.strip_prefix("pids "))
        .unwrap()
        .to_owned();
    all_gone(
        &pids
            .split(' ')
            .map(|pid| pid.parse().unwrap())
            .collect::<Vec<_>>(),
    );
    assert!(
        log.contains(&format!(
            "Z {id} Task timed out after 1.00 seconds\n\nEND RequestId: {id}\n"
        )),
        "{log}"
    );
    assert!(log.trim_end().ends_with("Status: timeout"), "{log}");
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_ends_is_an_exit_error() {
    for (statement, text) in [
        ("os._exit(1)", "Runtime exited with error: exit status 1"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("sys.exit(7)", "Runtime exited with error: exit status 7"),
        (
            "os.kill(os.getpid(), 11)",
            "Runtime exited with error: signal: segmentation fault",
        ),
        (
            "os.closerange(0, 1024)",
            "Runtime exited with error: exit status 1",
        ),
    ] {
        let source = format!("import os, sys\ndef handler(event, context):\n    {statement}\n");
        let expect = format!(
            r#"{{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: {text}"}}"#
        );
        let harness = Harness::new(&[("handler.py", &source)]);
        let got = harness
            .error(&harness.python().with_timeout_seconds(30).unwrap(), "{}")
            .await;
        assert_eq!(got.replace(" (core dumped)", ""), expect, "{statement}");
        harness.functions.shutdown().await;
    }
    check_error(
        "import os\nos._exit(4)\n",
        r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 4"}"#,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_over_the_limit_kills() {
    let source = "def handler(event, context):\n    kept = []\n    while True: kept.append(bytearray(1024 * 1024))\n";
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness.python().with_timeout_seconds(60).unwrap();
    let outcome = harness.invoke(&function, "{}").await;
    let id = outcome.request_id.to_string();
    assert_eq!(
        text(&outcome),
        format!(
            r#"{{"errorType":"Runtime.ExitError","errorMessage":"RequestId: {id} Error: Runtime exited with error: signal: killed"}}"#
        )
    );
    assert_eq!(outcome.report.max_memory_used_megabytes, 128);
    assert!(tail(&outcome).contains("Status: error\tError Type: Runtime.OutOfMemory"));
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_memory_of_children_counts() {
    let source = "import subprocess, sys\n\
                  def handler(event, context):\n    \
                      subprocess.run([sys.executable, '-c', 'kept = bytearray(400 << 20); input()'], stdin=subprocess.PIPE, timeout=60)\n    \
                      subprocess.Popen([sys.executable, '-c', 'kept = b\"x\" * (400 << 20); import time; time.sleep(60)']).wait()\n";
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness.python().with_timeout_seconds(60).unwrap();
    let got = harness.error(&function, "{}").await;
    assert!(got.contains("signal: killed"), "{got}");
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_over_six_megabytes_is_refused() {
    let source = "n = 0\ndef handler(event, context):\n    global n\n    n += 1\n    return 'a' * event if event else n\n";
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness.python().with_timeout_seconds(60).unwrap();
    let expect = r#"{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}"#;
    assert_eq!(harness.error(&function, "7340032").await, expect);
    assert_eq!(harness.error(&function, "6291555").await, expect);
    assert_eq!(harness.result(&function, "6291554").await.len(), 6291556);
    assert_eq!(
        harness.result(&function, "0").await,
        "4",
        "the process survives"
    );
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_the_process_does_not_answer() {
    let source = "import os\ndef handler(event, context):\n    \
                  child = os.fork()\n    if child: os.waitpid(child, 0)\n    return 'child' if child == 0 else 'parent'\n";
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    for _ in 0..2 {
        assert_eq!(harness.result(&function, "{}").await, "\"parent\"");
    }
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_loading_counts_only_after_the_platforms_time() {
    let settings = || Settings {
        init_max: Duration::from_millis(400),
        ..Settings::default()
    };
    // Too slow for the platform, fast enough for the function's own time.
    let harness = Harness::with(
        settings(),
        &[(
            "handler.py",
            "import time\ntime.sleep(0.6)\ndef handler(event, context): return 'loaded'\n",
        )],
    );
    let function = harness.python().with_timeout_seconds(30).unwrap();
    assert_eq!(harness.result(&function, "{}").await, "\"loaded\"");
    harness.functions.shutdown().await;
    // Too slow for both.
    let harness = Harness::with(
        settings(),
        &[("handler.py", "import time\ntime.sleep(1000)\n")],
    );
    let got = harness
        .error(&harness.python().with_timeout_seconds(1).unwrap(), "{}")
        .await;
    assert!(got.contains("Task timed out after 1.00 seconds"), "{got}");
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_are_none_are_refused() {
    let harness = Harness::new(&[("handler.py", "def handler(event, context): return event\n")]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    let error = harness.try_invoke(&function, "{").await.unwrap_err();
    assert_eq!(
        (error.aws_code(), error.http_status()),
        ("InvalidRequestContentException", 400)
    );
    let error = harness
        .try_invoke(&function, &" ".repeat(6291457))
        .await
        .unwrap_err();
    assert_eq!(
        (error.aws_code(), error.http_status()),
        ("RequestTooLargeException", 413)
    );
    assert_eq!(
        error.to_string(),
        "6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)"
    );
    assert_eq!(harness.result(&function, "").await, "{}");
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_may_stop_waiting_and_the_function_goes_on() {
    let source = "import time\nn = 0\ndef handler(event, context):\n    global n\n    n += 1\n    \
                  time.sleep(event)\n    return n\n";
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    assert_eq!(harness.result(&function, "0").await, "1");
    let options = InvokeOptions {
        deadline: Some(Instant::now() + Duration::from_millis(100)),
        ..InvokeOptions::default()
    };
    let error = harness
        .functions
        .invoke(&function, Bytes::from("0.5"), options)
        .await
        .unwrap_err();
    assert!(matches!(error, InvokeError::DeadlinePassed), "{error}");
    // The process that works for nobody is busy, so this is another one.
    assert_eq!(harness.result(&function, "0.6").await, "1");
    // The first process has done its work and is warm again, next to the second.
    let results = [
        harness.result(&function, "0").await,
        harness.result(&function, "0").await,
    ];
    assert!(
        results.iter().all(|result| json(result).as_i64() > Some(1)),
        "{results:?}"
    );
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_interpreter_is_named() {
    let settings = Settings {
        search_path: Some("/nonexistent".to_owned()),
        ..Settings::default()
    };
    let harness = Harness::with(settings, &[]);
    let error = harness
        .try_invoke(&harness.python(), "{}")
        .await
        .unwrap_err();
    assert!(matches!(error, InvokeError::InterpreterMissing { .. }));
    let text = error.to_string();
    assert!(
        text.starts_with(
            "no interpreter for runtime `python3.12`: looked for `python3.12` (not found), "
        ),
        "{text}"
    );
    assert!(text.ends_with("in PATH `/nonexistent`"), "{text}");
    let missing = harness.directory.path().join("missing");
    let function = passo_lambda::Function::new(
        harness.python().arn(),
        passo_lambda::Runtime::parse("python3.12").unwrap(),
        "a.b",
        missing,
    )
    .unwrap();
    let error = harness.try_invoke(&function, "{}").await.unwrap_err();
    assert!(matches!(error, InvokeError::Code { .. }), "{error}");
    harness.functions.shutdown().await;
}
