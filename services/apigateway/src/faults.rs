//! API Gateway's errors, in AWS's words. Source: API references of API Gateway V1 and V2, "Errors"; their texts as the console shows.

use passo_service::Fault;
use passo_store::StoreError;

pub(crate) fn not_found(message: impl Into<String>) -> Fault {
    Fault::caller("NotFoundException", message).with_status(404)
}

pub(crate) fn bad_request(message: impl Into<String>) -> Fault {
    Fault::caller("BadRequestException", message)
}

pub(crate) fn conflict(message: impl Into<String>) -> Fault {
    Fault::caller("ConflictException", message).with_status(409)
}

/// An API that the caller does not have.
pub(crate) fn no_api(account: &str, id: &str) -> Fault {
    not_found(format!("Invalid API identifier specified {account}:{id}"))
}

pub(crate) fn unknown_operation(operation: &str) -> Fault {
    Fault::caller(
        "UnknownOperationException",
        format!("The operation {operation} is not supported."),
    )
    .with_status(404)
}

pub(crate) fn store(error: &StoreError) -> Fault {
    Fault::service(error.to_string())
}
