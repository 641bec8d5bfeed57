//! Reading a call's parameters.

use std::time::{SystemTime, UNIX_EPOCH};

use passo_json::Json;
use passo_service::{Call, Fault};
use passo_vocab::Timestamp;

use crate::faults;

/// One call's parameters.
pub(crate) struct Request<'a> {
    pub(crate) call: &'a Call,
}

impl Request<'_> {
    pub(crate) fn account(&self) -> &str {
        self.call.caller.account.as_str()
    }

    pub(crate) fn text(&self, member: &str) -> Option<&str> {
        self.call.parameters.get(member).and_then(Json::as_str)
    }

    pub(crate) fn required(&self, member: &str) -> Result<&str, Fault> {
        self.text(member).ok_or_else(|| {
            let mut name = member.to_owned();
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            faults::invalid(format!(
                "1 validation error detected: Value at '{name}' failed to satisfy constraint: Member must not be null"
            ))
        })
    }

    /// A number, which forms hold as text.
    pub(crate) fn number(&self, member: &str) -> Option<i64> {
        let given = self.call.parameters.get(member)?;
        given.as_i64().or_else(|| given.as_str()?.parse().ok())
    }

    /// The name of a role or policy.
    pub(crate) fn name(&self, member: &str) -> Result<&str, Fault> {
        let name = self.required(member)?;
        let legal = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
        if (1..=128).contains(&name.len()) && name.chars().all(legal) {
            return Ok(name);
        }
        Err(faults::invalid(format!(
            "The specified value for {} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
            member.to_ascii_lowercase()
        )))
    }

    /// A policy document: JSON.
    pub(crate) fn document(&self, member: &str) -> Result<&str, Fault> {
        let text = self.required(member)?;
        match passo_json::validate(text, passo_json::Limits::default()) {
            Ok(()) => Ok(text),
            Err(_) => Err(faults::malformed_policy()),
        }
    }

    /// `Path`, `/` unless given.
    pub(crate) fn path(&self) -> String {
        let given = self.text("Path").unwrap_or("/").trim_matches('/');
        if given.is_empty() {
            "/".to_owned()
        } else {
            format!("/{given}/")
        }
    }

    /// `Tags`: keys and values.
    pub(crate) fn tags(&self) -> Vec<(String, String)> {
        let list = self.call.parameters.get("Tags").and_then(Json::as_array);
        list.into_iter()
            .flat_map(|list| list.iter())
            .filter_map(|tag| {
                let text = |member: &str| Some(tag.get(member)?.as_str()?.to_owned());
                Some((text("Key")?, text("Value").unwrap_or_default()))
            })
            .collect()
    }

    /// The items of a list of texts.
    pub(crate) fn texts(&self, member: &str) -> Vec<&str> {
        let list = self.call.parameters.get(member).and_then(Json::as_array);
        list.into_iter()
            .flat_map(|list| list.iter())
            .filter_map(Json::as_str)
            .collect()
    }

    /// An id such as `AROA…`: different for each call.
    pub(crate) fn unique_id(&self, prefix: &str) -> String {
        let digits: String = self
            .call
            .request_id
            .as_str()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(17)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        format!("{prefix}{digits}")
    }
}

/// The time of day, to the second.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_epoch_millis(
        i64::try_from(since.as_secs())
            .unwrap_or(0)
            .saturating_mul(1000),
    )
}
