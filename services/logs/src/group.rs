//! Log groups.

use std::collections::BTreeMap;

use passo_json::{Json, Object, ObjectBuilder};

use crate::Place;

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) created_at: i64,
    pub(crate) retention_days: Option<i64>,
    pub(crate) class: String,
    pub(crate) tags: BTreeMap<String, String>,
}

impl Group {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let tags = self.tags.iter();
        let tags = tags.map(|(key, value)| (key.as_str(), Json::from(value.as_str())));
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("name", self.name.as_str())
            .insert("createdAt", self.created_at)
            .insert_some("retentionDays", self.retention_days)
            .insert("class", self.class.as_str())
            .insert("tags", tags.collect::<Object>());
        Json::from(row.build()).to_text().into_bytes()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Group> {
        let row = Json::parse(std::str::from_utf8(bytes).ok()?).ok()?;
        let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
        let tags = row.get("tags")?.as_object()?.iter();
        let tags = tags.map(|(key, value)| Some((key.to_string(), value.as_str()?.to_owned())));
        Some(Group {
            name: text("name")?,
            created_at: row.get("createdAt")?.as_i64()?,
            retention_days: row.get("retentionDays").and_then(Json::as_i64),
            class: text("class")?,
            tags: tags.collect::<Option<_>>()?,
        })
    }

    /// As `DescribeLogGroups` shows it.
    pub(crate) fn show(&self, place: &Place, metric_filters: usize) -> Json {
        let arn = place.arn();
        let mut shown = ObjectBuilder::new();
        shown
            .insert("logGroupName", self.name.as_str())
            .insert("creationTime", self.created_at)
            .insert_some("retentionInDays", self.retention_days)
            .insert(
                "metricFilterCount",
                i64::try_from(metric_filters).unwrap_or(i64::MAX),
            )
            .insert("arn", format!("{arn}:*"))
            .insert("storedBytes", 0)
            .insert("logGroupClass", self.class.as_str())
            .insert("logGroupArn", arn);
        Json::from(shown.build())
    }
}
