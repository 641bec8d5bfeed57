//! `passo graph` and `passo open`.

use std::fs;

use insta::assert_snapshot;

use crate::command::Passo;
use crate::server::World;

const DEFINITION: &str = r#"{"StartAt": "Check", "States": {
    "Check": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": "Large?",
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}]},
    "Large?": {"Type": "Choice", "Choices": [{"Variable": "$.total", "NumericGreaterThan": 5000, "Next": "Check"}], "Default": "Both"},
    "Both": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "Charge", "States": {"Charge": {"Type": "Pass", "Next": "Bill"}, "Bill": {"Type": "Pass", "End": true}}},
        {"StartAt": "Items", "States": {"Items": {"Type": "Map", "End": true,
            "ItemProcessor": {"StartAt": "Pack", "States": {"Pack": {"Type": "Wait", "Seconds": 3, "End": true}}}}}}
    ]},
    "Sorry": {"Type": "Fail", "Error": "Sorry"}
}}"#;

#[test]
fn a_definition_is_shown_as_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("order.asl.json");
    fs::write(&file, DEFINITION).unwrap();
    let path = file.to_str().unwrap();
    assert_snapshot!(Passo::new(["graph", "show", path]).exact_transcript());
}

#[test]
fn a_picture_is_printed_or_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("order.asl.json");
    fs::write(&file, DEFINITION).unwrap();
    let path = file.to_str().unwrap();
    let run = |arguments: &[&str]| {
        let output = Passo::new([&["graph", "export", path], arguments].concat()).output();
        let stdout = String::from_utf8(output.stdout).unwrap();
        (
            output.status.code(),
            stdout,
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    assert!(run(&[]).1.starts_with("<svg "));
    assert!(run(&["-f", "mermaid"]).1.starts_with("flowchart TD\n"));
    assert!(run(&["-f", "dot"]).1.starts_with("digraph "));
    let drawn = folder.path().join("order.mmd");
    let (code, stdout, stderr) = run(&["-o", drawn.to_str().unwrap()]);
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (Some(0), "", ""));
    assert!(fs::read_to_string(drawn).unwrap().starts_with("flowchart"));
    let (code, _, stderr) = run(&["-o", "picture.txt"]);
    assert_eq!(code, Some(2), "{stderr}");
    let none = Passo::new(["graph", "export", "none.asl.json"]).output();
    assert_eq!(none.status.code(), Some(3));
}

#[test]
fn executions_are_shown_as_they_stand_and_opened() {
    let world = World::open();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flow.asl.json");
    let definition = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "C"}], "Default": "B"},
        "B": {"Type": "Fail", "Error": "No"},
        "C": {"Type": "Succeed"}
    }}"#;
    fs::write(&file, definition).unwrap();
    world.output(&["machine", "create", "flow", file.to_str().unwrap()]);
    world.passo(&["run", "flow", "--name", "one"]).output();
    let said = world.output(&["graph", "show", "flow", "--status"]);
    for line in ["✔ A", "✖ B", "· C", "not reached"] {
        assert!(said.contains(line), "{line} {said}");
    }
    let drawn = world.output(&["graph", "export", "flow/one"]);
    assert!(drawn.contains("<title>B: failed</title>"), "{drawn}");
    let address = world.output(&["open", "flow/one", "--print"]);
    assert!(
        address.contains("/console/executions/arn:aws:states:"),
        "{address}"
    );
    let address = world.output(&["open", "flow"]);
    assert!(
        address.trim().ends_with("/console/workflows/flow"),
        "{address}"
    );
}
