//! The configuration of a bucket's lifecycle.

use std::collections::BTreeSet;
use std::sync::Arc;

use s3s::dto;
use s3s::{S3Request, S3Result, s3_error};

use crate::backend::{Core, caller};
use crate::configurations::missing;
use crate::rows::{BucketRow, seconds};

/// Its name among the configurations of a bucket.
const NAME: &str = "bucket_lifecycle";
const RULES_MAX: usize = 1000;
const ID_BYTES_MAX: usize = 255;
const DAY_SECONDS: i64 = 86_400;

pub(crate) async fn put(
    core: &Arc<Core>,
    request: S3Request<dto::PutBucketLifecycleConfigurationInput>,
) -> S3Result<dto::PutBucketLifecycleConfigurationOutput> {
    let (caller, input) = (caller(&request)?, request.input);
    let mut configuration = input.lifecycle_configuration.unwrap_or_default();
    check(&configuration.rules)?;
    for rule in &mut configuration.rules {
        if rule.id.as_deref().unwrap_or_default().is_empty() {
            rule.id = Some(core.uuid());
        }
    }
    core.run(move |core| {
        core.configure(&caller, &input.bucket, (NAME, Some(&configuration)))?;
        // What there is may have come to its end by the new rules.
        core.agenda.look_now();
        Ok(())
    })
    .await?;
    Ok(dto::PutBucketLifecycleConfigurationOutput::default())
}

pub(crate) async fn get(
    core: &Arc<Core>,
    request: S3Request<dto::GetBucketLifecycleConfigurationInput>,
) -> S3Result<dto::GetBucketLifecycleConfigurationOutput> {
    let (caller, bucket) = (caller(&request)?, request.input.bucket);
    let row = core.run(move |core| core.bucket(&caller, &bucket)).await?;
    let kept = kept(&row).ok_or_else(|| {
        missing(
            "NoSuchLifecycleConfiguration",
            "The lifecycle configuration does not exist",
        )
    })?;
    Ok(dto::GetBucketLifecycleConfigurationOutput {
        rules: Some(kept.rules),
        ..Default::default()
    })
}

pub(crate) async fn delete(
    core: &Arc<Core>,
    request: S3Request<dto::DeleteBucketLifecycleInput>,
) -> S3Result<dto::DeleteBucketLifecycleOutput> {
    let (caller, bucket) = (caller(&request)?, request.input.bucket);
    core.run(move |core| core.configure(&caller, &bucket, (NAME, None::<&String>)))
        .await?;
    Ok(dto::DeleteBucketLifecycleOutput::default())
}

/// The configuration of a bucket, if it has one.
pub(crate) fn kept(bucket: &BucketRow) -> Option<dto::BucketLifecycleConfiguration> {
    let kept = bucket.configurations.get(NAME)?;
    serde_json::from_value(kept.clone()).ok()
}

/// Whether S3 takes these rules.
fn check(rules: &[dto::LifecycleRule]) -> S3Result<()> {
    if rules.is_empty() || rules.len() > RULES_MAX {
        return Err(s3_error!(
            MalformedXML,
            "The XML you provided was not well-formed or did not validate against our published schema"
        ));
    }
    let mut ids = BTreeSet::new();
    for rule in rules {
        let id = rule.id.as_deref().unwrap_or_default();
        if id.len() > ID_BYTES_MAX {
            return Err(s3_error!(
                InvalidArgument,
                "ID length should not exceed allowed limit of 255"
            ));
        }
        if !id.is_empty() && !ids.insert(id) {
            return Err(s3_error!(
                InvalidArgument,
                "RuleId must be unique. Found same ID for more than one rule"
            ));
        }
        check_actions(rule)?;
    }
    Ok(())
}

fn check_actions(rule: &dto::LifecycleRule) -> S3Result<()> {
    let has_action = rule.expiration.is_some()
        || rule.noncurrent_version_expiration.is_some()
        || rule.abort_incomplete_multipart_upload.is_some()
        || rule.transitions.is_some()
        || rule.noncurrent_version_transitions.is_some();
    if !has_action {
        return Err(s3_error!(
            InvalidRequest,
            "At least one action needs to be specified in a rule"
        ));
    }
    let expiration = rule.expiration.as_ref();
    let noncurrent = rule.noncurrent_version_expiration.as_ref();
    let aborted = rule.abort_incomplete_multipart_upload.as_ref();
    for (what, days) in [
        ("Days' for Expiration", expiration.and_then(|it| it.days)),
        (
            "NoncurrentDays' for NoncurrentVersionExpiration",
            noncurrent.and_then(|it| it.noncurrent_days),
        ),
        (
            "DaysAfterInitiation' for AbortIncompleteMultipartUpload",
            aborted.and_then(|it| it.days_after_initiation),
        ),
    ] {
        if days.is_some_and(|days| days < 1) {
            return Err(s3_error!(
                InvalidArgument,
                "'{what} action must be a positive integer"
            ));
        }
    }
    let date = expiration.and_then(|it| it.date.as_ref());
    if date.is_some_and(|date| seconds(date).rem_euclid(DAY_SECONDS) != 0) {
        return Err(s3_error!(InvalidArgument, "'Date' must be at midnight GMT"));
    }
    Ok(())
}
