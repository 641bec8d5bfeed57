//! The history of every state type, in success and in failure, as snapshots.

use passo_engine::History;
use passo_json::{Json, json};

use crate::driver::{Driver, compile, header};

pub struct Scenario {
    pub name: &'static str,
    pub definition: Json,
    pub input: Json,
}

fn scenario(name: &'static str, states: Json, input: Json) -> Scenario {
    Scenario {
        name,
        definition: json!({"StartAt": "A", "States": states}),
        input,
    }
}

fn function(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:123456789012:function:{name}")
}

/// A Task that ends its scope, with more fields.
fn task(name: &str, more: Json) -> Json {
    let mut state = json!({"Type": "Task", "Resource": function(name), "End": true})
        .as_object()
        .unwrap()
        .clone();
    for (key, value) in more.as_object().unwrap().iter() {
        state = state.with(key.clone(), value.clone());
    }
    state.into()
}

pub fn scenarios() -> Vec<Scenario> {
    let pass = || json!({"Type": "Pass", "End": true});
    let empty = || json!({});
    vec![
        scenario(
            "pass",
            json!({"A": {"Type": "Pass", "Result": {"x": 1}, "ResultPath": "$.r", "Assign": {"v.$": "$.x"}, "Next": "B"},
                   "B": {"Type": "Pass", "Parameters": {"both.$": "States.Array($v, $.in)"}, "End": true}}),
            json!({"in": "put"}),
        ),
        scenario(
            "pass_fails_in_jsonata",
            json!({"A": {"Type": "Pass", "Next": "B"},
                   "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"o": "{% $nothing %}"}, "End": true}}),
            empty(),
        ),
        scenario(
            "pass_fails_in_jsonpath",
            json!({"A": {"Type": "Pass", "InputPath": "$.none", "End": true}}),
            empty(),
        ),
        scenario(
            "choice",
            json!({"A": {"Type": "Choice", "Default": "B", "Choices": [
                       {"And": [{"Variable": "$.n", "NumericGreaterThan": 1}, {"Variable": "$.s", "StringMatches": "a*"}],
                        "Assign": {"found": true}, "Next": "C"}]},
                   "B": {"Type": "Fail"}, "C": {"Type": "Succeed", "OutputPath": "$.s"}}),
            json!({"n": 2, "s": "abc"}),
        ),
        scenario(
            "choice_matches_nothing",
            json!({"A": {"Type": "Choice", "Choices": [{"Variable": "$.n", "IsString": true, "Next": "B"}]},
                   "B": pass()}),
            json!({"n": 2}),
        ),
        scenario(
            "choice_misses_its_variable",
            json!({"A": {"Type": "Choice", "Choices": [{"Variable": "$.m", "NumericEquals": 2, "Next": "B"}]},
                   "B": pass()}),
            json!({"n": 2}),
        ),
        scenario(
            "wait",
            json!({"A": {"Type": "Wait", "SecondsPath": "$.s", "End": true}}),
            json!({"s": 30}),
        ),
        scenario(
            "wait_in_the_past",
            json!({"A": {"Type": "Wait", "Timestamp": "2020-01-01T00:00:00Z", "End": true}}),
            empty(),
        ),
        scenario(
            "wait_fails",
            json!({"A": {"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": "{% -1 %}", "End": true}}),
            empty(),
        ),
        scenario(
            "fail",
            json!({"A": {"Type": "Fail", "ErrorPath": "$.e", "CausePath": "States.Format('because {}', $.c)"}}),
            json!({"e": "Mine", "c": 7}),
        ),
        scenario(
            "task",
            json!({"A": task("ok", json!({"TimeoutSeconds": 60, "ResultSelector": {"k.$": "$.n"}, "OutputPath": "$.k"}))}),
            json!({"n": 1}),
        ),
        scenario(
            "task_is_retried",
            json!({"A": task("flaky2", json!({"Retry": [{"ErrorEquals": ["Broken"], "IntervalSeconds": 3}]}))}),
            empty(),
        ),
        scenario(
            "task_is_caught",
            json!({"A": task("fail", json!({"Catch": [{"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.error",
                "Assign": {"why.$": "$.Cause"}, "Next": "B"}]})), "B": pass()}),
            json!({"n": 1}),
        ),
        scenario(
            "task_exhausts_its_retries",
            json!({"A": task("fail", json!({"Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]}))}),
            empty(),
        ),
        scenario(
            "task_times_out",
            json!({"A": task("silent", json!({"TimeoutSeconds": 5}))}),
            empty(),
        ),
        scenario(
            "task_misses_its_heartbeat",
            json!({"A": task("beat", json!({"TimeoutSeconds": 60, "HeartbeatSeconds": 10,
                "Catch": [{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "B"}]})), "B": pass()}),
            empty(),
        ),
        scenario(
            "activity_is_not_taken",
            json!({"A": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:a",
                "TimeoutSeconds": 5, "End": true}}),
            empty(),
        ),
        scenario(
            "service_task",
            json!({"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
                "Parameters": {"QueueUrl": "u", "MessageBody.$": "$.m"}, "HeartbeatSeconds": 9,
                "Credentials": {"RoleArn": "arn:aws:iam::123456789012:role/other"}, "End": true}}),
            json!({"m": "hello"}),
        ),
        scenario(
            "parallel",
            json!({"A": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "B", "States": {"B": task("ok", empty())}},
                {"StartAt": "C", "States": {"C": {"Type": "Wait", "Seconds": 1, "Next": "D"}, "D": pass()}}]}}),
            json!([1, 2]),
        ),
        scenario(
            "parallel_fails",
            json!({"A": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "B", "States": {"B": task("silent", empty())}},
                {"StartAt": "C", "States": {"C": task("fail", empty())}},
                {"StartAt": "D", "States": {"D": {"Type": "Wait", "Seconds": 9, "End": true}}}]}}),
            empty(),
        ),
        scenario(
            "parallel_is_retried_and_caught",
            json!({"A": {"Type": "Parallel", "End": true, "Retry": [{"ErrorEquals": ["Told"], "MaxAttempts": 1}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C"}],
                "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Fail", "Error": "Told", "Cause": "so"}}}]},
                "C": pass()}),
            empty(),
        ),
        scenario(
            "map",
            json!({"A": {"Type": "Map", "ItemsPath": "$.list", "MaxConcurrency": 2, "ResultPath": "$.out",
                "ItemSelector": {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "of.$": "$.n"}, "End": true,
                "ItemProcessor": {"StartAt": "B", "States": {"B": task("ok", empty())}}}}),
            json!({"list": ["a", "b", "c"], "n": 1}),
        ),
        scenario(
            "map_of_nothing",
            json!({"A": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "B", "States": {"B": pass()}}}}),
            json!([]),
        ),
        scenario(
            "map_fails",
            json!({"A": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "B", "States": {
                "B": {"Type": "Choice", "Default": "C", "Choices": [{"Variable": "$", "NumericEquals": 2, "Next": "D"}]},
                "C": task("silent", empty()), "D": task("fail", empty())}}}}),
            json!([1, 2, 3]),
        ),
        scenario(
            "map_has_no_list",
            json!({"A": {"Type": "Map", "ItemsPath": "$.list", "End": true,
                "ItemProcessor": {"StartAt": "B", "States": {"B": pass()}}}}),
            json!({"list": 1}),
        ),
        scenario(
            "map_run",
            json!({"A": {"Type": "Map", "Label": "Items", "End": true, "ItemSelector": {"v.$": "$$.Map.Item.Value"},
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "B", "States": {"B": pass()}}}}),
            json!([1, 2, 3]),
        ),
        scenario(
            "map_run_fails",
            json!({"A": {"Type": "Map", "Label": "Items", "End": true,
                "Catch": [{"ErrorEquals": ["States.ExceedToleratedFailureThreshold"], "Next": "C"}],
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                    "StartAt": "B", "States": {"B": {"Type": "Fail", "Error": "Told"}}}},
                "C": pass()}),
            json!([1, 2, 3]),
        ),
    ]
}

#[test]
fn are_as_recorded() {
    for scenario in scenarios() {
        let program = compile(&scenario.definition);
        let mut driver = Driver::new(&program, header(&scenario.input));
        driver.run();
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(scenario.name, shown(&driver));
        });
    }
}

/// `id<previous Type {details}`, without what every event repeats.
fn shown(driver: &Driver<'_>) -> String {
    let events = History::project(driver.program, driver.execution.header(), &driver.events);
    let mut text = String::new();
    for event in events {
        text += &format!(
            "{}<{} {}",
            event.id, event.previous_event_id, event.type_name
        );
        if let Some((_, details)) = event.details {
            for key in [
                "inputDetails",
                "outputDetails",
                "assignedVariablesDetails",
                "roleArn",
                "region",
            ] {
                assert!(details.get(key).is_none_or(|value| !value.is_null()));
            }
            let mut details = details;
            for key in [
                "inputDetails",
                "outputDetails",
                "assignedVariablesDetails",
                "roleArn",
                "region",
            ] {
                details = details.without(key);
            }
            text += &format!(" {}", Json::from(details));
        }
        text += "\n";
    }
    text
}
