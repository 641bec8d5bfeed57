//! Lists of objects, in pages.

use passo_json::{Json, ObjectBuilder};
use passo_vocab::Failure;

use super::calls::{Calls, refused};
use super::plan::Listed;

/// One page of a list.
pub(super) struct ListPage {
    /// What S3 says of each object.
    pub(super) objects: Vec<Json>,
    pub(super) is_last: bool,
}

impl ListPage {
    /// The objects whose keys come after `after`.
    ///
    /// # Errors
    /// Where S3 refuses.
    pub(super) fn read(
        calls: &dyn Calls,
        listed: &Listed,
        after: Option<&str>,
    ) -> Result<ListPage, Failure> {
        let mut parameters = ObjectBuilder::new();
        for (name, value) in listed
            .parameters
            .as_object()
            .into_iter()
            .flat_map(|given| given.iter())
        {
            parameters.insert(name.clone(), value.clone());
        }
        parameters.insert_some("StartAfter", after);
        let answer = calls.call("ListObjectsV2", Json::from(parameters.build()));
        let answer = answer.map_err(|fault| refused(&fault, calls))?;
        let objects = answer.get("Contents").and_then(Json::as_array);
        Ok(ListPage {
            objects: objects
                .map(|objects| objects.iter().cloned().collect())
                .unwrap_or_default(),
            is_last: answer.get("IsTruncated").and_then(Json::as_bool) != Some(true),
        })
    }
}

/// The key of an object in a list.
pub(super) fn key(object: &Json) -> Option<&str> {
    object.get("Key")?.as_str()
}

/// An object of a list as an item. The order of its members is recorded, and so is that `ETag` is spelled differently.
pub(super) fn item(object: &Json) -> Json {
    let given = |name: &str| object.get(name).cloned();
    let seconds = given("LastModified").map(|time| match time.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        Some(seconds) => Json::from(seconds as i64),
        None => time,
    });
    let mut item = ObjectBuilder::new();
    item.insert_some("Etag", given("ETag"))
        .insert_some("LastModified", seconds)
        .insert_some("Key", given("Key"))
        .insert_some("Size", given("Size"))
        .insert_some("StorageClass", given("StorageClass"));
    Json::from(item.build())
}
