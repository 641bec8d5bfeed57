//! The service's errors, in AWS's words. Source: SNS API Reference.

use passo_service::Fault;
use passo_store::StoreError;

pub(crate) fn no_topic() -> Fault {
    not_found("Topic does not exist")
}

pub(crate) fn no_subscription() -> Fault {
    not_found("Subscription does not exist")
}

pub(crate) fn not_found(message: &str) -> Fault {
    Fault::caller("NotFound", message).with_status(404)
}

/// `what` is the parameter, perhaps with a reason.
pub(crate) fn invalid(what: impl std::fmt::Display) -> Fault {
    Fault::caller("InvalidParameter", format!("Invalid parameter: {what}"))
}

pub(crate) fn missing(member: &str) -> Fault {
    let message = format!(
        "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
    );
    Fault::caller("ValidationError", message)
}

pub(crate) fn no_resource() -> Fault {
    Fault::caller("ResourceNotFound", "Resource does not exist").with_status(404)
}

pub(crate) fn unknown_operation(name: &str) -> Fault {
    let message = format!("The operation {name} is not supported.");
    Fault::caller("InvalidAction", message)
}

pub(crate) fn store(error: &StoreError) -> Fault {
    let mut fault = Fault::service(error.to_string());
    fault.code = "InternalError".into();
    fault
}
