//! How an invocation fails a task.

use std::sync::Arc;

use passo_json::Json;
use passo_lambda::InvokeError;
use passo_vocab::{ErrorName, Failure};

/// The function itself failed: its `errorType` is the error, its whole answer the cause.
pub(super) fn of_function(payload: &str) -> Failure {
    let error_type = Json::parse(payload).ok().and_then(|json| {
        let name = json.get("errorType")?.as_str()?;
        Some(ErrorName::new(name))
    });
    match error_type {
        Some(error) => Failure::new(error, payload),
        None => {
            let cause = format!(
                "The cause could not be determined because Lambda did not return an error type. Returned payload: {payload}"
            );
            Failure::new(ErrorName::new("Lambda.Unknown"), cause)
        }
    }
}

/// There is no such function. The text is AWS's, as recorded.
pub(super) fn not_found(arn: &str, request_id: &str) -> Failure {
    let message = format!("Function not found: {arn}");
    service(&message, 404, "ResourceNotFoundException", request_id)
}

/// The invocation was not performed. What only this machine can cause is no failure that a workflow should try
/// again, so it is a `States.Runtime`, which no Retry takes.
pub(super) fn of_invocation(error: &InvokeError, request_id: &str) -> Failure {
    match error {
        InvokeError::Code { .. }
        | InvokeError::InterpreterMissing { .. }
        | InvokeError::Start { .. }
        | InvokeError::ShutDown => Failure::new(ErrorName::RUNTIME, error.to_string()),
        _ => service(
            &error.to_string(),
            error.http_status(),
            error.aws_code(),
            request_id,
        ),
    }
}

fn service(message: &str, status: u16, code: &str, request_id: &str) -> Failure {
    let cause: Arc<str> = format!(
        "{message} (Service: AWSLambda; Status Code: {status}; Error Code: {code}; Request ID: {request_id}; Proxy: null)"
    )
    .into();
    Failure::new(ErrorName::new(format!("Lambda.{code}")), cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(failure: &Failure, error: &str, cause: &str) {
        assert_eq!(failure.error.as_ref().map(ErrorName::as_str), Some(error));
        assert_eq!(failure.cause.as_deref(), Some(cause));
    }

    #[test]
    fn failures_are_worded_as_on_aws() {
        let document = r#"{"errorMessage":"no","errorType":"Refused"}"#;
        check(&of_function(document), "Refused", document);
        check(
            &of_function("{}"),
            "Lambda.Unknown",
            "The cause could not be determined because Lambda did not return an error type. Returned payload: {}",
        );
        check(
            &not_found(
                "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST",
                "id",
            ),
            "Lambda.ResourceNotFoundException",
            "Function not found: arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: id; Proxy: null)",
        );
        check(
            &of_invocation(&InvokeError::TooManyRequests, "id"),
            "Lambda.TooManyRequestsException",
            "Rate Exceeded. (Service: AWSLambda; Status Code: 429; Error Code: TooManyRequestsException; Request ID: id; Proxy: null)",
        );
    }
}
