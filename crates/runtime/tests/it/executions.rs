//! What an execution does in a runtime that is not disturbed.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use passo_engine::map::MapRunStatus;
use passo_engine::{Input, TaskUpdate};
use passo_json::{Json, Payload, json};
use passo_runtime::{ExecutionStatus, InputError, Key, StartError, Summary};
use passo_store::MemoryStore;
use passo_vocab::{ErrorName, Failure};

use crate::world::{Work, World, arn, wait_for};

fn world(work: Box<Work>) -> World {
    World::new(Arc::new(MemoryStore::new()), work)
}

fn idle() -> Box<Work> {
    Box::new(|_| Vec::new())
}

fn wait_a_year() -> Json {
    json!({"StartAt": "Wait", "States": {
        "Wait": {"Type": "Wait", "Seconds": 31536000, "Next": "Done"},
        "Done": {"Type": "Succeed"},
    }})
}

fn one_task() -> Json {
    json!({"StartAt": "Work", "States": {"Work": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:work",
        "TimeoutSeconds": 60, "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 3600}], "End": true,
    }}})
}

#[test]
fn a_pass_succeeds_and_is_remembered() {
    let world = world(idle());
    let definition =
        json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": {"a": 1}, "End": true}}});
    world.start("one", &definition, &json!({"x": 1})).unwrap();
    let summary = world.end("one");
    assert_eq!(summary.status, ExecutionStatus::Succeeded);
    assert_eq!(summary.output, Some(Payload::from(json!({"a": 1}))));
    let expect = [
        "ExecutionStarted",
        "StateEntered",
        "StateExited",
        "ExecutionSucceeded",
    ];
    assert_eq!(world.history("one"), expect);
    world.stop();
}

#[test]
fn a_year_of_waiting_is_over_at_once_on_virtual_time() {
    let world = world(idle());
    world.start("long", &wait_a_year(), &json!({})).unwrap();
    let summary = world.end("long");
    let took = summary.stopped_at.unwrap().millis_since(summary.started_at);
    assert_eq!(
        (summary.status, took),
        (ExecutionStatus::Succeeded, 31_536_000_000)
    );
    world.stop();
}

#[test]
fn a_task_is_retried_and_its_result_kept() {
    let world = world(Box::new(|request| {
        let busy = Failure {
            error: Some(ErrorName::new("Busy")),
            cause: None,
        };
        let started = TaskUpdate::Started { worker: None };
        match request.task.retry_count {
            0 | 1 => vec![started, TaskUpdate::Failed(busy)],
            _ => vec![started, TaskUpdate::Succeeded(Payload::from(json!("done")))],
        }
    }));
    world.start("task", &one_task(), &json!({})).unwrap();
    let summary = world.end("task");
    assert_eq!(summary.output, Some(Payload::from(json!("done"))));
    let took = summary.stopped_at.unwrap().millis_since(summary.started_at);
    assert_eq!(took, (3600 + 7200) * 1000);
    world.stop();
}

#[test]
fn a_task_that_never_answers_times_out() {
    let world = world(Box::new(|_| vec![TaskUpdate::Started { worker: None }]));
    world.start("slow", &one_task(), &json!({})).unwrap();
    let failure = world.end("slow").failure.unwrap();
    assert_eq!(failure.error, Some(ErrorName::TIMEOUT));
    world.stop();
}

/// A crash makes a task repeat the request that started an execution, which may have ended by then.
#[test]
fn a_request_that_comes_again_is_answered_as_before() {
    let world = World::on_real_time(Arc::new(MemoryStore::new()), Box::new(|_| Vec::new()));
    let definition = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}});
    let begin = |request: &str| {
        let begun = world.begin_as("same", &definition, &json!({"n": 1}), request);
        begun.unwrap().recv().unwrap()
    };
    let first = begin("one").unwrap();
    world.end("same");
    assert_eq!(begin("one"), Ok(first));
    assert_eq!(begin("two"), Err(StartError::AlreadyExists));
    world.stop();
}

