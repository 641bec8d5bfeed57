//! AWS SDK integrations: `aws-sdk:SERVICE:ACTION`, any operation of the services in the table.
//!
//! Source: Developer Guide, "Supported AWS SDK service integrations".

use std::sync::Arc;

use passo_json::{Json, Object, ObjectBuilder, Payload};
use passo_vocab::Failure;

use crate::lambda::payload_text;
use crate::naming::{First, letter, renamed, seconds};
use crate::step_functions::text;
use crate::{Completion, ErrorStyle, Plan, Shape};

/// How a service spells its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members {
    /// `stateMachineArn`
    Camel,
    /// `FunctionName`
    Pascal,
}

struct Row {
    /// As in a resource.
    id: &'static str,
    /// As in the directory.
    service: &'static str,
    /// As in error names.
    prefix: &'static str,
    members: Members,
    /// Members that are JSON inside a string.
    json_text: &'static [&'static str],
}

const TABLE: &[Row] = &[
    Row {
        id: "sfn",
        service: "states",
        prefix: "Sfn",
        members: Members::Camel,
        json_text: &["Input", "Output", "Definition"],
    },
    Row {
        id: "lambda",
        service: "lambda",
        prefix: "Lambda",
        members: Members::Pascal,
        json_text: &[],
    },
    Row {
        id: "cloudwatchlogs",
        service: "logs",
        prefix: "CloudWatchLogs",
        members: Members::Camel,
        json_text: &[],
    },
    Row {
        id: "sqs",
        service: "sqs",
        prefix: "Sqs",
        members: Members::Pascal,
        json_text: &["MessageBody"],
    },
    Row {
        id: "sns",
        service: "sns",
        prefix: "Sns",
        members: Members::Pascal,
        json_text: &["Message"],
    },
    Row {
        id: "iam",
        service: "iam",
        prefix: "Iam",
        members: Members::Pascal,
        json_text: &["AssumeRolePolicyDocument", "PolicyDocument"],
    },
];

/// The plan of `aws-sdk:{id}:{action}`; `None` where the service is not in the table.
pub(crate) fn call(
    id: &str,
    action: &str,
    parameters: &Payload,
    completion: Completion,
) -> Option<Result<Plan, Failure>> {
    let row = TABLE.iter().find(|row| row.id == id)?;
    let operation = letter(action, First::Upper);
    let invoke = (row.service, &*operation) == ("lambda", "Invoke");
    let given = parameters
        .json()
        .as_object()
        .into_iter()
        .flat_map(Object::iter);
    let mut members = ObjectBuilder::new();
    for (name, value) in given {
        if row.json_text.contains(&&**name) {
            members.insert(Arc::clone(name), text(value));
        } else if invoke && &**name == "Payload" {
            members.insert(Arc::clone(name), payload_text(Some(value)));
        } else {
            members.insert(Arc::clone(name), value.clone());
        }
    }
    let parameters = Json::from(members.build());
    Some(Ok(Plan {
        service: row.service,
        operation,
        parameters: match row.members {
            Members::Camel => renamed(&parameters, First::Lower),
            Members::Pascal => parameters,
        },
        shape: Shape::Sdk(row.members),
        errors: ErrorStyle::V2 { prefix: row.prefix },
        completion,
    }))
}

/// An answer as tasks show it: PascalCase, times as text.
pub(crate) fn shown(answer: &Json, members: Members) -> Json {
    let named = match members {
        Members::Camel => renamed(answer, First::Upper),
        Members::Pascal => answer.clone(),
    };
    let Some(object) = named.as_object() else {
        return named;
    };
    let shown = object.iter().map(|(name, value)| {
        let at = name.ends_with("Date").then(|| seconds(value)).flatten();
        let value = at.map_or_else(|| value.clone(), |at| Json::from(at.to_string()));
        (Arc::clone(name), value)
    });
    Json::from(shown.collect::<Object>())
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn calls_are_spelled_as_the_service_does() {
        for (id, action, parameters, operation, expect) in [
            (
                "sfn",
                "sendTaskSuccess",
                r#"{"TaskToken":"t","Output":{"A":1}}"#,
                "SendTaskSuccess",
                json!({"taskToken": "t", "output": "{\"A\":1}"}),
            ),
            (
                "lambda",
                "invoke",
                r#"{"FunctionName":"f","Payload":{"A":1}}"#,
                "Invoke",
                json!({"FunctionName": "f", "Payload": "{\"A\":1}"}),
            ),
        ] {
            let parameters = Payload::from_text(parameters).unwrap();
            let plan = call(id, action, &parameters, Completion::Answer)
                .unwrap()
                .unwrap();
            assert_eq!((&*plan.operation, &plan.parameters), (operation, &expect));
        }
        let none = Payload::from_text("{}").unwrap();
        assert!(call("quantum", "leap", &none, Completion::Answer).is_none());
    }

    #[test]
    fn answers_are_spelled_in_pascal_case() {
        let answer = json!({"executionArn": "a", "startDate": 0.5});
        assert_eq!(
            shown(&answer, Members::Camel),
            json!({"ExecutionArn": "a", "StartDate": "1970-01-01T00:00:00.500Z"})
        );
    }
}
