//! No process is left behind, whatever happens to the server.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use passo_lambda::InvokeError;

use crate::harness::{Harness, json, lives, text};

/// Leaves a child in the group, a daemon outside it, and tells all ids.
const FAMILY: &str = "import os, subprocess, time\ndef handler(event, context):\n    \
                      child = subprocess.Popen(['sleep', '1000'])\n    \
                      daemon = subprocess.Popen(['sleep', '1000'], start_new_session=True)\n    \
                      pids = [os.getpid(), child.pid, daemon.pid]\n    \
                      print('pids', *pids)\n    \
                      time.sleep(event)\n    return pids\n";

fn ids(result: &str) -> Vec<i64> {
    json(result)
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_i64().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn shutdown_ends_idle_and_busy_families() {
    let harness = Harness::new(&[("handler.py", FAMILY)]);
    let function = harness.python().with_timeout_seconds(100).unwrap();
    let idle = ids(&text(&harness.invoke(&function, "0").await));
    assert!(idle.iter().all(|id| lives(*id)));
    let busy = harness.try_invoke(&function, "50");
    let shutdown = async {
        // The busy invocation is under way as soon as it has been polled once; ending it in any phase must work.
        tokio::task::yield_now().await;
        harness.functions.shutdown().await;
    };
    let (busy, ()) = tokio::join!(busy, shutdown);
    assert!(matches!(busy, Err(InvokeError::ShutDown)), "{busy:?}");
    all_gone(&idle);
    let again = harness.try_invoke(&function, "0").await;
    assert!(matches!(again, Err(InvokeError::ShutDown)));
    harness.functions.shutdown().await;
}

#[test]
fn the_end_of_the_runtime_ends_the_families() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let family = runtime.block_on(async {
        let harness = Harness::new(&[("handler.py", FAMILY)]);
        let function = harness.python().with_timeout_seconds(100).unwrap();
        let family = ids(&text(&harness.invoke(&function, "0").await));
        // Nobody shuts down; the handle is just dropped.
        drop(harness);
        family
    });
    drop(runtime);
    all_gone(&family);
}

#[test]
fn killing_the_server_ends_the_families() {
    let directory = tempfile::TempDir::new().unwrap();
    std::fs::write(directory.path().join("handler.py"), FAMILY).unwrap();
    let mut server = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "left_behind::server_for_another_test",
            "--nocapture",
            "--ignored",
        ])
        .env("PASSO_TEST_CODE", directory.path())
        .process_group(0)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut families = Vec::new();
    for line in BufReader::new(server.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if let Some((_, pids)) = line.split_once("family ") {
            families.extend(ids(pids));
        }
        if families.len() == 6 {
            break;
        }
    }
    assert!(families.iter().all(|id| lives(*id)), "{families:?}");
    server.kill().unwrap();
    server.wait().unwrap();
    all_gone(&families);
}

/// Not a test: the server that the test above kills. Prints an idle family and a busy one.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by another test"]
async fn server_for_another_test() {
    let Ok(code) = std::env::var("PASSO_TEST_CODE") else {
        return;
    };
    let source = std::fs::read_to_string(std::path::Path::new(&code).join("handler.py")).unwrap();
    let harness = Harness::new(&[("handler.py", &source)]);
    let function = harness.python().with_timeout_seconds(100).unwrap();
    let idle = ids(&text(&harness.invoke(&function, "0").await));
    println!("family {idle:?}");
    let idle = format!("pids {} {} {}", idle[0], idle[1], idle[2]);
    let other = harness
        .named("g", "python3.12", "handler.handler")
        .with_timeout_seconds(100)
        .unwrap();
    let busy = harness.invoke(&other, "90");
    let tell = async {
        loop {
            if let Some(line) = harness.recorder.find("pids ", &idle) {
                println!(
                    "family [{}]",
                    line.trim_start_matches("pids ").replace(' ', ",")
                );
                return;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::join!(busy, tell);
}

/// Waits for the ends of processes that were killed: the system takes a moment for each.
pub fn all_gone(ids: &[i64]) {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let left: Vec<_> = ids.iter().filter(|id| lives(**id)).collect();
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < until, "still there: {left:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
