//! `ListTagsForResource`

use passo_json::{Json, json};
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::tags;

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let view = service.tables.view()?;
    tags::check_resource(&view, request)?;
    let tags = view.tags(request.required_text("resourceArn"))?;
    let tags = tags
        .into_iter()
        .map(|(key, value)| json!({"key": key, "value": value}));
    Ok(json!({"tags": tags.collect::<Vec<_>>()}))
}
