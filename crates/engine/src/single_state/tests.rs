//! Single states with what they give, as tables.

use passo_asl::{CompileOptions, Format, compile_state};
use passo_expr::{Environment, Variables};
use passo_json::{Json, ObjectBuilder, Payload, json};
use passo_vocab::{Entropy, ErrorName, Failure, Timestamp};

use super::*;

fn setting(input: Json) -> Setting {
    Setting {
        input: Payload::from(input),
        variables: Variables::new(),
        context: json!({"State": {"Name": "StateName"}}),
        retries: 0,
        failed_iterations: None,
        items_read: None,
        environment: Environment {
            now: Timestamp::from_epoch_millis(1_000),
            entropy: Entropy::from_seed(1),
        },
    }
}

fn run(definition: &Json, setting: Setting, work: Option<Work>) -> (Json, Step) {
    let options = CompileOptions::default();
    let compiled = compile_state(&definition.to_text(), Format::Json, &options).unwrap();
    let block = compiled
        .program
        .block(passo_asl::program::Program::ROOT)
        .unwrap();
    let state = compiled.program.state(block.start).unwrap().clone();
    let step = SingleState::new(state, setting).run(work);
    let Step::Done(tested) = &step else {
        return (json!("a task"), step);
    };
    let mut shown = ObjectBuilder::new();
    let payload = |payload: &Option<Payload>| payload.as_ref().map(|it| it.json().clone());
    let seen = &tested.inspection;
    let next = tested.next.and_then(|next| compiled.program.state(next));
    shown
        .insert("status", tested.status.name())
        .insert_some("output", payload(&tested.output))
        .insert_some("next", next.map(|next| next.name.as_str()))
        .insert_some(
            "error",
            tested
                .failure
                .as_ref()
                .and_then(|failure| failure.error.as_ref())
                .map(ErrorName::as_str),
        )
        .insert_some("input", payload(&seen.after_input_path))
        .insert_some("parameters", payload(&seen.after_parameters))
        .insert_some("arguments", payload(&seen.after_arguments))
        .insert_some("result", payload(&seen.result))
        .insert_some("selected", payload(&seen.after_result_selector))
        .insert_some("combined", payload(&seen.after_result_path))
        .insert_some("items", payload(&seen.after_items_path))
        .insert_some("item_inputs", payload(&seen.after_item_selector))
        .insert_some("batches", payload(&seen.after_item_batcher))
        .insert_some("concurrency", seen.max_concurrency)
        .insert_some(
            "handled",
            tested.handled.map(|handled| format!("{handled:?}")),
        );
    (Json::Object(shown.build()), step)
}

fn check(definition: &Json, input: Json, work: Option<Work>, expect: &Json) {
    let (shown, _) = run(definition, setting(input), work);
    assert_eq!(&shown, expect, "{definition}");
}

fn succeeded(result: Json) -> Option<Work> {
    Some(Work::Succeeded(Payload::from(result)))
}

fn failed(error: &'static str) -> Option<Work> {
    Some(Work::Failed(Failure::new(ErrorName::new(error), "why")))
}

#[test]
fn states_without_work_show_their_steps() {
    let input = || json!({"a": {"b": 1}});
    for (definition, expect) in [
        (
            json!({"Type": "Pass", "InputPath": "$.a", "Parameters": {"c.$": "$.b"}, "ResultPath": "$.d", "Next": "N"}),
            json!({
                "status": "SUCCEEDED", "output": {"a": {"b": 1}, "d": {"c": 1}}, "next": "N", "input": {"b": 1},
                "parameters": {"c": 1}, "selected": {"c": 1}, "combined": {"a": {"b": 1}, "d": {"c": 1}}
            }),
        ),
        (
            json!({"Type": "Pass", "Result": 7, "End": true}),
            json!({"status": "SUCCEEDED", "output": 7, "result": 7, "selected": 7, "combined": 7}),
        ),
        (
            json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.a.b + 1 %}", "End": true}),
            json!({"status": "SUCCEEDED", "output": 2}),
        ),
        (
            json!({"Type": "Choice", "Choices": [{"Variable": "$.a.b", "IsString": true, "Next": "X"}], "Default": "Y"}),
            json!({"status": "SUCCEEDED", "output": {"a": {"b": 1}}, "next": "Y", "input": {"a": {"b": 1}}}),
        ),
        (
            json!({"Type": "Succeed", "InputPath": "$.a", "OutputPath": "$.b"}),
            json!({"status": "SUCCEEDED", "output": 1, "input": {"b": 1}}),
        ),
        (
            json!({"Type": "Fail", "Error": "E", "Cause": "C"}),
            json!({"status": "FAILED", "error": "E", "input": {"a": {"b": 1}}}),
        ),
        (
            json!({"Type": "Fail", "QueryLanguage": "JSONata", "Error": "E"}),
            json!({"status": "FAILED", "error": "E"}),
        ),
        (
            json!({"Type": "Pass", "InputPath": "$.x", "End": true}),
            json!({"status": "FAILED", "error": "States.Runtime"}),
        ),
    ] {
        check(&definition, input(), None, &expect);
    }
}

