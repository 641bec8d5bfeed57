//! `passo run` with definitions of every kind, right and wrong.

use insta::assert_snapshot;
use passo_json::Json;

use crate::command::Passo;

fn run(name: &str, more: &[&str]) -> Passo {
    let path = format!("crates/cli/tests/it/definitions/{name}");
    let fixed = ["run", &path, "--clock", "virtual", "--seed", "1"];
    Passo::new([&fixed, more].concat())
}

#[test]
fn waiting_takes_no_time_on_a_virtual_clock() {
    assert_snapshot!(run("wait.asl.yaml", &[]).exact_transcript());
}

#[test]
fn branches_and_items_say_what_they_are_part_of() {
    assert_snapshot!(run("branches.asl.json", &["-i", r#"{"items": [1, 2]}"#]).exact_transcript());
}

#[test]
fn large_maps_are_folded() {
    let items: Vec<String> = (0..64).map(|item| item.to_string()).collect();
    let input = format!(r#"{{"items": [{}]}}"#, items.join(","));
    assert_snapshot!(run("branches.asl.json", &["-i", &input]).exact_transcript());
}

#[test]
fn map_runs_tell_how_far_they_are() {
    let items = r#"["a", "b"]"#;
    assert_snapshot!(run("distributed.asl.json", &["-i", items]).exact_transcript());
}

#[test]
fn the_history_is_one_event_per_line() {
    let output = run("wait.asl.yaml", &["-o", "jsonl", "-q"]).output();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let types: Vec<&str> = stdout
        .lines()
        .map(|line| {
            line.split("\"type\":\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
        })
        .collect();
    assert_eq!(
        types,
        [
            "ExecutionStarted",
            "WaitStateEntered",
            "WaitStateExited",
            "PassStateEntered",
            "PassStateExited",
            "ExecutionSucceeded"
        ]
    );
    assert!(output.stderr.is_empty());
}

#[test]
fn status_and_output_are_one_object() {
    let output = run("wait.asl.yaml", &["-o", "json", "--history", "-q"]).output();
    let summary = Json::parse(&String::from_utf8(output.stdout).unwrap()).unwrap();
    let keys: Vec<&str> = summary
        .as_object()
        .unwrap()
        .keys()
        .map(|key| &**key)
        .collect();
    let expect = [
        "executionArn",
        "stateMachineArn",
        "status",
        "startDate",
        "stopDate",
        "input",
        "output",
        "history",
    ];
    assert_eq!(keys, expect);
    assert_eq!(
        summary.pointer("/output/greeting"),
        Some(&Json::from("hello"))
    );
    assert_eq!(
        summary
            .get("history")
            .and_then(Json::as_array)
            .map(|events| events.len()),
        Some(6)
    );
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let cases: [(&str, &[&str]); 7] = [
        ("missing.asl.json", &[]),
        ("broken.asl.json", &[]),
        ("not-json.asl.json", &[]),
        ("wait.asl.yaml", &["-i", "{\"a\": }"]),
        ("wait.asl.yaml", &["-i", "@missing.json"]),
        ("wait.asl.yaml", &["--test-case", "A"]),
        ("wait.asl.yaml", &["-s", "Other"]),
    ];
    let shown = cases.map(|(name, more)| {
        let said = run(name, more).exact_transcript();
        format!("$ passo run {name} {}\n{said}", more.join(" "))
    });
    assert_snapshot!(shown.join("\n"));
}

#[test]
fn what_is_not_supported_is_named() {
    assert_snapshot!(run("queue.asl.json", &[]).transcript());
}

#[test]
fn control_characters_are_made_visible() {
    assert_snapshot!(run("control.asl.json", &[]).exact_transcript());
}

#[test]
fn a_run_may_be_given_up() {
    let path = "crates/cli/tests/it/definitions/wait.asl.yaml";
    assert_snapshot!(Passo::new(["run", path, "--timeout", "200ms"]).transcript());
}

#[test]
fn an_endless_loop_can_be_given_up() {
    let project = "crates/cli/tests/it/projects/endless";
    let run = Passo::new([
        "run",
        project,
        "--clock",
        "virtual",
        "--timeout",
        "100ms",
        "-q",
    ]);
    assert_snapshot!(run.transcript());
}

#[test]
fn the_command_line_is_checked() {
    assert_snapshot!(Passo::new(["run", "--clock", "broken"]).exact_transcript());
    let nothing: [&str; 0] = [];
    assert_snapshot!(Passo::new(nothing).exact_transcript());
}
