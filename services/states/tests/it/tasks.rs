//! Executions that call somebody.

use passo_json::json;

use crate::stage::{ROLE, Stage, gives};

#[test]
fn a_task_gives_its_result() {
    let definition = r#"{"StartAt":"T","States":{"T":{"Type":"Task","End":true,
        "Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"q","MessageBody":"b"}}}}"#;
    let mut stage = Stage::new();
    stage.play(vec![
        (
            "CreateStateMachine",
            json!({"name": "m", "definition": definition, "roleArn": ROLE}),
            gives(json!({"stateMachineArn": "$m"})),
        ),
        (
            "StartExecution",
            json!({"stateMachineArn": "$m"}),
            gives(json!({"executionArn": "$e"})),
        ),
    ]);
    stage.until(
        "DescribeExecution",
        &json!({"executionArn": "$e"}),
        &json!({"status": "SUCCEEDED", "output": "{\"QueueUrl\":\"q\",\"MessageBody\":\"b\"}"}),
    );
}

#[test]
fn a_token_from_the_context_ends_a_task() {
    let definition = r#"{"StartAt":"T","States":{"T":{"Type":"Task","End":true,
        "Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters":{"QueueUrl":"q","MessageBody.$":"$$.Task.Token"}}}}"#;
    let mut stage = Stage::new();
    stage.play(vec![
        (
            "CreateStateMachine",
            json!({"name": "m", "definition": definition, "roleArn": ROLE}),
            gives(json!({"stateMachineArn": "$m"})),
        ),
        (
            "StartExecution",
            json!({"stateMachineArn": "$m"}),
            gives(json!({"executionArn": "$e"})),
        ),
    ]);
    stage.until(
        "GetExecutionHistory",
        &json!({"executionArn": "$e"}),
        &json!({"events": ["*", "*", {"taskScheduledEventDetails": {"parameters": "$parameters"}}, "*", {"type": "TaskSubmitted"}]}),
    );
    let parameters = passo_json::Json::parse(stage.kept("parameters").as_str().unwrap()).unwrap();
    let token = parameters.get("MessageBody").cloned().unwrap();
    stage.play(vec![
        (
            "SendTaskSuccess",
            json!({"taskToken": token, "output": "7"}),
            gives(json!({})),
        ),
        (
            "DescribeExecution",
            json!({"executionArn": "$e"}),
            gives(json!({"status": "SUCCEEDED", "output": "7"})),
        ),
    ]);
}
