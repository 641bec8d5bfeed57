//! Tags of parameters.

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::faults;
use crate::parameter::Parameter;
use crate::request::{Answer, Request, nothing};

/// `AddTagsToResource`
pub(crate) fn add(request: &Request<'_>) -> Answer {
    changed(request, |parameter| {
        parameter.tags.extend(request.given.tags("Tags"));
    })
}

/// `RemoveTagsFromResource`
pub(crate) fn remove(request: &Request<'_>) -> Answer {
    changed(request, |parameter| {
        for key in request.given.texts("TagKeys") {
            parameter.tags.remove(key);
        }
    })
}

/// `ListTagsForResource`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    let mut answer = ObjectBuilder::new();
    answer.insert("TagList", find(request)?.tags_shown());
    Ok(Json::from(answer.build()))
}

fn changed(request: &Request<'_>, how: impl FnOnce(&mut Parameter)) -> Answer {
    let change = request.service.records.change();
    let mut parameter = find(request)?;
    how(&mut parameter);
    request.keep(&change, &parameter)?;
    Ok(nothing())
}

/// The parameter that `ResourceId` names. Other types of resources are not here.
fn find(request: &Request<'_>) -> Result<Parameter, Fault> {
    let id = request.required("ResourceId")?;
    let known = match request.required("ResourceType")? {
        "Parameter" => request.find(id)?,
        _ => None,
    };
    known.ok_or_else(|| faults::no_resource(id))
}
