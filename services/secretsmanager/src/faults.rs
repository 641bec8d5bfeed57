//! Secrets Manager's errors, in AWS's words. Source: Secrets Manager API Reference, "Errors" of each action.

use passo_records::Missing;
use passo_service::Fault;
use passo_store::StoreError;

pub(crate) fn no_secret() -> Fault {
    Fault::caller(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret.",
    )
}

pub(crate) fn no_stage(stage: &str) -> Fault {
    Fault::caller(
        "ResourceNotFoundException",
        format!("Secrets Manager can't find the specified secret value for staging label: {stage}"),
    )
}

pub(crate) fn no_version(id: &str) -> Fault {
    Fault::caller(
        "ResourceNotFoundException",
        format!("Secrets Manager can't find the specified secret value for VersionId: {id}"),
    )
}

pub(crate) fn exists(message: impl Into<String>) -> Fault {
    Fault::caller("ResourceExistsException", message)
}

pub(crate) fn invalid_request(message: impl Into<String>) -> Fault {
    Fault::caller("InvalidRequestException", message)
}

pub(crate) fn invalid_parameter(message: impl Into<String>) -> Fault {
    Fault::caller("InvalidParameterException", message)
}

pub(crate) fn validation(message: impl Into<String>) -> Fault {
    Fault::caller("ValidationException", message)
}

pub(crate) fn marked_for_deletion() -> Fault {
    invalid_request(
        "You can't perform this operation on the secret because it was marked for deletion.",
    )
}

pub(crate) fn missing(missing: &Missing) -> Fault {
    validation(missing.to_string())
}

pub(crate) fn store(error: &StoreError) -> Fault {
    Fault::service(error.to_string())
}
