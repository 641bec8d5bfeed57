//! Where reading goes on: a text that only readers understand, kept with the Map run.

use std::sync::Arc;

use passo_json::{Json, ObjectBuilder, json};

use super::items::Memory;

/// The version of the text.
const VERSION: i64 = 1;

/// A place in a data set.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cursor {
    /// Which file it is in, as the list of files says it.
    pub(super) file: FilePlace,
    /// How far in that file; none where it is yet to be opened.
    pub(super) at: Option<u64>,
    /// What is known of the file.
    pub(super) memory: Memory,
}

/// A place in a list of files.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct FilePlace {
    /// The key, in a list by key.
    pub(super) key: Option<String>,
    /// How many files come before, in a list by number.
    pub(super) number: u64,
}

impl Cursor {
    pub(super) fn to_text(&self) -> Arc<str> {
        let mut cursor = ObjectBuilder::new();
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        cursor.insert("v", VERSION);
        cursor.insert_some("key", self.file.key.as_deref());
        if self.file.number > 0 {
            cursor.insert("file", number(self.file.number));
        }
        cursor.insert_some("at", self.at.map(number));
        cursor.insert_some("etag", self.memory.etag.as_deref());
        let headers = self.memory.headers.as_ref();
        let headers = headers.map(|headers| {
            let texts = headers.iter().map(|header| Json::from(&**header));
            Json::from(texts.collect::<Vec<Json>>())
        });
        cursor.insert_some("headers", headers);
        if self.memory.is_object {
            cursor.insert("object", json!(true));
        }
        Json::from(cursor.build()).to_text().into()
    }

    /// Reads a text; none where this version cannot.
    pub(super) fn parse(text: &str) -> Option<Cursor> {
        let cursor = Json::parse(text).ok()?;
        if cursor.get("v")?.as_i64()? != VERSION {
            return None;
        }
        let text = |name: &str| Some(cursor.get(name)?.as_str()?.to_owned());
        let number = |name: &str| u64::try_from(cursor.get(name)?.as_i64()?).ok();
        let headers = cursor.get("headers").and_then(Json::as_array);
        let headers = headers.map(|headers| {
            let texts = headers.iter().filter_map(Json::as_str);
            texts.map(str::to_owned).collect()
        });
        Some(Cursor {
            file: FilePlace {
                key: text("key"),
                number: number("file").unwrap_or(0),
            },
            at: number("at"),
            memory: Memory {
                etag: text("etag"),
                headers,
                is_object: cursor.get("object").is_some(),
            },
        })
    }
}
