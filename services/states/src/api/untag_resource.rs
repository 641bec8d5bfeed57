//! `UntagResource`

use passo_json::{Json, json};
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::tags;

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let arn = request.required_text("resourceArn");
    let removed: Vec<&str> = match request.list("tagKeys") {
        Some(keys) => keys.iter().filter_map(Json::as_str).collect(),
        None => Vec::new(),
    };
    service.tables.change(|view, changes| {
        tags::check_resource(view, request)?;
        let mut tags = view.tags(arn)?;
        tags.retain(|(key, _)| !removed.contains(&&**key));
        changes.put_tags(arn, &tags);
        Ok(json!({}))
    })
}
