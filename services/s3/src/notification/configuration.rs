//! The configuration of a bucket's notifications: taken where everybody whom it names can be reached.

use std::sync::Arc;

use s3s::dto::{
    GetBucketNotificationConfigurationInput, GetBucketNotificationConfigurationOutput,
    NotificationConfiguration, PutBucketNotificationConfigurationInput,
    PutBucketNotificationConfigurationOutput,
};
use s3s::{S3Request, S3Result};

use crate::backend::{Core, caller, request_id};
use crate::notification::destination::probe;
use crate::notification::rule::{check, rules};

/// Its name among the configurations of a bucket.
pub(crate) const NAME: &str = "bucket_notification";

pub(crate) async fn put(
    core: &Arc<Core>,
    request: S3Request<PutBucketNotificationConfigurationInput>,
) -> S3Result<PutBucketNotificationConfigurationOutput> {
    let (caller, request_id) = (caller(&request)?, request_id(&request)?);
    let input = request.input;
    let mut configuration = input.notification_configuration;
    name_rules(core, &mut configuration);
    let (bucket, of) = (input.bucket.clone(), caller.clone());
    let row = core.run(move |core| core.bucket(&of, &bucket)).await?;
    let rules = rules(&configuration)?;
    check(&rules, &row.region)?;
    if !input.skip_destination_validation.unwrap_or(false) {
        for rule in &rules {
            probe(core, rule, (&input.bucket, &request_id)).await?;
        }
    }
    core.run(move |core| core.configure(&caller, &input.bucket, (NAME, Some(&configuration))))
        .await?;
    Ok(PutBucketNotificationConfigurationOutput::default())
}

pub(crate) async fn get(
    core: &Arc<Core>,
    request: S3Request<GetBucketNotificationConfigurationInput>,
) -> S3Result<GetBucketNotificationConfigurationOutput> {
    let (caller, bucket) = (caller(&request)?, request.input.bucket);
    let row = core.run(move |core| core.bucket(&caller, &bucket)).await?;
    let kept = row.configurations.get(NAME).cloned();
    let kept = kept.and_then(|kept| serde_json::from_value::<NotificationConfiguration>(kept).ok());
    let kept = kept.unwrap_or_default();
    Ok(GetBucketNotificationConfigurationOutput {
        event_bridge_configuration: kept.event_bridge_configuration,
        lambda_function_configurations: kept.lambda_function_configurations,
        queue_configurations: kept.queue_configurations,
        topic_configurations: kept.topic_configurations,
    })
}

/// Gives a name to each rule that has none.
fn name_rules(core: &Core, configuration: &mut NotificationConfiguration) {
    let queues = configuration.queue_configurations.iter_mut().flatten();
    let topics = configuration.topic_configurations.iter_mut().flatten();
    let functions = configuration.lambda_function_configurations.iter_mut();
    let ids = queues.map(|it| &mut it.id);
    let ids = ids.chain(topics.map(|it| &mut it.id));
    for id in ids.chain(functions.flatten().map(|it| &mut it.id)) {
        if id.as_deref().unwrap_or_default().is_empty() {
            *id = Some(core.uuid());
        }
    }
}
