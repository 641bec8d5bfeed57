//! Tags of alarms.

use std::collections::BTreeMap;

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;
use passo_vocab::Arn;

use crate::alarm::{Alarm, Key};
use crate::request::{Answer, Request, nothing, shown_tags};
use crate::{faults, quotas};

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
    let alarm = alarm(request)?;
    let mut answer = ObjectBuilder::new();
    answer.insert("Tags", shown_tags(&alarm.tags));
    Ok(Json::from(answer.build()))
}

fn changed(request: &Request<'_>, how: impl FnOnce(&mut BTreeMap<String, String>)) -> Answer {
    let change = request.service.records.change();
    let mut alarm = alarm(request)?;
    how(&mut alarm.tags);
    if alarm.tags.len() > quotas::TAGS_MAX {
        return Err(faults::invalid("A resource has at most 50 tags."));
    }
    let kept = change.put(&alarm.key().row(), &alarm.encode());
    kept.map_err(|error| faults::store(&error))?;
    Ok(nothing())
}

fn alarm(request: &Request<'_>) -> Result<Alarm, Fault> {
    let text = request.required("ResourceARN")?;
    let arn = Arn::parse(text).ok();
    let arn = arn.filter(|arn| arn.service() == "cloudwatch");
    let arn = arn.ok_or_else(|| faults::invalid("The ARN is not valid."))?;
    let name = arn.resource().strip_prefix("alarm:");
    let key = Key {
        account: request.given.account().to_owned(),
        region: request.given.region().to_owned(),
        name: name.ok_or_else(faults::no_resource)?.to_owned(),
    };
    request.service.alarm(&key)?.ok_or_else(faults::no_resource)
}
