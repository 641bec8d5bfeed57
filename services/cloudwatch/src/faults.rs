//! The service's errors, in AWS's words. Source: CloudWatch API Reference, "Errors" of each action.

use passo_service::Fault;
use passo_store::StoreError;

pub(crate) fn invalid(message: impl Into<String>) -> Fault {
    Fault::caller("InvalidParameterValueException", message)
        .with_query_code("InvalidParameterValue")
}

pub(crate) fn combination(message: impl Into<String>) -> Fault {
    Fault::caller("InvalidParameterCombinationException", message)
        .with_query_code("InvalidParameterCombination")
}

pub(crate) fn missing(member: &str) -> Fault {
    let message = format!("The parameter {member} is required.");
    Fault::caller("MissingRequiredParameterException", message).with_query_code("MissingParameter")
}

/// What no shape of the model stands for.
pub(crate) fn validation(message: impl Into<String>) -> Fault {
    Fault::caller("ValidationError", message)
}

pub(crate) fn next_token() -> Fault {
    Fault::caller("InvalidNextToken", "Invalid nextToken")
}

/// An alarm that is to be changed is not there.
pub(crate) fn no_alarm() -> Fault {
    Fault::caller("ResourceNotFound", "Unknown").with_status(404)
}

/// What is to be tagged is not there.
pub(crate) fn no_resource() -> Fault {
    Fault::caller("ResourceNotFoundException", "Unknown").with_status(404)
}

pub(crate) fn no_dashboard(name: &str) -> Fault {
    let message = format!("Dashboard {name} does not exist");
    Fault::caller("DashboardNotFoundError", message)
        .with_query_code("ResourceNotFound")
        .with_status(404)
}

pub(crate) fn dashboard(message: &str) -> Fault {
    Fault::caller("DashboardInvalidInputError", message).with_query_code("InvalidParameterInput")
}

pub(crate) fn limit(message: &str) -> Fault {
    Fault::caller("LimitExceededFault", message).with_query_code("LimitExceeded")
}

pub(crate) fn unknown_operation(name: &str) -> Fault {
    let message = format!("The operation {name} is not supported.");
    Fault::caller("InvalidAction", message)
}

pub(crate) fn store(error: &StoreError) -> Fault {
    let mut fault = Fault::service(error.to_string());
    fault.code = "InternalServiceFault".into();
    fault.with_query_code("InternalServiceError")
}
