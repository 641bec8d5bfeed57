//! Lambda's errors, in AWS's words.
//!
//! Source: Lambda API Reference; texts as seen on AWS.

use passo_service::{Fault, FaultKind};
use passo_store::StoreError;

use crate::InvokeError;

pub(super) fn not_found(arn: &str) -> Fault {
    missing(format!("Function not found: {arn}"))
}

pub(super) fn missing(message: impl Into<String>) -> Fault {
    Fault::caller("ResourceNotFoundException", message).with_status(404)
}

pub(super) fn conflict(message: impl Into<String>) -> Fault {
    Fault::caller("ResourceConflictException", message).with_status(409)
}

pub(super) fn invalid(message: impl Into<String>) -> Fault {
    Fault::caller("InvalidParameterValueException", message)
}

/// What was given as code is no archive.
pub(super) fn unzip() -> Fault {
    invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
}

/// Code has more than `bytes`.
pub(super) fn too_large(what: &str, bytes: usize) -> Fault {
    invalid(format!("{what} size must be smaller than {bytes} bytes"))
}

/// A parameter does not have the form that the API's model gives it.
pub(super) fn constraint(value: &str, member: &str, rule: &str) -> Fault {
    let message = format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {rule}"
    );
    Fault::caller("ValidationException", message)
}

pub(super) fn store(error: &StoreError) -> Fault {
    Fault::service(error.to_string())
}

/// An invocation that was not performed.
pub(super) fn invocation(error: &InvokeError) -> Fault {
    let machine = match error {
        InvokeError::Code { .. }
        | InvokeError::InterpreterMissing { .. }
        | InvokeError::Start { .. } => true,
        InvokeError::RequestTooLarge { .. }
        | InvokeError::InvalidRequestContent { .. }
        | InvokeError::TooManyRequests
        | InvokeError::DeadlinePassed
        | InvokeError::ShutDown => false,
    };
    let kind = if machine {
        FaultKind::Machine
    } else if error.http_status() >= 500 {
        FaultKind::Service
    } else {
        FaultKind::Caller
    };
    Fault::caller(error.aws_code(), error.to_string())
        .with_status(error.http_status())
        .with_kind(kind)
}
