//! `passo convert`.

use std::fs;

use crate::command::Passo;

const MACHINE: &str = r#"{"StartAt": "A", "States": {
    "A": {"Type": "Pass", "Parameters": {"id.$": "$.order.id"}, "ResultPath": "$.seen", "Next": "B"},
    "B": {"Type": "Succeed", "OutputPath": "$..x"}}}"#;

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Passo::new([&["convert"], arguments].concat()).output();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn a_definition_is_printed_or_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("m.asl.json");
    fs::write(&file, MACHINE).unwrap();
    let path = file.to_str().unwrap();

    let (code, stdout, stderr) = run(&[path]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stdout.contains(r#""Output": "{% $merge([$states.input, { \"seen\": { \"id\": $states.input.order.id } }]) %}""#), "{stdout}");
    assert!(
        stderr.contains("error: /States/B/OutputPath: stays in JSONPath"),
        "{stderr}"
    );
    assert!(
        stderr.contains("1 states converted, 1 left in JSONPath"),
        "{stderr}"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), MACHINE);

    let (code, stdout, _) = run(&[path, "--state", "A", "-w"]);
    assert_eq!((code, stdout.as_str()), (Some(0), ""));
    let written = fs::read_to_string(&file).unwrap();
    assert!(
        written.contains(r#""QueryLanguage": "JSONata""#),
        "{written}"
    );
    let check = Passo::new(["check", path]).output();
    assert!(check.status.success());

    let (code, _, stderr) = run(&[path, "--state", "X"]);
    assert_eq!(code, Some(3), "{stderr}");
}

#[test]
fn yaml_stays_yaml() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("m.asl.yaml");
    fs::write(
        &file,
        "StartAt: A\nStates:\n  A:\n    Type: Succeed\n    OutputPath: $.a.b\n",
    )
    .unwrap();
    let path = file.to_str().unwrap();
    let (code, _, stderr) = run(&[path, "-w"]);
    assert_eq!(code, Some(0), "{stderr}");
    let written = fs::read_to_string(&file).unwrap();
    assert!(written.contains("QueryLanguage: JSONata"), "{written}");
    let check = Passo::new(["check", path]).output();
    assert!(check.status.success(), "{written}");
}
