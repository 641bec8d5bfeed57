//! AWS SDK integrations: `aws-sdk:SERVICE:ACTION`, any operation of any service in the public models.
//!
//! Arguments and results are spelled as the SDK for Java spells them, whatever the service does: [`java_name`].
//!
//! Source: Developer Guide, "Supported AWS SDK service integrations".

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_json::{Json, Number, Object, ObjectBuilder, Payload};
use passo_model::{Listed, Member, Model, Shape, ShapeId, Structure};
use passo_service::body;
use passo_vocab::{Failure, Timestamp};

use crate::java::member_name;
use crate::lambda::payload_text;
use crate::naming::{First, letter, seconds};
use crate::plan::unfit;
use crate::{Completion, ErrorStyle, Plan};

/// Levels of nesting that are looked at; what is deeper is handed on as it is.
const DEPTH_MAX: usize = 64;

/// An operation whose answer is the task's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The service's id.
    pub service: &'static str,
    /// The operation's name.
    pub name: &'static str,
}

/// The plan of `aws-sdk:{id}:{action}`; `None` where there is no such operation.
pub(crate) fn call(
    id: &str,
    action: &str,
    parameters: &Payload,
    completion: Completion,
) -> Option<Result<Plan, Failure>> {
    let listed = passo_model::by_id(id)?;
    let model = listed.model();
    let operation = model.operation(&letter(action, First::Upper))?;
    let members = match operation.input.and_then(|input| model.structure(input)) {
        Some(structure) => Arguments::of(listed, structure).read(structure, parameters),
        None => Ok(ObjectBuilder::new().build()),
    };
    Some(members.map(|members| Plan {
        service: listed.name,
        operation: operation.name.to_owned(),
        parameters: Json::from(members),
        shape: crate::Shape::Sdk(Operation {
            service: listed.id,
            name: operation.name,
        }),
        errors: ErrorStyle::V2 { service: listed.id },
        completion,
        lookup: None,
    }))
}

/// Arguments of a task, as they become parameters of a call.
struct Arguments {
    listed: &'static Listed,
    model: &'static Model,
    /// The member that is the whole body.
    payload: Option<&'static str>,
}

impl Arguments {
    fn of(listed: &'static Listed, structure: &Structure) -> Arguments {
        Arguments {
            listed,
            model: listed.model(),
            payload: structure.payload,
        }
    }

    /// The canonical parameters.
    fn read(&self, structure: &Structure, parameters: &Payload) -> Result<Object, Failure> {
        let given = parameters.json().as_object().cloned().unwrap_or_default();
        let members = structure.members.iter();
        let names: Vec<(Cow<'_, str>, &Member)> =
            members.map(|it| (member_name(it.name), it)).collect();
        let unknown = given
            .keys()
            .filter(|key| !names.iter().any(|(name, _)| **name == ***key))
            .map(|key| format!("The field '{key}' is not supported by Step Functions"));
        let is_missing = |name: &str| given.get(name).is_none_or(Json::is_null);
        let missing = names
            .iter()
            .filter(|(name, member)| {
                member.is_required && !member.is_idempotency_token && is_missing(name)
            })
            .map(|(name, _)| format!("The field '{name}' is required but was missing"));
        let problems: Vec<String> = missing.chain(unknown).collect();
        if !problems.is_empty() {
            return Err(unfit(&problems.join(", "), parameters));
        }
        let mut out = ObjectBuilder::new();
        for (name, member) in &names {
            let value = given.get(name).filter(|value| !value.is_null());
            if let Some(value) = value {
                out.insert(member.name, self.member(member, value));
            }
        }
        Ok(out.build())
    }

    fn member(&self, member: &Member, value: &Json) -> Json {
        if self.payload == Some(member.name)
            && matches!(self.model.shape(member.shape), Shape::Blob { .. })
        {
            return match self.listed.id {
                "lambda" => Json::from(payload_text(Some(value))),
                _ => Json::from(text(value)),
            };
        }
        self.value(member.shape, value, 0)
    }

    /// As deep as [`DEPTH_MAX`].
    fn value(&self, id: ShapeId, value: &Json, depth: usize) -> Json {
        if depth > DEPTH_MAX {
            return value.clone();
        }
        match (self.model.shape(id), value) {
            (Shape::Structure(structure), Json::Object(given)) => {
                let mut out = ObjectBuilder::new();
                for (key, value) in given.iter().filter(|(_, value)| !value.is_null()) {
                    let mut members = structure.members.iter();
                    match members.find(|it| member_name(it.name) == **key) {
                        Some(member) => {
                            out.insert(member.name, self.value(member.shape, value, depth + 1));
                        }
                        // The service says what it thinks of it.
                        None => {
                            out.insert(Arc::clone(key), value.clone());
                        }
                    }
                }
                Json::from(out.build())
            }
            (Shape::List(list), Json::Array(items)) => {
                let items = items
                    .iter()
                    .map(|item| self.value(list.item, item, depth + 1));
                Json::from(items.collect::<Vec<Json>>())
            }
            (Shape::Map(map), Json::Object(entries)) => {
                let entries = entries
                    .iter()
                    .map(|(key, entry)| (Arc::clone(key), self.value(map.value, entry, depth + 1)));
                Json::from(entries.collect::<Object>())
            }
            // JSON inside a string may be given as either.
            (Shape::Text { .. }, _) => Json::from(text(value)),
            (Shape::Blob { .. }, _) => Json::from(STANDARD.encode(text(value).as_bytes())),
            (Shape::Timestamp(_), Json::String(given)) => {
                let at = Timestamp::parse_rfc3339(given).ok();
                let at = at.and_then(|at| in_seconds(at.epoch_millis()));
                at.unwrap_or_else(|| value.clone())
            }
            _ => value.clone(),
        }
    }
}

/// A time as services take it.
fn in_seconds(millis: i64) -> Option<Json> {
    if millis % 1000 == 0 {
        return Some(Json::from(millis / 1000));
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of this era are exact"
    )]
    let seconds = millis as f64 / 1000.0;
    Number::from_f64(seconds).map(Json::Number)
}

