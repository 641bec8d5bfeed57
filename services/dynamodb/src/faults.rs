//! DynamoDB's errors as faults.

use std::io;

use dynoxide::DynoxideError;
use passo_json::Json;
use passo_service::{Fault, FaultKind};

/// The fault of an error, with whatever members it has.
pub(crate) fn of(error: &DynoxideError) -> Fault {
    let status = error.status_code();
    let shown = Json::parse(&error.to_json()).unwrap_or(Json::Null);
    let code = error.error_type();
    let code = code.rsplit_once('#').map_or(code, |(_, code)| code);
    if status == 500 {
        // Its text may name files.
        let mut fault =
            Fault::service("The request processing has failed because of an internal error.");
        fault.code = code.to_owned().into();
        return fault;
    }
    let mut fault = Fault::caller(code.to_owned(), error.to_string())
        .with_status(status)
        .with_kind(FaultKind::Caller);
    for member in ["CancellationReasons", "Item"] {
        if let Some(value) = shown.get(member) {
            fault.members = fault.members.with(member, value.clone());
        }
    }
    fault
}

/// A body that is no request of its operation. dynoxide marks what DynamoDB's own validation would say.
pub(crate) fn unreadable(error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    // Where it stands is of no interest: the text was printed anew.
    let text = text
        .rfind(" at line ")
        .and_then(|at| text.get(..at))
        .unwrap_or(&text);
    for marker in ["VALIDATION_REQUEST:", "VALIDATION:", "VALIDATION_AS_READ:"] {
        if let Some(message) = text.strip_prefix(marker) {
            return Fault::caller("ValidationException", message);
        }
    }
    for marker in ["SERIALIZATION:", "SERIALIZATION_AS_READ:"] {
        if let Some(message) = text.strip_prefix(marker) {
            return Fault::caller("SerializationException", message);
        }
    }
    let missing = [
        "missing field",
        "unknown variant",
        "invalid type: null",
        "AttributeValue",
    ];
    if missing.iter().any(|part| text.contains(part)) {
        return Fault::caller("ValidationException", text);
    }
    Fault::caller("SerializationException", text)
}

pub(crate) fn unknown(operation: &str) -> Fault {
    Fault::caller(
        "UnknownOperationException",
        format!("The operation {operation} is not supported."),
    )
}

pub(crate) fn broken() -> Fault {
    Fault::service("The request processing has failed because of an internal error.")
}

pub(crate) fn file(error: &io::Error) -> Fault {
    Fault::service(format!("the database cannot be opened: {}", error.kind()))
}
