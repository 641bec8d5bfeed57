//! What AWS's models no longer say, although AWS's endpoints still do it.
//!
//! SQS has moved from Query to JSON, and its model with it; the endpoint goes on speaking Query. Names of form fields and
//! Query error codes are those of the service's API reference and of the `x-amzn-query-error` headers that it sends.

use serde_json::{Value, json};

/// Members and their names in forms.
const SQS_FIELDS: [(&str, &str); 16] = [
    ("Attributes", "Attribute"),
    ("MessageAttributes", "MessageAttribute"),
    ("MessageSystemAttributes", "MessageSystemAttribute"),
    ("AttributeNames", "AttributeName"),
    ("MessageSystemAttributeNames", "MessageSystemAttributeName"),
    ("MessageAttributeNames", "MessageAttributeName"),
    ("TagKeys", "TagKey"),
    ("Tags", "Tag"),
    ("tags", "Tag"),
    ("QueueUrls", "QueueUrl"),
    ("queueUrls", "QueueUrl"),
    ("AWSAccountIds", "AWSAccountId"),
    ("Actions", "ActionName"),
    ("Messages", "Message"),
    ("Failed", "BatchResultErrorEntry"),
    ("Results", "ListMessageMoveTasksResultEntry"),
];

/// Shape and Query code, where that is another name.
const SQS_ERRORS: [(&str, &str); 19] = [
    (
        "BatchEntryIdsNotDistinct",
        "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
    ),
    (
        "BatchRequestTooLong",
        "AWS.SimpleQueueService.BatchRequestTooLong",
    ),
    (
        "EmptyBatchRequest",
        "AWS.SimpleQueueService.EmptyBatchRequest",
    ),
    (
        "InvalidBatchEntryId",
        "AWS.SimpleQueueService.InvalidBatchEntryId",
    ),
    (
        "MessageNotInflight",
        "AWS.SimpleQueueService.MessageNotInflight",
    ),
    (
        "PurgeQueueInProgress",
        "AWS.SimpleQueueService.PurgeQueueInProgress",
    ),
    (
        "QueueDeletedRecently",
        "AWS.SimpleQueueService.QueueDeletedRecently",
    ),
    (
        "QueueDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue",
    ),
    ("QueueNameExists", "QueueAlreadyExists"),
    (
        "TooManyEntriesInBatchRequest",
        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    ),
    (
        "UnsupportedOperation",
        "AWS.SimpleQueueService.UnsupportedOperation",
    ),
    ("KmsDisabled", "KMS.DisabledException"),
    ("KmsInvalidState", "KMS.KMSInvalidStateException"),
    ("KmsNotFound", "KMS.NotFoundException"),
    ("KmsOptInRequired", "KMS.OptInRequired"),
    ("KmsThrottled", "KMS.ThrottlingException"),
    ("KmsAccessDenied", "KMS.AccessDeniedException"),
    ("KmsInvalidKeyUsage", "KMS.InvalidKeyUsageException"),
    ("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid"),
];

/// Adds it.
pub fn amend(model: &mut Value) {
    if model.pointer("/metadata/serviceId") != Some(&json!("SQS")) {
        return;
    }
    if let Some(metadata) = model.get_mut("metadata") {
        set(metadata, &["protocols"], json!(["json", "query"]));
        set(
            metadata,
            &["xmlNamespace"],
            json!("http://queue.amazonaws.com/doc/2012-11-05/"),
        );
    }
    let shapes = model.get_mut("shapes").and_then(Value::as_object_mut);
    for (name, shape) in shapes.into_iter().flatten() {
        if let Some((_, code)) = SQS_ERRORS.iter().find(|(shape, _)| shape == name) {
            set(shape, &["error", "code"], json!(code));
            set(shape, &["error", "senderFault"], json!(true));
        }
        if name.ends_with("Map") {
            let key = if name == "TagMap" { "Key" } else { "Name" };
            set(shape, &["key", "locationName"], json!(key));
            set(shape, &["value", "locationName"], json!("Value"));
        }
        // The entries of a batch are named after their shapes.
        let entry = format!("{name}Entry");
        let members = shape.get_mut("members").and_then(Value::as_object_mut);
        for (member, reference) in members.into_iter().flatten() {
            let field = SQS_FIELDS.iter().find(|(named, _)| named == member);
            match (member.as_str(), field) {
                ("Entries" | "Successful", _) => set(reference, &["queryName"], json!(entry)),
                (_, Some((_, field))) => set(reference, &["queryName"], json!(field)),
                (_, None) => {}
            }
        }
    }
    let operations = model.get_mut("operations").and_then(Value::as_object_mut);
    for (name, operation) in operations.into_iter().flatten() {
        if operation.get("output").is_some() {
            set(
                operation,
                &["output", "resultWrapper"],
                json!(format!("{name}Result")),
            );
        }
    }
}

fn set(value: &mut Value, path: &[&str], to: Value) {
    let Some((first, rest)) = path.split_first() else {
        *value = to;
        return;
    };
    if value.is_null() {
        *value = json!({});
    }
    if let Some(members) = value.as_object_mut() {
        set(members.entry(*first).or_insert(Value::Null), rest, to);
    }
}
