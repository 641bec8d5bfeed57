//! Map runs on their own.

use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::journal::{decode_map_run_event, encode_map_run_event};
use passo_engine::map::{
    ArnRule, ChildOutcome, ChildRecord, Item, MapRun, MapRunCommand, MapRunDecision, MapRunInput,
    MapRunSpec, MapRunUpdate, RecordScan,
};
use passo_engine::{Budget, Command, Input, MapRunOutcome};
use passo_json::{Json, Payload, json};
use passo_vocab::{Failure, Timestamp};

use crate::driver::{Driver, compile, environment, header};

struct Run {
    program: Program,
    run: MapRun,
    /// The same, made from the events alone.
    replayed: MapRun,
    commands: Vec<MapRunCommand>,
    scan: RecordScan,
    /// Children that have succeeded, as whoever writes the results finds them.
    records: Vec<ChildRecord>,
}

/// The Map run of a Distributed Map with these fields, before its start.
fn run(fields: Json, input: Json) -> Run {
    let mut state = json!({"Type": "Map", "End": true,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}})
    .as_object()
    .unwrap()
    .clone();
    for (key, value) in fields.as_object().unwrap().iter() {
        state = state.with(key.clone(), value.clone());
    }
    let program = compile(&json!({"StartAt": "A", "States": {"A": Json::from(state)}}));
    let spec = Arc::new(spec(&program, &input));
    Run {
        run: MapRun::new(Arc::clone(&spec)),
        replayed: MapRun::new(spec),
        program,
        commands: Vec::new(),
        scan: RecordScan::default(),
        records: Vec::new(),
    }
}

fn spec(program: &Program, input: &Json) -> MapRunSpec {
    let mut driver = Driver::new(program, header(input));
    driver.queue.clear();
    driver.give(Input::Start);
    let started = driver
        .commands
        .into_iter()
        .find_map(|command| match command {
            Command::StartMapRun { spec, .. } => Some(*spec),
            _ => None,
        });
    started.unwrap()
}

impl Run {
    fn give(&mut self, input: MapRunInput) -> &mut Run {
        let mut decision = MapRunDecision::default();
        let now = Timestamp::from_epoch_millis(0);
        let _ = self
            .run
            .decide(
                &self.program,
                input,
                &environment(now),
                Budget::default(),
                &mut decision,
            )
            .unwrap();
        let mut bytes = Vec::new();
        for event in &decision.events {
            self.records.extend(self.scan.take(event));
            encode_map_run_event(event, &mut bytes);
        }
        let mut rest = &bytes[..];
        for event in &decision.events {
            let read = decode_map_run_event(&mut rest).unwrap().unwrap();
            assert_eq!(&read, event);
            self.replayed.evolve(&read).unwrap();
        }
        assert_eq!(decode_map_run_event(&mut rest), Ok(None));
        assert_eq!(self.replayed.children(), self.run.children());
        assert_eq!(self.replayed.item_counts(), self.run.item_counts());
        assert_eq!(self.replayed.status(), self.run.status());
        self.commands = decision.commands;
        self
    }

    fn started(&self) -> Vec<(u32, Json)> {
        let started = self.commands.iter().filter_map(|command| match command {
            MapRunCommand::StartChild { index, input, .. } => Some((*index, input.json().clone())),
            _ => None,
        });
        started.collect()
    }

    fn stopped(&self) -> Vec<u32> {
        let stopped = self.commands.iter().filter_map(|command| match command {
            MapRunCommand::StopChild { index } => Some(*index),
            _ => None,
        });
        stopped.collect()
    }

    fn outcome(&self) -> Option<&MapRunOutcome> {
        self.commands.iter().find_map(|command| match command {
            MapRunCommand::Finish { outcome, .. } => Some(outcome),
            _ => None,
        })
    }

    fn succeed(&mut self, index: u32) -> &mut Run {
        let outcome = ChildOutcome::Succeeded(Payload::from(json!([i64::from(index)])));
        self.give(MapRunInput::ChildFinished { index, outcome })
    }

    fn fail(&mut self, index: u32) -> &mut Run {
        self.give(MapRunInput::ChildFinished {
            index,
            outcome: ChildOutcome::Failed(Failure::default()),
        })
    }
}

fn result(outcome: Option<&MapRunOutcome>) -> String {
    match outcome {
        Some(MapRunOutcome::Succeeded(output)) => output.text().to_owned(),
        Some(MapRunOutcome::Failed(failure)) => failure.error.as_ref().unwrap().to_string(),
        Some(MapRunOutcome::Aborted) => "aborted".to_owned(),
        None => "under way".to_owned(),
    }
}

