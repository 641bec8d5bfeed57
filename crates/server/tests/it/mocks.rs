//! Test cases behind a state machine's ARN.

use passo_json::{Json, json};
use passo_server::{ClockKind, Configuration, ConfigurationFile, Data, Environment};
use passo_testkit::mock::MockFile;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::functions;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_test_case_answers_for_services() {
    let file = MockFile::parse(
        r#"{"StateMachines":{"m":{"TestCases":{"Happy":{"Invoke":"Fine"}}}},
            "MockedResponses":{"Fine":{"0":{"Return":{"Payload":"mocked"}}}}}"#,
    );
    let configuration = Configuration::new(Data::Ephemeral);
    let world = World::open(Configuration {
        mocks: Some(file.unwrap()),
        ..configuration
    })
    .await;
    let machine = world.machine("m", &functions::invoking()).await;
    let execution = world.start(&format!("{machine}#Happy"), &json!({})).await;
    assert_eq!(
        world.ended(&execution).await.get("output"),
        Some(&Json::from("\"mocked\""))
    );
    // Without a case, nothing is mocked.
    let execution = world.start(&machine, &json!({})).await;
    assert_eq!(
        world.ended(&execution).await.get("error"),
        Some(&Json::from("Lambda.ResourceNotFoundException"))
    );
    let parameters = json!({"stateMachineArn": format!("{machine}#None")});
    assert_eq!(
        world.states("StartExecution", &parameters).await.status,
        400
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_may_be_elsewhere() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    // As SAM's `local start-lambda` answers.
    let elsewhere = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.windows(4).any(|end| end == b"\r\n\r\n") {
            let mut bytes = [0; 1024];
            let count = stream.read(&mut bytes).await.unwrap();
            head.extend(bytes.iter().take(count));
        }
        let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n\"elsewhere\"";
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(head).unwrap()
    });
    let file = ConfigurationFile::default().with_endpoint("lambda", &endpoint);
    let remotes = file.remotes(&Environment::of([], None));
    let world = World::open(Configuration {
        remotes: remotes.unwrap(),
        ..Configuration::new(Data::Ephemeral)
    })
    .await;
    let machine = world.machine("m", &functions::invoking()).await;
    let execution = world.start(&machine, &json!({})).await;
    let end = world.ended(&execution).await;
    assert_eq!(
        end.get("output"),
        Some(&Json::from("\"elsewhere\"")),
        "{}",
        end.to_text()
    );
    let request = elsewhere.await.unwrap();
    assert!(
        request.starts_with("POST /2015-03-31/functions/"),
        "{request}"
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_ends_jobs_and_callbacks() {
    let file = MockFile::parse(
        r#"{"StateMachines":{"m":{"TestCases":{"C":{"Callback":"Twice","Job":"Done"}}}},
            "MockedResponses":{
                "Twice":{"0-1":{"Throw":{"Error":"Busy","Cause":"not now"}},"2":{"Return":{"called":true}}},
                "Done":{"0":{"Return":{"Status":"SUCCEEDED"}}}}}"#,
    );
    let world = World::open(Configuration {
        mocks: Some(file.unwrap()),
        clock: ClockKind::Virtual,
        ..Configuration::new(Data::Ephemeral)
    })
    .await;
    let definition = json!({"StartAt": "Callback", "States": {
        "Callback": {"Type": "Task", "Next": "Job", "ResultPath": "$.callback",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}},
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 5, "MaxAttempts": 2}]},
        "Job": {"Type": "Task", "End": true, "ResultPath": "$.job",
            "Resource": "arn:aws:states:::batch:submitJob.sync",
            "Parameters": {"JobName": "n", "JobDefinition": "d", "JobQueue": "q"}}}});
    let machine = world.machine("m", &definition).await;
    let execution = world.start(&format!("{machine}#C"), &json!({})).await;
    let end = world.ended(&execution).await;
    let output = r#"{"callback":{"called":true},"job":{"Status":"SUCCEEDED"}}"#;
    assert_eq!(
        end.get("output"),
        Some(&Json::from(output)),
        "{}",
        end.to_text()
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_case_goes_on_after_a_restart() {
    let file = MockFile::parse(
        r#"{"StateMachines":{"m":{"TestCases":{"C":{"A":"Third","B":"Items"}}}},
            "MockedResponses":{
                "Third":{"0-1":{"Throw":{"Error":"Busy","Cause":"not now"}},"2":{"Return":"a"}},
                "Items":{"0":{"Return":"b"}}}}"#,
    );
    let directory = tempfile::tempdir().unwrap();
    let configuration = || Configuration::new(Data::Directory(directory.path().to_owned()));
    let world = World::open(Configuration {
        mocks: Some(file.unwrap()),
        ..configuration()
    })
    .await;
    let queue = "arn:aws:states:::sqs:sendMessage";
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Task", "Next": "M", "ResultPath": "$.a", "Resource": queue,
            "Parameters": {"QueueUrl": "q", "MessageBody": "m"},
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "BackoffRate": 9999, "MaxAttempts": 2}]},
        "M": {"Type": "Map", "End": true, "ItemsPath": "$.items", "ResultPath": "$.b", "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "B", "States": {"B": {"Type": "Task", "Resource": queue, "End": true,
                "Parameters": {"QueueUrl": "q", "MessageBody": "m"}}}}}}});
    let machine = world.machine("m", &definition).await;
    let input = json!({"items": [1, 2]});
    let execution = world.start(&format!("{machine}#C"), &input).await;
    // Two attempts are over, the third is hours away.
    let failed = async || {
        let history = world.history(&execution).await;
        history
            .iter()
            .filter(|event| *event == "TaskFailed")
            .count()
    };
    while failed().await < 2 {
        tokio::task::yield_now().await;
    }
    world.stop().await;
    // The file is another by now: none.
    let world = World::open(Configuration {
        clock: ClockKind::Virtual,
        ..configuration()
    })
    .await;
    let end = world.ended(&execution).await;
    assert_eq!(
        end.get("output"),
        Some(&Json::from(r#"{"items":[1,2],"a":"a","b":["b","b"]}"#)),
        "{}",
        end.to_text()
    );
    world.stop().await;
}
