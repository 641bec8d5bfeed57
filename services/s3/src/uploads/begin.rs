//! Uploads begin and are given up.

use std::sync::Arc;

use s3s::dto;
use s3s::{S3Request, S3Result, s3_error};

use crate::backend::{Address, Core, caller};
use crate::changes::Change;
use crate::faults;
use crate::objects::{attributes, encryption};
use crate::rows::UploadRow;
use crate::sums::{Algorithm, SumKind};
use crate::tables::end_upload;

impl Core {
    /// Removes an upload and its parts.
    pub(crate) fn drop_upload(&self, id: &str) -> S3Result<()> {
        let parts = self.tables.parts(id)?;
        let mut change = Change::default();
        end_upload(&mut change.batch, id);
        change.doomed = parts.into_iter().flat_map(|part| part.segments).collect();
        self.commit(change)
    }

    /// An upload that is under way.
    pub(crate) fn upload(&self, address: &Address, id: &str) -> S3Result<UploadRow> {
        self.bucket(&address.caller, &address.bucket)?;
        let upload = self.tables.upload(id)?;
        let upload = upload.ok_or_else(faults::no_upload)?;
        if upload.bucket != address.bucket || upload.key != address.key {
            return Err(faults::no_upload());
        }
        Ok(upload)
    }
}

/// The sum that the object will have, as far as the client says it.
fn sums(input: &dto::CreateMultipartUploadInput) -> S3Result<(Option<Algorithm>, Option<SumKind>)> {
    let named = input.checksum_algorithm.as_ref();
    let algorithm = named.and_then(|named| Algorithm::named(named.as_str()));
    let kind = match input.checksum_type.as_ref().map(|kind| kind.as_str()) {
        None => None,
        Some("FULL_OBJECT") => Some(SumKind::OfAll),
        Some("COMPOSITE") => Some(SumKind::OfParts),
        Some(_) => {
            let message = "Value for x-amz-checksum-type header is invalid.";
            return Err(s3_error!(InvalidRequest, "{message}"));
        }
    };
    match (named.is_some(), algorithm, kind) {
        (true, None, _) => {
            let message = "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]";
            Err(s3_error!(InvalidRequest, "{message}"))
        }
        (_, None, Some(_)) => {
            let message = "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.";
            Err(s3_error!(InvalidRequest, "{message}"))
        }
        (_, None, None) => Ok((None, None)),
        (_, Some(algorithm), kind) => {
            let by_default = match algorithm {
                Algorithm::Crc64Nvme => SumKind::OfAll,
                _ => SumKind::OfParts,
            };
            let kind = kind.unwrap_or(by_default);
            algorithm.check_kind(kind)?;
            Ok((Some(algorithm), Some(kind)))
        }
    }
}

pub(crate) async fn create(
    core: &Arc<Core>,
    request: S3Request<dto::CreateMultipartUploadInput>,
) -> S3Result<dto::CreateMultipartUploadOutput> {
    let caller = caller(&request)?;
    let mut input = request.input;
    let attributes = attributes!(input);
    let (algorithm, kind) = sums(&input)?;
    let row = UploadRow {
        bucket: input.bucket,
        key: input.key,
        begun: core.now(),
        algorithm,
        is_sum_of_all: kind == Some(SumKind::OfAll),
        attributes,
    };
    let id = format!("{:016x}{:016x}", core.entropy.seed(), core.entropy.seed());
    let (bucket, key, upload_id) = (row.bucket.clone(), row.key.clone(), id.clone());
    core.run(move |core| {
        let _changing = core.tables.change_object(&row.bucket, &row.key);
        let bucket = core.bucket(&caller, &row.bucket)?;
        core.tables.put_upload(&id, &row)?;
        core.agenda.note(&bucket, row.begun);
        Ok(())
    })
    .await?;
    Ok(dto::CreateMultipartUploadOutput {
        bucket: Some(bucket),
        key: Some(key),
        upload_id: Some(upload_id),
        checksum_algorithm: input.checksum_algorithm,
        checksum_type: kind.map(|kind| kind.name().to_owned().into()),
        server_side_encryption: encryption(),
        ..Default::default()
    })
}

pub(crate) async fn abort(
    core: &Arc<Core>,
    request: S3Request<dto::AbortMultipartUploadInput>,
) -> S3Result<dto::AbortMultipartUploadOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let id = request.input.upload_id;
    core.run(move |core| {
        let _changing = core.tables.change_object(&address.bucket, &address.key);
        core.upload(&address, &id)?;
        core.drop_upload(&id)
    })
    .await?;
    Ok(dto::AbortMultipartUploadOutput::default())
}