#[test]
fn a_name_means_one_execution() {
    let work: Box<Work> = Box::new(|_| vec![TaskUpdate::Started { worker: None }]);
    let world = World::on_real_time(Arc::new(MemoryStore::new()), work);
    let definition = json!({"StartAt": "W", "States": {"W": {
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"Token.$": "$$.Task.Token"}, "End": true,
    }}});
    let first = world.start("same", &definition, &json!({"n": 1})).unwrap();
    assert_eq!(
        world.start("same", &definition, &json!({"n": 1})),
        Ok(first)
    );
    let other = world.start("same", &definition, &json!({"n": 2}));
    assert_eq!(other, Err(StartError::AlreadyExists));
    let failure = Failure {
        error: None,
        cause: Some(Arc::from("enough")),
    };
    world
        .tell(
            "same",
            Input::Stop {
                failure: failure.clone(),
            },
        )
        .unwrap();
    let summary = world.end("same");
    assert_eq!(
        (summary.status, summary.failure),
        (ExecutionStatus::Aborted, Some(failure))
    );
    let again = world.start("same", &definition, &json!({"n": 1}));
    assert_eq!(again, Err(StartError::AlreadyExists));
    assert_eq!(world.tell("same", Input::Continue), Err(InputError::Closed));
    assert_eq!(
        world.tell("nobody", Input::Continue),
        Err(InputError::NotFound)
    );
    world.stop();
}

#[test]
fn many_executions_share_turns() {
    let world = world(idle());
    let definition = json!({"StartAt": "W", "States": {
        "W": {"Type": "Wait", "SecondsPath": "$.n", "Next": "P"},
        "P": {"Type": "Pass", "End": true},
    }});
    let started: Vec<_> = (0..500)
        .map(|n| world.begin(&format!("n{n}"), &definition, &json!({"n": n})))
        .collect();
    for answer in started {
        answer.recv().unwrap().unwrap();
    }
    let mut listed = Vec::new();
    let machine = "arn:aws:states:us-east-1:000000000000:stateMachine:machine";
    let mut note = |summary: Summary| {
        listed.push(summary.name.to_string());
        ControlFlow::Continue(())
    };
    world.runtime.executions(machine, None, &mut note).unwrap();
    let newest_first: Vec<String> = (0..500).rev().map(|n| format!("n{n}")).collect();
    assert_eq!(listed, newest_first);
    let last = world.summary("n250").unwrap();
    let after = Some((last.order, Key::of(&last.execution_arn)));
    let mut next = None;
    let mut note = |summary: Summary| {
        next = Some(summary.name.to_string());
        ControlFlow::Break(())
    };
    world.runtime.executions(machine, after, &mut note).unwrap();
    assert_eq!(next.as_deref(), Some("n249"));
    for n in 0..500 {
        let output = world.end(&format!("n{n}")).output;
        assert_eq!(output, Some(Payload::from(json!({"n": n}))));
    }
    world.stop();
}

fn callback() -> Json {
    json!({"StartAt": "W", "States": {"W": {
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"Token.$": "$$.Task.Token"}, "End": true,
    }}})
}

const ACTIVITY: &str = "arn:aws:states:us-east-1:000000000000:activity:approve";

fn activity() -> Json {
    json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": ACTIVITY, "End": true}}})
}

#[test]
fn a_token_completes_its_task_once() {
    let tokens = Arc::new(Mutex::new(Vec::new()));
    let seen = tokens.clone();
    let work: Box<Work> = Box::new(move |request| {
        seen.lock().unwrap().extend(request.task.token.clone());
        vec![
            TaskUpdate::Started { worker: None },
            TaskUpdate::Submitted(Payload::from(json!({}))),
        ]
    });
    let world = World::on_real_time(Arc::new(MemoryStore::new()), work);
    world.start("callback", &callback(), &json!({})).unwrap();
    let token = wait_for(|| tokens.lock().unwrap().first().cloned());
    let succeeded = || TaskUpdate::Succeeded(Payload::from(json!({"ok": true})));
    assert_eq!(world.answer(&token, succeeded()), Some(Ok(())));
    assert_eq!(
        world.end("callback").output,
        Some(Payload::from(json!({"ok": true})))
    );
    assert_eq!(
        world.answer(&token, succeeded()),
        Some(Err(InputError::Closed))
    );
    assert_eq!(world.answer("no token", succeeded()), None);
    world.stop();
}

