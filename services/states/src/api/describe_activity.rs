//! `DescribeActivity`

use passo_json::{Json, json};
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::targets;
use crate::times::epoch_seconds;

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let activity = targets::activity(service, request)?;
    Ok(json!({
        "activityArn": activity.arn.clone(),
        "name": activity.name.clone(),
        "creationDate": epoch_seconds(activity.created_at),
        "encryptionConfiguration": activity.encryption
    }))
}
