//! The server's own site: health and administration.

use passo_json::{Json, json};
use passo_server::{Configuration, Data};

use crate::client::{Answer, post_json, send};
use crate::functions;
use crate::world::World;

async fn ask(world: &World, line: &str, body: &str) -> Answer {
    send(
        world.address,
        &format!("{line} HTTP/1.1"),
        "",
        "states",
        body,
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_says_how_it_is() {
    let world = World::ephemeral().await;
    let health = ask(&world, "GET /health", "").await.ok();
    assert_eq!(health.get("status"), Some(&Json::from("ok")));
    let facts = ask(&world, "GET /_passo/v1/server", "").await.ok();
    assert_eq!(
        facts.get("clock").and_then(|clock| clock.get("kind")),
        Some(&Json::from("real"))
    );
    for (line, body, status) in [
        ("POST /_passo/v1/server", "", 405),
        ("GET /_passo/v1/nothing", "", 404),
        ("GET /_passo/v2/server", "", 404),
        ("POST /_passo/v1/clock", r#"{"advance":"PT1H"}"#, 409),
        ("PUT /_passo/v1/mocks", "[]", 400),
        ("POST /_passo/v1/reload", "", 409),
    ] {
        let answer = ask(&world, line, body).await;
        assert_eq!(answer.status, status, "{line} {}", answer.body);
        let error = Json::parse(&answer.body).unwrap();
        assert!(error.get("error").is_some(), "{line} {}", answer.body);
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mocks_are_replaced_while_the_server_runs() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mocks.json");
    let file = |result: &str| {
        format!(
            r#"{{"StateMachines":{{"m":{{"TestCases":{{"Happy":{{"Invoke":"Fine"}}}}}}}},
                "MockedResponses":{{"Fine":{{"0":{{"Return":{{"Payload":"{result}"}}}}}}}}}}"#
        )
    };
    std::fs::write(&path, file("from the file")).unwrap();
    let world = World::open(Configuration {
        mock_path: Some(path),
        ..Configuration::new(Data::Ephemeral)
    })
    .await;
    let machine = world.machine("m", &functions::invoking()).await;
    let answered = async || {
        let execution = world.start(&format!("{machine}#Happy"), &json!({})).await;
        world.ended(&execution).await.get("output").cloned()
    };
    let known = ask(&world, "PUT /_passo/v1/mocks", &file("given"))
        .await
        .ok();
    assert_eq!(known, json!({"stateMachines": {"m": ["Happy"]}}));
    assert_eq!(answered().await, Some(Json::from("\"given\"")));
    ask(&world, "POST /_passo/v1/reload", "").await.ok();
    assert_eq!(answered().await, Some(Json::from("\"from the file\"")));
    let none = ask(&world, "DELETE /_passo/v1/mocks", "").await.ok();
    assert_eq!(none, json!({"stateMachines": {}}));
    world.stop().await;
}

const MACHINE: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "Parameters":{"QueueUrl":"QUEUE","MessageBody.$":"$$.Task.Token"},"End":true}}}"#;

async fn states(world: &World, action: &str, parameters: &Json) -> Json {
    let target = format!("AWSStepFunctions.{action}");
    post_json(world.address, &target, parameters).await.ok()
}

