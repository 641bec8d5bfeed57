//! Reading a call's parameters.

use std::collections::BTreeMap;

use passo_json::{Json, Object};
use passo_service::{Call, Fault};

use crate::{Place, faults};

/// One call's parameters.
pub(crate) struct Request<'a> {
    pub(crate) call: &'a Call,
}

impl Request<'_> {
    pub(crate) fn get(&self, member: &str) -> Option<&Json> {
        self.call
            .parameters
            .get(member)
            .filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, member: &str) -> Option<&str> {
        self.get(member).and_then(Json::as_str)
    }

    pub(crate) fn number(&self, member: &str) -> Option<i64> {
        self.get(member).and_then(Json::as_i64)
    }

    pub(crate) fn flag(&self, member: &str) -> bool {
        self.get(member).and_then(Json::as_bool).unwrap_or(false)
    }

    pub(crate) fn required(&self, member: &str) -> Result<&str, Fault> {
        self.text(member).ok_or_else(|| {
            faults::invalid(format!(
                "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
            ))
        })
    }

    /// The items of a list of texts.
    pub(crate) fn texts(&self, member: &str) -> Vec<&str> {
        let list = self.get(member).and_then(Json::as_array);
        list.into_iter()
            .flat_map(|list| list.iter())
            .filter_map(Json::as_str)
            .collect()
    }

    /// A map from text to text.
    pub(crate) fn map(&self, member: &str) -> BTreeMap<String, String> {
        let map = self.get(member).and_then(Json::as_object);
        map.into_iter()
            .flat_map(Object::iter)
            .filter_map(|(key, value)| Some((key.to_string(), value.as_str()?.to_owned())))
            .collect()
    }

    /// The group that `logGroupName`, `logGroupIdentifier` or `resourceArn` names.
    pub(crate) fn place(&self) -> Result<Place, Fault> {
        let arn = ["logGroupIdentifier", "resourceArn"]
            .into_iter()
            .find_map(|member| self.text(member));
        match (self.text("logGroupName"), arn) {
            (None, Some(arn)) if arn.starts_with("arn:") => Place::of_arn(arn)
                .ok_or_else(|| faults::invalid("The ARN is not that of a log group.")),
            (None, Some(name)) => Ok(Place::of(&self.call.caller, name)),
            (Some(_), _) | (None, None) => {
                Ok(Place::of(&self.call.caller, self.required("logGroupName")?))
            }
        }
    }

    /// `limit`, between 1 and `max`.
    pub(crate) fn limit(&self, default: usize, max: usize) -> usize {
        let given = self
            .number("limit")
            .and_then(|limit| usize::try_from(limit).ok());
        given.unwrap_or(default).clamp(1, max)
    }
}
