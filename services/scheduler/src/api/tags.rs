//! Tags of groups; schedules have none.

use std::collections::BTreeMap;

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::faults;
use crate::group;
use crate::quotas::TAGS_MAX;
use crate::request::{Answer, Request, nothing};

/// `TagResource`
pub(crate) fn tag(request: &Request<'_>) -> Answer {
    changed(request, |tags| tags.extend(request.given.tags("Tags")))
}

/// `UntagResource`
pub(crate) fn untag(request: &Request<'_>) -> Answer {
    changed(request, |tags| {
        for key in request.given.texts("TagKeys") {
            tags.remove(key);
        }
    })
}

/// `ListTagsForResource`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    let group = request.group(named(request)?)?;
    let tags = group.tags.iter().map(|(key, value)| {
        let mut tag = ObjectBuilder::new();
        tag.insert("Key", key.as_str())
            .insert("Value", value.as_str());
        Json::from(tag.build())
    });
    let mut answer = ObjectBuilder::new();
    answer.insert("Tags", tags.collect::<Vec<Json>>());
    Ok(Json::from(answer.build()))
}

fn changed(request: &Request<'_>, how: impl FnOnce(&mut BTreeMap<String, String>)) -> Answer {
    let change = request.service.records.change();
    let name = named(request)?;
    let mut group = request.group(name)?;
    how(&mut group.tags);
    if group.tags.len() > TAGS_MAX {
        return Err(faults::quota("A schedule group has at most 50 tags."));
    }
    change
        .put(&request.group_key(name), &group.encode())
        .map_err(|error| faults::store(&error))?;
    Ok(nothing())
}

/// The name of the group that the call names by its ARN.
fn named<'a>(request: &Request<'a>) -> Result<&'a str, Fault> {
    let arn = request.text("ResourceArn").unwrap_or_default();
    let (region, account) = (request.given.region(), request.given.account());
    group::name_in(arn, region, account).ok_or_else(|| {
        faults::validation(format!(
            "Provided Arn {arn} is not that of a schedule group."
        ))
    })
}
