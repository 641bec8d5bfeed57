//! The service's errors, in AWS's words. Source: SQS API Reference, and its service model for the names in the Query protocol.

use passo_service::Fault;
use passo_store::StoreError;

/// An error whose name in the Query protocol has this prefix.
fn legacy(code: &'static str, query: &'static str, message: impl Into<String>) -> Fault {
    Fault::caller(code, message).with_query_code(format!("AWS.SimpleQueueService.{query}"))
}

pub(crate) fn no_queue() -> Fault {
    legacy(
        "QueueDoesNotExist",
        "NonExistentQueue",
        "The specified queue does not exist.",
    )
}

pub(crate) fn queue_exists(attribute: &str) -> Fault {
    let message = format!(
        "A queue already exists with the same name and a different value for attribute {attribute}"
    );
    Fault::caller("QueueNameExists", message).with_query_code("QueueAlreadyExists")
}

pub(crate) fn parameter(message: impl Into<String>) -> Fault {
    Fault::caller("InvalidParameterValue", message)
}

/// The value of a parameter is not one of those that are allowed.
pub(crate) fn value(value: impl std::fmt::Display, name: &str, reason: &str) -> Fault {
    parameter(format!(
        "Value {value} for parameter {name} is invalid. Reason: {reason}"
    ))
}

pub(crate) fn missing(name: &str) -> Fault {
    let message = format!("The request must contain the parameter {name}.");
    Fault::caller("MissingParameter", message)
}

pub(crate) fn unknown_attribute(name: &str) -> Fault {
    Fault::caller("InvalidAttributeName", format!("Unknown Attribute {name}."))
}

pub(crate) fn attribute_value(name: &str) -> Fault {
    let message = format!("Invalid value for the parameter {name}.");
    Fault::caller("InvalidAttributeValue", message)
}

pub(crate) fn contents() -> Fault {
    Fault::caller(
        "InvalidMessageContents",
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    )
}

pub(crate) fn receipt(handle: &str) -> Fault {
    let message = format!("The input receipt handle \"{handle}\" is not a valid receipt handle.");
    Fault::caller("ReceiptHandleIsInvalid", message)
}

pub(crate) fn expired_receipt(handle: &str) -> Fault {
    value(handle, "ReceiptHandle", "The receipt handle has expired.")
}

pub(crate) fn not_available(handle: &str) -> Fault {
    value(
        handle,
        "ReceiptHandle",
        "Message does not exist or is not available for visibility timeout change.",
    )
}

pub(crate) fn not_in_flight() -> Fault {
    legacy(
        "MessageNotInflight",
        "MessageNotInflight",
        "The message referred to isn't in flight.",
    )
}

pub(crate) fn over_limit() -> Fault {
    Fault::caller(
        "OverLimit",
        "Too many messages are in flight: the queue has reached its limit of 120000.",
    )
    .with_status(403)
}

pub(crate) fn purge_in_progress(name: &str) -> Fault {
    let message = format!("Only one PurgeQueue operation on {name} is allowed every 60 seconds.");
    legacy("PurgeQueueInProgress", "PurgeQueueInProgress", message).with_status(403)
}

pub(crate) fn empty_batch(entry: &str) -> Fault {
    let message = format!("There should be at least one {entry} in the request.");
    legacy("EmptyBatchRequest", "EmptyBatchRequest", message)
}

pub(crate) fn too_many_entries(entries: usize) -> Fault {
    let message = format!("Maximum number of entries per request are 10. You have sent {entries}.");
    legacy(
        "TooManyEntriesInBatchRequest",
        "TooManyEntriesInBatchRequest",
        message,
    )
}

pub(crate) fn entry_ids_not_distinct(id: &str) -> Fault {
    legacy(
        "BatchEntryIdsNotDistinct",
        "BatchEntryIdsNotDistinct",
        format!("Id {id} repeated."),
    )
}

pub(crate) fn entry_id() -> Fault {
    legacy(
        "InvalidBatchEntryId",
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    )
}

pub(crate) fn batch_too_long(bytes: usize, max: usize) -> Fault {
    let message =
        format!("Batch requests cannot be longer than {max} bytes. You have sent {bytes} bytes.");
    legacy("BatchRequestTooLong", "BatchRequestTooLong", message)
}

pub(crate) fn address(url: &str) -> Fault {
    let message = format!("The address {url} is not valid for this endpoint.");
    Fault::caller("InvalidAddress", message)
}

pub(crate) fn no_resource(message: impl Into<String>) -> Fault {
    Fault::caller("ResourceNotFoundException", message)
}

pub(crate) fn unsupported(message: impl Into<String>) -> Fault {
    legacy("UnsupportedOperation", "UnsupportedOperation", message)
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
