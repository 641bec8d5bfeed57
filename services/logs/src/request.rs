//! A call's parameters, as this service reads them.

use std::collections::BTreeMap;

use passo_json::Json;
use passo_records::Parameters;
use passo_service::Fault;

use crate::{Place, faults};

/// One call's parameters.
pub(crate) struct Request<'a> {
    pub(crate) given: Parameters<'a>,
}

impl<'a> Request<'a> {
    pub(crate) fn get(&self, member: &str) -> Option<&'a Json> {
        self.given.get(member)
    }

    pub(crate) fn text(&self, member: &str) -> Option<&'a str> {
        self.given.text(member)
    }

    pub(crate) fn number(&self, member: &str) -> Option<i64> {
        self.given.number(member)
    }

    pub(crate) fn flag(&self, member: &str) -> bool {
        self.given.flag(member)
    }

    pub(crate) fn texts(&self, member: &str) -> Vec<&'a str> {
        self.given.texts(member)
    }

    pub(crate) fn map(&self, member: &str) -> BTreeMap<String, String> {
        self.given.map(member)
    }

    pub(crate) fn required(&self, member: &str) -> Result<&'a str, Fault> {
        self.text(member).ok_or_else(|| faults::missing(member))
    }

    /// The group that `logGroupName`, `logGroupIdentifier` or `resourceArn` names.
    pub(crate) fn place(&self) -> Result<Place, Fault> {
        let caller = &self.given.call.caller;
        let arn = ["logGroupIdentifier", "resourceArn"]
            .into_iter()
            .find_map(|member| self.text(member));
        match (self.text("logGroupName"), arn) {
            (None, Some(arn)) if arn.starts_with("arn:") => Place::of_arn(arn)
                .ok_or_else(|| faults::invalid("The ARN is not that of a log group.")),
            (None, Some(name)) => Ok(Place::of(caller, name)),
            (Some(_), _) | (None, None) => Ok(Place::of(caller, self.required("logGroupName")?)),
        }
    }

    /// `limit`, between 1 and `max`.
    pub(crate) fn limit(&self, default: usize, max: usize) -> usize {
        let given = self.number("limit");
        let given = given.and_then(|limit| usize::try_from(limit).ok());
        given.unwrap_or(default).clamp(1, max)
    }
}
