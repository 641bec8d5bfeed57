//! The answers of `passo check`, as they are printed.

use std::path::PathBuf;

use super::{CheckArguments, Outcome, Output, TypeName, examine, json, sarif, text};
use crate::exit::Exit;

const WRONG: &str = r#"{
  "StartAt": "Pay",
  "States": {
    "Pay": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "TimoutSeconds": 5,
      "Parameters": { "Amount": "$.amount" },
      "Next": "Shipp"
    }
  }
}
"#;

fn arguments(path: PathBuf, workflow_type: TypeName) -> CheckArguments {
    CheckArguments {
        paths: vec![path],
        workflow_type,
        deny_warnings: false,
        output: Output::Text,
    }
}

fn outcome(name: &str, content: &str) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), content).unwrap();
    let whole_folder = arguments(folder.path().to_owned(), TypeName::Standard);
    let mut outcome = examine(&whole_folder).unwrap();
    for definition in &mut outcome.definitions {
        definition.path = name.to_owned();
    }
    outcome
}

#[test]
fn people_see_the_line_at_fault() {
    let told = text::tell(&outcome("pay.asl.json", WRONG));
    insta::assert_snapshot!(anstream::adapter::strip_str(&told).to_string());
}

#[test]
fn programs_get_every_place() {
    insta::assert_snapshot!(json::tell(&outcome("pay.asl.json", WRONG)));
}

#[test]
fn scanners_get_sarif() {
    insta::assert_snapshot!(sarif::tell(&outcome("my pay.asl.json", WRONG)));
}

#[test]
fn broken_text_is_a_finding() {
    let told = text::tell(&outcome("x.asl.yaml", "StartAt: [A\nStates: {}\n"));
    insta::assert_snapshot!(anstream::adapter::strip_str(&told).to_string());
}

#[test]
fn the_exit_tells_whether_something_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    };
    let right = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#;
    let doubtful = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"$.x","End":true}}}"#;
    let express = r#"{"StartAt":"A","States":{"A":{"Type":"Task","End":true,"Resource":
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}}}"#;
    let substituted =
        r#"{"StartAt":"A","States":{"A":{"Type":"Task","End":true,"Resource":"${F}"}}}"#;
    let unquoted =
        r#"{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":${Seconds},"End":true}}}"#;
    let unquoted = write("unquoted.json", unquoted);
    let paths = [
        write("right/a.asl.json", right),
        write("doubtful.json", doubtful),
        write("express.json", express),
        write("substituted.json", substituted),
        write("wrong/node_modules/b.asl.json", "{"),
    ];
    let run = |path: PathBuf, workflow_type: TypeName, deny_warnings: bool| {
        let outcome = examine(&arguments(path, workflow_type)).ok()?;
        Some(outcome.exit(deny_warnings))
    };
    let [right, doubtful, express, substituted, _] = paths;
    let standard = TypeName::Standard;
    assert_eq!(run(right, standard, true), Some(Exit::Ok));
    assert_eq!(run(doubtful.clone(), standard, false), Some(Exit::Ok));
    assert_eq!(run(doubtful, standard, true), Some(Exit::Failed));
    assert_eq!(run(express.clone(), standard, false), Some(Exit::Ok));
    assert_eq!(run(express, TypeName::Express, false), Some(Exit::Failed));
    assert_eq!(run(substituted, standard, true), Some(Exit::Ok));
    assert_eq!(run(unquoted, standard, true), Some(Exit::Ok));
    assert_eq!(run(folder.path().join("wrong"), standard, false), None);
    assert_eq!(
        run(folder.path().join("absent.json"), standard, false),
        None
    );
}

const TEMPLATE: &str = "\
Resources:
  Inline:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition:
        StartAt: Call
        States:
          Call:
            Type: Task
            Resource: !GetAtt Function.Arn
            TimeoutSeconds: !Ref Timeout
            Parameters: {Name: !Sub '${AWS::StackName}-x', 'Id.$': id}
            Next: Wait
          Wait:
            Type: Task
            Resource: arn:aws:states:::sqs:sendMessage.waitForTaskToken
            End: true
  InFile:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineType: EXPRESS
      DefinitionUri: flow/pay.asl.json
";

#[test]
fn templates_are_looked_into() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flow/pay.asl.json");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(
        &file,
        WRONG.replace("lambda:invoke", "states:startExecution.sync:2"),
    )
    .unwrap();
    std::fs::write(folder.path().join("template.yaml"), TEMPLATE).unwrap();
    let mut outcome = examine(&arguments(folder.path().to_owned(), TypeName::Standard)).unwrap();
    for definition in &mut outcome.definitions {
        let name = definition.path.rsplit('/').next().unwrap().to_owned();
        definition.path = name;
    }
    let told = text::tell(&outcome);
    insta::assert_snapshot!(anstream::adapter::strip_str(&told).to_string());
}
