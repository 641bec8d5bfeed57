//! Whether a bucket keeps versions of its objects: PutBucketVersioning and GetBucketVersioning.

use std::sync::Arc;

use s3s::dto;
use s3s::{S3Request, S3Result, s3_error};

use crate::backend::{Core, caller};
use crate::faults;
use crate::versions::NAME;

pub(crate) async fn put(
    core: &Arc<Core>,
    request: S3Request<dto::PutBucketVersioningInput>,
) -> S3Result<dto::PutBucketVersioningOutput> {
    let (caller, bucket) = (caller(&request)?, request.input.bucket);
    let configuration = request.input.versioning_configuration;
    let status = configuration.status.as_ref().map(|status| status.as_str());
    match status {
        Some("Enabled" | "Suspended") => {}
        Some(_) => {
            return Err(faults::malformed());
        }
        None => {
            return Err(s3_error!(
                IllegalVersioningConfigurationException,
                "The Versioning element must be specified"
            ));
        }
    }
    core.run(move |core| core.configure(&caller, &bucket, (NAME, Some(&configuration))))
        .await?;
    Ok(dto::PutBucketVersioningOutput::default())
}

pub(crate) async fn get(
    core: &Arc<Core>,
    request: S3Request<dto::GetBucketVersioningInput>,
) -> S3Result<dto::GetBucketVersioningOutput> {
    let (caller, bucket) = (caller(&request)?, request.input.bucket);
    let row = core.run(move |core| core.bucket(&caller, &bucket)).await?;
    let kept = row.configurations.get(NAME).cloned();
    let kept = kept.and_then(|kept| serde_json::from_value(kept).ok());
    let kept: dto::VersioningConfiguration = kept.unwrap_or_default();
    Ok(dto::GetBucketVersioningOutput {
        status: kept.status,
        ..Default::default()
    })
}
