//! SQS: `sqs:sendMessage`.
//!
//! Source: Developer Guide, "Perform an Amazon SQS SendMessage"; recorded: requests, answers and failures of such tasks.

use passo_json::{Json, Object, ObjectBuilder, Payload};
use passo_vocab::Failure;

use crate::plan::missing;
use crate::step_functions::text;
use crate::{Completion, ErrorStyle, Plan, Shape};

/// Members that a task must have.
const REQUIRED: [&str; 2] = ["QueueUrl", "MessageBody"];

/// The plan of `sqs:sendMessage`. A body that is no string is sent as its JSON.
pub(crate) fn send_message(parameters: &Payload, completion: Completion) -> Result<Plan, Failure> {
    let given = parameters.json();
    if let Some(field) = REQUIRED.iter().find(|field| given.get(field).is_none()) {
        return Err(missing(field, parameters));
    }
    Ok(Plan {
        service: "sqs",
        operation: "SendMessage".to_owned(),
        parameters: with_text(given, "MessageBody"),
        shape: Shape::Optimized,
        errors: ErrorStyle::V1 {
            prefix: "SQS",
            service: "AmazonSQS",
        },
        completion,
        lookup: None,
    })
}

/// `given` without nulls, and with `member` as text.
pub(crate) fn with_text(given: &Json, member: &str) -> Json {
    let mut members = ObjectBuilder::new();
    for (name, value) in given.as_object().into_iter().flat_map(Object::iter) {
        if value.is_null() {
            continue;
        }
        let value = if &**name == member {
            text(value)
        } else {
            value.clone()
        };
        members.insert(name.clone(), value);
    }
    Json::from(members.build())
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn bodies_are_text() {
        for (parameters, expect) in [
            (r#"{"QueueUrl":"q","MessageBody":"b"}"#, "b"),
            (
                r#"{"QueueUrl":"q","MessageBody":{"a":[1]},"DelaySeconds":null}"#,
                r#"{"a":[1]}"#,
            ),
            (r#"{"QueueUrl":"q","MessageBody":7}"#, "7"),
        ] {
            let parameters = Payload::from_text(parameters).unwrap();
            let plan = send_message(&parameters, Completion::Answer).unwrap();
            assert_eq!(
                plan.parameters,
                json!({"QueueUrl": "q", "MessageBody": (expect)})
            );
        }
        let none = Payload::from_text(r#"{"QueueUrl":"q"}"#).unwrap();
        let failure = send_message(&none, Completion::Answer).unwrap_err();
        assert_eq!(
            failure.cause.as_deref(),
            Some(
                "The Parameters '{\"QueueUrl\":\"q\"}' could not be used to start the Task: [The field 'MessageBody' is required but was missing]"
            )
        );
    }
}