#[test]
fn runs_as_many_at_once_as_allowed() {
    let mut run = run(json!({"MaxConcurrency": 2}), json!(["a", "b", "c"]));
    run.give(MapRunInput::Start);
    assert_eq!(run.started(), [(0, json!("a")), (1, json!("b"))]);
    run.succeed(1);
    assert_eq!(run.started(), [(2, json!("c"))]);
    run.succeed(2);
    run.succeed(0);
    assert_eq!(result(run.outcome()), "[[0],[1],[2]]");
    let counts = run.run.item_counts();
    assert_eq!(
        (
            counts.succeeded,
            counts.running,
            counts.pending,
            counts.total
        ),
        (3, 0, 0, 3)
    );
}

#[test]
fn an_update_lets_more_run() {
    let mut run = run(json!({"MaxConcurrency": 1}), json!(["a", "b", "c"]));
    run.give(MapRunInput::Start);
    run.give(MapRunInput::Update(MapRunUpdate {
        max_concurrency: Some(0),
        ..MapRunUpdate::default()
    }));
    assert_eq!(run.started().len(), 2);
}

#[test]
fn either_tolerance_counts() {
    for (fields, failures, expect) in [
        (json!({}), 1, "States.ExceedToleratedFailureThreshold"),
        (json!({"ToleratedFailureCount": 1}), 1, "[[1],[2],[3]]"),
        (
            json!({"ToleratedFailureCount": 1}),
            2,
            "States.ExceedToleratedFailureThreshold",
        ),
        (json!({"ToleratedFailurePercentage": 50}), 2, "[[2],[3]]"),
        (
            json!({"ToleratedFailurePercentage": 49.9}),
            2,
            "States.ExceedToleratedFailureThreshold",
        ),
        (
            json!({"ToleratedFailurePercentage": 50, "ToleratedFailureCount": 1}),
            2,
            "States.ExceedToleratedFailureThreshold",
        ),
    ] {
        let mut run = run(fields.clone(), json!([0, 1, 2, 3]));
        run.give(MapRunInput::Start);
        let mut end = None;
        for index in 0..4 {
            if index < failures {
                run.fail(index)
            } else {
                run.succeed(index)
            };
            end = end.or_else(|| run.outcome().cloned());
        }
        assert_eq!(result(end.as_ref()), expect, "{fields}");
    }
}

#[test]
fn beyond_its_tolerance_it_stops_what_runs() {
    let mut run = run(json!({"MaxConcurrency": 2}), json!([0, 1, 2, 3]));
    run.give(MapRunInput::Start);
    run.fail(0);
    assert_eq!(run.stopped(), [1]);
    assert!(run.outcome().is_none(), "it waits for its children");
    run.give(MapRunInput::ChildFinished {
        index: 1,
        outcome: ChildOutcome::Aborted,
    });
    assert_eq!(
        result(run.outcome()),
        "States.ExceedToleratedFailureThreshold"
    );
    assert_eq!(run.run.item_counts().aborted, 3);
    // A redrive does the rest, and the failed one again.
    run.give(MapRunInput::Redrive { count: 1 });
    assert_eq!(run.started(), [(0, json!(0)), (1, json!(1))]);
    for index in 0..4 {
        run.succeed(index);
    }
    assert_eq!(result(run.outcome()), "[[0],[1],[2],[3]]");
}

#[test]
fn items_are_batched() {
    let batcher = json!({"ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"k": 1}}});
    let mut run = run(batcher, json!([0, 1, 2]));
    run.give(MapRunInput::Start);
    assert_eq!(
        run.started(),
        [
            (0, json!({"BatchInput": {"k": 1}, "Items": [0, 1]})),
            (1, json!({"BatchInput": {"k": 1}, "Items": [2]}))
        ]
    );
    assert_eq!(run.run.item_counts().total, 3);
    assert_eq!(run.run.execution_counts().total, 2);
}

#[test]
fn batches_are_bounded_by_bytes() {
    let item = "x".repeat(30);
    let mut run = run(
        json!({"ItemBatcher": {"MaxInputBytesPerBatch": 100}}),
        json!([item.as_str(), item.as_str(), item.as_str()]),
    );
    run.give(MapRunInput::Start);
    let sizes: Vec<usize> = run
        .started()
        .iter()
        .map(|(_, input)| input.get("Items").unwrap().as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [2, 1]);
    assert!(
        run.started()
            .iter()
            .all(|(_, input)| input.text_bytes() <= 100)
    );
}

#[test]
fn items_are_selected() {
    let selector = json!({"ItemSelector": {"i.$": "$$.Map.Item.Index", "s.$": "$$.Map.Item.Source", "v.$": "$$.Map.Item.Value"}});
    let mut run = run(selector, json!(["a"]));
    run.give(MapRunInput::Start);
    assert_eq!(
        run.started(),
        [(0, json!({"i": 0, "s": "STATE_DATA", "v": "a"}))]
    );
}

fn reader(most: i64) -> Json {
    json!({"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON", "MaxItems": most},
        "Parameters": {"Bucket": "b", "Key": "k"}}})
}

