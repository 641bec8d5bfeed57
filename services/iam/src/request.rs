//! Reading a call's parameters.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use passo_json::Json;
use passo_records::Parameters;
use passo_service::Fault;
use passo_vocab::Timestamp;

use crate::faults;

/// One call's parameters.
pub(crate) struct Request<'a> {
    pub(crate) given: Parameters<'a>,
}

impl<'a> Request<'a> {
    pub(crate) fn account(&self) -> &'a str {
        self.given.account()
    }

    pub(crate) fn text(&self, member: &str) -> Option<&'a str> {
        self.given.text(member)
    }

    pub(crate) fn required(&self, member: &str) -> Result<&'a str, Fault> {
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
        let given: &Json = self.given.get(member)?;
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
    pub(crate) fn tags(&self) -> BTreeMap<String, String> {
        self.given.tags("Tags")
    }

    /// The items of a list of texts.
    pub(crate) fn texts(&self, member: &str) -> Vec<&'a str> {
        self.given.texts(member)
    }

    /// An id such as `AROA…`: different for each call.
    pub(crate) fn unique_id(&self, prefix: &str) -> String {
        let digits: String = self
            .given
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