async fn told(world: &World, line: &str, body: &str) -> Answer {
    let head = "content-type: application/json";
    send(
        world.address,
        &format!("{line} HTTP/1.1"),
        head,
        "states",
        body,
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_made_without_its_token() {
    let world = World::ephemeral().await;
    let queue = json!({"QueueName": "q"});
    let queue = post_json(world.address, "AmazonSQS.CreateQueue", &queue)
        .await
        .ok();
    let url = queue
        .get("QueueUrl")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let made = json!({"name": "m", "definition": MACHINE.replace("QUEUE", url), "roleArn": "arn:aws:iam::123456789012:role/r"});
    let made = states(&world, "CreateStateMachine", &made).await;
    let machine = made.get("stateMachineArn").cloned().unwrap();
    let mut arns = Vec::new();
    for name in ["one", "two"] {
        let started = json!({"stateMachineArn": machine.clone(), "name": name, "input": "{}"});
        let started = states(&world, "StartExecution", &started).await;
        arns.push(
            started
                .get("executionArn")
                .and_then(Json::as_str)
                .unwrap()
                .to_owned(),
        );
    }
    let tasks = loop {
        let tasks = ask(&world, "GET /_passo/v1/tasks", "").await;
        if tasks.body.matches("\"id\"").count() == 2 {
            break tasks;
        }
        tokio::task::yield_now().await;
    };
    // The message was the token itself.
    let hidden = tasks.body.matches(r#"\"MessageBody\":\"…\""#).count();
    assert_eq!(hidden, 2, "{}", tasks.body);
    let tasks = tasks.ok();
    let id = |index: usize| {
        tasks
            .pointer(&format!("/tasks/{index}/id"))
            .and_then(Json::as_str)
            .unwrap()
            .to_owned()
    };
    for (line, body, status) in [
        (format!("GET /_passo/v1/tasks/{}", id(0)), "", 200),
        (
            format!("POST /_passo/v1/tasks/{}/heartbeat", id(0)),
            "{}",
            200,
        ),
        (format!("POST /_passo/v1/tasks/{}/other", id(0)), "{}", 404),
        (
            format!("POST /_passo/v1/tasks/{}/approve", id(0)),
            r#"{"output":{"by":"me"},"reason":"in the budget"}"#,
            200,
        ),
        (
            format!("POST /_passo/v1/tasks/{}/reject", id(1)),
            r#"{"error":"No","cause":"so"}"#,
            200,
        ),
    ] {
        let answer = told(&world, &line, body).await;
        assert_eq!(answer.status, status, "{line} {}", answer.body);
    }
    let again = told(
        &world,
        &format!("POST /_passo/v1/tasks/{}/approve", id(0)),
        "{}",
    )
    .await;
    assert_eq!(again.status, 404, "{}", again.body);
    let arn = |index: usize| arns.get(index).cloned().unwrap_or_default();
    for (query, expect) in [
        (String::new(), vec!["reject", "approve"]),
        (format!("?task={}", id(0)), vec!["approve"]),
        (format!("?execution={}", arn(1)), vec!["reject"]),
        (format!("?execution={}x", arn(1)), vec![]),
    ] {
        let line = format!("GET /_passo/v1/decisions{query}");
        let decided = ask(&world, &line, "").await.ok();
        let decided = decided.get("decisions").and_then(Json::as_array).unwrap();
        let text = |one: &Json, member: &str| one.get(member).map(Json::to_text);
        let made = |one: &Json| {
            let is_made = text(one, "made").as_deref() == Some("true");
            assert!(is_made && text(one, "by").as_deref() == Some("\"local\""));
            one.get("action").and_then(Json::as_str).unwrap().to_owned()
        };
        assert_eq!(
            decided.iter().map(made).collect::<Vec<_>>(),
            expect,
            "{query}"
        );
        if expect == ["approve"] {
            let reason = decided.first().and_then(|one| text(one, "reason"));
            assert_eq!(reason.as_deref(), Some("\"in the budget\""));
        }
    }
    for (status, count) in [("SUCCEEDED", 1), ("FAILED", 1), ("RUNNING", 0)] {
        let found = ask(
            &world,
            &format!("GET /_passo/v1/executions?status={status}"),
            "",
        )
        .await;
        assert_eq!(
            found.body.matches("executionArn").count(),
            count,
            "{status} {}",
            found.body
        );
    }
    let groups = ask(
        &world,
        "GET /_passo/v1/failures?since=2000-01-01T00:00:00Z",
        "",
    )
    .await
    .ok();
    let group = |member: &str| groups.pointer(&format!("/groups/0/{member}")).cloned();
    assert_eq!(
        (group("error"), group("state"), group("count")),
        (Some("No".into()), Some("A".into()), Some(1_i64.into()))
    );
    let metrics = ask(&world, "GET /_passo/v1/metrics", "").await.ok();
    let counted = |member: &str| metrics.pointer(&format!("/workflows/0/{member}")).cloned();
    assert_eq!(
        (counted("started"), counted("failed")),
        (Some(2_i64.into()), Some(1_i64.into()))
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_are_not_answered() {
    let world = World::ephemeral().await;
    let origin = "origin: https://elsewhere.example\r\ncontent-type: application/json";
    let answer = send(
        world.address,
        "POST /_passo/v1/evaluate HTTP/1.1",
        origin,
        "states",
        r#"{"expression":"1"}"#,
    )
    .await;
    assert_eq!(answer.status, 403, "{}", answer.body);
    let answer = told(
        &world,
        "POST /_passo/v1/evaluate",
        r#"{"expression":"$states.input.a","input":{"a":7}}"#,
    )
    .await;
    assert_eq!(answer.ok().get("result"), Some(&Json::from(7_i64)));
    let answer = ask(&world, "POST /_passo/v1/evaluate", r#"{"expression":"1"}"#).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_is_there_for_browsers() {
    let world = World::ephemeral().await;
    let browser = |line: &str, head: &str| {
        let (line, head) = (format!("{line} HTTP/1.1"), head.to_owned());
        let address = world.address;
        async move { send(address, &line, &head, "", "").await }
    };
    let index = browser("GET /console/executions", "").await;
    assert_eq!(index.status, 200);
    assert!(index.body.contains("<div id=\"root\">"), "{}", index.body);
    assert_eq!(browser("GET /console/assets/none.js", "").await.status, 404);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_definition_says_who_is_asked_and_what_an_answer_is() {
    let world = World::ephemeral().await;
    let named = json!({"QueueName": "q"});
    let queue = post_json(world.address, "AmazonSQS.CreateQueue", &named)
        .await
        .ok();
    let machine = json!({"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
        "Parameters": {"QueueUrl": queue.get("QueueUrl").cloned().unwrap(), "MessageBody": {
            "token.$": "$$.Task.Token", "assignee": "ana",
            "responseSchema": {"required": ["approved"], "properties": {"approved": {"type": "boolean"}}}
        }}
    }}});
    let machine = world.machine("m", &machine).await;
    let execution = world.start(&machine, &json!({})).await;
    world.reached(&execution, "TaskSubmitted").await;
    let none = ask(&world, "GET /_passo/v1/tasks?assignee=bo", "").await;
    assert_eq!(none.body, r#"{"tasks":[]}"#);
    let line = format!("GET /_passo/v1/tasks?assignee=ana&execution={execution}");
    let task = ask(&world, &line, "").await.ok();
    let id = task.pointer("/tasks/0/id").and_then(Json::as_str).unwrap();
    let approve = format!("POST /_passo/v1/tasks/{id}/approve");
    let refused = told(&world, &approve, r#"{"output":{"approved":"yes"}}"#).await;
    assert_eq!(refused.status, 400);
    assert!(
        refused.body.contains("must be of the type `boolean`"),
        "{}",
        refused.body
    );
    let decisions = ask(&world, "GET /_passo/v1/decisions", "").await;
    assert_eq!(decisions.body, r#"{"decisions":[]}"#);
    told(&world, &approve, r#"{"output":{"approved":true}}"#)
        .await
        .ok();
    let ended = world.ended(&execution).await;
    assert_eq!(ended.get("status"), Some(&Json::from("SUCCEEDED")));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn activities_tell_what_waits_for_them() {
    let world = World::ephemeral().await;
    let activity = states(&world, "CreateActivity", &json!({"name": "review"})).await;
    let arn = activity.get("activityArn").cloned().unwrap();
    let machine = json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": arn.clone(), "End": true}}});
    let machine = world.machine("m", &machine).await;
    for _ in 0..2 {
        let execution = world.start(&machine, &json!({})).await;
        world.reached(&execution, "ActivityScheduled").await;
    }
    let polled = json!({"activityArn": arn, "workerName": "bo"});
    states(&world, "GetActivityTask", &polled).await;
    let told = ask(&world, "GET /_passo/v1/activities", "").await.ok();
    for (member, expect) in [
        ("waiting", "1"),
        ("taken", "1"),
        ("workers", "[\"bo\"]"),
        ("pollers", "0"),
    ] {
        let found = told
            .pointer(&format!("/activities/0/{member}"))
            .map(Json::to_text);
        assert_eq!(found.as_deref(), Some(expect), "{member}");
    }
    world.stop().await;
}
