//! The service's errors. Source: EventBridge Scheduler API Reference, "Errors" of each action.

use passo_service::Fault;
use passo_store::StoreError;

pub(crate) fn validation(message: impl Into<String>) -> Fault {
    Fault::caller("ValidationException", message)
}

pub(crate) fn conflict(message: impl Into<String>) -> Fault {
    Fault::caller("ConflictException", message).with_status(409)
}

pub(crate) fn no_schedule(name: &str) -> Fault {
    missing(format!("Schedule {name} does not exist."))
}

pub(crate) fn no_group(name: &str) -> Fault {
    missing(format!("Schedule group {name} does not exist."))
}

fn missing(message: String) -> Fault {
    Fault::caller("ResourceNotFoundException", message).with_status(404)
}

pub(crate) fn quota(message: impl Into<String>) -> Fault {
    Fault::caller("ServiceQuotaExceededException", message).with_status(402)
}

pub(crate) fn store(error: &StoreError) -> Fault {
    let mut fault = Fault::service(error.to_string());
    fault.code = "InternalServerException".into();
    fault
}
