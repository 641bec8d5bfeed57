//! IAM's errors, in AWS's words. Source: IAM API Reference.

use passo_service::Fault;
use passo_store::StoreError;

pub(crate) fn no_such_entity(message: impl Into<String>) -> Fault {
    Fault::caller("NoSuchEntity", message).with_status(404)
}

pub(crate) fn no_role(name: &str) -> Fault {
    no_such_entity(format!("The role with name {name} cannot be found."))
}

pub(crate) fn exists(message: impl Into<String>) -> Fault {
    Fault::caller("EntityAlreadyExists", message).with_status(409)
}

pub(crate) fn conflict(message: impl Into<String>) -> Fault {
    Fault::caller("DeleteConflict", message).with_status(409)
}

pub(crate) fn invalid(message: impl Into<String>) -> Fault {
    Fault::caller("ValidationError", message)
}

pub(crate) fn denied(message: impl Into<String>) -> Fault {
    Fault::caller("AccessDenied", message).with_status(403)
}

pub(crate) fn malformed_policy() -> Fault {
    Fault::caller("MalformedPolicyDocument", "Syntax errors in policy.")
}

pub(crate) fn store(error: &StoreError) -> Fault {
    Fault::service(error.to_string())
}
