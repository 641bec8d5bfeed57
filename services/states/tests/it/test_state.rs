//! One state, run alone.

use passo_json::{Json, json};

use crate::stage::{ROLE, Stage, gives, refuses};

const PASS_STATE: &str = r#"{"Type":"Pass","Parameters":{"n.$":"$.n"},"Next":"After"}"#;
const PUBLISH: &str = r#"{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Parameters":{"Message.$":"$.m"},
    "Retry":[{"ErrorEquals":["Slow"],"IntervalSeconds":2,"MaxAttempts":1}],
    "Catch":[{"ErrorEquals":["Slow"],"ResultPath":"$.e","Next":"Late"}],"End":true}"#;
const PARALLEL: &str = r#"{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}},
    {"StartAt":"B","States":{"B":{"Type":"Succeed"}}}],"End":true}"#;
const MAP: &str = r#"{"Type":"Map","ToleratedFailureCount":1,"ItemsPath":"$.l","ItemProcessor":{
    "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
    "StartAt":"A","States":{"A":{"Type":"Succeed"}}},"End":true}"#;

fn test(definition: &str, more: &[(&str, Json)]) -> Json {
    let request = json!({"definition": definition});
    let members = request.as_object().cloned().unwrap_or_default();
    more.iter()
        .fold(members, |members, (name, value)| {
            members.with(*name, value.clone())
        })
        .into()
}

fn result(text: &str) -> Json {
    json!({"result": text})
}

fn error(error: &str) -> Json {
    json!({"errorOutput": {"error": error, "cause": "why"}})
}

