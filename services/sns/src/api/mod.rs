//! The operations, by what they are about.

pub(crate) mod platform;
pub(crate) mod publish;
pub(crate) mod sms;
pub(crate) mod subscriptions;
pub(crate) mod tags;
pub(crate) mod topics;

use passo_json::Json;
use passo_records::{Parameters, page};
use passo_service::Fault;

use crate::faults;
use crate::quotas::PAGE_MAX;

/// A text that has to be there.
///
/// # Errors
/// Where it is not.
pub(crate) fn required<'a>(request: &Parameters<'a>, member: &str) -> Result<&'a str, Fault> {
    request.text(member).ok_or_else(|| {
        let mut name = member.to_owned();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        faults::missing(&name)
    })
}

/// A page of what is known by these keys, as an answer with `member` and `NextToken`.
pub(crate) fn listed(
    request: &Parameters<'_>,
    member: &'static str,
    items: Vec<(String, Json)>,
) -> Json {
    let mut items = items;
    items.sort_by(|(one, _), (other, _)| one.cmp(other));
    let after = request.text("NextToken");
    let (items, next) = page(items, |(key, _)| key, after, PAGE_MAX);
    let items: Vec<Json> = items.into_iter().map(|(_, item)| item).collect();
    let mut answer = passo_json::ObjectBuilder::new();
    answer.insert(member, items).insert_some("NextToken", next);
    Json::from(answer.build())
}

/// An object with one text.
pub(crate) fn one(member: &'static str, value: impl Into<Json>) -> Json {
    let mut object = passo_json::ObjectBuilder::new();
    object.insert(member, value);
    Json::from(object.build())
}
