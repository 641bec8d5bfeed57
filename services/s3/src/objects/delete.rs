//! Objects are removed, one or many.

use std::sync::Arc;

use s3s::dto;
use s3s::{S3Request, S3Result};

use crate::backend::{Address, Core};
use crate::conditions::Conditions;
use crate::faults;
use crate::notification::Happening;

pub(crate) async fn delete(
    core: &Arc<Core>,
    request: S3Request<dto::DeleteObjectInput>,
) -> S3Result<dto::DeleteObjectOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let address = address.at(request.input.version_id);
    let conditions = Conditions {
        tag_is: request.input.if_match,
        ..Conditions::default()
    };
    let removed = core
        .run(move |core| core.remove(&address, &conditions, Happening::Deleted))
        .await?;
    Ok(dto::DeleteObjectOutput {
        delete_marker: removed.is_marker.then_some(true),
        version_id: removed.version,
        ..Default::default()
    })
}

pub(crate) async fn delete_many(
    core: &Arc<Core>,
    request: S3Request<dto::DeleteObjectsInput>,
) -> S3Result<dto::DeleteObjectsOutput> {
    let any = Address::of(&request, &request.input.bucket, "")?;
    let delete = request.input.delete;
    if delete.objects.is_empty() || delete.objects.len() > 1000 {
        return Err(faults::malformed());
    }
    core.run(move |core| {
        core.bucket(&any.caller, &any.bucket)?;
        let (mut deleted, mut errors) = (Vec::new(), Vec::new());
        for object in delete.objects {
            match delete_one(core, &any, &object) {
                Ok(one) => deleted.push(one),
                Err(error) => errors.push(dto::Error {
                    code: Some(error.code().as_str().to_owned()),
                    key: Some(object.key),
                    message: error.message().map(str::to_owned),
                    version_id: object.version_id,
                }),
            }
        }
        let is_quiet = delete.quiet.unwrap_or(false);
        Ok(dto::DeleteObjectsOutput {
            deleted: (!is_quiet).then_some(deleted),
            errors: Some(errors),
            ..Default::default()
        })
    })
    .await
}

fn delete_one(
    core: &Core,
    any: &Address,
    object: &dto::ObjectIdentifier,
) -> S3Result<dto::DeletedObject> {
    let address = any.sibling(any.bucket.clone(), object.key.clone());
    let address = address.at(object.version_id.clone());
    let conditions = Conditions {
        tag_is: object.e_tag.clone().map(dto::ETagCondition::ETag),
        ..Conditions::default()
    };
    let removed = core.remove(&address, &conditions, Happening::Deleted)?;
    // A marker's own version is said apart from the version that was asked for.
    let marker_version = removed.version.filter(|_| removed.is_marker);
    Ok(dto::DeletedObject {
        delete_marker: removed.is_marker.then_some(true),
        delete_marker_version_id: marker_version,
        key: Some(object.key.clone()),
        version_id: address.version,
    })
}
