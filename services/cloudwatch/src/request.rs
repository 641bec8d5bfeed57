//! A call with its service, and how its times and lists are read and shown.

use passo_json::{Json, Number, Object, ObjectBuilder};
use passo_records::Parameters;
use passo_service::Fault;

use crate::faults;
use crate::service::Shared;

pub(crate) type Answer = Result<Json, Fault>;

/// One call.
pub(crate) struct Request<'a> {
    pub(crate) service: &'a Shared,
    pub(crate) given: Parameters<'a>,
}

impl<'a> Request<'a> {
    pub(crate) fn required(&self, member: &str) -> Result<&'a str, Fault> {
        self.given
            .text(member)
            .ok_or_else(|| faults::missing(member))
    }

    /// A time, in milliseconds since 1970.
    pub(crate) fn time(&self, member: &str) -> Option<i64> {
        millis(self.given.get(member)?)
    }

    pub(crate) fn required_time(&self, member: &str) -> Result<i64, Fault> {
        self.time(member).ok_or_else(|| faults::missing(member))
    }

    /// Account and region.
    pub(crate) fn home(&self) -> (&'a str, &'a str) {
        (self.given.account(), self.given.region())
    }

    pub(crate) fn now(&self) -> i64 {
        self.service.now()
    }
}

/// Seconds since 1970 as milliseconds.
pub(crate) fn millis(seconds: &Json) -> Option<i64> {
    Number::integral((seconds.as_f64()? * 1000.0).round())?.as_i64()
}

/// Milliseconds as the API shows times: seconds since 1970, with a fraction.
#[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
pub(crate) fn seconds(millis: i64) -> Json {
    Number::from_f64(millis as f64 / 1000.0).map_or(Json::Null, Json::Number)
}

/// The answer of operations that have none.
pub(crate) fn nothing() -> Json {
    Json::from(Object::default())
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
