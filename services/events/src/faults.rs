//! EventBridge's errors, in AWS's words. Source: EventBridge API Reference, "Errors" of each action.

use passo_event_pattern::PatternError;
use passo_records::Missing;
use passo_service::Fault;
use passo_store::StoreError;

pub(crate) fn no_bus(name: &str) -> Fault {
    Fault::caller(
        "ResourceNotFoundException",
        format!("Event bus {name} does not exist."),
    )
}

pub(crate) fn no_rule(name: &str, bus: &str) -> Fault {
    Fault::caller(
        "ResourceNotFoundException",
        format!("Rule {name} does not exist on EventBus {bus}."),
    )
}

pub(crate) fn bus_exists(name: &str) -> Fault {
    Fault::caller(
        "ResourceAlreadyExistsException",
        format!("Event bus {name} already exists."),
    )
}

pub(crate) fn exists(message: String) -> Fault {
    Fault::caller("ResourceAlreadyExistsException", message)
}

pub(crate) fn no_archive(name: &str) -> Fault {
    Fault::caller(
        "ResourceNotFoundException",
        format!("Archive {name} does not exist."),
    )
}

pub(crate) fn pattern(error: &PatternError) -> Fault {
    Fault::caller(
        "InvalidEventPatternException",
        format!("Event pattern is not valid. Reason: {error}"),
    )
}

pub(crate) fn not_json_pattern() -> Fault {
    Fault::caller(
        "InvalidEventPatternException",
        "Event pattern is not valid. Reason: Filter is not an object",
    )
}

pub(crate) fn has_targets() -> Fault {
    validation("Rule can't be deleted since it has targets.")
}

pub(crate) fn limit(message: impl Into<String>) -> Fault {
    Fault::caller("LimitExceededException", message)
}

pub(crate) fn unknown_operation(name: &str) -> Fault {
    Fault::caller(
        "UnknownOperationException",
        format!("The operation {name} is not supported."),
    )
}

pub(crate) fn validation(message: impl Into<String>) -> Fault {
    Fault::caller("ValidationException", message)
}

pub(crate) fn missing(missing: &Missing) -> Fault {
    validation(missing.to_string())
}

pub(crate) fn store(error: &StoreError) -> Fault {
    let mut fault = Fault::service(error.to_string());
    fault.code = "InternalException".into();
    fault
}