fn items(values: impl IntoIterator<Item = i64>) -> Vec<Item> {
    values
        .into_iter()
        .map(|value| Item {
            value: Json::from(value),
            key: None,
        })
        .collect()
}

#[test]
fn items_are_read_page_by_page() {
    let mut run = run(reader(3), json!({}));
    run.give(MapRunInput::Start);
    assert!(matches!(
        run.commands[..],
        [MapRunCommand::ReadItems {
            after: 0,
            cursor: None
        }]
    ));
    run.give(MapRunInput::ItemsRead {
        after: 0,
        items: items(0..2),
        source: Some("S3://b/k".into()),
        cursor: Some("next".into()),
        last: false,
    });
    assert_eq!(run.started().len(), 2);
    assert!(run.commands.iter().any(
        |command| matches!(command, MapRunCommand::ReadItems { after: 2, cursor: Some(cursor) }
                if &**cursor == "next")
    ));
    let more = |after| MapRunInput::ItemsRead {
        after,
        items: items(2..9),
        source: None,
        cursor: Some("later".into()),
        last: false,
    };
    run.give(more(0));
    assert_eq!(run.started(), [], "an answer that came twice");
    run.give(more(2));
    assert_eq!(run.started(), [(2, json!(2))], "MaxItems is 3");
}

#[test]
fn a_reader_that_fails_fails_the_run() {
    let mut run = run(reader(0), json!({}));
    run.give(MapRunInput::Start);
    let failure = Failure::new(passo_vocab::ErrorName::ITEM_READER_FAILED, "no");
    run.give(MapRunInput::ReadFailed(failure));
    assert_eq!(result(run.outcome()), "States.ItemReaderFailed");
}

