//! `CreateActivity`

use std::sync::Arc;

use passo_json::{Json, json};
use passo_service::Fault;

use crate::model::{Activity, Owned};
use crate::quotas::ACTIVITIES_MAX;
use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;
use crate::{configuration, names, resource, tags};

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (name, caller) = (request.required_text("name"), request.caller());
    names::check(name)?;
    let tags = tags::given(request)?;
    let activity = Activity {
        arn: resource::arn(caller, &format!("activity:{name}")),
        name: Arc::from(name),
        created_at: service.clock.now(),
        encryption: configuration::encryption(request.member("encryptionConfiguration"))?,
    };
    let owned = Owned::new(caller, name);
    service.tables.change(|view, changes| {
        let activity = match view.activity(&owned)? {
            Some(existing) if existing.encryption == activity.encryption => existing,
            Some(existing) => {
                return Err(Fault::caller(
                    "ActivityAlreadyExists",
                    format!("Activity Already Exists: '{}'", existing.arn),
                ));
            }
            None => {
                if view.count_activities(caller)? >= ACTIVITIES_MAX {
                    return Err(Fault::caller(
                        "ActivityLimitExceeded",
                        "The maximum number of activities has been reached",
                    ));
                }
                changes.put_activity(&owned, &activity);
                if !tags.is_empty() {
                    changes.put_tags(&activity.arn, &tags);
                }
                activity
            }
        };
        Ok(json!({
            "activityArn": activity.arn.clone(),
            "creationDate": epoch_seconds(activity.created_at)
        }))
    })
}
