//! How a call that did not succeed fails a task.

use passo_json::Json;
use passo_service::{Fault, FaultKind, RequestId};
use passo_vocab::{ErrorName, Failure};

use crate::java::{error_class, service_prefix};
use crate::{ErrorStyle, WebServer};

/// What the SDK says when it has not reached the service.
const UNREACHABLE: &str = "SdkClientException";

/// How the answer of a function that failed becomes a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CauseForm {
    /// As the function's runtime wrote it: tasks by ARN.
    AsWritten,
    /// Printed anew, without spaces between members: `lambda:invoke`.
    Compact,
}

/// The function itself failed: its `errorType` is the error, its whole answer the cause. Its form is recorded, for both
/// kinds of tasks, in what a Catch puts out.
pub(crate) fn of_function(payload: &str, form: CauseForm) -> Failure {
    let document = Json::parse(payload).ok().and_then(|json| {
        let name = json.get("errorType")?.as_str()?;
        let cause = match form {
            CauseForm::AsWritten => payload.to_owned(),
            CauseForm::Compact => json.to_text(),
        };
        Some((ErrorName::new(name), cause))
    });
    match document {
        Some((error, cause)) => Failure::new(error, cause),
        None => {
            let cause = format!(
                "The cause could not be determined because Lambda did not return an error type. Returned payload: {payload}"
            );
            Failure::new(ErrorName::new("Lambda.Unknown"), cause)
        }
    }
}

/// The service refused. What only this machine can cause is no failure that a workflow should try again, so it is a
/// `States.Runtime`, which no Retry takes.
pub(crate) fn of_call(fault: &Fault, style: ErrorStyle, request_id: &RequestId) -> Failure {
    if fault.kind == FaultKind::Machine {
        return Failure::new(ErrorName::RUNTIME, fault.message.as_str());
    }
    let Fault {
        code,
        message,
        status,
        query_code,
        ..
    } = fault;
    match style {
        ErrorStyle::V1 { prefix, service } => {
            let name = if is_unmodelled(prefix, code) {
                // The class of `AmazonDynamoDBv2` has the name of the first version.
                format!("{prefix}.{}Exception", service.trim_end_matches("v2"))
            } else {
                format!("{prefix}.{}", exception(code))
            };
            let code = query_code.as_ref().unwrap_or(code);
            let cause = format!(
                "{message} (Service: {service}; Status Code: {status}; Error Code: {code}; Request ID: {request_id}; Proxy: null)"
            );
            Failure::new(ErrorName::new(name), cause)
        }
        ErrorStyle::Http(server) => of_request(fault, server),
        ErrorStyle::V2 { service } => of_sdk(fault, service, request_id),
    }
}

/// No web server answered. The code of a fault is the task's error where it is one.
fn of_request(fault: &Fault, server: WebServer) -> Failure {
    let message = fault.message.as_str();
    let name = match (server, &*fault.code) {
        (WebServer::ApiGateway, "InvalidRequest") => ErrorName::RUNTIME,
        (WebServer::ApiGateway, "ResponseTooLarge") => ErrorName::new("States.DataLimitExceeded"),
        (WebServer::ApiGateway, _) => ErrorName::new("ApiGateway.SdkClientException"),
        (WebServer::Any, code) if code.starts_with("States.") || code.starts_with("Events.") => {
            ErrorName::new(code)
        }
        (WebServer::Kubernetes, "InvalidRequest") => ErrorName::RUNTIME,
        (WebServer::Kubernetes, "ResponseTooLarge") => ErrorName::new("States.DataLimitExceeded"),
        (WebServer::Kubernetes, _) => ErrorName::new("EKS.SdkClientException"),
        (WebServer::Any, _) => ErrorName::new("Events.ConnectionResource.InternalError"),
    };
    Failure::new(name, message)
}

/// Recorded: S3's causes have a second id, and do not count attempts.
fn of_sdk(fault: &Fault, service: &'static str, request_id: &RequestId) -> Failure {
    let listed = passo_model::by_id(service);
    let prefix = service_prefix(listed.map_or(service, |listed| listed.service_id));
    if fault.code == UNREACHABLE {
        let name = ErrorName::new(format!("{prefix}.{UNREACHABLE}"));
        return Failure::new(name, fault.message.as_str());
    }
    let known = listed.and_then(|listed| listed.model().error(&fault.code));
    let name = match known {
        Some((structure, _)) => format!("{prefix}.{}", error_class(structure.name)),
        // SDKs know by their base class only what is in no model.
        None => format!("{prefix}.{prefix}Exception"),
    };
    let (message, status) = (&fault.message, fault.status);
    let tail = match service {
        "s3" => format!(", Extended Request ID: {request_id})"),
        _ => ") (SDK Attempt Count: 1)".to_owned(),
    };
    let cause = format!(
        "{message} (Service: {prefix}, Status Code: {status}, Request ID: {request_id}{tail}"
    );
    Failure::new(ErrorName::new(name), cause)
}

/// The service is not one of this process.
pub(crate) fn no_service(name: &str) -> Failure {
    let cause =
        format!("The service '{name}' is not available here; mock the state to run without it.");
    Failure::new(ErrorName::RUNTIME, cause)
}