#[test]
fn results_go_through_the_writer() {
    let writer = json!({"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "p"}}});
    let mut run = run(writer, json!([0]));
    run.give(MapRunInput::Start);
    run.succeed(0);
    assert!(matches!(run.commands[..], [MapRunCommand::WriteResults]));
    run.give(MapRunInput::ResultsWritten(
        json!({"Bucket": "b", "Key": "p/manifest.json"}),
    ));
    let outcome = result(run.outcome());
    assert!(
        outcome.contains(r#""ResultWriterDetails":{"Bucket":"b","Key":"p/manifest.json"}"#),
        "{outcome}"
    );
}

#[test]
fn results_are_flattened() {
    let writer = json!({"ResultWriter": {"WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSON"}}});
    let mut run = run(writer, json!([0, 1]));
    run.give(MapRunInput::Start);
    run.succeed(0);
    run.succeed(1);
    assert_eq!(result(run.outcome()), "[0,1]");
}

#[test]
fn a_stop_waits_for_the_children() {
    let mut run = run(json!({}), json!([0, 1]));
    run.give(MapRunInput::Start);
    run.give(MapRunInput::Stop);
    assert_eq!(run.stopped(), [0, 1]);
    run.succeed(0);
    run.give(MapRunInput::ChildFinished {
        index: 1,
        outcome: ChildOutcome::Aborted,
    });
    assert_eq!(result(run.outcome()), "aborted");
}

#[test]
fn a_redrive_counts_whether_or_not_the_stop_before_it_was_heard_of() {
    let mut run = run(json!({}), json!([0, 1]));
    run.give(MapRunInput::Start);
    run.give(MapRunInput::Redrive { count: 1 });
    assert_eq!(run.run.redrives().0, 1);
    assert_eq!(run.started(), [], "its children run on");
    run.give(MapRunInput::Stop);
    run.give(MapRunInput::Redrive { count: 2 });
    assert_eq!(run.run.redrives().0, 1, "it still stops");
    run.give(MapRunInput::ChildFinished {
        index: 0,
        outcome: ChildOutcome::Aborted,
    });
    run.succeed(1);
    assert_eq!(result(run.outcome()), "aborted");
    run.give(MapRunInput::Redrive { count: 3 });
    assert_eq!(run.run.redrives().0, 3);
    assert_eq!(run.started(), [(0, json!(0))]);
    assert!(run.run.outcome().is_none(), "it goes on");
}

#[test]
fn after_a_crash_running_children_are_asked_for_again() {
    let mut run = run(json!({"MaxConcurrency": 1}), json!([0, 1]));
    run.give(MapRunInput::Start);
    let pending = run.run.pending_commands();
    assert!(matches!(
        pending[..],
        [MapRunCommand::StartChild {
            index: 0,
            redrives: 0,
            ..
        }]
    ));
}

#[test]
fn children_that_have_succeeded_are_not_kept() {
    let mut run = run(json!({"ToleratedFailureCount": 1}), json!([0, 1, 2]));
    run.give(MapRunInput::Start);
    run.succeed(1);
    run.fail(0);
    let kept: Vec<u32> = run.run.children().keys().copied().collect();
    assert_eq!(kept, [0, 2]);
    run.succeed(2);
    assert_eq!(result(run.outcome()), "[[1],[2]]");
    let numbers = |records: &[ChildRecord]| records.iter().map(|it| it.index).collect::<Vec<_>>();
    assert_eq!(numbers(&run.records), [1, 2]);
    let rest: Vec<ChildRecord> = std::mem::take(&mut run.scan).rest().collect();
    assert_eq!(numbers(&rest), [0]);
}

#[test]
fn results_that_are_too_large_are_not_all_kept() {
    let items: Vec<Json> = (0..6).map(Json::from).collect();
    let mut run = run(json!({}), Json::from(items));
    run.give(MapRunInput::Start);
    for index in 0..6 {
        let output = Payload::from(Json::from("x".repeat(100_000)));
        let outcome = ChildOutcome::Succeeded(output);
        run.give(MapRunInput::ChildFinished { index, outcome });
    }
    let length = result(run.outcome()).len();
    assert!((262_144..400_000).contains(&length), "{length}");
}

#[test]
fn a_result_has_the_form_that_is_asked_for() {
    for (config, expect) in [
        (json!({"Transformation": "COMPACT"}), "[[0],[1]]"),
        (json!({"Transformation": "FLATTEN"}), "[0,1]"),
        (
            json!({"Transformation": "FLATTEN", "OutputType": "JSONL"}),
            r#""0\n1\n""#,
        ),
        (json!({"OutputType": "JSONL"}), r#""[0]\n[1]\n""#),
    ] {
        let writer = json!({"ResultWriter": {"WriterConfig": config.clone()}});
        let mut run = run(writer, json!(["a", "b"]));
        run.give(MapRunInput::Start);
        run.succeed(1);
        run.succeed(0);
        assert_eq!(result(run.outcome()), expect, "{config}");
    }
}

#[test]
fn a_record_says_what_is_known_of_a_child() {
    let writer =
        json!({"Label": "L", "ResultWriter": {"WriterConfig": {"Transformation": "NONE"}}});
    let mut run = run(writer, json!(["a"]));
    run.give(MapRunInput::Start);
    run.succeed(0);
    let records = Json::parse(&result(run.outcome())).unwrap();
    let record = records.at(0).unwrap();
    let name = run.records.first().unwrap().name.clone().unwrap();
    let machine = &run.run.spec().state_machine_arn;
    let execution = machine.replacen(":stateMachine:", ":execution:", 1);
    let expect = json!({"ExecutionArn": format!("{execution}/L:{name}"), "Input": "\"a\"",
        "InputDetails": {"Included": true}, "Name": &*name, "Output": "[0]",
        "OutputDetails": {"Included": true}, "RedriveCount": 0, "RedriveStatus": "NOT_REDRIVABLE",
        "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
        "StartDate": "1970-01-01T00:00:00Z", "StateMachineArn": format!("{machine}/L"),
        "Status": "SUCCEEDED", "StopDate": "1970-01-01T00:00:00Z"});
    assert_eq!(record, &expect);
    let found = run.records.first().unwrap();
    assert_eq!(found.to_json(run.run.spec(), &ArnRule::any()), expect);
}
