//! `ListActivities`

use passo_json::{Json, json};
use passo_service::Fault;

use crate::lists::{self, text_position};
use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    lists::page(service, request, "activities", |after, take| {
        let view = service.tables.view()?;
        view.activities(request.caller(), text_position(after), &mut |activity| {
            let item = json!({
                "activityArn": activity.arn.clone(),
                "name": activity.name.clone(),
                "creationDate": epoch_seconds(activity.created_at)
            });
            take(activity.name.as_bytes(), item)
        })
    })
}