#[test]
fn a_task_asks_and_goes_on_with_its_result() {
    let task = json!({
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl.$": "$.q"},
        "ResultSelector": {"id.$": "$.MessageId"}, "ResultPath": "$.sent", "TimeoutSeconds": 9, "Next": "N"
    });
    let (_, step) = run(&task, setting(json!({"q": "u"})), None);
    let Step::Task(asked) = step else {
        panic!("{step:?}")
    };
    assert_eq!(asked.parameters.json(), &json!({"QueueUrl": "u"}));
    assert_eq!(asked.timeout_seconds, Some(9));
    check(
        &task,
        json!({"q": "u"}),
        succeeded(json!({"MessageId": "m", "more": 1})),
        &json!({
            "status": "SUCCEEDED", "output": {"q": "u", "sent": {"id": "m"}}, "next": "N", "input": {"q": "u"},
            "parameters": {"QueueUrl": "u"}, "result": {"MessageId": "m", "more": 1}, "selected": {"id": "m"},
            "combined": {"q": "u", "sent": {"id": "m"}}
        }),
    );
}

#[test]
fn failures_are_retried_then_caught() {
    let task = json!({
        "Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::sns:publish", "Arguments": {"Message": "m"},
        "Retry": [
            {"ErrorEquals": ["Other"]},
            {"ErrorEquals": ["Busy"], "IntervalSeconds": 3, "BackoffRate": 2, "MaxAttempts": 2}
        ],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput.Error %}", "Next": "N"}],
        "End": true
    });
    for (error, retries, status, handled) in [
        (
            "Busy",
            0,
            "RETRIABLE",
            "Retry { index: 1, backoff_seconds: 3 }",
        ),
        (
            "Busy",
            1,
            "RETRIABLE",
            "Retry { index: 1, backoff_seconds: 6 }",
        ),
        ("Busy", 2, "CAUGHT_ERROR", "Catch { index: 0 }"),
        ("New", 0, "CAUGHT_ERROR", "Catch { index: 0 }"),
    ] {
        let setting = Setting {
            retries,
            ..setting(json!({}))
        };
        let (shown, _) = run(&task, setting, failed(error));
        let get = |name| shown.get(name).and_then(Json::as_str).unwrap_or_default();
        assert_eq!((get("status"), get("handled")), (status, handled));
        let output = (status == "CAUGHT_ERROR").then_some(error);
        assert_eq!(shown.get("output").and_then(Json::as_str), output);
    }
    // What only a changed definition can cure is not caught.
    let (shown, _) = run(&task, setting(json!({})), failed("States.Runtime"));
    assert_eq!(
        shown.get("status").and_then(Json::as_str),
        Some("FAILED"),
        "{shown}"
    );
}

fn map(more: &[(&str, Json)]) -> Json {
    let map = json!({
        "Type": "Map", "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}
        },
        "End": true
    });
    let members = map.as_object().cloned().unwrap_or_default();
    more.iter()
        .fold(members, |members, (name, value)| {
            members.with(*name, value.clone())
        })
        .into()
}

#[test]
fn a_map_shows_items_inputs_and_batches() {
    let definition = map(&[
        ("ItemsPath", json!("$.list")),
        (
            "ItemSelector",
            json!({"v.$": "$$.Map.Item.Value", "n.$": "$$.Map.Item.Index"}),
        ),
        ("ItemBatcher", json!({"MaxItemsPerBatch": 2})),
        ("MaxConcurrency", json!(4)),
    ]);
    check(
        &definition,
        json!({"list": ["a", "b", "c"]}),
        succeeded(json!(["x", "y"])),
        &json!({
            "status": "SUCCEEDED", "output": ["x", "y"], "items": ["a", "b", "c"],
            "item_inputs": [{"v": "a", "n": 0}, {"v": "b", "n": 1}, {"v": "c", "n": 2}],
            "batches": [{"Items": [{"v": "a", "n": 0}, {"v": "b", "n": 1}]}, {"Items": [{"v": "c", "n": 2}]}],
            "concurrency": 4, "selected": ["x", "y"], "combined": ["x", "y"]
        }),
    );
}

#[test]
fn a_map_tolerates_what_it_says() {
    for (tolerance, failures, error) in [
        (None, 4, None),
        (
            Some(("ToleratedFailureCount", json!(2))),
            3,
            Some("States.ExceedToleratedFailureThreshold"),
        ),
        (Some(("ToleratedFailureCount", json!(3))), 3, None),
        (Some(("ToleratedFailurePercentage", json!(50))), 2, None),
        (
            Some(("ToleratedFailurePercentage", json!(50))),
            3,
            Some("States.ExceedToleratedFailureThreshold"),
        ),
    ] {
        let definition = map(tolerance.as_slice());
        let setting = Setting {
            failed_iterations: Some(failures),
            ..setting(json!([1, 2, 3, 4]))
        };
        let (shown, _) = run(&definition, setting, succeeded(json!([1, 2, 3, 4])));
        assert_eq!(
            shown.get("error").and_then(Json::as_str),
            error,
            "{definition}"
        );
    }
}

#[test]
fn variables_after_the_state_are_told() {
    let definition = json!({
        "Type": "Pass", "QueryLanguage": "JSONata", "Assign": {"x": "{% $x + 1 %}", "y": "{% $states.input %}"}, "End": true
    });
    let before = Variables::new().with_assigned([("x".into(), json!(1)), ("z".into(), json!(0))]);
    let setting = Setting {
        variables: before,
        ..setting(json!("in"))
    };
    let (_, Step::Done(tested)) = run(&definition, setting, None) else {
        panic!("a Pass state needs no work")
    };
    let after: Vec<String> = tested
        .variables
        .visible()
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(after, ["x=2", "y=\"in\"", "z=0"]);
}

#[test]
fn a_wait_says_until_when() {
    let (_, Step::Done(tested)) = run(
        &json!({"Type": "Wait", "Seconds": 3, "Next": "N"}),
        setting(json!({})),
        None,
    ) else {
        panic!("a Wait state needs no work")
    };
    assert_eq!(
        tested.waits_until,
        Some(Timestamp::from_epoch_millis(4_000))
    );
}