fn text(value: &Json) -> Arc<str> {
    match value {
        Json::String(text) => Arc::clone(text),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            value.to_text().into()
        }
    }
}

/// How times are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Times {
    /// `2026-01-01T00:00:00Z`
    Text,
    /// Milliseconds since 1970.
    Millis,
}

/// The description of a job as tasks show it: as [`shown`], but times are milliseconds since 1970.
pub(crate) fn described(answer: &Json, operation: Operation) -> Json {
    show_answer(answer, operation, Times::Millis)
}

/// An answer as tasks show it: the SDK's names, times as text, blobs as the text that they are in UTF-8.
pub(crate) fn shown(answer: &Json, operation: Operation) -> Json {
    show_answer(answer, operation, Times::Text)
}

fn show_answer(answer: &Json, operation: Operation, times: Times) -> Json {
    let model = passo_model::by_id(operation.service).map(Listed::model);
    let output = model.and_then(|model| Some((model, model.operation(operation.name)?.output?)));
    let Some((model, output)) = output else {
        return Json::from(Object::default());
    };
    let Some(structure) = model.structure(output) else {
        return answer.clone();
    };
    let mut out = ObjectBuilder::new();
    for member in &structure.members {
        let Some(value) = answer.get(member.name).filter(|value| !value.is_null()) else {
            continue;
        };
        let is_body = structure.payload == Some(member.name);
        let value = match model.shape(member.shape) {
            Shape::Blob { .. } if is_body => body_text(value),
            _ => show(model, member.shape, value, times, 0),
        };
        out.insert(&*member_name(member.name), value);
    }
    Json::from(out.build())
}

/// As deep as [`DEPTH_MAX`].
fn show(model: &Model, id: ShapeId, value: &Json, times: Times, depth: usize) -> Json {
    if depth > DEPTH_MAX {
        return value.clone();
    }
    match (model.shape(id), value) {
        (Shape::Structure(structure), Json::Object(_)) => {
            let mut out = ObjectBuilder::new();
            for member in &structure.members {
                let given = value.get(member.name).filter(|given| !given.is_null());
                if let Some(given) = given {
                    let shown = show(model, member.shape, given, times, depth + 1);
                    out.insert(&*member_name(member.name), shown);
                }
            }
            Json::from(out.build())
        }
        (Shape::List(list), Json::Array(items)) => {
            let items = items
                .iter()
                .map(|item| show(model, list.item, item, times, depth + 1));
            Json::from(items.collect::<Vec<Json>>())
        }
        (Shape::Map(map), Json::Object(entries)) => {
            let entries = entries.iter().map(|(key, entry)| {
                (
                    Arc::clone(key),
                    show(model, map.value, entry, times, depth + 1),
                )
            });
            Json::from(entries.collect::<Object>())
        }
        (Shape::Timestamp(_), Json::Number(_)) => {
            let shown = seconds(value).map(|at| match times {
                Times::Text => Json::from(at.to_string()),
                Times::Millis => Json::from(at.epoch_millis()),
            });
            shown.unwrap_or_else(|| value.clone())
        }
        (Shape::Blob { .. }, Json::String(encoded)) => {
            let bytes = STANDARD.decode(encoded.as_bytes()).ok();
            let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
            text.map_or_else(|| value.clone(), Json::from)
        }
        _ => value.clone(),
    }
}

