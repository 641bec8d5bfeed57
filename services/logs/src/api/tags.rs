//! Tags of log groups.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;
use passo_store::{Batch, Durability};

use super::groups::nothing;
use crate::group::Group;
use crate::request::Request;
use crate::{Logs, faults, keys};

/// Source: CloudWatch Logs API Reference, `TagResource`: 50.
const TAGS_MAX: usize = 50;

type Answer = Result<Json, Fault>;

/// `TagResource` and `TagLogGroup`
pub(crate) fn tag(logs: &Logs, request: &Request<'_>) -> Answer {
    change(logs, request, |group| {
        group.tags.extend(request.map("tags"));
    })
}

/// `UntagResource` and `UntagLogGroup`
pub(crate) fn untag(logs: &Logs, request: &Request<'_>) -> Answer {
    change(logs, request, |group| {
        for key in request
            .texts("tagKeys")
            .into_iter()
            .chain(request.texts("tags"))
        {
            group.tags.remove(key);
        }
    })
}

/// `ListTagsForResource` and `ListTagsLogGroup`
pub(crate) fn list(logs: &Logs, request: &Request<'_>) -> Answer {
    let group = logs.tables.group(&request.place()?)?;
    let tags = group.tags.iter();
    let tags = tags.map(|(key, value)| (key.as_str(), Json::from(value.as_str())));
    let mut answer = ObjectBuilder::new();
    answer.insert("tags", tags.collect::<Object>());
    Ok(Json::from(answer.build()))
}

fn change(logs: &Logs, request: &Request<'_>, change: impl FnOnce(&mut Group)) -> Answer {
    let place = request.place()?;
    let _changing = logs.changing();
    let mut group = logs.tables.group(&place)?;
    change(&mut group);
    if group.tags.len() > TAGS_MAX {
        return Err(faults::limit("A log group has at most 50 tags."));
    }
    let mut batch = Batch::new();
    batch.put(keys::GROUPS, keys::group(&place), group.encode());
    logs.tables.commit(&batch, Durability::Synced)?;
    Ok(nothing())
}