#[test]
fn a_worker_gets_the_task_whoever_comes_first() {
    let store = MemoryStore::new();
    let world = World::on_real_time(Arc::new(store.clone()), idle());
    let early = world.poll(ACTIVITY);
    world.start("first", &activity(), &json!({"n": 1})).unwrap();
    let task = early.take().unwrap();
    assert_eq!(task.input, Payload::from(json!({"n": 1})));
    world
        .answer(
            &task.token,
            TaskUpdate::Succeeded(Payload::from(json!("yes"))),
        )
        .unwrap()
        .unwrap();
    assert_eq!(world.end("first").output, Some(Payload::from(json!("yes"))));

    world
        .start("second", &activity(), &json!({"n": 2}))
        .unwrap();
    world
        .start("stopped", &activity(), &json!({"n": 3}))
        .unwrap();
    let failure = Failure {
        error: None,
        cause: None,
    };
    world.tell("stopped", Input::Stop { failure }).unwrap();
    world.stop();

    let world = World::on_real_time(Arc::new(store), idle());
    let task = world.poll(ACTIVITY).take().unwrap();
    assert_eq!(task.input, Payload::from(json!({"n": 2})));
    let nothing_left = world.poll(ACTIVITY);
    assert_eq!(world.runtime.pollers(ACTIVITY), 1);
    drop(nothing_left);
    assert_eq!(world.runtime.pollers(ACTIVITY), 0);
    world
        .answer(
            &task.token,
            TaskUpdate::Succeeded(Payload::from(json!("late"))),
        )
        .unwrap()
        .unwrap();
    assert_eq!(
        world.end("second").output,
        Some(Payload::from(json!("late")))
    );
    world.stop();
}

fn distributed(tolerated: i64) -> Json {
    json!({"StartAt": "M", "States": {"M": {
        "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 3, "ToleratedFailureCount": tolerated, "Label": "each", "End": true,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Work",
            "States": {"Work": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:work", "End": true}},
        },
    }}})
}

/// Doubles numbers; fails on 13.
fn double() -> Box<Work> {
    Box::new(|request| {
        let started = TaskUpdate::Started { worker: None };
        match request.task.parameters.json().as_i64() {
            Some(13) | None => {
                let failure = Failure {
                    error: Some(ErrorName::new("Unlucky")),
                    cause: None,
                };
                vec![started, TaskUpdate::Failed(failure)]
            }
            Some(number) => vec![
                started,
                TaskUpdate::Succeeded(Payload::from(json!(number * 2))),
            ],
        }
    })
}

#[test]
fn a_distributed_map_runs_its_items_as_executions() {
    let world = world(double());
    let items: Vec<Json> = (0..50).filter(|n| *n != 13).map(Json::from).collect();
    world
        .start("map", &distributed(0), &json!({"items": items}))
        .unwrap();
    let doubled: Vec<Json> = (0..50)
        .filter(|n| *n != 13)
        .map(|n| Json::from(n * 2))
        .collect();
    assert_eq!(
        world.end("map").output,
        Some(Payload::from(Json::from(doubled)))
    );
    let runs = world.runtime.map_runs(&arn("map")).unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!(
        (runs[0].status, runs[0].item_counts.succeeded),
        (MapRunStatus::Succeeded, 49)
    );
    let mut children = 0;
    let mut count = |child: Summary| {
        children += 1;
        assert_eq!(child.status, ExecutionStatus::Succeeded);
        ControlFlow::Continue(())
    };
    world
        .runtime
        .executions(&runs[0].map_run_arn, None, &mut count)
        .unwrap();
    assert_eq!(children, 49);
    world.stop();
}

#[test]
fn a_map_run_fails_beyond_its_tolerance() {
    for (tolerated, status) in [
        (1, ExecutionStatus::Succeeded),
        (0, ExecutionStatus::Failed),
    ] {
        let world = world(double());
        world
            .start(
                "map",
                &distributed(tolerated),
                &json!({"items": [1, 13, 2]}),
            )
            .unwrap();
        let summary = world.end("map");
        assert_eq!(summary.status, status, "{summary:?}");
        world.stop();
    }
}
