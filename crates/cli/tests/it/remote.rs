//! Commands against a server.

use insta::assert_snapshot;

use crate::command::Passo;
use crate::server::World;

const DEFINITIONS: &str = "crates/cli/tests/it/definitions";

/// A server with a state machine `flow` of this definition.
fn world(definition: &str) -> World {
    let world = World::open();
    let file = format!("{DEFINITIONS}/{definition}");
    world.output(&["machine", "create", "flow", &file]);
    world
}

#[test]
fn state_machines_come_and_go() {
    let file = format!("{DEFINITIONS}/branches.asl.json");
    let wrong = format!("{DEFINITIONS}/broken.asl.json");
    let world = World::open();
    assert_snapshot!(world.say_all(&[
        &["machine", "list"],
        &["machine", "create", "flow", &file],
        &["machine", "create", "flow", &wrong],
        &["machine", "list"],
        &["machine", "publish", "flow", "--description", "first"],
        &["machine", "versions", "flow"],
        &["machine", "alias", "set", "flow:live", "1"],
        &["machine", "alias", "list", "flow", "-o", "yaml"],
        &["machine", "alias", "delete", "flow:live", "--yes"],
        &["machine", "show", "flow", "--fields", "name,type,status"],
        &["machine", "show", "nothing"],
        &["machine", "delete", "flow"],
        &["machine", "delete", "flow", "--dry-run"],
        &["machine", "delete", "flow", "--yes"],
    ]));
}

#[test]
fn executions_are_run_and_looked_at() {
    let world = world("waits_for_activity.asl.json");
    world.output(&["activity", "create", "work"]);
    assert_snapshot!(world.say_all(&[
        &["list"],
        &["show"],
        &["start", "flow", "--name", "one", "-i", "{\"a\": 1}"],
        &["start", "flow", "-i", "not json"],
        &["list"],
        &["list", "-o", "text", "--fields", "name,status"],
        &["list", "--status", "failed"],
        &["list", "flow", "--fields", "name,status", "-o", "json"],
        &[
            "stop",
            "flow/one",
            "--error",
            "Enough",
            "--cause",
            "it took too long"
        ],
        &["show", "flow/one"],
        &["show", "flow/none"],
        &["history"],
        &["history", "--type", "execution", "-o", "jsonl"],
        &["redrive", "--all-of", "flow"],
        &["redrive", "--all-of", "flow", "--dry-run"],
        &["redrive", "--all-of", "flow", "--yes"],
        &["stop", "@last"],
        &["trace", "flow/@last", "--exit-status"],
    ]));
}

#[test]
fn a_run_ends_as_its_execution() {
    let world = world("branches.asl.json");
    let input = r#"{"items": [1, 2]}"#;
    assert_snapshot!(world.say_all(&[
        &["run", "flow", "-i", input, "--name", "one"],
        &["trace", "flow/one"],
        &["run", "flow", "--name", "two"],
        &["run", "flow", "--seed", "1"],
        &["run", "nothing"],
    ]));
}

#[test]
fn map_runs_are_looked_at() {
    let world = world("distributed.asl.json");
    let items = r#"["a", "b"]"#;
    assert_snapshot!(world.say_all(&[
        &["run", "flow", "-i", items, "--name", "one"],
        &["map-run", "list", "--fields", "executionArn"],
        &["map-run", "show"],
        &["map-run", "set", "flow/one", "--max-concurrency", "2"],
    ]));
}

#[test]
fn tasks_are_answered_with_their_token() {
    let world = world("waits_for_activity.asl.json");
    world.output(&["activity", "create", "work"]);
    let ends = [
        (
            &["approve"][..],
            &["--output", "{\"ok\": true}"][..],
            "SUCCEEDED",
        ),
        (
            &["reject"][..],
            &["--error", "No", "--reason", "too dear"][..],
            "FAILED",
        ),
    ];
    for (command, more, status) in ends {
        let execution = world.output(&["start", "flow", "-o", "text"]);
        let token = world.output(&["activity", "poll", "work", "-o", "text"]);
        world.output(&["heartbeat", &token]);
        world.output(&[command, &[token.as_str()], more].concat());
        world.output(&["trace", &execution]);
        assert_eq!(world.output(&["show", &execution, "-o", "text"]), status);
    }
}

#[test]
fn a_project_is_deployed_and_only_what_changed_again() {
    let world = World::open();
    let project = tempfile::tempdir().unwrap();
    let path = project.path().to_str().unwrap();
    let source =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/order-processing");
    copy(&source, project.path());
    let deploy = ["deploy", path];
    let first = world.says(&deploy);
    let function = project.path().join("functions/confirm_order/app.py");
    let code = std::fs::read_to_string(&function).unwrap();
    std::fs::write(&function, format!("{code}\n# changed\n")).unwrap();
    let second = world.says(&deploy);
    let definition = project
        .path()
        .join("statemachine/order-processing.asl.json");
    let text = std::fs::read_to_string(&definition).unwrap();
    std::fs::write(&definition, text.replace("\"StartAt\"", "\"StartsAt\"")).unwrap();
    let third = world.says(&deploy);
    let all = format!("{first}\n{second}\n{third}").replace(path, "[project]");
    assert_snapshot!(all);
    let run = [
        "run",
        "OrderProcessingStateMachine",
        "-i",
        "{\"orderId\": \"12345\"}",
        "-q",
    ];
    assert!(world.output(&run).contains("CONFIRMED"));
}

#[test]
fn a_state_is_tested_without_a_server() {
    let file = format!("{DEFINITIONS}/waits_for_activity.asl.json");
    let test = |more: &[&str]| {
        let fixed = ["state", "test", &file];
        Passo::new([&fixed, more].concat()).exact_transcript()
    };
    let mocked = test(&["Work", "--mock", "{\"done\": true}"]);
    let failed = test(&["Work", "--mock-error", "Broken: it fell", "-o", "json"]);
    let missing = test(&["Nothing"]);
    assert_snapshot!(format!("{mocked}\n{failed}\n{missing}"));
}

#[test]
fn a_server_that_is_not_there_is_told_apart() {
    // Bound and given back: nobody listens there.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let said = Passo::new(["list", "--endpoint", &endpoint]).exact_transcript();
    let address = endpoint.trim_start_matches("http://");
    assert_snapshot!(said.replace(address, "[address]"));
    let said = Passo::new(["list", "--profile", "nobody"]).exact_transcript();
    assert_snapshot!("an_unknown_profile", said);
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
