//! Virtual time: everything that waits is over at once, at the right times.

use passo_json::{Json, json};
use passo_server::{ClockKind, Configuration, Data, WaitScale};
use passo_vocab::Timestamp;

use crate::client::send;
use crate::world::World;

async fn virtual_world() -> World {
    World::open(Configuration {
        clock: ClockKind::Virtual,
        ..Configuration::new(Data::Ephemeral)
    })
    .await
}

/// Changes the clock: what time it is then.
async fn clock(world: &World, wish: &Json) -> Timestamp {
    let line = "POST /_passo/v1/clock HTTP/1.1";
    let answer = send(world.address, line, "", "states", &wish.to_text()).await;
    let now = answer.ok();
    Timestamp::parse_rfc3339(now.get("now").unwrap().as_str().unwrap()).unwrap()
}

/// The types of an execution's events with the seconds since its start.
async fn course(world: &World, execution: &str) -> Vec<(String, f64)> {
    let parameters = json!({"executionArn": execution});
    let answer = world.states("GetExecutionHistory", &parameters).await.ok();
    let events = answer.get("events").unwrap().as_array().unwrap();
    let at = |event: &Json| event.get("timestamp").unwrap().as_f64().unwrap();
    let start = at(events.first().unwrap());
    let course = events.iter().map(|event| {
        let name = event.get("type").unwrap().as_str().unwrap().to_owned();
        (name, (at(event) - start).round())
    });
    course.collect()
}

fn when(course: &[(String, f64)], name: &str) -> Vec<f64> {
    let of = course.iter().filter(|(event, _)| event == name);
    of.map(|(_, at)| *at).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_passes_at_once() {
    let world = virtual_world().await;
    let activity = world.states("CreateActivity", &json!({"name": "a"})).await;
    let activity = activity.ok().get("activityArn").unwrap().clone();
    let machine = json!({"StartAt": "Year", "States": {
        "Year": {"Type": "Wait", "Seconds": 31536000, "Next": "Missing"},
        "Missing": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:none",
            "Next": "Silent", "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "BackoffRate": 2.0, "MaxAttempts": 3}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Silent"}]},
        "Silent": {"Type": "Task", "Resource": activity.clone(), "HeartbeatSeconds": 60, "TimeoutSeconds": 600, "Next": "Done",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Done"}]},
        "Done": {"Type": "Succeed"}}});
    let machine = world.machine("m", &machine).await;
    // A worker that waits when the task comes, takes it and is never heard of again.
    let (address, poll) = (world.address, json!({"activityArn": activity}));
    let worker = tokio::spawn(async move {
        let operation = "AWSStepFunctions.GetActivityTask";
        loop {
            let task = crate::client::post_json(address, operation, &poll)
                .await
                .ok();
            if task.get("taskToken").is_some() {
                return;
            }
        }
    });
    let execution = world.start(&machine, &json!({})).await;
    let end = world.ended(&execution).await;
    assert_eq!(end.get("status"), Some(&Json::from("SUCCEEDED")));
    let course = course(&world, &execution).await;
    const YEAR: f64 = 31_536_000.0;
    assert_eq!(when(&course, "WaitStateExited"), [YEAR]);
    assert_eq!(
        when(&course, "LambdaFunctionScheduled"),
        [YEAR, YEAR + 10.0, YEAR + 30.0, YEAR + 70.0]
    );
    let begun = when(&course, "ActivityStarted");
    let scheduled = when(&course, "ActivityScheduled");
    let ended = when(&course, "ActivityTimedOut");
    assert_eq!(scheduled, [YEAR + 70.0]);
    // Without a worker, its time is up later than with one that is silent.
    let expect = match begun.first() {
        Some(begun) => begun + 60.0,
        None => YEAR + 670.0,
    };
    assert_eq!(ended, [expect]);
    worker.abort();
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn time_moved_by_hand_stops_at_every_timer() {
    let world = virtual_world().await;
    let before = clock(&world, &json!({"jumps": false})).await;
    let machine = json!({"StartAt": "One", "States": {
        "One": {"Type": "Wait", "Seconds": 600, "Next": "Two"},
        "Two": {"Type": "Wait", "Seconds": 600, "Next": "Three"},
        "Three": {"Type": "Wait", "Seconds": 3600, "End": true}}});
    let machine = world.machine("m", &machine).await;
    let execution = world.start(&machine, &json!({})).await;
    let after = clock(&world, &json!({"advance": "PT1H"})).await;
    assert_eq!(after.millis_since(before), 3_600_000);
    let so_far = course(&world, &execution).await;
    assert_eq!(when(&so_far, "WaitStateEntered"), [0.0, 600.0, 1200.0]);
    assert_eq!(when(&so_far, "WaitStateExited"), [600.0, 1200.0]);
    clock(&world, &json!({"advance": "PT20M"})).await;
    let end = world.ended(&execution).await;
    assert_eq!(end.get("status"), Some(&Json::from("SUCCEEDED")));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_long_ago_is_forgotten_and_polls_end() {
    let world = virtual_world().await;
    let machine = json!({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}});
    let machine = world.machine("m", &machine).await;
    let execution = world.start(&machine, &json!({})).await;
    world.ended(&execution).await;
    let activity = world.states("CreateActivity", &json!({"name": "a"})).await;
    let poll = json!({"activityArn": activity.ok().get("activityArn").unwrap().clone()});
    let (polled, _) = tokio::join!(world.states("GetActivityTask", &poll), async {
        // More than once, because the poll may begin after one of them.
        for _ in 0..100 {
            clock(&world, &json!({"advance": "P1D"})).await;
        }
    });
    assert_eq!(polled.ok(), json!({}));
    let parameters = json!({"executionArn": execution});
    loop {
        let answer = world.states("DescribeExecution", &parameters).await;
        if answer.status == 400 {
            assert!(
                answer.body.contains("ExecutionDoesNotExist"),
                "{}",
                answer.body
            );
            break;
        }
        tokio::task::yield_now().await;
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_take_the_share_of_their_time_that_is_wanted() {
    let world = World::open(Configuration {
        clock: ClockKind::Virtual,
        wait_scale: WaitScale::new(0.1).unwrap(),
        ..Configuration::new(Data::Ephemeral)
    })
    .await;
    let machine = json!({"StartAt": "W", "States": {
        "W": {"Type": "Wait", "Seconds": 600, "Next": "T"},
        "T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:none", "End": true,
            "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 100, "MaxAttempts": 1}]}}});
    let machine = world.machine("m", &machine).await;
    let execution = world.start(&machine, &json!({})).await;
    world.ended(&execution).await;
    let course = course(&world, &execution).await;
    assert_eq!(when(&course, "WaitStateExited"), [60.0]);
    // Retries are not scaled, as in Step Functions Local.
    assert_eq!(when(&course, "LambdaFunctionScheduled"), [60.0, 160.0]);
    world.stop().await;
}
