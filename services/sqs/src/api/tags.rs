//! `TagQueue`, `UntagQueue` and `ListQueueTags`.

use std::collections::BTreeMap;

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use super::set_queue_attributes::update;
use crate::faults;
use crate::quotas::TAGS_MAX;
use crate::request::Request;
use crate::sqs::{Core, nothing};

pub(crate) async fn tag(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let given = request.map("Tags");
    if given.is_empty() {
        return Err(faults::missing("Tags"));
    }
    check(&given)?;
    update(core, &queue, |record| {
        record.tags.extend(given);
        check(&record.tags)
    })
    .await?;
    Ok(nothing())
}

pub(crate) async fn untag(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let keys = request.texts(&["TagKeys"]);
    update(core, &queue, |record| {
        record.tags.retain(|key, _| !keys.contains(&key.as_str()));
        Ok(())
    })
    .await?;
    Ok(nothing())
}

pub(crate) fn list(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let state = queue.open()?;
    let tags: Object = state
        .record
        .tags
        .iter()
        .map(|(key, value)| (key.as_str(), Json::from(value.as_str())))
        .collect();
    let mut answer = ObjectBuilder::new();
    if !tags.is_empty() {
        answer.insert("Tags", tags);
    }
    Ok(Json::from(answer.build()))
}

/// Whether a queue may have these tags.
///
/// # Errors
/// Where there are too many, or one is too long.
pub(crate) fn check(tags: &BTreeMap<String, String>) -> Result<(), Fault> {
    if tags.len() > TAGS_MAX {
        return Err(faults::parameter("Too many tags added for queue."));
    }
    let legal = |(key, value): (&String, &String)| {
        (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256
    };
    if tags.iter().all(legal) {
        return Ok(());
    }
    Err(faults::parameter(
        "Tag keys must have 1 to 128 characters, tag values at most 256.",
    ))
}
