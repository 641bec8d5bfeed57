//! `TagResource`

use passo_json::{Json, json};
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::tags;

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let arn = request.required_text("resourceArn");
    let added = tags::given(request)?;
    service.tables.change(|view, changes| {
        tags::check_resource(view, request)?;
        let mut tags = view.tags(arn)?;
        for (key, value) in added {
            tags::set(&mut tags, key, value);
        }
        tags::check_count(&tags, arn)?;
        changes.put_tags(arn, &tags);
        Ok(json!({}))
    })
}
