//! Tasks that take their time: how many at once, what becomes of those that nobody wants, and determinism.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use passo_engine::TaskUpdate;
use passo_json::{Json, Payload, json};
use passo_testkit::{TaskAnswer, TaskCall};
use passo_vocab::{ErrorName, Failure};
use tokio::sync::Notify;

use crate::harness::{Answers, run};

const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:f";

/// A Map of one task over the input.
fn map() -> Json {
    json!({ "StartAt": "Each", "States": { "Each": { "Type": "Map", "End": true, "ItemProcessor": {
        "StartAt": "Work", "States": { "Work": { "Type": "Task", "Resource": FUNCTION, "End": true } } } } } })
}

/// Two branches of one task each, which get `"left"` and `"right"`.
fn branches() -> Json {
    let branch = |name: &str| {
        let work = json!({ "Type": "Task", "Resource": FUNCTION, "Parameters": { "side": name }, "End": true });
        Json::from(
            passo_json::ObjectBuilder::new()
                .insert("StartAt", name)
                .insert(
                    "States",
                    passo_json::ObjectBuilder::new().insert(name, work).build(),
                )
                .build(),
        )
    };
    json!({ "StartAt": "Both", "States": { "Both": {
        "Type": "Parallel", "Branches": [branch("left"), branch("right")], "End": true } } })
}

fn is_left(call: &TaskCall) -> bool {
    call.task.state_name.as_str() == "left"
}

#[test]
fn only_so_many_tasks_are_at_work() {
    let (at_work, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&most);
    let handler = Answers(move |call: TaskCall| {
        let (at_work, most) = (Arc::clone(&at_work), Arc::clone(&most));
        TaskAnswer::later(async move {
            let now = at_work.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(now, Ordering::SeqCst);
            tokio::task::yield_now().await;
            at_work.fetch_sub(1, Ordering::SeqCst);
            TaskUpdate::Succeeded(call.task.parameters)
        })
    });
    let items = Json::from((0..20).map(Json::from).collect::<Vec<_>>());
    let ran = run(&map(), items.clone(), handler);
    assert_eq!(ran.ending, format!("SUCCEEDED {items}"));
    assert_eq!(counted.load(Ordering::SeqCst), 3);
}

#[test]
fn the_task_of_an_aborted_branch_is_ended() {
    struct Ended(Arc<AtomicUsize>);
    impl Drop for Ended {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let ended = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&ended);
    let begun = Arc::new(Notify::new());
    let handler = Answers(move |call: TaskCall| {
        let (begun, guard) = (Arc::clone(&begun), Ended(Arc::clone(&ended)));
        if is_left(&call) {
            return TaskAnswer::later(async move {
                begun.notified().await;
                std::mem::forget(guard);
                TaskUpdate::Failed(Failure::new(ErrorName::new("Left"), "left first"))
            });
        }
        TaskAnswer::later(async move {
            let _guard = guard;
            begun.notify_one();
            std::future::pending().await
        })
    });
    let ran = run(&branches(), json!({}), handler);
    assert_eq!(ran.ending, "FAILED Left: left first");
    assert_eq!(counted.load(Ordering::SeqCst), 1);
}

#[test]
fn a_handler_that_panics_fails_its_task() {
    let handler = Answers(|_| TaskAnswer::later(async { panic!("the handler is broken") }));
    let ran = run(&map(), json!([1]), handler);
    assert!(
        ran.ending
            .starts_with("FAILED States.Runtime: The task's handler ended abnormally"),
        "{}",
        ran.ending
    );
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let definition = json!({ "StartAt": "Pick", "States": {
        "Pick": { "Type": "Pass", "Parameters": { "id.$": "States.UUID()", "number.$": "States.MathRandom(0, 1000000)" }, "Next": "Work" },
        "Work": { "Type": "Task", "Resource": FUNCTION, "End": true } } });
    let handler = || {
        Answers(|call: TaskCall| {
            let answer =
                json!({ "request": call.request_id, "input": call.task.parameters.json().clone() });
            TaskAnswer::now(TaskUpdate::Succeeded(Payload::from(answer)))
        })
    };
    let (one, two) = (
        run(&definition, json!({}), handler()),
        run(&definition, json!({}), handler()),
    );
    assert_eq!(one.events, two.events);
    assert_eq!(one.ending, two.ending);
}
