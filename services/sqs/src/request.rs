//! Reading a call's parameters.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::{Call, Fault};

use crate::address::Address;
use crate::faults;
use crate::queue::Queue;
use crate::quotas::{BATCH_MAX, ENTRY_ID_MAX};
use crate::sqs::Core;

/// One call's parameters.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) call: &'a Call,
}

impl<'a> Request<'a> {
    pub(crate) fn get(&self, member: &str) -> Option<&'a Json> {
        find(&self.call.parameters, member)
    }

    pub(crate) fn text(&self, member: &str) -> Option<&'a str> {
        self.get(member).and_then(Json::as_str)
    }

    pub(crate) fn required(&self, member: &str) -> Result<&'a str, Fault> {
        self.text(member).ok_or_else(|| faults::missing(member))
    }

    pub(crate) fn number(&self, member: &str) -> Option<i64> {
        number(&self.call.parameters, member)
    }

    /// The items of a list of texts, which some clients call by another name.
    pub(crate) fn texts(&self, members: &[&str]) -> Vec<&'a str> {
        let lists = members
            .iter()
            .filter_map(|member| self.get(member)?.as_array());
        lists
            .flat_map(|list| list.iter())
            .filter_map(Json::as_str)
            .collect()
    }

    /// A map from text to text.
    pub(crate) fn map(&self, member: &str) -> BTreeMap<String, String> {
        let map = self.get(member).and_then(Json::as_object);
        map.into_iter()
            .flat_map(Object::iter)
            .map(|(key, value)| {
                let text = value.as_str().map(str::to_owned);
                (key.to_string(), text.unwrap_or_else(|| value.to_text()))
            })
            .collect()
    }

    /// The queue that `QueueUrl` names.
    ///
    /// # Errors
    /// `QueueDoesNotExist` where there is none, `InvalidAddress` where it is no queue's URL.
    pub(crate) fn queue(&self, core: &Core) -> Result<Arc<Queue>, Fault> {
        let url = self.required("QueueUrl")?;
        let address =
            Address::of_url(url, &self.call.caller).ok_or_else(|| faults::address(url))?;
        core.find(&address).ok_or_else(faults::no_queue)
    }

    /// The entries of a batch with their ids, which differ. `entry` is AWS's name of the shape.
    ///
    /// # Errors
    /// Where the batch as a whole is not as it should be.
    pub(crate) fn entries(&self, entry: &str) -> Result<Vec<(&'a str, &'a Json)>, Fault> {
        let list = self.get("Entries").and_then(Json::as_array);
        let list: Vec<&Json> = list.into_iter().flat_map(|list| list.iter()).collect();
        if list.is_empty() {
            return Err(faults::empty_batch(entry));
        }
        if list.len() > BATCH_MAX {
            return Err(faults::too_many_entries(list.len()));
        }
        let mut seen = BTreeSet::new();
        let mut entries = Vec::with_capacity(list.len());
        for given in list {
            let id = given.get("Id").and_then(Json::as_str).unwrap_or_default();
            let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if !(1..=ENTRY_ID_MAX).contains(&id.len()) || !id.chars().all(legal) {
                return Err(faults::entry_id());
            }
            if !seen.insert(id) {
                return Err(faults::entry_ids_not_distinct(id));
            }
            entries.push((id, given));
        }
        Ok(entries)
    }
}

/// A member that is there and not null.
pub(crate) fn find<'a>(object: &'a Json, member: &str) -> Option<&'a Json> {
    object.get(member).filter(|value| !value.is_null())
}

/// A number, which the Query protocol writes as text.
pub(crate) fn number(object: &Json, member: &str) -> Option<i64> {
    let value = find(object, member)?;
    value
        .as_i64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

/// The answer to a batch, from what became of each entry.
pub(crate) fn batch_answer<'a>(
    outcomes: impl IntoIterator<Item = (&'a str, Result<Object, Fault>)>,
) -> Json {
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for (id, outcome) in outcomes {
        match outcome {
            Ok(members) => successful.push(Json::from(
                std::iter::once(("Id".into(), Json::from(id)))
                    .chain(
                        members
                            .iter()
                            .map(|(name, value)| (Arc::clone(name), value.clone())),
                    )
                    .collect::<Object>(),
            )),
            Err(fault) => {
                let mut entry = ObjectBuilder::new();
                let code = fault.query_code.as_deref().unwrap_or(&fault.code);
                entry
                    .insert("Id", id)
                    .insert("SenderFault", fault.status < 500)
                    .insert("Code", code)
                    .insert("Message", fault.message.as_str());
                failed.push(Json::from(entry.build()));
            }
        }
    }
    let mut answer = ObjectBuilder::new();
    answer.insert("Successful", successful);
    if !failed.is_empty() {
        answer.insert("Failed", failed);
    }
    Json::from(answer.build())
}

/// One page of `items`, which begin after the one that `token` names, and the token of the next page.
///
/// # Errors
/// Where the page's size is not 1 to 1000.
pub(crate) fn page(
    request: &Request<'_>,
    items: Vec<String>,
) -> Result<(Vec<Json>, Option<String>), Fault> {
    let max = request.number("MaxResults");
    if let Some(max) = max
        && !(1..=1000).contains(&max)
    {
        return Err(faults::value(
            max,
            "MaxResults",
            "Must be between 1 and 1000, if provided.",
        ));
    }
    let size = max
        .and_then(|max| usize::try_from(max).ok())
        .unwrap_or(crate::quotas::PAGE_MAX);
    let after = request.text("NextToken").unwrap_or_default();
    let mut rest = items
        .into_iter()
        .filter(|item| after.is_empty() || item.as_str() > after);
    let shown: Vec<String> = rest.by_ref().take(size).collect();
    // Without MaxResults AWS gives the first thousand, and no token.
    let more = max.is_some() && rest.next().is_some();
    let token = shown.last().filter(|_| more).cloned();
    Ok((shown.into_iter().map(Json::from).collect(), token))
}
