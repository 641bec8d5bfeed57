//! Tags of objects.

use std::sync::Arc;

use s3s::dto;
use s3s::{S3Request, S3Result};

use crate::backend::{Address, Core};
use crate::notification::Happening;
use crate::tags;

pub(crate) async fn put_tags(
    core: &Arc<Core>,
    request: S3Request<dto::PutObjectTaggingInput>,
) -> S3Result<dto::PutObjectTaggingOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let address = address.at(request.input.version_id);
    let tags = tags::of_set(request.input.tagging.tag_set)?;
    let version_id = core
        .run(move |core| {
            core.describe(&address, Happening::Tagged, |row| {
                row.attributes.tags = tags;
            })
        })
        .await?;
    Ok(dto::PutObjectTaggingOutput { version_id })
}

pub(crate) async fn delete_tags(
    core: &Arc<Core>,
    request: S3Request<dto::DeleteObjectTaggingInput>,
) -> S3Result<dto::DeleteObjectTaggingOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let address = address.at(request.input.version_id);
    let version_id = core
        .run(move |core| {
            core.describe(&address, Happening::Untagged, |row| {
                row.attributes.tags.clear();
            })
        })
        .await?;
    Ok(dto::DeleteObjectTaggingOutput { version_id })
}

pub(crate) async fn get_tags(
    core: &Arc<Core>,
    request: S3Request<dto::GetObjectTaggingInput>,
) -> S3Result<dto::GetObjectTaggingOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let address = address.at(request.input.version_id);
    let held = core.run(move |core| core.object(&address)).await?;
    Ok(dto::GetObjectTaggingOutput {
        tag_set: held.row.attributes.tag_set(),
        version_id: held.version,
    })
}
