//! A call with its service, and how it finds groups and schedules.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use passo_json::{Json, Object, ObjectBuilder};
use passo_records::{Parameters, page};
use passo_service::Fault;

use crate::group::{DEFAULT_GROUP, Group};
use crate::schedule::Schedule;
use crate::service::Shared;
use crate::{check, faults};

pub(crate) type Answer = Result<Json, Fault>;

/// One call.
pub(crate) struct Request<'a> {
    pub(crate) service: &'a Shared,
    pub(crate) given: Parameters<'a>,
}

impl<'a> Request<'a> {
    pub(crate) fn text(&self, member: &str) -> Option<&'a str> {
        self.given.text(member)
    }

    /// The name that the call is about.
    pub(crate) fn name(&self) -> Result<&'a str, Fault> {
        let name = self.text("Name").unwrap_or_default();
        check::name(name, "name")?;
        Ok(name)
    }

    /// The group that the call names; the default one where it names none.
    pub(crate) fn group_name(&self) -> Result<&'a str, Fault> {
        let name = self.text("GroupName").unwrap_or(DEFAULT_GROUP);
        check::name(name, "groupName")?;
        Ok(name)
    }

    pub(crate) fn group_key(&self, name: &'a str) -> [&'a str; 4] {
        ["group", self.given.account(), self.given.region(), name]
    }

    pub(crate) fn schedule_key(&self, group: &'a str, name: &'a str) -> [&'a str; 5] {
        let (account, region) = (self.given.account(), self.given.region());
        ["schedule", account, region, group, name]
    }

    pub(crate) fn find_group(&self, name: &'a str) -> Result<Option<Group>, Fault> {
        let row = self.service.records.find(&self.group_key(name));
        let row = row.map_err(|error| faults::store(&error))?;
        let found = row.as_ref().and_then(Group::decode);
        Ok(found.or_else(|| (name == DEFAULT_GROUP).then(Group::default_group)))
    }

    pub(crate) fn group(&self, name: &'a str) -> Result<Group, Fault> {
        self.find_group(name)?.ok_or_else(|| faults::no_group(name))
    }

    pub(crate) fn find_schedule(
        &self,
        group: &'a str,
        name: &'a str,
    ) -> Result<Option<Schedule>, Fault> {
        let row = self.service.records.find(&self.schedule_key(group, name));
        let row = row.map_err(|error| faults::store(&error))?;
        Ok(row.as_ref().and_then(Schedule::decode))
    }

    /// A page of `items`, which are in the order of their keys.
    pub(crate) fn page<T>(
        &self,
        member: &str,
        items: Vec<(String, T)>,
        show: impl Fn(&T) -> Json,
    ) -> Answer {
        let limit = self.given.number("MaxResults").unwrap_or(100);
        let limit = usize::try_from(limit).unwrap_or(100).clamp(1, 100);
        let after = self.text("NextToken").map(token).transpose()?;
        let (items, next) = page(items, |(key, _)| key, after.as_deref(), limit);
        let mut answer = ObjectBuilder::new();
        answer
            .insert(
                member,
                items.iter().map(|(_, item)| show(item)).collect::<Vec<_>>(),
            )
            .insert_some("NextToken", next.map(|key| URL_SAFE_NO_PAD.encode(key)));
        Ok(Json::from(answer.build()))
    }
}

fn token(given: &str) -> Result<String, Fault> {
    let bytes = URL_SAFE_NO_PAD.decode(given).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| faults::validation("Invalid NextToken provided."))
}

/// The answer of operations that have none.
pub(crate) fn nothing() -> Json {
    Json::from(Object::default())
}
