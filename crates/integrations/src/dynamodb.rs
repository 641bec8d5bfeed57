//! DynamoDB: `dynamodb:getItem`, `putItem`, `updateItem` and `deleteItem`.
//!
//! Source: Developer Guide, "Perform DynamoDB CRUD operations"; recorded: answers and failures of such tasks.

use passo_json::{Json, Object, Payload};

use crate::naming::{First, letter};
use crate::{Completion, ErrorStyle, Plan, Shape};

/// The plan of `dynamodb:{action}`; `None` where there is no such action. The service checks the parameters.
pub(crate) fn item(action: &str, parameters: &Payload) -> Option<Plan> {
    if !["getItem", "putItem", "updateItem", "deleteItem"].contains(&action) {
        return None;
    }
    let given = parameters.json().as_object().into_iter();
    let given = given
        .flat_map(Object::iter)
        .filter(|(_, value)| !value.is_null());
    let given = given.map(|(name, value)| (name.clone(), value.clone()));
    Some(Plan {
        service: "dynamodb",
        operation: letter(action, First::Upper),
        parameters: Json::from(given.collect::<Object>()),
        shape: Shape::DynamoDb,
        errors: ErrorStyle::V1 {
            prefix: "DynamoDB",
            service: "AmazonDynamoDBv2",
        },
        completion: Completion::Answer,
        lookup: None,
    })
}

/// CRC-32 as DynamoDB's header `x-amz-crc32` has it (ISO 3309, the polynomial of zip files).
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_on_items_are_planned() {
        let parameters = Payload::from_text(r#"{"TableName":"t","Key":null}"#).unwrap();
        let plan = item("putItem", &parameters).unwrap();
        assert_eq!(plan.operation, "PutItem");
        assert_eq!(plan.parameters.to_text(), r#"{"TableName":"t"}"#);
        assert_eq!(item("query", &parameters), None);
    }

    #[test]
    fn checksums_are_those_of_zip_files() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b"{}"), 2_745_614_147);
    }
}