#[test]
fn levels_say_how_much_is_shown() {
    let input = ("input", json!(r#"{"n":1}"#));
    Stage::new().play(vec![
        (
            "TestState",
            test(PASS_STATE, std::slice::from_ref(&input)),
            gives(json!({"status": "SUCCEEDED", "output": r#"{"n":1}"#, "nextState": "After", "inspectionData": null})),
        ),
        (
            "TestState",
            test(PASS_STATE, &[input.clone(), ("inspectionLevel", json!("DEBUG"))]),
            gives(json!({
                "status": "SUCCEEDED",
                "inspectionData": {"input": r#"{"n":1}"#, "afterParameters": r#"{"n":1}"#, "variables": null}
            })),
        ),
        (
            "TestState",
            test(PASS_STATE, &[("variables", json!(r#"{"v":2}"#)), ("inspectionLevel", json!("TRACE"))]),
            gives(json!({"status": "FAILED", "error": "States.Runtime", "inspectionData": {"variables": r#"{"v":2}"#}})),
        ),
    ]);
}

#[test]
fn requests_are_checked() {
    let mock = || ("mock", result("{}"));
    for (request, code, message) in [
        (
            test("{}", &[]),
            "InvalidDefinition",
            "SCHEMA_VALIDATION_FAILED",
        ),
        (
            test(PASS_STATE, &[("input", json!("{"))]),
            "InvalidExecutionInput",
            "",
        ),
        (
            test(PASS_STATE, &[("roleArn", json!("no-arn"))]),
            "InvalidArn",
            "no-arn",
        ),
        (
            test(PASS_STATE, &[("variables", json!("[]"))]),
            "ValidationException",
            "Variables",
        ),
        (
            test(PASS_STATE, &[mock()]),
            "ValidationException",
            "State type 'Pass' is not supported",
        ),
        (
            test(PASS_STATE, &[("context", json!("{}"))]),
            "ValidationException",
            "does not support Context",
        ),
        (
            test(PUBLISH, &[mock(), ("context", json!("[]"))]),
            "ValidationException",
            "Context must be",
        ),
        (
            test(PUBLISH, &[]),
            "ValidationException",
            "RoleArn must be specified",
        ),
        (
            test(PUBLISH, &[("mock", result("nope"))]),
            "ValidationException",
            "Mocked result must be valid JSON",
        ),
        (
            test(PUBLISH, &[mock(), ("revealSecrets", json!(true))]),
            "ValidationException",
            "RevealSecrets",
        ),
        (
            test(
                PUBLISH,
                &[(
                    "mock",
                    json!({"result": "{}", "errorOutput": {"error": "E"}}),
                )],
            ),
            "ValidationException",
            "only one of the following fields",
        ),
        (
            test(PARALLEL, &[]),
            "InvalidDefinition",
            "does not support Map or Parallel states",
        ),
        (
            test(PARALLEL, &[("mock", result("[1]"))]),
            "ValidationException",
            "same number of items",
        ),
        (
            test(PARALLEL, &[mock()]),
            "ValidationException",
            "must be an array",
        ),
        (
            test(MAP, &[mock()]),
            "ValidationException",
            "must be an array",
        ),
        (
            test(
                MAP,
                &[("stateConfiguration", json!({"mapIterationFailureCount": 1}))],
            ),
            "ValidationException",
            "does not support MapIterationFailureCount",
        ),
        (
            test(
                MAP,
                &[
                    ("mock", result("[1]")),
                    ("stateConfiguration", json!({"mapIterationFailureCount": 2})),
                ],
            ),
            "ValidationException",
            "less than or equal to the number of Map iterations",
        ),
    ] {
        Stage::new().play(vec![("TestState", request, refuses(code, message))]);
    }
}

#[test]
fn mocked_results_follow_the_models() {
    let task = |resource: &str| {
        format!(
            r#"{{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::{resource}","End":true}}"#
        )
    };
    for (resource, mocked, mode, problem) in [
        (
            "sqs:sendMessage",
            r#"{"MessageId":1}"#,
            "STRICT",
            Some("Field 'MessageId' must be a string"),
        ),
        (
            "sqs:sendMessage",
            r#"{"MessageId":1}"#,
            "PRESENT",
            Some("Field 'MessageId' must be a string"),
        ),
        ("sqs:sendMessage", r#"{"MessageId":1}"#, "NONE", None),
        ("sqs:sendMessage", r#"{"More":1}"#, "STRICT", None),
        (
            "sqs:sendMessage.waitForTaskToken",
            r#"{"MessageId":1}"#,
            "STRICT",
            None,
        ),
        (
            "aws-sdk:sfn:listActivities",
            "{}",
            "STRICT",
            Some("Required field 'Activities' is missing"),
        ),
        (
            "aws-sdk:sfn:listActivities",
            r#"{"Activities":[{"Name":"n"}]}"#,
            "STRICT",
            Some("Required field 'ActivityArn' is missing"),
        ),
        (
            "aws-sdk:sfn:listActivities",
            r#"{"Activities":{}}"#,
            "PRESENT",
            Some("Field 'Activities' must be an array"),
        ),
        (
            "aws-sdk:dynamodb:getItem",
            r#"{"Item":{"a":{"BOOL":"x"}}}"#,
            "STRICT",
            Some("Field 'BOOL' must be a boolean"),
        ),
        (
            "aws-sdk:dynamodb:getItem",
            r#"{"Item":[]}"#,
            "STRICT",
            Some("Field 'Item' must be an object"),
        ),
        (
            "aws-sdk:ec2:describeVpcs",
            r#"{"Vpcs":[{"State":"lost"}]}"#,
            "PRESENT",
            Some("Field 'State' is not an expected value"),
        ),
        (
            "aws-sdk:iam:listMFADevices",
            r#"{"MfaDevices":[]}"#,
            "STRICT",
            None,
        ),
        (
            "aws-sdk:iam:listMFADevices",
            r#"{"mfaDevices":[]}"#,
            "STRICT",
            Some("Required field 'MFADevices' is missing"),
        ),
        (
            "aws-sdk:directory:describeDirectories",
            r#"{"NextToken":1}"#,
            "STRICT",
            Some("Field 'NextToken' must be a string"),
        ),
        ("aws-sdk:nobody:knows", r#"{"a":1}"#, "STRICT", None),
        (
            "lambda:invoke",
            r#"{"Payload":{"a":[1]},"StatusCode":200}"#,
            "STRICT",
            None,
        ),
        (
            "lambda:invoke",
            r#"{"StatusCode":"200"}"#,
            "STRICT",
            Some("Field 'StatusCode' must be a number"),
        ),
        (
            "states:startExecution.sync:2",
            r#"{"ExecutionArn":"e","StateMachineArn":"m","StartDate":"d"}"#,
            "STRICT",
            Some("Required field 'Status' is missing"),
        ),
        (
            "glue:startJobRun.sync",
            r#"{"JobRun":{"Attempt":"1"}}"#,
            "STRICT",
            Some("Field 'Attempt' must be a number"),
        ),
        ("apigateway:invoke", r#"{"a":1}"#, "STRICT", None),
    ] {
        let mock = json!({"result": mocked, "fieldValidationMode": mode});
        let expect = match problem {
            Some(problem) => refuses("ValidationException", problem),
            None => gives(json!({"status": "SUCCEEDED", "output": mocked})),
        };
        let request = test(&task(resource), &[("mock", mock)]);
        Stage::new().play(vec![("TestState", request, expect)]);
    }
}

#[test]
fn mocked_errors_are_retried_or_caught() {
    let request = |more: &[(&str, Json)]| {
        let members = [
            ("input", json!(r#"{"m":"x"}"#)),
            ("inspectionLevel", json!("DEBUG")),
        ];
        test(PUBLISH, &[&members[..], more].concat())
    };
    Stage::new().play(vec![
        (
            "TestState",
            request(&[("mock", error("Slow"))]),
            gives(json!({
                "status": "RETRIABLE", "error": "Slow", "cause": "why", "output": null, "nextState": null,
                "inspectionData": {"errorDetails": {"retryIndex": 0, "retryBackoffIntervalSeconds": 2}, "result": null}
            })),
        ),
        (
            "TestState",
            request(&[("mock", error("Slow")), ("stateConfiguration", json!({"retrierRetryCount": 1}))]),
            gives(json!({
                "status": "CAUGHT_ERROR", "error": "Slow", "nextState": "Late",
                "output": r#"{"m":"x","e":{"Error":"Slow","Cause":"why"}}"#, "inspectionData": {"errorDetails": {"catchIndex": 0}}
            })),
        ),
        (
            "TestState",
            request(&[("mock", error("Other"))]),
            gives(json!({"status": "FAILED", "error": "Other", "inspectionData": {"errorDetails": null}})),
        ),
    ]);
}

#[test]
fn parallel_and_map_states_have_mocked_results() {
    let failures = |count: i64| json!({"mapIterationFailureCount": count});
    let map = |count| {
        test(
            MAP,
            &[
                ("input", json!(r#"{"l":[1,2]}"#)),
                ("mock", result("[3,4]")),
                ("inspectionLevel", json!("DEBUG")),
                ("stateConfiguration", failures(count)),
            ],
        )
    };
    Stage::new().play(vec![
        (
            "TestState",
            test(PARALLEL, &[("mock", result("[1, 2]")), ("inspectionLevel", json!("DEBUG"))]),
            gives(json!({"status": "SUCCEEDED", "output": "[1, 2]", "inspectionData": {"afterResultPath": "[1, 2]", "afterInputPath": null}})),
        ),
        (
            "TestState",
            map(1),
            gives(json!({
                "status": "SUCCEEDED", "output": "[3,4]",
                "inspectionData": {"afterItemsPath": "[1,2]", "toleratedFailureCount": 1, "maxConcurrency": 0}
            })),
        ),
        (
            "TestState",
            map(2),
            gives(json!({"status": "FAILED", "error": "States.ExceedToleratedFailureThreshold"})),
        ),
    ]);
}

#[test]
fn what_an_item_reader_read_is_given() {
    let map = |config: &str| {
        format!(
            r#"{{"Type":"Map","ItemReader":{{"Resource":"arn:aws:states:::s3:getObject","Parameters":{{"Bucket":"b","Key":"k"}},
            "ReaderConfig":{config}}},"ItemSelector":{{"v.$":"$$.Map.Item.Value"}},"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}},
            "StartAt":"A","States":{{"A":{{"Type":"Succeed"}}}}}},"End":true}}"#
        )
    };
    for (config, data, pointed) in [
        (r#"{"InputType":"JSON"}"#, "[1,2]", json!(null)),
        (
            r#"{"InputType":"JSON","ItemsPointer":"/a/b"}"#,
            r#"{"a":{"b":[1,2]}}"#,
            json!("[1,2]"),
        ),
        (r#"{"InputType":"JSONL"}"#, "1\n2\n", json!(null)),
    ] {
        let request = test(
            &map(config),
            &[
                ("mock", result("[0,0]")),
                ("inspectionLevel", json!("DEBUG")),
                ("stateConfiguration", json!({"mapItemReaderData": data})),
            ],
        );
        let expect = json!({"inspectionData": {"afterItemSelector": r#"[{"v":1},{"v":2}]"#, "afterItemsPointer": pointed}});
        Stage::new().play(vec![("TestState", request, gives(expect))]);
    }
}

#[test]
fn a_state_of_a_machine_is_picked_by_name() {
    let machine = r#"{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"I","States":{
        "I":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.context.[Map.Item.Value, State.Name] %}","End":true}
        }},"End":true}}}"#;
    let name = |name: &str| ("stateName", json!(name));
    Stage::new().play(vec![
        (
            "TestState",
            test(machine, &[name("I"), ("input", json!("7"))]),
            gives(json!({"status": "SUCCEEDED", "output": r#"[7,"StateName"]"#})),
        ),
        (
            "TestState",
            test(machine, &[name("X")]),
            refuses("ValidationException", "'X'"),
        ),
    ]);
}

#[test]
fn the_context_is_as_given_or_made() {
    let definition = r#"{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::sns:publish",
        "Output":"{% $states.context %}","End":true}"#;
    let mut stage = Stage::new();
    stage.play(vec![(
        "TestState",
        test(
            definition,
            &[
                ("mock", result("{}")),
                ("context", json!(r#"{"Mine":[1]}"#)),
            ],
        ),
        gives(json!({"output": r#"{"Mine":[1]}"#})),
    )]);
    let made = stage.call(
        "123456789012",
        "TestState",
        test(
            definition,
            &[("mock", result("{}")), ("roleArn", json!(ROLE))],
        ),
    );
    let made = made.unwrap();
    let made = Json::parse(made.get("output").and_then(Json::as_str).unwrap()).unwrap();
    let text = |pointer: &str| made.pointer(pointer).and_then(Json::as_str).unwrap();
    assert!(text("/Execution/Id").ends_with(text("/Execution/Name")));
    assert!(text("/Execution/Id").contains(&format!(":express:{}:", text("/StateMachine/Name"))));
    assert_eq!(text("/Execution/RoleArn"), ROLE);
    assert_eq!(
        made.pointer("/State/RetryCount").and_then(Json::as_i64),
        Some(0)
    );
}

#[test]
fn waits_are_not_waited_for_but_have_a_limit() {
    for (seconds, status) in [(300, "SUCCEEDED"), (301, "FAILED")] {
        let definition = format!(r#"{{"Type":"Wait","Seconds":{seconds},"End":true}}"#);
        let expect = gives(json!({"status": status}));
        Stage::new().play(vec![("TestState", test(&definition, &[]), expect)]);
    }
}

#[test]
fn a_task_without_mock_is_done() {
    // The stage's own tasks answer with what they get; text that looks like an expression stays text.
    let definition = r#"{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f",
        "Parameters":{"a.$":"$.a"},"ResultPath":"$.r","Next":"N"}"#;
    let request = test(
        definition,
        &[
            ("roleArn", json!(ROLE)),
            ("input", json!(r#"{"a":"{% 1 %}"}"#)),
        ],
    );
    let output = r#"{"a":"{% 1 %}","r":{"a":"{% 1 %}"}}"#;
    Stage::hasty().play(vec![(
        "TestState",
        request,
        gives(json!({"status": "SUCCEEDED", "output": output, "nextState": "N"})),
    )]);
}
