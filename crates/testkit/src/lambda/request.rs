//! What a task asks of Lambda.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use passo_json::{Json, Payload};
use passo_lambda::{FunctionReference, LogType};
use passo_vocab::{ErrorName, Failure};

/// One request for an invocation.
#[derive(Debug)]
pub(super) struct InvokeRequest {
    pub(super) function: FunctionReference,
    pub(super) qualifier: Option<String>,
    pub(super) payload: Arc<str>,
    pub(super) log_type: LogType,
    pub(super) client_context: Option<String>,
}

impl InvokeRequest {
    /// The request of a task whose `Resource` is a function.
    pub(super) fn of_function(arn: &str, parameters: &Payload) -> Result<InvokeRequest, Failure> {
        let function = reference(arn)?;
        Ok(InvokeRequest {
            qualifier: function.qualifier().map(str::to_owned),
            function,
            payload: parameters.text().into(),
            log_type: LogType::None,
            client_context: None,
        })
    }

    /// The request of a task with the resource `lambda:invoke`.
    pub(super) fn of_service(parameters: &Payload) -> Result<InvokeRequest, Failure> {
        let json = parameters.json();
        let text = |key: &str| json.get(key).and_then(Json::as_str);
        let Some(name) = text("FunctionName") else {
            let cause = format!(
                "The Parameters '{}' could not be used to start the Task: [The field 'FunctionName' is required but was missing]",
                parameters.text()
            );
            return Err(Failure::new(ErrorName::RUNTIME, cause));
        };
        match text("InvocationType") {
            None | Some("RequestResponse") => {}
            Some(other) => {
                let cause = format!(
                    "The InvocationType '{other}' is not supported here; supported is RequestResponse."
                );
                return Err(Failure::new(ErrorName::RUNTIME, cause));
            }
        }
        let function = reference(name)?;
        let qualifier = text("Qualifier").or(function.qualifier());
        Ok(InvokeRequest {
            qualifier: qualifier.map(str::to_owned),
            function,
            payload: payload_text(json.get("Payload")),
            log_type: match text("LogType") {
                Some("Tail") => LogType::Tail,
                _ => LogType::None,
            },
            client_context: text("ClientContext").map(client_context).transpose()?,
        })
    }
}

/// The body of the request. AWS sends a string as it is where that is JSON, and an empty object for none
/// (recorded: `lambda:invoke` with a text and with null as Payload).
fn payload_text(payload: Option<&Json>) -> Arc<str> {
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

/// Callers give the client context in base64; functions get its text.
fn client_context(base64: &str) -> Result<String, Failure> {
    let bytes = STANDARD.decode(base64).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| {
        let cause = "The ClientContext is not base64 of a text.";
        Failure::new(ErrorName::RUNTIME, cause)
    })
}

fn reference(text: &str) -> Result<FunctionReference, Failure> {
    FunctionReference::parse(text).ok_or_else(|| {
        let cause = format!("'{text}' is not the name or the ARN of a Lambda function.");
        Failure::new(ErrorName::RUNTIME, cause)
    })
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
            let request = InvokeRequest::of_service(&parameters).unwrap();
            assert_eq!(&*request.payload, expect);
        }
    }

    #[test]
    fn what_cannot_be_asked_fails_the_task() {
        for (parameters, expect) in [
            (
                "{}",
                "The Parameters '{}' could not be used to start the Task: [The field 'FunctionName' is required but was missing]",
            ),
            (
                r#"{"FunctionName":"f","InvocationType":"Event"}"#,
                "The InvocationType 'Event' is not supported here; supported is RequestResponse.",
            ),
            (
                r#"{"FunctionName":"a b"}"#,
                "'a b' is not the name or the ARN of a Lambda function.",
            ),
        ] {
            let parameters = Payload::from_text(parameters).unwrap();
            let failure = InvokeRequest::of_service(&parameters).unwrap_err();
            assert_eq!(failure.cause.as_deref(), Some(expect));
        }
    }
}
