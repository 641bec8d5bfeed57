//! Several partitions, and another number of them after a crash.

use std::sync::Arc;

use passo_engine::TaskUpdate;
use passo_json::{Json, Payload, json};
use passo_runtime::{ExecutionStatus, Key, Share};
use passo_store::{Fault, FaultyStore};

use crate::world::{Work, World, arn, key};

const EXECUTIONS: usize = 6;

/// Children of two Distributed Maps, one inside the other, each with a task whose answer has to find it.
fn definition(execution_type: &str) -> Json {
    let task = json!({"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "End": true});
    let inner = json!({"Type": "Map", "Label": "inner", "End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": execution_type},
        "StartAt": "T", "States": {"T": task}}});
    json!({"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "outer", "End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "N", "States": {"N": inner}}}}})
}

fn work() -> Box<Work> {
    Box::new(|request| {
        let result = Payload::from(request.task.parameters.json().clone());
        let started = TaskUpdate::Started { worker: None };
        vec![started, TaskUpdate::Succeeded(result)]
    })
}

#[test]
fn children_have_the_owner_of_their_execution_whatever_the_number_of_partitions() {
    for (execution_type, partitions) in [("STANDARD", 3), ("STANDARD", 16), ("EXPRESS", 2)] {
        let store = Arc::new(FaultyStore::new());
        let world = World::with_partitions(store, work(), partitions);
        let input = json!([[1, 2, 3], [4], [5, 6]]);
        for number in 0..EXECUTIONS {
            let name = format!("e{number}");
            world
                .start(&name, &definition(execution_type), &input)
                .unwrap();
        }
        for number in 0..EXECUTIONS {
            let name = format!("e{number}");
            let ended = world.end(&name);
            assert_eq!(ended.status, ExecutionStatus::Succeeded, "{ended:?}");
            assert_eq!(ended.output, Some(Payload::from(input.clone())));
            check_children(&world, &name, 3);
        }
        world.stop();
    }
}

/// Every child has the owner of its execution, for every number of partitions.
fn check_children(world: &World, name: &str, expect: usize) {
    let runs = world.runtime.map_runs(&arn(name)).unwrap();
    let mut children: Vec<Key> = Vec::new();
    for run in &runs {
        let visited = world
            .runtime
            .executions(&run.map_run_arn, None, &mut |child| {
                children.push(Key::of(&child.execution_arn));
                std::ops::ControlFlow::Continue(())
            });
        visited.unwrap();
    }
    assert_eq!(children.len(), expect, "{name}");
    for partitions in 1..=Share::PARTITIONS_MAX {
        let owner = Share::owner(key(name), partitions);
        assert!(
            children
                .iter()
                .all(|child| Share::owner(*child, partitions) == owner)
        );
    }
}

#[test]
fn another_number_of_partitions_goes_on_after_a_crash() {
    for at in [2, 5, 9, 14] {
        let store = FaultyStore::new();
        store.plan(std::iter::repeat_n(Fault::None, at).chain([Fault::CrashAfter]));
        let world = World::with_partitions(Arc::new(store.clone()), work(), 3);
        let input = json!([[1], [2, 3]]);
        let answers: Vec<_> = (0..EXECUTIONS)
            .map(|number| world.try_begin(&format!("e{number}"), &definition("STANDARD"), &input))
            .collect();
        // Commits are shared, so that there may be too few of them: then the process just ends.
        let has_ended = |name: &str| {
            let known = world.runtime.execution(key(name));
            matches!(known, Ok(Some((summary, _))) if summary.status != ExecutionStatus::Running)
        };
        for number in 0..EXECUTIONS {
            let name = format!("e{number}");
            while !store.is_crashed() && !has_ended(&name) {
                std::thread::yield_now();
            }
        }
        world.stop();
        store.restart(0);
        let world = World::with_partitions(Arc::new(store), work(), 4);
        for (number, answer) in answers.into_iter().enumerate() {
            let name = format!("e{number}");
            // What comes after the crash may be refused at once: the store takes nothing.
            let acknowledged = answer.is_ok_and(|answer| matches!(answer.try_recv(), Ok(Ok(_))));
            if world.summary(&name).is_none() {
                assert!(!acknowledged, "{name} is gone after {at} commits");
                world.start(&name, &definition("STANDARD"), &input).unwrap();
            }
            let ended = world.end(&name);
            assert_eq!(ended.output, Some(Payload::from(input.clone())), "{name}");
            check_children(&world, &name, 2);
        }
        world.stop();
    }
}
