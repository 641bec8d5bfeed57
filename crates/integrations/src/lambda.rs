//! Lambda: tasks by a function's ARN, and `lambda:invoke`.

use std::sync::Arc;

use passo_json::{Json, ObjectBuilder, Payload};
use passo_vocab::Failure;

use crate::plan::missing;
use crate::{Completion, ErrorStyle, Plan, Shape};

const SERVICE: &str = "lambda";
const ERRORS: ErrorStyle = ErrorStyle::V1 {
    prefix: "Lambda",
    service: "AWSLambda",
};
/// Members of `lambda:invoke` that are passed on as they are.
const PASSED_ON: [&str; 5] = [
    "FunctionName",
    "Qualifier",
    "InvocationType",
    "LogType",
    "ClientContext",
];

/// The plan of a task whose `Resource` is a function: all of its parameters are the event.
pub(crate) fn function(arn: &str, parameters: &Payload) -> Plan {
    let mut members = ObjectBuilder::new();
    members
        .insert("FunctionName", arn)
        .insert("Payload", Arc::clone(parameters.shared_text()));
    Plan {
        service: SERVICE,
        operation: "Invoke".to_owned(),
        parameters: Json::from(members.build()),
        shape: Shape::LambdaPayload,
        errors: ERRORS,
        completion: Completion::Answer,
        lookup: None,
    }
}

/// The plan of `lambda:invoke`.
pub(crate) fn invoke(parameters: &Payload, completion: Completion) -> Result<Plan, Failure> {
    let given = parameters.json();
    if given.get("FunctionName").and_then(Json::as_str).is_none() {
        return Err(missing("FunctionName", parameters));
    }
    let mut members = ObjectBuilder::new();
    for member in PASSED_ON {
        members.insert_some(member, given.get(member).cloned());
    }
    members.insert("Payload", payload_text(given.get("Payload")));
    Ok(Plan {
        service: SERVICE,
        operation: "Invoke".to_owned(),
        parameters: Json::from(members.build()),
        shape: Shape::LambdaInvoke,
        errors: ERRORS,
        completion,
        lookup: None,
    })
}

/// The body of the request. AWS sends a string as it is where that is JSON, and an empty object for none
/// (recorded: `lambda:invoke` with a text and with null as Payload).
pub(crate) fn payload_text(payload: Option<&Json>) -> Arc<str> {
    match payload {
        None | Some(Json::Null) => "{}".into(),
        Some(Json::String(text))
            if passo_json::validate(text, passo_json::Limits::default()).is_ok() =>
        {
            Arc::clone(text)
        }
        Some(value) => value.to_text().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_sent_as_aws_sends_them() {
        for (parameters, expect) in [
            (r#"{"FunctionName":"f"}"#, "{}"),
            (r#"{"FunctionName":"f","Payload":null}"#, "{}"),
            (
                r#"{"FunctionName":"f","Payload":{"a":[1]}}"#,
                r#"{"a":[1]}"#,
            ),
            (r#"{"FunctionName":"f","Payload":"\"x\""}"#, r#""x""#),
            (r#"{"FunctionName":"f","Payload":"x"}"#, r#""x""#),
            (r#"{"FunctionName":"f","Payload":7}"#, "7"),
        ] {
            let parameters = Payload::from_text(parameters).unwrap();
            let plan = invoke(&parameters, Completion::Answer).unwrap();
            assert_eq!(plan.parameters.get("Payload"), Some(&Json::from(expect)));
        }
    }

    #[test]
    fn a_function_is_needed() {
        let failure = invoke(&Payload::from_text("{}").unwrap(), Completion::Answer).unwrap_err();
        assert_eq!(
            failure.cause.as_deref(),
            Some(
                "The Parameters '{}' could not be used to start the Task: [The field 'FunctionName' is required but was missing]"
            )
        );
    }
}