fn body_text(value: &Json) -> Json {
    match body::bytes(value) {
        Some(bytes) => Json::from(String::from_utf8_lossy(&bytes).into_owned()),
        None => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn planned(id: &str, action: &str, parameters: &str) -> Option<Result<Plan, Failure>> {
        let parameters = Payload::from_text(parameters).unwrap();
        call(id, action, &parameters, Completion::Answer)
    }

    #[test]
    fn calls_are_spelled_as_the_service_does() {
        for (id, action, parameters, service, operation, expect) in [
            (
                "sfn",
                "sendTaskSuccess",
                r#"{"TaskToken":"t","Output":{"A":1}}"#,
                "states",
                "SendTaskSuccess",
                json!({"taskToken": "t", "output": "{\"A\":1}"}),
            ),
            (
                "lambda",
                "invoke",
                r#"{"FunctionName":"f","Payload":{"A":1}}"#,
                "lambda",
                "Invoke",
                json!({"FunctionName": "f", "Payload": "{\"A\":1}"}),
            ),
            (
                "dynamodb",
                "putItem",
                r#"{"TableName":"t","Item":{"id":{"S":"1"},"TableName":{"N":2}}}"#,
                "dynamodb",
                "PutItem",
                json!({"TableName": "t", "Item": {"id": {"S": "1"}, "TableName": {"N": "2"}}}),
            ),
            (
                "kms",
                "encrypt",
                r#"{"KeyId":"k","Plaintext":"a"}"#,
                "kms",
                "Encrypt",
                json!({"KeyId": "k", "Plaintext": "YQ=="}),
            ),
            (
                "cloudwatch",
                "getMetricStatistics",
                r#"{"Namespace":"n","MetricName":"m","Period":60,"StartTime":"2026-01-01T00:00:00Z","EndTime":"2026-01-01T00:00:00.5Z"}"#,
                "monitoring",
                "GetMetricStatistics",
                json!({
                    "Namespace": "n", "MetricName": "m", "Period": 60, "StartTime": 1767225600, "EndTime": 1767225600.5
                }),
            ),
        ] {
            let plan = planned(id, action, parameters).unwrap().unwrap();
            let found = (plan.service, &*plan.operation, &plan.parameters);
            assert_eq!(found, (service, operation, &expect));
        }
        assert!(planned("quantum", "leap", "{}").is_none());
        assert!(planned("sfn", "leap", "{}").is_none());
    }

    #[test]
    fn arguments_that_do_not_fit_are_told() {
        let failure = planned("dynamodb", "getItem", r#"{"tableName":"t","Key":{}}"#);
        assert_eq!(
            failure.unwrap().unwrap_err().cause.as_deref(),
            Some(
                "The Parameters '{\"tableName\":\"t\",\"Key\":{}}' could not be used to start the Task: \
                 [The field 'TableName' is required but was missing, \
                 The field 'tableName' is not supported by Step Functions]"
            )
        );
    }

    #[test]
    fn answers_are_spelled_as_the_sdk_for_java_does() {
        for (service, name, answer, expect) in [
            (
                "sfn",
                "StartExecution",
                json!({"executionArn": "a", "startDate": 0.5, "other": 1}),
                json!({"ExecutionArn": "a", "StartDate": "1970-01-01T00:00:00.500Z"}),
            ),
            (
                "iam",
                "ListMFADevices",
                json!({"MFADevices": [{"EnableDate": 1}], "IsTruncated": null}),
                json!({"MfaDevices": [{"EnableDate": "1970-01-01T00:00:01Z"}]}),
            ),
            (
                "s3",
                "GetObject",
                json!({"ETag": "e", "Body": "text", "Metadata": {"a": "b"}}),
                json!({"ETag": "e", "Body": "text", "Metadata": {"a": "b"}}),
            ),
            ("dynamodb", "PutItem", json!({}), json!({})),
        ] {
            assert_eq!(shown(&answer, Operation { service, name }), expect);
        }
    }
}
