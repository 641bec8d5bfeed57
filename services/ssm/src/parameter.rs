//! A parameter: what is kept, and how it is shown.

use std::collections::BTreeMap;

use base64::Engine as _;
use passo_json::{Json, Number, ObjectBuilder};
use sha2::{Digest as _, Sha256};

use crate::name;
use crate::request::Place;

/// One value of a parameter, with what was said when it was put.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Version {
    pub(crate) number: i64,
    pub(crate) kind: String,
    pub(crate) value: String,
    pub(crate) description: Option<String>,
    pub(crate) key_id: Option<String>,
    pub(crate) pattern: Option<String>,
    pub(crate) policies: Option<String>,
    pub(crate) tier: String,
    pub(crate) data_type: String,
    /// Milliseconds since 1970.
    pub(crate) changed_at: i64,
    pub(crate) user: String,
    pub(crate) labels: Vec<String>,
}

/// A parameter with its values, the oldest first; there is at least one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) versions: Vec<Version>,
}

impl Parameter {
    /// The value that was put last.
    pub(crate) fn latest(&self) -> Option<&Version> {
        self.versions.last()
    }

    pub(crate) fn encode(&self) -> Json {
        let tags: Vec<Json> = self.tags_shown();
        let versions: Vec<Json> = self.versions.iter().map(Version::encode).collect();
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("name", self.name.as_str())
            .insert("tags", tags)
            .insert("versions", versions);
        Json::from(row.build())
    }

    pub(crate) fn decode(row: &Json) -> Option<Parameter> {
        let tags = row.get("tags")?.as_array()?.iter().map(|tag| {
            let text = |member: &str| Some(tag.get(member)?.as_str()?.to_owned());
            Some((text("Key")?, text("Value")?))
        });
        let versions = row.get("versions")?.as_array()?.iter();
        Some(Parameter {
            name: row.get("name")?.as_str()?.to_owned(),
            tags: tags.collect::<Option<_>>()?,
            versions: versions.map(Version::decode).collect::<Option<_>>()?,
        })
    }

    pub(crate) fn tags_shown(&self) -> Vec<Json> {
        let tag = |(key, value): (&String, &String)| {
            let mut tag = ObjectBuilder::new();
            tag.insert("Key", key.as_str())
                .insert("Value", value.as_str());
            Json::from(tag.build())
        };
        self.tags.iter().map(tag).collect()
    }
}

impl Version {
    /// The value as it is shown. That of a `SecureString` only where it is asked for; otherwise an opaque text of
    /// which nothing can be learned but whether two are the same.
    pub(crate) fn shown_value(&self, decrypted: bool) -> String {
        if self.kind != "SecureString" || decrypted {
            return self.value.clone();
        }
        let mut hash = Sha256::new();
        hash.update(self.number.to_be_bytes());
        hash.update(self.changed_at.to_be_bytes());
        hash.update(self.value.as_bytes());
        base64::engine::general_purpose::STANDARD.encode(hash.finalize())
    }

    /// The shape `Parameter`.
    pub(crate) fn shown(
        &self,
        place: &Place<'_>,
        name: &str,
        selector: Option<&str>,
        decrypted: bool,
    ) -> Json {
        let mut answer = ObjectBuilder::new();
        answer
            .insert("Name", name)
            .insert("Type", self.kind.as_str())
            .insert("Value", self.shown_value(decrypted))
            .insert("Version", self.number)
            .insert_some("Selector", selector)
            .insert("LastModifiedDate", seconds(self.changed_at))
            .insert("ARN", name::arn(place.region, place.account, name))
            .insert("DataType", self.data_type.as_str());
        Json::from(answer.build())
    }

    /// The shape `ParameterMetadata`, without the value.
    pub(crate) fn described(&self, place: &Place<'_>, name: &str) -> ObjectBuilder {
        let policies = self
            .policies
            .as_deref()
            .and_then(|text| Json::parse(text).ok());
        let policies: Vec<Json> = policies
            .as_ref()
            .and_then(Json::as_array)
            .into_iter()
            .flat_map(|list| list.iter())
            .map(|policy| {
                let mut shown = ObjectBuilder::new();
                shown
                    .insert("PolicyText", policy.to_text())
                    .insert_some("PolicyType", policy.get("Type").cloned())
                    .insert("PolicyStatus", "Pending");
                Json::from(shown.build())
            })
            .collect();
        let mut answer = ObjectBuilder::new();
        answer
            .insert("Name", name)
            .insert("ARN", name::arn(place.region, place.account, name))
            .insert("Type", self.kind.as_str())
            .insert_some("KeyId", self.key_id.as_deref())
            .insert("LastModifiedDate", seconds(self.changed_at))
            .insert("LastModifiedUser", self.user.as_str())
            .insert_some("Description", self.description.as_deref())
            .insert_some("AllowedPattern", self.pattern.as_deref())
            .insert("Version", self.number)
            .insert("Tier", self.tier.as_str())
            .insert("Policies", policies)
            .insert("DataType", self.data_type.as_str());
        answer
    }

    pub(crate) fn labels_shown(&self) -> Vec<Json> {
        self.labels
            .iter()
            .map(|label| Json::from(label.as_str()))
            .collect()
    }

    fn encode(&self) -> Json {
        let mut row = ObjectBuilder::new();
        row.insert("number", self.number)
            .insert("kind", self.kind.as_str())
            .insert("value", self.value.as_str())
            .insert_some("description", self.description.as_deref())
            .insert_some("key_id", self.key_id.as_deref())
            .insert_some("pattern", self.pattern.as_deref())
            .insert_some("policies", self.policies.as_deref())
            .insert("tier", self.tier.as_str())
            .insert("data_type", self.data_type.as_str())
            .insert("changed_at", self.changed_at)
            .insert("user", self.user.as_str())
            .insert("labels", self.labels_shown());
        Json::from(row.build())
    }

    fn decode(row: &Json) -> Option<Version> {
        let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
        let number = |member: &str| row.get(member)?.as_i64();
        let labels = row.get("labels")?.as_array()?.iter();
        Some(Version {
            number: number("number")?,
            kind: text("kind")?,
            value: text("value")?,
            description: text("description"),
            key_id: text("key_id"),
            pattern: text("pattern"),
            policies: text("policies"),
            tier: text("tier")?,
            data_type: text("data_type")?,
            changed_at: number("changed_at")?,
            user: text("user")?,
            labels: labels
                .map(|label| Some(label.as_str()?.to_owned()))
                .collect::<Option<_>>()?,
        })
    }
}

/// Milliseconds as the API shows times: seconds since 1970, with a fraction.
#[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
fn seconds(millis: i64) -> Json {
    Number::from_f64(millis as f64 / 1000.0).map_or(Json::Null, Json::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let parameter = Parameter {
            name: "/a".to_owned(),
            tags: BTreeMap::from([("k".to_owned(), "v".to_owned())]),
            versions: vec![Version {
                number: 1,
                kind: "SecureString".to_owned(),
                value: "secret".to_owned(),
                policies: Some("[]".to_owned()),
                labels: vec!["prod".to_owned()],
                ..Version::default()
            }],
        };
        assert_eq!(
            Parameter::decode(&parameter.encode()),
            Some(parameter.clone())
        );
        let shown = parameter.versions[0].shown_value(false);
        assert!(!shown.contains("secret"));
    }
}
