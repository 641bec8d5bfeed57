//! A call with its service, and how it finds and keeps buses and rules.

use passo_json::{Json, Object, ObjectBuilder};
use passo_records::{Changing, Parameters, page};
use passo_service::Fault;

use crate::faults;
use crate::names::{self, DEFAULT_BUS};
use crate::records::{Bus, Rule};
use crate::service::Shared;

pub(crate) type Answer = Result<Json, Fault>;

/// One call.
pub(crate) struct Request<'a> {
    pub(crate) service: &'a Shared,
    pub(crate) given: Parameters<'a>,
}

impl<'a> Request<'a> {
    pub(crate) fn required(&self, member: &str) -> Result<&'a str, Fault> {
        let text = self.given.required(member);
        text.map_err(|missing| faults::missing(&missing))
    }

    pub(crate) fn now(&self) -> i64 {
        self.service.now()
    }

    /// The bus that `member` names; the default one where it is not given.
    pub(crate) fn bus_name(&self, member: &str) -> &'a str {
        self.given.text(member).map_or(DEFAULT_BUS, names::bus)
    }

    pub(crate) fn bus(&self, name: &str) -> Result<Bus, Fault> {
        let found = self
            .service
            .tables
            .bus(self.given.account(), self.given.region(), name)?;
        found.ok_or_else(|| faults::no_bus(name))
    }

    pub(crate) fn rule(&self, bus: &str, name: &str) -> Result<Rule, Fault> {
        let found = self.find_rule(bus, name)?;
        found.ok_or_else(|| faults::no_rule(name, bus))
    }

    pub(crate) fn find_rule(&self, bus: &str, name: &str) -> Result<Option<Rule>, Fault> {
        let row = self.service.tables.records.find(&[
            "rule",
            self.given.account(),
            self.given.region(),
            bus,
            name,
        ]);
        let row = row.map_err(|error| faults::store(&error))?;
        Ok(row.as_ref().and_then(Rule::decode))
    }

    pub(crate) fn keep_bus(&self, change: &Changing<'_>, bus: &Bus) -> Result<(), Fault> {
        let key = ["bus", self.given.account(), self.given.region(), &bus.name];
        change
            .put(&key, &bus.encode())
            .map_err(|error| faults::store(&error))
    }

    pub(crate) fn keep_rule(&self, change: &Changing<'_>, rule: &Rule) -> Result<(), Fault> {
        let key = [
            "rule",
            self.given.account(),
            self.given.region(),
            &rule.bus,
            &rule.name,
        ];
        change
            .put(&key, &rule.encode())
            .map_err(|error| faults::store(&error))?;
        self.service
            .rules_changed(self.given.account(), self.given.region(), &rule.bus);
        Ok(())
    }

    /// Archives and replays are listed by one criterion at most.
    pub(crate) fn one_filter(&self, operation: &str) -> Result<(), Fault> {
        let filters = ["State", "EventSourceArn", "NamePrefix"];
        let given = filters
            .iter()
            .filter(|name| self.given.text(name).is_some());
        if given.count() > 1 {
            return Err(faults::validation(format!(
                "At most one filter is allowed for {operation}. Use either : State, EventSourceArn, or NamePrefix."
            )));
        }
        Ok(())
    }

    /// The caller's records of a kind, those only whose names begin as `NamePrefix` says.
    pub(crate) fn listed<T>(
        &self,
        kind: &str,
        decode: impl Fn(&Json) -> Option<T>,
        name: impl Fn(&T) -> &str,
    ) -> Result<Vec<T>, Fault> {
        let key = [kind, self.given.account(), self.given.region()];
        let rows = self.service.tables.records.list(&key);
        let rows = rows.map_err(|error| faults::store(&error))?;
        let prefix = self.given.text("NamePrefix").unwrap_or_default();
        let found = rows.iter().filter_map(|(_, row)| decode(row));
        Ok(found
            .filter(|found| name(found).starts_with(prefix))
            .collect())
    }

    /// The caller's record of a kind with that name.
    pub(crate) fn find<T>(
        &self,
        kind: &str,
        name: &str,
        decode: impl Fn(&Json) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        let key = [kind, self.given.account(), self.given.region(), name];
        let row = self.service.tables.records.find(&key);
        let row = row.map_err(|error| faults::store(&error))?;
        Ok(row.as_ref().and_then(decode))
    }

    /// A page of `items`, as the listings of EventBridge show it.
    pub(crate) fn page<T>(
        &self,
        member: &str,
        items: Vec<T>,
        key: impl Fn(&T) -> &str,
        show: impl Fn(&T) -> Json,
    ) -> Json {
        let limit = self.given.number("Limit");
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        let token = self.given.text("NextToken");
        let (items, next) = page(items, key, token, limit.unwrap_or(100).clamp(1, 100));
        let mut answer = ObjectBuilder::new();
        answer
            .insert(member, items.iter().map(show).collect::<Vec<_>>())
            .insert_some("NextToken", next);
        Json::from(answer.build())
    }
}

/// Tags as the API shows them.
pub(crate) fn shown_tags(tags: &std::collections::BTreeMap<String, String>) -> Vec<Json> {
    let tag = |(key, value): (&String, &String)| {
        let mut tag = ObjectBuilder::new();
        tag.insert("Key", key.as_str())
            .insert("Value", value.as_str());
        Json::from(tag.build())
    };
    tags.iter().map(tag).collect()
}

/// Milliseconds as the API shows times: seconds since 1970, with a fraction.
#[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
pub(crate) fn seconds(millis: i64) -> Json {
    passo_json::Number::from_f64(millis as f64 / 1000.0).map_or(Json::Null, Json::Number)
}

/// The answer of operations that have none.
pub(crate) fn nothing() -> Json {
    Json::from(Object::default())
}
