//! A secret: what is kept, and how it is shown.

use std::collections::{BTreeMap, BTreeSet};

use passo_json::{Json, Object, ObjectBuilder};

/// The label of the value that is read when nothing else is asked for.
pub(crate) const CURRENT: &str = "AWSCURRENT";
/// The label of the value before.
pub(crate) const PREVIOUS: &str = "AWSPREVIOUS";
/// Versions without a label are forgotten when there are more than this. Source: Secrets Manager quotas.
const VERSIONS_MAX: usize = 100;

/// One value of a secret.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Version {
    pub(crate) id: String,
    /// `SecretString` or `SecretBinary` (base64), and the value; nothing where the secret has none yet.
    pub(crate) value: Option<(String, String)>,
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
    pub(crate) stages: BTreeSet<String>,
}

/// A secret with its values, the oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Secret {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) description: Option<String>,
    pub(crate) kms_key_id: Option<String>,
    pub(crate) policy: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) created_at: i64,
    pub(crate) changed_at: i64,
    pub(crate) accessed_at: Option<i64>,
    pub(crate) deleted_at: Option<i64>,
    /// When it goes for good.
    pub(crate) gone_at: Option<i64>,
    pub(crate) versions: Vec<Version>,
}

impl Secret {
    pub(crate) fn version(&self, id: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.id == id)
    }

    pub(crate) fn at_stage(&self, stage: &str) -> Option<&Version> {
        self.versions
            .iter()
            .find(|version| version.stages.contains(stage))
    }

    /// Gives `stage` to the version called `id`, and takes it from the one that had it. Where the current value changes,
    /// the one before gets [`PREVIOUS`].
    pub(crate) fn move_stage(&mut self, stage: &str, id: &str) {
        let had = self.at_stage(stage).map(|version| version.id.clone());
        if had.as_deref() == Some(id) {
            return;
        }
        for version in &mut self.versions {
            version.stages.remove(stage);
            if version.id == id {
                version.stages.insert(stage.to_owned());
                if stage == CURRENT {
                    version.stages.remove(PREVIOUS);
                }
            }
        }
        if let (CURRENT, Some(had)) = (stage, had) {
            self.move_stage(PREVIOUS, &had);
        }
    }

    /// Forgets the oldest versions without a label where there are too many.
    pub(crate) fn forget_old(&mut self) {
        while self.versions.len() > VERSIONS_MAX {
            let unlabelled = self.versions.iter().position(|one| one.stages.is_empty());
            let Some(oldest) = unlabelled else { return };
            self.versions.remove(oldest);
        }
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

    /// The labels of each version that has one.
    pub(crate) fn stages_shown(&self) -> Json {
        let labelled = self.versions.iter().filter(|one| !one.stages.is_empty());
        let shown = labelled.map(|one| (one.id.as_str(), Json::from(one.stages_shown())));
        Json::from(shown.collect::<Object>())
    }

    pub(crate) fn encode(&self) -> Json {
        let versions: Vec<Json> = self.versions.iter().map(Version::encode).collect();
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("name", self.name.as_str())
            .insert("arn", self.arn.as_str())
            .insert_some("description", self.description.as_deref())
            .insert_some("kms_key_id", self.kms_key_id.as_deref())
            .insert_some("policy", self.policy.as_deref())
            .insert("tags", self.tags_shown())
            .insert("created_at", self.created_at)
            .insert("changed_at", self.changed_at)
            .insert_some("accessed_at", self.accessed_at)
            .insert_some("deleted_at", self.deleted_at)
            .insert_some("gone_at", self.gone_at)
            .insert("versions", versions);
        Json::from(row.build())
    }

    pub(crate) fn decode(row: &Json) -> Option<Secret> {
        let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
        let number = |member: &str| row.get(member)?.as_i64();
        let tags = row.get("tags")?.as_array()?.iter();
        let versions = row.get("versions")?.as_array()?.iter();
        Some(Secret {
            name: text("name")?,
            arn: text("arn")?,
            description: text("description"),
            kms_key_id: text("kms_key_id"),
            policy: text("policy"),
            tags: tags
                .map(|tag| {
                    let text = |member: &str| Some(tag.get(member)?.as_str()?.to_owned());
                    Some((text("Key")?, text("Value")?))
                })
                .collect::<Option<_>>()?,
            created_at: number("created_at")?,
            changed_at: number("changed_at")?,
            accessed_at: number("accessed_at"),
            deleted_at: number("deleted_at"),
            gone_at: number("gone_at"),
            versions: versions.map(Version::decode).collect::<Option<_>>()?,
        })
    }
}

impl Version {
    pub(crate) fn stages_shown(&self) -> Vec<Json> {
        self.stages
            .iter()
            .map(|stage| Json::from(stage.as_str()))
            .collect()
    }

    fn encode(&self) -> Json {
        let mut row = ObjectBuilder::new();
        row.insert("id", self.id.as_str())
            .insert("created_at", self.created_at)
            .insert("stages", self.stages_shown());
        if let Some((kind, value)) = &self.value {
            row.insert("kind", kind.as_str())
                .insert("value", value.as_str());
        }
        Json::from(row.build())
    }

    fn decode(row: &Json) -> Option<Version> {
        let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
        let stages = row.get("stages")?.as_array()?.iter();
        Some(Version {
            id: text("id")?,
            value: text("kind").zip(text("value")),
            created_at: row.get("created_at")?.as_i64()?,
            stages: stages
                .map(|stage| Some(stage.as_str()?.to_owned()))
                .collect::<Option<_>>()?,
        })
    }
}

/// Milliseconds as the API shows times: seconds since 1970, with a fraction.
#[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
pub(crate) fn seconds(millis: i64) -> Json {
    passo_json::Number::from_f64(millis as f64 / 1000.0).map_or(Json::Null, Json::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(versions: &[(&str, &[&str])]) -> Secret {
        let versions = versions.iter().map(|(id, stages)| Version {
            id: (*id).to_owned(),
            value: Some(("SecretString".to_owned(), "x".to_owned())),
            created_at: 1,
            stages: stages.iter().map(|stage| (*stage).to_owned()).collect(),
        });
        Secret {
            name: "n".to_owned(),
            arn: "a".to_owned(),
            tags: BTreeMap::from([("k".to_owned(), "v".to_owned())]),
            versions: versions.collect(),
            ..Secret::default()
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let secret = secret(&[("1", &[CURRENT]), ("2", &[])]);
        assert_eq!(Secret::decode(&secret.encode()), Some(secret));
    }

    #[test]
    fn the_value_before_keeps_a_label() {
        let mut it = secret(&[("1", &[PREVIOUS]), ("2", &[CURRENT, "mine"]), ("3", &[])]);
        it.move_stage(CURRENT, "3");
        assert_eq!(
            it,
            secret(&[("1", &[]), ("2", &[PREVIOUS, "mine"]), ("3", &[CURRENT])])
        );
        it.move_stage(CURRENT, "2");
        assert_eq!(
            it,
            secret(&[("1", &[]), ("2", &[CURRENT, "mine"]), ("3", &[PREVIOUS])])
        );
    }

    #[test]
    fn labelled_versions_are_never_forgotten() {
        let mut it = secret(&[("first", &[PREVIOUS])]);
        let one = it.versions[0].clone();
        for id in 0..150 {
            it.versions.push(Version {
                id: id.to_string(),
                stages: BTreeSet::new(),
                ..one.clone()
            });
        }
        it.forget_old();
        assert_eq!((it.versions.len(), &*it.versions[0].id), (100, "first"));
    }
}
