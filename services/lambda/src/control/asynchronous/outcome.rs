//! What came of an event, and who gets to know.
//!
//! Source: Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations" and "Dead-letter queues".

use passo_delivery::{Delivery, Retry};
use passo_json::{Json, Object, ObjectBuilder, json};
use passo_service::{Caller, Fault};
use passo_vocab::{AccountId, Arn, Region, Timestamp};

use super::{Events, member};

/// Of an error's text, what a dead letter carries.
const ERROR_BYTES_MAX: usize = 1024;

/// How it ended.
struct Outcome<'a> {
    delivery: &'a Delivery,
    attempts: u32,
    answer: &'a Result<Json, Fault>,
    at: Timestamp,
}

/// The deliveries to destinations and the dead-letter queue of an event that is done with.
pub(super) fn deliveries(
    delivery: &Delivery,
    attempts: u32,
    answer: &Result<Json, Fault>,
    at: Timestamp,
) -> Vec<Delivery> {
    let outcome = Outcome {
        delivery,
        attempts,
        answer,
        at,
    };
    let failed = !outcome.succeeded();
    let arn = |name: &str| Arn::parse(delivery.note.get(name)?.as_str()?).ok();
    let destination = arn(if failed { "OnFailure" } else { "OnSuccess" });
    let destination = destination.and_then(|arn| outcome.record_for(&arn));
    let letter = arn("DeadLetter").filter(|_| failed);
    let letter = letter.and_then(|arn| outcome.letter_for(&arn));
    destination.into_iter().chain(letter).collect()
}

