//! Step Functions: `states:startExecution`, and the end of what it started.

use std::sync::Arc;

use passo_engine::TaskUpdate;
use passo_json::{Json, Object, ObjectBuilder, Payload};
use passo_vocab::{ErrorName, Failure};

use crate::naming::{First, letter, renamed, seconds, sorted};
use crate::plan::missing;
use crate::{Completion, ErrorStyle, OutputForm, Plan, Shape};

/// The plan of `states:startExecution`.
pub(crate) fn start_execution(
    parameters: &Payload,
    completion: Completion,
) -> Result<Plan, Failure> {
    let given = parameters.json();
    if given.get("StateMachineArn").is_none() {
        return Err(missing("StateMachineArn", parameters));
    }
    let mut members = ObjectBuilder::new();
    for (name, value) in given.as_object().into_iter().flat_map(Object::iter) {
        if value.is_null() {
            // No input at all is an empty object (recorded: `Input` null).
            continue;
        }
        let value = if &**name == "Input" {
            text(value)
        } else {
            value.clone()
        };
        members.insert(letter(name, First::Lower), value);
    }
    Ok(Plan {
        service: "states",
        operation: "StartExecution".to_owned(),
        parameters: Json::from(members.build()),
        shape: Shape::Optimized,
        errors: ErrorStyle::V1 {
            prefix: "StepFunctions",
            service: "AWSStepFunctions",
        },
        completion,
        lookup: None,
    })
}

/// A member that is JSON inside a string, given as either.
pub(crate) fn text(value: &Json) -> Json {
    match value {
        Json::String(_) => value.clone(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            Json::from(value.to_text())
        }
    }
}

/// An answer of the service as tasks show it: PascalCase, times in milliseconds since 1970, sorted.
pub(crate) fn shown(answer: &Json) -> Object {
    let renamed = renamed(answer, First::Upper);
    let members = renamed.as_object().into_iter().flat_map(Object::iter);
    let members: Object = members
        .map(|(name, value)| {
            let at = name.ends_with("Date").then(|| seconds(value)).flatten();
            let value = at.map_or_else(|| value.clone(), |at| Json::from(at.epoch_millis()));
            (Arc::clone(name), value)
        })
        .collect();
    sorted(&members)
}

/// What a task is told of the execution that it started, from the answer of `DescribeExecution`; `None` while it runs.
///
/// Recorded: `startExecution.sync` with executions that succeed and fail.
pub(crate) fn ended(description: &Json, form: OutputForm) -> Option<TaskUpdate> {
    let status = description.get("status").and_then(Json::as_str)?;
    if matches!(status, "RUNNING" | "PENDING_REDRIVE") {
        return None;
    }
    let succeeded = status == "SUCCEEDED";
    let mut members = shown(description);
    if form == OutputForm::Parsed {
        for member in ["Input", "Output"] {
            let parsed = members
                .get(member)
                .and_then(Json::as_str)
                .and_then(|text| Json::parse(text).ok());
            if let Some(parsed) = parsed {
                members = members.with(member, parsed);
            }
        }
    }
    let result = Json::from(members);
    if succeeded {
        return Some(TaskUpdate::Succeeded(Payload::from(result)));
    }
    Some(TaskUpdate::Failed(Failure::new(
        ErrorName::TASK_FAILED,
        result.to_text(),
    )))
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn check_input(parameters: &str, expect: &Json) {
        let parameters = Payload::from_text(parameters).unwrap();
        let plan = start_execution(&parameters, Completion::Answer).unwrap();
        assert_eq!(&plan.parameters, expect);
    }

    #[test]
    fn the_input_is_text() {
        check_input(
            r#"{"StateMachineArn":"a","Input":{"x":1},"Name":"n"}"#,
            &json!({"stateMachineArn": "a", "input": "{\"x\":1}", "name": "n"}),
        );
        check_input(
            r#"{"StateMachineArn":"a","Input":"\"x\""}"#,
            &json!({"stateMachineArn": "a", "input": "\"x\""}),
        );
        check_input(
            r#"{"StateMachineArn":"a","Input":null}"#,
            &json!({"stateMachineArn": "a"}),
        );
    }

    #[test]
    fn an_end_is_a_result_or_a_failure() {
        let running = json!({"status": "RUNNING"});
        assert!(ended(&running, OutputForm::Text).is_none());
        let done = json!({"status": "SUCCEEDED", "output": "{\"a\":1}", "startDate": 1.5});
        let Some(TaskUpdate::Succeeded(result)) = ended(&done, OutputForm::Text) else {
            unreachable!()
        };
        assert_eq!(
            result.text(),
            r#"{"Output":"{\"a\":1}","StartDate":1500,"Status":"SUCCEEDED"}"#
        );
        let Some(TaskUpdate::Succeeded(result)) = ended(&done, OutputForm::Parsed) else {
            unreachable!()
        };
        assert_eq!(
            result.text(),
            r#"{"Output":{"a":1},"StartDate":1500,"Status":"SUCCEEDED"}"#
        );
        let failed = json!({"status": "FAILED", "error": "E", "cause": "C"});
        let Some(TaskUpdate::Failed(failure)) = ended(&failed, OutputForm::Text) else {
            unreachable!()
        };
        assert_eq!(failure.error, Some(ErrorName::TASK_FAILED));
        assert_eq!(
            failure.cause.as_deref(),
            Some(r#"{"Cause":"C","Error":"E","Status":"FAILED"}"#)
        );
    }
}
