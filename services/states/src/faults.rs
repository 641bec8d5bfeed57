//! The faults of the API, each with AWS's code and words.
//!
//! Source: recorded answers; where none is recorded the words follow the same pattern.

use passo_json::Json;
use passo_runtime::Refused;
use passo_service::Fault;
use passo_store::StoreError;

/// `ValidationException` for one broken rule of the model or of the operation.
pub(crate) fn validation(message: impl Into<String>) -> Fault {
    Fault::caller("ValidationException", message)
}

/// `ValidationException` that says why in a word of its own.
pub(crate) fn validation_because(reason: &str, message: impl Into<String>) -> Fault {
    validation(message).with("reason", reason)
}

/// The operation does not take ARNs that name a Distributed Map.
pub(crate) fn labelled_arn() -> Fault {
    validation_because(
        "API_DOES_NOT_SUPPORT_LABELED_ARNS",
        "This operation does not support labeled ARNs",
    )
}

pub(crate) fn invalid_arn(reason: &str) -> Fault {
    Fault::caller("InvalidArn", format!("Invalid Arn: '{reason}'"))
}

pub(crate) fn wrong_resource_type(resource_type: &str) -> Fault {
    invalid_arn(&format!(
        "Resource type not valid in this context: {resource_type}"
    ))
}

pub(crate) fn invalid_name(name: &str) -> Fault {
    Fault::caller("InvalidName", format!("Invalid Name: '{name}'"))
}

pub(crate) fn invalid_definition(message: String) -> Fault {
    Fault::caller("InvalidDefinition", message)
}

pub(crate) fn invalid_execution_input(reason: &str) -> Fault {
    Fault::caller(
        "InvalidExecutionInput",
        format!("Invalid State Machine Execution Input: '{reason}'"),
    )
}

pub(crate) fn invalid_logging(reason: &str) -> Fault {
    Fault::caller(
        "InvalidLoggingConfiguration",
        format!("Invalid Logging Configuration: {reason}"),
    )
}

pub(crate) fn invalid_encryption(reason: &str) -> Fault {
    Fault::caller(
        "InvalidEncryptionConfiguration",
        format!("Invalid Encryption Configuration: '{reason}'"),
    )
}

pub(crate) fn invalid_output(reason: &str) -> Fault {
    Fault::caller("InvalidOutput", format!("Invalid Output: '{reason}'"))
}

pub(crate) fn task_does_not_exist() -> Fault {
    Fault::caller("TaskDoesNotExist", "Task does not exist")
}

/// The task has ended, or its execution has.
pub(crate) fn task_timed_out() -> Fault {
    Fault::caller(
        "TaskTimedOut",
        "Task Timed Out: 'Provided task does not exist anymore'",
    )
}

/// A page or task token that is not ours, is too old, or belongs to somebody or something else.
pub(crate) fn invalid_token() -> Fault {
    Fault::caller("InvalidToken", "Invalid Token: 'Invalid token'")
}

pub(crate) fn state_machine_does_not_exist(arn: &str) -> Fault {
    Fault::caller(
        "StateMachineDoesNotExist",
        format!("State Machine Does Not Exist: '{arn}'"),
    )
}

pub(crate) fn state_machine_already_exists(arn: &str) -> Fault {
    Fault::caller(
        "StateMachineAlreadyExists",
        format!("State Machine Already Exists: '{arn}'"),
    )
}

pub(crate) fn state_machine_deleting(arn: &str) -> Fault {
    Fault::caller(
        "StateMachineDeleting",
        format!("State Machine Is Deleting: '{arn}'"),
    )
}

pub(crate) fn type_not_supported() -> Fault {
    Fault::caller(
        "StateMachineTypeNotSupported",
        "This operation is not supported by this type of state machine",
    )
}

pub(crate) fn execution_does_not_exist(arn: &str) -> Fault {
    Fault::caller(
        "ExecutionDoesNotExist",
        format!("Execution Does Not Exist: '{arn}'"),
    )
}

pub(crate) fn execution_already_exists(arn: &str) -> Fault {
    Fault::caller(
        "ExecutionAlreadyExists",
        format!("Execution Already Exists: '{arn}'"),
    )
}

pub(crate) fn activity_does_not_exist(arn: &str) -> Fault {
    Fault::caller(
        "ActivityDoesNotExist",
        format!("Activity Does Not Exist: '{arn}'"),
    )
}

/// What an alias, a version or a Map run that is not there answers with.
pub(crate) fn resource_not_found() -> Fault {
    Fault::caller(
        "ResourceNotFound",
        "Request references a resource that does not exist.",
    )
}

/// What tagging something that is not there, or that takes no tags, answers with.
pub(crate) fn tagged_resource_not_found(arn: &str) -> Fault {
    Fault::caller("ResourceNotFound", format!("Resource not found: '{arn}'"))
        .with("resourceName", arn)
}

pub(crate) fn conflict(message: impl Into<String>) -> Fault {
    Fault::caller("ConflictException", message)
}

pub(crate) fn quota_exceeded(message: impl Into<String>) -> Fault {
    Fault::caller("ServiceQuotaExceededException", message)
}

pub(crate) fn too_many_tags(arn: &str) -> Fault {
    Fault::caller("TooManyTags", format!("Too Many Tags: '{arn}'")).with("resourceName", arn)
}

/// A member of the request has another JSON type than the model says.
pub(crate) fn wrong_type(value: &Json, wanted: &str) -> Fault {
    let got = match value {
        Json::Null => "NULL_VALUE",
        Json::Bool(true) => "TRUE_VALUE",
        Json::Bool(false) => "FALSE_VALUE",
        Json::Number(_) => "NUMBER_VALUE",
        Json::String(_) => "STRING_VALUE",
        Json::Array(_) => "Start of list",
        Json::Object(_) => "Start of structure or map",
    };
    Fault::caller(
        "SerializationException",
        format!("{got} can not be converted to {wanted}"),
    )
}

/// The store failed: our fault, in words without data.
pub(crate) fn store(error: &StoreError) -> Fault {
    Fault::service(error.to_string())
}

/// The runtime did not take a message.
pub(crate) fn refused(refused: Refused) -> Fault {
    match refused {
        Refused::Busy => Fault::caller("ThrottlingException", "Rate exceeded"),
        Refused::Full => Fault::service("no room left in the store"),
        Refused::Stopping => Fault::service("the server stops"),
        Refused::NoToken => invalid_token(),
    }
}