/// Some errors are in no service's model, such as Lambda's validation errors and what SQS says of single parameters: SDKs
/// know them by their base class only.
fn is_unmodelled(prefix: &str, code: &str) -> bool {
    match prefix {
        "Lambda" | "DynamoDB" | "DynamoDb" => code == "ValidationException",
        "SQS" => matches!(
            code,
            "InvalidParameterValue" | "MissingParameter" | "InvalidAction" | "InternalError"
        ),
        "SNS" => matches!(code, "MissingParameter" | "InvalidAction"),
        _ => false,
    }
}

/// SDKs name their classes so.
fn exception(code: &str) -> String {
    if code.ends_with("Exception") {
        code.to_owned()
    } else {
        format!("{code}Exception")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAMBDA: ErrorStyle = ErrorStyle::V1 {
        prefix: "Lambda",
        service: "AWSLambda",
    };
    const STATES: ErrorStyle = ErrorStyle::V1 {
        prefix: "StepFunctions",
        service: "AWSStepFunctions",
    };

    fn check(failure: &Failure, error: &str, cause: &str) {
        assert_eq!(failure.error.as_ref().map(ErrorName::as_str), Some(error));
        assert_eq!(failure.cause.as_deref(), Some(cause));
    }

    #[test]
    fn failures_of_functions_are_worded_as_on_aws() {
        let spaced = r#"{"errorMessage": "no", "errorType": "Refused"}"#;
        check(
            &of_function(spaced, CauseForm::AsWritten),
            "Refused",
            spaced,
        );
        check(
            &of_function(spaced, CauseForm::Compact),
            "Refused",
            r#"{"errorMessage":"no","errorType":"Refused"}"#,
        );
        check(
            &of_function("{}", CauseForm::Compact),
            "Lambda.Unknown",
            "The cause could not be determined because Lambda did not return an error type. Returned payload: {}",
        );
    }

    #[test]
    fn faults_are_worded_as_on_aws() {
        let id = RequestId::new("id");
        let missing =
            Fault::caller("ResourceNotFoundException", "Function not found: f").with_status(404);
        check(
            &of_call(&missing, LAMBDA, &id),
            "Lambda.ResourceNotFoundException",
            "Function not found: f (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: id; Proxy: null)",
        );
        check(
            &of_call(&Fault::caller("StateMachineDoesNotExist", "m"), STATES, &id),
            "StepFunctions.StateMachineDoesNotExistException",
            "m (Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: id; Proxy: null)",
        );
        check(
            &of_call(
                &Fault::caller("InvalidToken", "m"),
                ErrorStyle::V2 { service: "sfn" },
                &id,
            ),
            "Sfn.InvalidTokenException",
            "m (Service: Sfn, Status Code: 400, Request ID: id) (SDK Attempt Count: 1)",
        );
        let sqs = ErrorStyle::V1 {
            prefix: "SQS",
            service: "AmazonSQS",
        };
        check(
            &of_call(
                &Fault::caller("QueueDoesNotExist", "m")
                    .with_query_code("AWS.SimpleQueueService.NonExistentQueue"),
                sqs,
                &id,
            ),
            "SQS.QueueDoesNotExistException",
            "m (Service: AmazonSQS; Status Code: 400; Error Code: AWS.SimpleQueueService.NonExistentQueue; Request ID: id; Proxy: null)",
        );
        check(
            &of_call(&Fault::caller("InvalidParameterValue", "m"), sqs, &id),
            "SQS.AmazonSQSException",
            "m (Service: AmazonSQS; Status Code: 400; Error Code: InvalidParameterValue; Request ID: id; Proxy: null)",
        );
        let mut unreachable = Fault::service("no connection");
        unreachable.code = UNREACHABLE.into();
        check(
            &of_call(&unreachable, ErrorStyle::V2 { service: "sqs" }, &id),
            "Sqs.SdkClientException",
            "no connection",
        );
        let unmodelled = Fault::caller("ValidationException", "m");
        check(
            &of_call(
                &unmodelled,
                ErrorStyle::V2 {
                    service: "dynamodb",
                },
                &id,
            ),
            "DynamoDb.DynamoDbException",
            "m (Service: DynamoDb, Status Code: 400, Request ID: id) (SDK Attempt Count: 1)",
        );
        for (code, server, error) in [
            ("States.Http.Socket", WebServer::Any, "States.Http.Socket"),
            (
                "Other",
                WebServer::Any,
                "Events.ConnectionResource.InternalError",
            ),
            (
                "Timeout",
                WebServer::ApiGateway,
                "ApiGateway.SdkClientException",
            ),
            ("InvalidRequest", WebServer::ApiGateway, "States.Runtime"),
        ] {
            let style = ErrorStyle::Http(server);
            check(&of_call(&Fault::caller(code, "m"), style, &id), error, "m");
        }
        let machine = Fault::service("no interpreter").with_kind(FaultKind::Machine);
        check(
            &of_call(&machine, LAMBDA, &id),
            "States.Runtime",
            "no interpreter",
        );
    }
}
