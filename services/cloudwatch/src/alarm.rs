//! An alarm as it is kept.

use std::collections::BTreeMap;

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Caller;
use passo_vocab::{AccountId, Region};

use crate::evaluation::StateValue;
use crate::request::seconds;

/// An alarm.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alarm {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) name: String,
    /// What was given, without tags; composite alarms have an `AlarmRule`.
    pub(crate) given: Object,
    pub(crate) state: State,
    /// Milliseconds since 1970.
    pub(crate) configured_at: i64,
    pub(crate) tags: BTreeMap<String, String>,
}

/// How an alarm stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) value: StateValue,
    pub(crate) reason: String,
    pub(crate) reason_data: Option<String>,
    /// When the state, or its reason, was last set.
    pub(crate) updated_at: i64,
    /// When it was last another one.
    pub(crate) changed_at: i64,
}

impl Alarm {
    pub(crate) fn arn(&self) -> String {
        format!(
            "arn:aws:cloudwatch:{}:{}:alarm:{}",
            self.region, self.account, self.name
        )
    }

    /// The parts of its key after its kind.
    pub(crate) fn key(&self) -> Key {
        Key {
            account: self.account.clone(),
            region: self.region.clone(),
            name: self.name.clone(),
        }
    }

    pub(crate) fn caller(&self) -> Option<Caller> {
        Some(Caller {
            account: AccountId::parse(&self.account).ok()?,
            region: Region::parse(&self.region).ok()?,
        })
    }

    /// The rule, where it is a composite alarm.
    pub(crate) fn rule(&self) -> Option<&str> {
        self.given.get("AlarmRule")?.as_str()
    }

    pub(crate) fn text(&self, member: &str) -> Option<&str> {
        self.given.get(member)?.as_str()
    }

    pub(crate) fn number(&self, member: &str) -> Option<i64> {
        self.given.get(member)?.as_i64()
    }

    pub(crate) fn are_actions_enabled(&self) -> bool {
        self.given.get("ActionsEnabled").and_then(Json::as_bool) != Some(false)
    }

    /// The ARNs of what is done in a state.
    pub(crate) fn actions(&self, value: StateValue) -> Vec<&str> {
        let member = match value {
            StateValue::Ok => "OKActions",
            StateValue::Alarm => "AlarmActions",
            StateValue::InsufficientData => "InsufficientDataActions",
        };
        let list = self.given.get(member).and_then(Json::as_array);
        let items = list.into_iter().flat_map(|list| list.iter());
        items.filter_map(Json::as_str).collect()
    }

    /// As `DescribeAlarms` shows it.
    pub(crate) fn show(&self) -> Json {
        let mut shown = ObjectBuilder::new();
        for (member, value) in self.given.iter() {
            shown.insert(member.clone(), value.clone());
        }
        for member in ["OKActions", "AlarmActions", "InsufficientDataActions"] {
            if !self.given.contains_key(member) {
                shown.insert(member, Vec::<Json>::new());
            }
        }
        if self.rule().is_none() && !self.given.contains_key("Dimensions") {
            shown.insert("Dimensions", Vec::<Json>::new());
        }
        let state = &self.state;
        shown
            .insert("ActionsEnabled", self.are_actions_enabled())
            .insert("AlarmArn", self.arn())
            .insert(
                "AlarmConfigurationUpdatedTimestamp",
                seconds(self.configured_at),
            )
            .insert("StateValue", state.value.name())
            .insert("StateReason", state.reason.as_str())
            .insert_some("StateReasonData", state.reason_data.as_deref())
            .insert("StateUpdatedTimestamp", seconds(state.updated_at))
            .insert("StateTransitionedTimestamp", seconds(state.changed_at));
        Json::from(shown.build())
    }

    pub(crate) fn encode(&self) -> Json {
        let tags = self.tags.iter();
        let tags = tags.map(|(key, value)| (key.as_str(), Json::from(value.as_str())));
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("account", self.account.as_str())
            .insert("region", self.region.as_str())
            .insert("name", self.name.as_str())
            .insert("given", self.given.clone())
            .insert("state", self.state.value.name())
            .insert("reason", self.state.reason.as_str())
            .insert_some("reason_data", self.state.reason_data.as_deref())
            .insert("updated_at", self.state.updated_at)
            .insert("changed_at", self.state.changed_at)
            .insert("configured_at", self.configured_at)
            .insert("tags", tags.collect::<Object>());
        Json::from(row.build())
    }

    pub(crate) fn decode(row: &Json) -> Option<Alarm> {
        let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
        let number = |member: &str| row.get(member)?.as_i64();
        let tags = row.get("tags")?.as_object()?.iter();
        let tags = tags.map(|(key, value)| Some((key.to_string(), value.as_str()?.to_owned())));
        Some(Alarm {
            account: text("account")?,
            region: text("region")?,
            name: text("name")?,
            given: row.get("given")?.as_object()?.clone(),
            state: State {
                value: StateValue::parse(&text("state")?)?,
                reason: text("reason")?,
                reason_data: text("reason_data"),
                updated_at: number("updated_at")?,
                changed_at: number("changed_at")?,
            },
            configured_at: number("configured_at")?,
            tags: tags.collect::<Option<_>>()?,
        })
    }
}

/// Whose alarm it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) name: String,
}

impl Key {
    pub(crate) fn row(&self) -> [&str; 4] {
        ["alarm", &self.account, &self.region, &self.name]
    }
}
