//! What is kept: buses, and rules with their targets.

use std::collections::BTreeMap;

use passo_json::{Json, Object, ObjectBuilder};

use crate::names::rule_arn;

/// A bus.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bus {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) policy: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
}

/// A rule with its targets.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rule {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) name: String,
    pub(crate) bus: String,
    pub(crate) pattern: Option<String>,
    pub(crate) schedule: Option<String>,
    pub(crate) state: String,
    pub(crate) description: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
    /// Milliseconds since 1970; rates count from it.
    pub(crate) created_at: i64,
    /// Milliseconds since 1970: what was due before then is not made up for.
    pub(crate) due_from: i64,
    /// As they were given, by id.
    pub(crate) targets: BTreeMap<String, Object>,
}

impl Bus {
    pub(crate) fn encode(&self) -> Json {
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("name", self.name.as_str())
            .insert_some("description", self.description.as_deref())
            .insert_some("policy", self.policy.as_deref())
            .insert("tags", texts(&self.tags))
            .insert("created_at", self.created_at);
        Json::from(row.build())
    }

    pub(crate) fn decode(row: &Json) -> Option<Bus> {
        let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
        Some(Bus {
            name: text("name")?,
            description: text("description"),
            policy: text("policy"),
            tags: read_texts(row.get("tags")?)?,
            created_at: row.get("created_at")?.as_i64()?,
        })
    }
}

impl Rule {
    pub(crate) fn arn(&self) -> String {
        rule_arn(&self.region, &self.account, &self.bus, &self.name)
    }

    /// Whether it does anything.
    pub(crate) fn is_enabled(&self) -> bool {
        self.state != "DISABLED"
    }

    pub(crate) fn encode(&self) -> Json {
        let targets = self.targets.iter();
        let targets = targets.map(|(id, target)| (id.as_str(), Json::from(target.clone())));
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("account", self.account.as_str())
            .insert("region", self.region.as_str())
            .insert("name", self.name.as_str())
            .insert("bus", self.bus.as_str())
            .insert_some("pattern", self.pattern.as_deref())
            .insert_some("schedule", self.schedule.as_deref())
            .insert("state", self.state.as_str())
            .insert_some("description", self.description.as_deref())
            .insert_some("role", self.role.as_deref())
            .insert("tags", texts(&self.tags))
            .insert("created_at", self.created_at)
            .insert("due_from", self.due_from)
            .insert("targets", targets.collect::<Object>());
        Json::from(row.build())
    }

    pub(crate) fn decode(row: &Json) -> Option<Rule> {
        let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
        let targets = row.get("targets")?.as_object()?.iter();
        Some(Rule {
            account: text("account")?,
            region: text("region")?,
            name: text("name")?,
            bus: text("bus")?,
            pattern: text("pattern"),
            schedule: text("schedule"),
            state: text("state")?,
            description: text("description"),
            role: text("role"),
            tags: read_texts(row.get("tags")?)?,
            created_at: row.get("created_at")?.as_i64()?,
            // Rows of before had none.
            due_from: match row.get("due_from") {
                Some(from) => from.as_i64()?,
                None => row.get("created_at")?.as_i64()?,
            },
            targets: targets
                .map(|(id, target)| Some((id.to_string(), target.as_object()?.clone())))
                .collect::<Option<_>>()?,
        })
    }
}

fn texts(map: &BTreeMap<String, String>) -> Object {
    map.iter()
        .map(|(key, value)| (key.as_str(), Json::from(value.as_str())))
        .collect()
}

fn read_texts(json: &Json) -> Option<BTreeMap<String, String>> {
    let members = json.as_object()?.iter();
    members
        .map(|(key, value)| Some((key.to_string(), value.as_str()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let tags = BTreeMap::from([("k".to_owned(), "v".to_owned())]);
        let bus = Bus {
            name: "b".to_owned(),
            policy: Some("{}".to_owned()),
            tags: tags.clone(),
            ..Bus::default()
        };
        assert_eq!(Bus::decode(&bus.encode()), Some(bus));
        let target = Object::default().with("Id", "t").with("Arn", "a");
        let rule = Rule {
            name: "r".to_owned(),
            bus: "b".to_owned(),
            pattern: Some("{}".to_owned()),
            state: "ENABLED".to_owned(),
            tags,
            targets: BTreeMap::from([("t".to_owned(), target)]),
            ..Rule::default()
        };
        assert_eq!(Rule::decode(&rule.encode()), Some(rule));
    }
}