impl Outcome<'_> {
    fn succeeded(&self) -> bool {
        matches!(self.answer, Ok(answer) if answer.get("FunctionError").is_none())
    }

    fn text(&self, member: &str) -> &str {
        let member = self.delivery.parameters.get(member);
        member.and_then(Json::as_str).unwrap_or_default()
    }

    fn condition(&self) -> &'static str {
        match self.answer {
            Ok(_) if self.succeeded() => "Success",
            Err(fault) if fault.code == Events::TOO_OLD => Events::TOO_OLD,
            Ok(_) | Err(_) => "RetriesExhausted",
        }
    }

    /// How often the function was run; finding an event too old is no run.
    fn runs(&self) -> i64 {
        let attempts = i64::from(self.attempts);
        match self.answer {
            Ok(_) => attempts,
            Err(_) => attempts.saturating_sub(1),
        }
    }

    /// The function's ARN with the version or alias that was invoked.
    fn function_arn(&self) -> String {
        let qualifier = match self.text(member::QUALIFIER) {
            "" => "$LATEST",
            qualifier => qualifier,
        };
        format!("{}:{qualifier}", self.text(member::FUNCTION_NAME))
    }

    /// The record that destinations get.
    fn record(&self) -> Json {
        let context = json!({
            "requestId": (self.text(member::REQUEST_ID)),
            "functionArn": (self.function_arn()),
            "condition": (self.condition()),
            "approximateInvokeCount": (self.runs())
        });
        let mut record = ObjectBuilder::new();
        record
            .insert("version", "1.0")
            .insert("timestamp", self.at.to_string())
            .insert("requestContext", context)
            .insert("requestPayload", parsed(self.text(member::PAYLOAD)));
        if let Ok(answer) = self.answer {
            let mut response = ObjectBuilder::new();
            response
                .insert_some("statusCode", answer.get("StatusCode").cloned())
                .insert_some("executedVersion", answer.get("ExecutedVersion").cloned())
                .insert_some("functionError", answer.get("FunctionError").cloned());
            let payload = answer.get("Payload").and_then(Json::as_str);
            record
                .insert("responseContext", response.build())
                .insert("responsePayload", payload.map_or(Json::Null, parsed));
        }
        Json::from(record.build())
    }

    fn record_for(&self, arn: &Arn) -> Option<Delivery> {
        let record = self.record();
        let (operation, parameters) = match arn.service() {
            "sqs" => ("SendMessage", send_message(arn, &record.to_text())),
            "sns" => ("Publish", publish(arn, &record.to_text())),
            "lambda" => {
                let parameters = json!({
                    "FunctionName": (arn.as_str()), "InvocationType": "Event", "Payload": (record.to_text())
                });
                ("Invoke", parameters)
            }
            "events" => ("PutEvents", self.put_events(arn, &record)?),
            _ => return None,
        };
        delivery(arn, operation, parameters)
    }

    fn put_events(&self, arn: &Arn, record: &Json) -> Option<Json> {
        let bus = arn.resource().strip_prefix("event-bus/")?;
        let result = if self.succeeded() {
            "Success"
        } else {
            "Failure"
        };
        Some(json!({"Entries": [{
            "EventBusName": bus,
            "Source": "lambda",
            "DetailType": (format!("Lambda Function Invocation Result - {result}")),
            "Resources": [(self.function_arn()), (arn.as_str())],
            "Detail": (record.to_text())
        }]}))
    }

    /// The event itself, as a dead-letter queue gets it, with what went wrong.
    fn letter_for(&self, arn: &Arn) -> Option<Delivery> {
        let payload = self.text(member::PAYLOAD);
        let (operation, parameters) = match arn.service() {
            "sqs" => ("SendMessage", send_message(arn, payload)),
            "sns" => ("Publish", publish(arn, payload)),
            _ => return None,
        };
        let parameters = parameters.as_object()?.clone();
        let parameters = parameters.with("MessageAttributes", self.error_attributes());
        delivery(arn, operation, Json::from(parameters))
    }

    fn error_attributes(&self) -> Object {
        let (code, message) = match self.answer {
            Ok(answer) => {
                let payload = answer.get("Payload").and_then(Json::as_str);
                let error = payload.map_or(Json::Null, parsed);
                let message = error.get("errorMessage").and_then(Json::as_str);
                (200, message.unwrap_or_default().to_owned())
            }
            Err(fault) => (fault.status, fault.message.clone()),
        };
        let mut end = message.len().min(ERROR_BYTES_MAX);
        while !message.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        let message = match message.get(..end).unwrap_or_default() {
            // Neither SQS nor SNS takes an empty value.
            "" => "-",
            message => message,
        };
        let id = self.text(member::REQUEST_ID).to_owned();
        [
            ("RequestID", "String", id),
            ("ErrorCode", "Number", code.to_string()),
            ("ErrorMessage", "String", message.to_owned()),
        ]
        .into_iter()
        .map(|(name, kind, value)| {
            let attribute = json!({"DataType": kind, "StringValue": value});
            (name, attribute)
        })
        .collect()
    }
}

/// A text on its way to a queue or a topic; `None` where `arn` is neither.
pub(in super::super) fn addressed(arn: &Arn, text: &str) -> Option<Delivery> {
    match arn.service() {
        "sqs" => delivery(arn, "SendMessage", send_message(arn, text)),
        "sns" => delivery(arn, "Publish", publish(arn, text)),
        _ => None,
    }
}

fn send_message(queue: &Arn, body: &str) -> Json {
    let url = format!("http://localhost/{}/{}", queue.account(), queue.resource());
    json!({"QueueUrl": url, "MessageBody": body})
}

fn publish(topic: &Arn, message: &str) -> Json {
    json!({"TopicArn": (topic.as_str()), "Message": message})
}

fn delivery(arn: &Arn, operation: &str, parameters: Json) -> Option<Delivery> {
    Some(Delivery {
        service: arn.service().into(),
        operation: operation.into(),
        parameters,
        caller: Caller {
            account: AccountId::parse(arn.account()).ok()?,
            region: Region::parse(arn.region()).ok()?,
        },
        retry: Retry::default(),
        dead_letter: None,
        group: None,
        note: Json::Null,
    })
}

/// A payload as a value: its text where it is no JSON, and an empty object where there is none.
fn parsed(payload: &str) -> Json {
    if payload.is_empty() {
        return json!({});
    }
    Json::parse(payload).unwrap_or_else(|_| Json::from(payload))
}
