//! Calling Lambda functions, as integrations and as authorizers.

use std::time::Duration;

use passo_json::{Json, ObjectBuilder};
use passo_service::{Call, body};

use super::context::Context;
use super::errors::Refusal;

/// What a function answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    /// The payload.
    pub(crate) payload: String,
    /// Whether the function failed, and the payload tells how.
    pub(crate) is_error: bool,
}

/// The function that an integration's or an authorizer's URI names: `…:lambda:path/2015-03-31/functions/ARN/invocations`, or
/// its ARN alone, as HTTP APIs may have it.
pub(crate) fn named(uri: &str) -> Option<&str> {
    match uri.split_once("/functions/") {
        Some((_, rest)) => Some(rest.strip_suffix("/invocations").unwrap_or(rest)),
        None => uri.starts_with("arn:").then_some(uri).filter(|it| {
            let mut parts = it.split(':');
            parts.nth(2) == Some("lambda")
        }),
    }
}

/// Calls a function and waits for its answer, or only until it has been taken.
pub(crate) async fn invoke(
    context: &Context<'_>,
    function: &str,
    payload: String,
    is_async: bool,
    timeout: Duration,
) -> Result<Answered, Refusal> {
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("FunctionName", function)
        .insert("Payload", payload);
    if is_async {
        parameters.insert("InvocationType", "Event");
    }
    let region = function.split(':').nth(3);
    let caller = context.caller(region).ok_or_else(Refusal::configuration)?;
    let call = Call {
        operation: "Invoke".into(),
        parameters: Json::from(parameters.build()),
        caller,
        request_id: context.request_id(),
    };
    let answer = context.shared.peers.call("lambda", call);
    let answer = tokio::time::timeout(timeout, answer).await;
    let answer = answer
        .map_err(|_| Refusal::timeout())?
        .map_err(|_| Refusal::configuration())?;
    let payload = answer.get("Payload").and_then(body::bytes);
    let payload = payload.map_or_else(String::new, |bytes| {
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let is_error = answer.get("FunctionError").is_some_and(|it| !it.is_null());
    Ok(Answered { payload, is_error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_named_by_paths_and_arns() {
        let arn = "arn:aws:lambda:us-east-1:000000000000:function:f:live";
        for (uri, expect) in [
            (
                format!(
                    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
                ),
                Some(arn),
            ),
            (arn.to_owned(), Some(arn)),
            ("arn:aws:sqs:us-east-1:000000000000:q".to_owned(), None),
            ("http://x".to_owned(), None),
        ] {
            assert_eq!(named(&uri), expect, "{uri}");
        }
    }
}
