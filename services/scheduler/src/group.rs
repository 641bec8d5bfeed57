//! Groups of schedules. The default one is there without having been made.

use std::collections::BTreeMap;

use passo_json::{Json, Object, ObjectBuilder};

/// The group of schedules that name none.
pub(crate) const DEFAULT_GROUP: &str = "default";

/// A group.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) tags: BTreeMap<String, String>,
    /// `ClientToken` of the call that made it.
    pub(crate) token: Option<String>,
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
    pub(crate) modified_at: i64,
}

impl Group {
    /// The one that is always there.
    pub(crate) fn default_group() -> Group {
        Group {
            name: DEFAULT_GROUP.to_owned(),
            ..Group::default()
        }
    }

    pub(crate) fn encode(&self) -> Json {
        let tags = self.tags.iter();
        let tags: Object = tags
            .map(|(key, value)| (key.as_str(), Json::from(value.as_str())))
            .collect();
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("name", self.name.as_str())
            .insert("tags", tags)
            .insert_some("token", self.token.as_deref())
            .insert("created_at", self.created_at)
            .insert("modified_at", self.modified_at);
        Json::from(row.build())
    }

    pub(crate) fn decode(row: &Json) -> Option<Group> {
        let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
        let tags = row.get("tags")?.as_object()?.iter();
        Some(Group {
            name: text("name")?,
            tags: tags
                .map(|(key, value)| Some((key.to_string(), value.as_str()?.to_owned())))
                .collect::<Option<_>>()?,
            token: text("token"),
            created_at: row.get("created_at")?.as_i64()?,
            modified_at: row.get("modified_at")?.as_i64()?,
        })
    }
}

/// The ARN of a group.
pub(crate) fn arn(region: &str, account: &str, name: &str) -> String {
    format!("arn:aws:scheduler:{region}:{account}:schedule-group/{name}")
}

/// The name in the ARN of a group of this account and region.
pub(crate) fn name_in<'a>(arn: &'a str, region: &str, account: &str) -> Option<&'a str> {
    arn.strip_prefix(&*format!(
        "arn:aws:scheduler:{region}:{account}:schedule-group/"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let group = Group {
            name: "g".to_owned(),
            tags: BTreeMap::from([("k".to_owned(), "v".to_owned())]),
            token: Some("t".to_owned()),
            created_at: 1,
            modified_at: 2,
        };
        assert_eq!(Group::decode(&group.encode()), Some(group));
        let arn = arn("us-east-1", "000000000000", "g");
        assert_eq!(name_in(&arn, "us-east-1", "000000000000"), Some("g"));
        assert_eq!(name_in(&arn, "eu-west-1", "000000000000"), None);
    }
}
