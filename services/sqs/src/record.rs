//! What is kept of a queue beside its messages.

use std::collections::BTreeMap;

use passo_json::{Json, Object, ObjectBuilder};

use crate::address::Address;
use crate::attributes::{self, Attributes, Redrive};

/// A queue's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) created_at: i64,
    pub(crate) modified_at: i64,
    /// The number that its messages stand under.
    pub(crate) store_id: u64,
    pub(crate) purged_at: Option<i64>,
    /// Those that somebody has set.
    pub(crate) attributes: Attributes,
    pub(crate) tags: BTreeMap<String, String>,
}

impl Record {
    /// An attribute that can be set, or what it is otherwise.
    pub(crate) fn attribute<'a>(&'a self, name: &str, queue: &Address) -> Option<&'a str> {
        match self.attributes.get(name) {
            Some(value) => Some(value.as_str()).filter(|value| !value.is_empty()),
            None => attributes::default_of(name, queue),
        }
    }

    /// A number, which was checked when it was set.
    pub(crate) fn number(&self, name: &str, queue: &Address) -> i64 {
        self.attribute(name, queue)
            .and_then(|value| value.parse().ok())
            .unwrap_or(0)
    }

    pub(crate) fn is_on(&self, name: &str, queue: &Address) -> bool {
        self.attribute(name, queue) == Some("true")
    }

    pub(crate) fn redrive(&self) -> Option<Redrive> {
        let policy = self.attributes.get("RedrivePolicy")?;
        Redrive::read(policy).ok()
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let texts = |map: &BTreeMap<String, String>| {
            let texts = map.iter();
            texts
                .map(|(name, value)| (name.as_str(), Json::from(value.as_str())))
                .collect::<Object>()
        };
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("createdAt", self.created_at)
            .insert("modifiedAt", self.modified_at)
            .insert("storeId", self.store_id.to_string())
            .insert_some("purgedAt", self.purged_at)
            .insert("attributes", texts(&self.attributes))
            .insert("tags", texts(&self.tags));
        Json::from(row.build()).to_text().into_bytes()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Record> {
        let row = Json::parse(std::str::from_utf8(bytes).ok()?).ok()?;
        let texts = |member: &str| {
            let map = row.get(member)?.as_object()?.iter();
            map.map(|(name, value)| Some((name.to_string(), value.as_str()?.to_owned())))
                .collect::<Option<BTreeMap<_, _>>>()
        };
        if row.get("format")?.as_i64() != Some(1) {
            return None;
        }
        Some(Record {
            created_at: row.get("createdAt")?.as_i64()?,
            modified_at: row.get("modifiedAt")?.as_i64()?,
            store_id: row.get("storeId")?.as_str()?.parse().ok()?,
            purged_at: row.get("purgedAt").and_then(Json::as_i64),
            attributes: texts("attributes")?,
            tags: texts("tags")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_as_they_were_written() {
        let record = Record {
            created_at: 1,
            modified_at: 2,
            store_id: u64::MAX,
            purged_at: Some(3),
            attributes: [("Policy".to_owned(), "{}".to_owned())].into(),
            tags: [("a".to_owned(), "é".to_owned())].into(),
        };
        assert_eq!(Record::decode(&record.encode()), Some(record));
        assert_eq!(Record::decode(b"{}"), None);
    }
}
