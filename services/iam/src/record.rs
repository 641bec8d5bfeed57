//! What is kept of a role and of a policy.

use std::collections::BTreeMap;

use passo_json::{Json, Object, ObjectBuilder};

/// A role or a managed policy: the members that are shown as they are, and what hangs on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Record {
    /// `Path`, `RoleName`, `Arn` and the like.
    pub(crate) shown: Object,
    /// The trust policy of a role, the document of a policy.
    pub(crate) document: String,
    /// Policies inside a role, by name.
    pub(crate) inline: BTreeMap<String, String>,
    /// ARNs of the policies that are attached to a role.
    pub(crate) attached: Vec<String>,
    pub(crate) tags: BTreeMap<String, String>,
}

impl Record {
    pub(crate) fn text(&self, member: &str) -> &str {
        self.shown
            .get(member)
            .and_then(Json::as_str)
            .unwrap_or_default()
    }

    /// `Tags` as the API shows them.
    pub(crate) fn tags_shown(&self) -> Json {
        let tags = self.tags.iter().map(|(key, value)| {
            let mut tag = ObjectBuilder::new();
            tag.insert("Key", key.as_str())
                .insert("Value", value.as_str());
            Json::from(tag.build())
        });
        Json::from(tags.collect::<Vec<_>>())
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let attached: Vec<Json> = self
            .attached
            .iter()
            .map(|arn| Json::from(arn.as_str()))
            .collect();
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("shown", self.shown.clone())
            .insert("document", self.document.as_str())
            .insert("inline", object(&self.inline))
            .insert("attached", attached)
            .insert("tags", object(&self.tags));
        Json::from(row.build()).to_text().into_bytes()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Record> {
        let row = Json::parse(std::str::from_utf8(bytes).ok()?).ok()?;
        let attached = row.get("attached")?.as_array()?.iter();
        Some(Record {
            shown: row.get("shown")?.as_object()?.clone(),
            document: row.get("document")?.as_str()?.to_owned(),
            inline: map(row.get("inline")?)?,
            attached: attached
                .map(|arn| Some(arn.as_str()?.to_owned()))
                .collect::<Option<_>>()?,
            tags: map(row.get("tags")?)?,
        })
    }
}

fn object(map: &BTreeMap<String, String>) -> Object {
    map.iter()
        .map(|(key, value)| (key.as_str(), Json::from(value.as_str())))
        .collect()
}

fn map(json: &Json) -> Option<BTreeMap<String, String>> {
    let members = json.as_object()?.iter();
    members
        .map(|(key, value)| Some((key.to_string(), value.as_str()?.to_owned())))
        .collect()
}

/// A document as the API shows it: percent-encoded (RFC 3986).
pub(crate) fn encoded(document: &str) -> String {
    let mut out = String::with_capacity(document.len() * 2);
    for byte in document.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let record = Record {
            shown: Object::default().with("RoleName", "r"),
            document: "{}".to_owned(),
            inline: BTreeMap::from([("p".to_owned(), "{}".to_owned())]),
            attached: vec!["arn".to_owned()],
            tags: BTreeMap::from([("k".to_owned(), "v".to_owned())]),
        };
        assert_eq!(Record::decode(&record.encode()), Some(record));
    }

    #[test]
    fn documents_are_percent_encoded() {
        assert_eq!(encoded("{\"a\": 1}"), "%7B%22a%22%3A%201%7D");
    }
}
