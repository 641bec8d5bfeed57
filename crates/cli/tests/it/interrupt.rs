//! An interrupted run: its exit code, and that nothing of it stays behind.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

use crate::command::Passo;

#[test]
fn functions_do_not_outlive_an_interrupted_run() {
    let project = "crates/cli/tests/it/projects/sleeper";
    let mut child = Passo::new(["run", project, "--logs"]).spawn();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    let process = loop {
        let mut line = String::new();
        assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "{said}");
        said.push_str(&line);
        if let Some((_, process)) = line.trim().split_once("process ") {
            break process.to_owned();
        }
    };
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    stderr.read_to_string(&mut said).unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130), "{said}");
    assert!(said.contains("note: crates/cli/tests/it/projects/sleeper/template.yaml:23:3: the resource `Orders` (AWS::DynamoDB::Table) is not created here\n"), "{said}");
    assert!(
        said.ends_with("error: interrupted\n  why: still running: `Sleep`\n"),
        "{said}"
    );
    assert!(
        !Path::new("/proc").join(&process).exists(),
        "process {process} is still there"
    );
}
