//! `passo dev` as its user sees it: a project on a server, and what happens as files change.

use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::ChildStderr;

use rustix::process::{Pid, Signal, kill_process};

use crate::command::Passo;

/// Reads until a line has `text`: that line.
fn until(lines: &mut Lines<BufReader<ChildStderr>>, text: &str) -> String {
    let mut said = String::new();
    for line in lines {
        let line = line.unwrap();
        if line.contains(text) {
            return line;
        }
        said.push_str(&line);
        said.push('\n');
    }
    panic!("never said `{text}`:\n{said}");
}

fn definition(result: &str) -> String {
    format!(
        r#"{{"StartAt": "Say", "States": {{"Say": {{"Type": "Pass", "Result": "{result}", "End": true}}}}}}"#
    )
}

fn output_of(endpoint: &str) -> String {
    let output = Passo::new(["run", "greet", "-q", "--endpoint", endpoint]).output();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn files_are_followed() {
    let project = tempfile::tempdir().unwrap();
    let file = project.path().join("greet.asl.json");
    std::fs::write(&file, definition("one")).unwrap();
    let path = project.path().to_str().unwrap();
    let mut child = Passo::new(["dev", path, "--port", "0"]).spawn();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let heading = until(&mut lines, "passo dev");
    let endpoint = heading
        .split_whitespace()
        .find(|word| word.starts_with("http"))
        .unwrap();
    until(&mut lines, "created   state machine greet");
    until(&mut lines, "following the files");
    assert_eq!(output_of(endpoint), "\"one\"");
    std::fs::write(&file, definition("second")).unwrap();
    until(&mut lines, "updated   state machine greet");
    assert_eq!(output_of(endpoint), "\"second\"");
    std::fs::write(&file, definition("third").replace("Pass", "Fail")).unwrap();
    until(&mut lines, "greet.asl.json:1:");
    until(&mut lines, "what was deployed before stays");
    assert_eq!(output_of(endpoint), "\"second\"");
    std::fs::write(project.path().join("other.asl.yaml"), definition("other")).unwrap();
    until(&mut lines, "created   state machine other");
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    until(&mut lines, "stopping");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(Path::new(path).join(".passo/.gitignore").exists());
}

#[test]
fn services_may_be_elsewhere() {
    let project = tempfile::tempdir().unwrap();
    let path = project.path().to_str().unwrap();
    let config = project.path().join("passo.toml");
    std::fs::write(&config, "[services.glue]\nendpoint = \"nowhere\"\n").unwrap();
    let config = config.to_str().unwrap();
    let output = Passo::new(["dev", path, "--port", "0", "--config", config]).output();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("a service cannot be elsewhere") && said.contains("nowhere"),
        "{said}"
    );
}
