//! Tags of state machines and activities.

use std::sync::Arc;

use passo_json::Json;
use passo_service::Fault;

use crate::faults;
use crate::model::{Owned, Tags};
use crate::quotas::TAGS_MAX;
use crate::request::Request;
use crate::resource::{self, Part, Resource};
use crate::tables::View;

/// The member `tags` of a request, each key once: the last value counts (recorded).
///
/// # Errors
/// `TooManyTags`; `ValidationException` for a key that AWS keeps for itself.
pub(crate) fn given(request: &Request) -> Result<Tags, Fault> {
    let mut tags = Tags::new();
    for tag in request
        .list("tags")
        .into_iter()
        .flat_map(|tags| tags.iter())
    {
        let text = |name| tag.get(name).and_then(Json::as_str).unwrap_or_default();
        let key = text("key");
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(faults::validation("Tag keys must not begin with 'aws:'"));
        }
        set(&mut tags, Arc::from(key), Arc::from(text("value")));
    }
    check_count(&tags, "")?;
    Ok(tags)
}

/// Sets one tag, where it stands or at the end.
pub(crate) fn set(tags: &mut Tags, key: Arc<str>, value: Arc<str>) {
    match tags.iter_mut().find(|(known, _)| *known == key) {
        Some(tag) => tag.1 = value,
        None => tags.push((key, value)),
    }
}

/// Checks how many tags a resource would have.
///
/// # Errors
/// `TooManyTags`
pub(crate) fn check_count(tags: &Tags, arn: &str) -> Result<(), Fault> {
    if tags.len() > TAGS_MAX {
        Err(faults::too_many_tags(arn))
    } else {
        Ok(())
    }
}

/// Checks that there is something at `resourceArn` that takes tags: a state machine or an activity, not a version.
///
/// # Errors
/// `InvalidArn`, `ResourceNotFound`
pub(crate) fn check_resource(view: &View, request: &Request) -> Result<(), Fault> {
    let (arn, caller) = (request.required_text("resourceArn"), request.caller());
    let exists = match Resource::parse(arn)? {
        Resource::StateMachine(reference) => {
            let whole = reference.part == Part::Whole;
            whole
                && view
                    .machine(&Owned::new(caller, &reference.name))?
                    .is_some()
        }
        Resource::Activity { name } => view.activity(&Owned::new(caller, &name))?.is_some(),
        Resource::Execution | Resource::Express { .. } | Resource::MapRun => false,
    };
    if exists && resource::is_of(arn, caller) {
        return Ok(());
    }
    Err(faults::tagged_resource_not_found(arn))
}
