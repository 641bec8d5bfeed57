//! Tags of functions.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use super::super::faults;
use super::super::request::Request;
use super::super::service::Lambda;

/// Source: Lambda Developer Guide, "Using tags": 50 for a function.
const TAGS_MAX: usize = 50;

type Answer = Result<Json, Fault>;

/// `ListTags`
pub(in super::super) fn list(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let record = lambda.table.get(&request.tagged()?)?;
    let tags = record.tags.iter();
    let tags = tags.map(|(key, value)| (key.as_str(), Json::from(value.as_str())));
    let mut answer = ObjectBuilder::new();
    answer.insert("Tags", tags.collect::<Object>());
    Ok(Json::from(answer.build()))
}

/// `TagResource`
pub(in super::super) fn tag(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.tagged()?;
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    record.tags.extend(request.texts("Tags"));
    if record.tags.len() > TAGS_MAX {
        return Err(faults::invalid(format!(
            "A function has at most {TAGS_MAX} tags."
        )));
    }
    lambda.table.put(&target, &record)?;
    Ok(Json::from(Object::default()))
}

/// `UntagResource`
pub(in super::super) fn untag(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.tagged()?;
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    let keys = request.get("TagKeys").and_then(Json::as_array);
    for key in keys
        .into_iter()
        .flat_map(|keys| keys.iter())
        .filter_map(Json::as_str)
    {
        record.tags.remove(key);
    }
    lambda.table.put(&target, &record)?;
    Ok(Json::from(Object::default()))
}
