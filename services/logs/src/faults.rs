//! The service's errors, in AWS's words. Source: CloudWatch Logs API Reference.

use passo_service::Fault;
use passo_store::StoreError;

pub(crate) fn invalid(message: impl Into<String>) -> Fault {
    Fault::caller("InvalidParameterException", message)
}

pub(crate) fn no_group() -> Fault {
    Fault::caller(
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    )
}

pub(crate) fn no_stream() -> Fault {
    Fault::caller(
        "ResourceNotFoundException",
        "The specified log stream does not exist.",
    )
}

pub(crate) fn group_exists() -> Fault {
    Fault::caller(
        "ResourceAlreadyExistsException",
        "The specified log group already exists",
    )
}

pub(crate) fn stream_exists() -> Fault {
    Fault::caller(
        "ResourceAlreadyExistsException",
        "The specified log stream already exists",
    )
}

pub(crate) fn missing(member: &str) -> Fault {
    invalid(format!(
        "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
    ))
}

pub(crate) fn no_filter(kind: &str) -> Fault {
    Fault::caller(
        "ResourceNotFoundException",
        format!("The specified {kind} filter does not exist."),
    )
}

pub(crate) fn pattern() -> Fault {
    invalid("Invalid filter pattern")
}

pub(crate) fn limit(message: &str) -> Fault {
    Fault::caller("LimitExceededException", message)
}

pub(crate) fn store(error: &StoreError) -> Fault {
    Fault::service(error.to_string())
}
