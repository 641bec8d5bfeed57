//! Tags of rules and buses.

use std::collections::BTreeMap;

use passo_json::{Json, ObjectBuilder};

use crate::names;
use crate::request::{Answer, Request, nothing, shown_tags};

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
    let arn = request.required("ResourceARN")?;
    let tags = match names::rule_of_arn(arn) {
        Some((bus, name)) => request.rule(&bus, &name)?.tags,
        None => request.bus(names::bus(arn))?.tags,
    };
    let mut answer = ObjectBuilder::new();
    answer.insert("Tags", shown_tags(&tags));
    Ok(Json::from(answer.build()))
}

fn changed(request: &Request<'_>, how: impl FnOnce(&mut BTreeMap<String, String>)) -> Answer {
    let arn = request.required("ResourceARN")?;
    let change = request.service.tables.records.change();
    if let Some((bus, name)) = names::rule_of_arn(arn) {
        let mut rule = request.rule(&bus, &name)?;
        how(&mut rule.tags);
        request.keep_rule(&change, &rule)?;
    } else {
        let mut bus = request.bus(names::bus(arn))?;
        how(&mut bus.tags);
        request.keep_bus(&change, &bus)?;
    }
    Ok(nothing())
}
