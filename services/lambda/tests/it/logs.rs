//! What functions print, and what the platform writes around it.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use passo_lambda::{Functions, InvokeOptions, LogSink, LogSource, LogStream, Settings};

use crate::harness::{Harness, tail, text};

/// Does not come back from its first line until the other end is dropped.
struct Stuck(Mutex<Receiver<()>>);

impl LogSink for Stuck {
    fn write(&self, _: &LogSource, _: LogStream, _: &str, _: SystemTime) {
        let _ = self.0.lock().unwrap().recv();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sink_that_is_stuck_stops_no_function() {
    let source = "def handler(event, context):\n    for _ in range(20): print('x' * (1 << 20))\n    return 1\n";
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness.python().with_timeout_seconds(60).unwrap();
    let (release, stuck) = channel();
    let sink = Arc::new(Stuck(Mutex::new(stuck)));
    let functions = Functions::new(Settings::default(), sink).unwrap();
    for _ in 0..2 {
        let outcome = functions
            .invoke(&function, "{}".into(), InvokeOptions::default())
            .await;
        assert_eq!(text(&outcome.unwrap()), "1");
    }
    // Does not wait for the sink for ever either.
    functions.shutdown().await;
    drop(release);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invocations_log_stands_between_start_and_report() {
    let source = "import logging, sys\nprint('loading')\ndef handler(event, context):\n    print('out')\n    \
                  print('err', file=sys.stderr)\n    logging.getLogger().warning('careful')\n    \
                  sys.stdout.write('no end')\n    return 1\n";
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    let outcome = harness.invoke(&function, "{}").await;
    let id = outcome.request_id.to_string();
    let log = tail(&outcome);
    assert!(
        log.starts_with(&format!("START RequestId: {id} Version: $LATEST\n")),
        "{log}"
    );
    let end = log
        .find(&format!(
            "END RequestId: {id}\nREPORT RequestId: {id}\tDuration: "
        ))
        .unwrap();
    for part in [
        "out\n",
        "err\n",
        "[WARNING]\t",
        &format!("Z\t{id}\tcareful\n"),
        "no end\n",
    ] {
        assert!(log.find(part).unwrap() < end, "{part:?} in {log}");
    }
    for part in [
        "\tMemory Size: 128 MB\tMax Memory Used: ",
        "\tInit Duration: ",
    ] {
        assert!(log.find(part).unwrap() > end, "{part:?} in {log}");
    }
    assert_eq!(
        outcome.log_result().unwrap().len(),
        log.len().div_ceil(3) * 4
    );
    let second = harness.invoke(&function, "{}").await;
    assert!(!tail(&second).contains("Init Duration"));
    let lines = harness.lines().await;
    let find = |text: &str| {
        lines
            .iter()
            .find(|(_, line)| line == text)
            .map(|(stream, _)| *stream)
    };
    assert_eq!(find("loading"), Some(LogStream::Stdout));
    assert_eq!(find("out"), Some(LogStream::Stdout));
    assert_eq!(find("err"), Some(LogStream::Stderr));
    assert_eq!(
        find(&format!("END RequestId: {id}")),
        Some(LogStream::Platform)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_logged_as_aws_logs_them() {
    let source = "def handler(event, context):\n    raise ValueError('bad')\n";
    let harness = Harness::new(&[("handler.py", source)]);
    let outcome = harness.invoke(&harness.python(), "{}").await;
    let log = tail(&outcome);
    let expect = "[ERROR] ValueError: bad\rTraceback (most recent call last):\r\u{a0}\u{a0}File \"/var/task/handler.py\", \
                  line 2, in handler\r\u{a0}\u{a0}\u{a0}\u{a0}raise ValueError('bad')\n";
    assert!(log.contains(expect), "{log}");
    harness.functions.shutdown().await;

    let harness = Harness::new(&[("handler.py", "import os\ndef handler(e, c): os._exit(1)\n")]);
    let outcome = harness.invoke(&harness.python(), "{}").await;
    let id = outcome.request_id.to_string();
    let expect = format!(
        "RequestId: {id} Error: Runtime exited with error: exit status 1\nRuntime.ExitError\nEND "
    );
    assert!(tail(&outcome).contains(&expect), "{}", tail(&outcome));
    harness.functions.shutdown().await;

    let harness = Harness::new(&[("handler.py", "import nothing_here\n")]);
    harness.invoke(&harness.python(), "{}").await;
    let lines = harness.lines().await;
    let report = lines
        .iter()
        .find(|(_, line)| line.starts_with("INIT_REPORT Init Duration: "))
        .unwrap();
    assert!(
        report
            .1
            .ends_with("Phase: init\tStatus: error\tError Type: Runtime.ImportModuleError"),
        "{}",
        report.1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_and_endless_lines_do_no_harm() {
    let source = "import sys\ndef handler(event, context):\n    sys.stdout.buffer.write(bytes(range(256)))\n    \
                  sys.stdout.buffer.write(b'x' * (3 << 20))\n    print()\n    print('last')\n    return 1\n";
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    let outcome = harness.invoke(&function, "{}").await;
    assert_eq!(outcome.function_error, None);
    assert_eq!(outcome.log_tail.as_ref().unwrap().len(), 4096);
    assert!(tail(&outcome).contains("xxx\nlast\nEND RequestId: "));
    let lines = harness.lines().await;
    // The 128 bytes that are not UTF-8 take three bytes each as replacement characters.
    assert!(lines.iter().all(|(_, line)| line.len() <= 256 * 1024 + 256));
    let xs: usize = lines
        .iter()
        .map(|(_, line)| line.bytes().filter(|b| *b == b'x').count())
        .sum();
    assert!(xs > 3 << 20);
}
