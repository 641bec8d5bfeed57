//! `DeleteActivity`

use passo_json::{Json, json};
use passo_service::Fault;

use crate::model::Owned;
use crate::request::Request;
use crate::resource;
use crate::service::StepFunctions;

/// An activity that is not there is as good as deleted.
pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (arn, caller) = (request.required_text("activityArn"), request.caller());
    let name = resource::activity_name(arn)?;
    if !resource::is_of(arn, caller) {
        return Ok(json!({}));
    }
    service.tables.change(|_, changes| {
        changes.delete_activity(&Owned::new(caller, &name), arn);
        Ok(json!({}))
    })
}
