//! Uploads in parts. A part is a file; the object that they become names these files.

use std::collections::BTreeSet;
use std::sync::Arc;

use s3s::dto;
use s3s::{Body, S3Request, S3Result, s3_error};

use crate::backend::{Address, Core, caller};
use crate::changes::Change;
use crate::chunked::Trailer;
use crate::conditions::Conditions;
use crate::faults;
use crate::notification::Happening;
use crate::objects::{
    Source, Upload, attributes, copying, encryption, etag, given_sum, owner, set_sums,
};
use crate::rows::{ObjectRow, PartRow, UploadRow, length, time};
use crate::sums::{Algorithm, Sum, etag_of_parts};
use crate::tables::end_upload;

/// Bytes of a part, but of the last one.
const PART_BYTES_MIN: u64 = 5 << 20;
const PARTS_MAX: i32 = 10_000;

impl Core {
    /// Removes an upload and its parts.
    pub(crate) fn drop_upload(&self, id: &str) -> S3Result<()> {
        let parts = self.tables.parts(id)?;
        let mut change = Change::default();
        end_upload(&mut change.batch, id);
        change.doomed = parts.into_iter().flat_map(|part| part.segments).collect();
        self.commit(change)
    }

    fn upload(&self, address: &Address, id: &str) -> S3Result<UploadRow> {
        self.bucket(&address.caller, &address.bucket)?;
        let upload = self.tables.upload(id)?;
        let upload = upload.ok_or_else(faults::no_upload)?;
        if upload.bucket != address.bucket || upload.key != address.key {
            return Err(faults::no_upload());
        }
        Ok(upload)
    }
}

pub(crate) async fn create(
    core: &Arc<Core>,
    request: S3Request<dto::CreateMultipartUploadInput>,
) -> S3Result<dto::CreateMultipartUploadOutput> {
    let caller = caller(&request)?;
    let mut input = request.input;
    let attributes = attributes!(input);
    let algorithm = input.checksum_algorithm.as_ref();
    let algorithm = algorithm.and_then(|named| Algorithm::named(named.as_str()));
    let kind = input.checksum_type.as_ref().map(|kind| kind.as_str());
    let row = UploadRow {
        bucket: input.bucket,
        key: input.key,
        begun: core.now(),
        algorithm,
        is_sum_of_all: kind == Some("FULL_OBJECT") || algorithm == Some(Algorithm::Crc64Nvme),
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
        checksum_type: input.checksum_type,
        server_side_encryption: encryption(),
        ..Default::default()
    })
}

/// Writes a part, and says what it came to.
async fn put(
    core: &Arc<Core>,
    address: Address,
    (id, number): (String, i32),
    mut upload: Upload,
) -> S3Result<PartRow> {
    if !(1..=PARTS_MAX).contains(&number) {
        return Err(s3_error!(
            InvalidArgument,
            "Part number must be an integer between 1 and 10000, inclusive"
        ));
    }
    let (asked, of) = (address.clone(), id.clone());
    let row = core.run(move |core| core.upload(&asked, &of)).await?;
    upload.algorithm = row.algorithm.or(upload.algorithm);
    let written = upload.write(core).await?;
    let part = PartRow {
        number,
        segments: written.draft.segment(),
        size: written.computed.size,
        etag: written.computed.etag(),
        modified: core.now(),
        sum: written.computed.sum,
    };
    let draft = written.draft;
    core.run(move |core| {
        let _changing = core.tables.change_object(&address.bucket, &address.key);
        core.upload(&address, &id)?;
        let old = core.tables.part(&id, number)?;
        core.tables.put_part(&id, &part)?;
        draft.keep();
        if let Some(old) = old {
            core.bodies.remove(&old.segments);
        }
        Ok(part)
    })
    .await
}

pub(crate) async fn put_part(
    core: &Arc<Core>,
    mut request: S3Request<dto::UploadPartInput>,
) -> S3Result<dto::UploadPartOutput> {
    let sum = given_sum!(request.input);
    let md5 = request.input.content_md5.take();
    let algorithm = request.input.checksum_algorithm.take();
    let mut upload = Upload::of(&mut request, (md5, sum), algorithm.as_ref());
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let input = request.input;
    upload.body = input.body;
    let part = put(core, address, (input.upload_id, input.part_number), upload).await?;
    let mut output = dto::UploadPartOutput {
        e_tag: etag(&part.etag),
        server_side_encryption: encryption(),
        ..Default::default()
    };
    set_sums!(output, part.sum.as_ref());
    Ok(output)
}

pub(crate) async fn copy_part(
    core: &Arc<Core>,
    request: S3Request<dto::UploadPartCopyInput>,
) -> S3Result<dto::UploadPartCopyOutput> {
    let to = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let mut input = request.input;
    let source = Source::of(&input.copy_source, &to, copying!(input))?;
    let held = core.run(move |core| core.object(&source.address)).await?;
    let old = &held.row;
    source.conditions.check_copy(old)?;
    let range = match input.copy_source_range.as_deref() {
        None => 0..old.size,
        Some(text) => {
            let range = dto::Range::parse(text).ok();
            let range = range.and_then(|range| range.check(old.size).ok());
            range.ok_or_else(|| {
                s3_error!(
                    InvalidArgument,
                    "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy"
                )
            })?
        }
    };
    let upload = Upload {
        body: Some(Body::http_body(held.pinned.read(range.start, range.end - range.start)).into()),
        md5: None,
        sum: None,
        algorithm: None,
        trailer: Trailer::default(),
        payload: None,
    };
    let part = put(core, to, (input.upload_id, input.part_number), upload).await?;
    let mut result = dto::CopyPartResult {
        e_tag: etag(&part.etag),
        last_modified: Some(time(part.modified)),
        ..Default::default()
    };
    set_sums!(result, part.sum.as_ref());
    Ok(dto::UploadPartCopyOutput {
        copy_part_result: Some(result),
        copy_source_version_id: held.version,
        server_side_encryption: encryption(),
        ..Default::default()
    })
}

/// The parts that a client names, in its order.
fn chosen(mut kept: Vec<PartRow>, named: &[dto::CompletedPart]) -> S3Result<Vec<PartRow>> {
    let numbers: Vec<i32> = named
        .iter()
        .map(|part| part.part_number.unwrap_or(0))
        .collect();
    if numbers.is_empty() {
        return Err(s3_error!(
            MalformedXML,
            "The XML you provided was not well-formed or did not validate against our published schema"
        ));
    }
    if !numbers.is_sorted_by(|one, next| one < next) {
        return Err(s3_error!(
            InvalidPartOrder,
            "The list of parts was not in ascending order. Parts must be ordered by part number."
        ));
    }
    kept.retain(|part| numbers.binary_search(&part.number).is_ok());
    let fits = kept.len() == named.len()
        && kept.iter().zip(named).all(|(part, named)| {
            named
                .e_tag
                .as_ref()
                .is_none_or(|tag| tag.value() == part.etag)
        });
    if !fits {
        return Err(s3_error!(
            InvalidPart,
            "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."
        ));
    }
    let last = kept.len().saturating_sub(1);
    if kept
        .iter()
        .take(last)
        .any(|part| part.size < PART_BYTES_MIN)
    {
        return Err(s3_error!(
            EntityTooSmall,
            "Your proposed upload is smaller than the minimum allowed size"
        ));
    }
    Ok(kept)
}

fn joined(upload: UploadRow, parts: &[PartRow], given: Option<&Sum>) -> S3Result<ObjectRow> {
    let etags: Vec<&str> = parts.iter().map(|part| &*part.etag).collect();
    let sums: Option<Vec<&Sum>> = parts.iter().map(|part| part.sum.as_ref()).collect();
    let sum = match (upload.algorithm, upload.is_sum_of_all) {
        (Some(algorithm), false) => sums.and_then(|sums| Sum::of_parts(algorithm, &sums)),
        // What the client says of the whole; the parts were checked one by one.
        (Some(_), true) | (None, _) => given.cloned(),
    };
    if let (Some(given), Some(sum)) = (given, &sum)
        && given != sum
    {
        return Err(s3_error!(
            BadDigest,
            "The {} you specified did not match the calculated checksum.",
            given.algorithm.name()
        ));
    }
    let segments = parts.iter().flat_map(|part| part.segments.iter().cloned());
    Ok(ObjectRow {
        segments: segments.collect(),
        size: parts.iter().map(|part| part.size).sum(),
        etag: etag_of_parts(&etags).ok_or_else(faults::broken)?,
        modified: 0,
        sum,
        attributes: upload.attributes,
        version: None,
        sequence: 0,
        is_marker: false,
    })
}

pub(crate) async fn complete(
    core: &Arc<Core>,
    request: S3Request<dto::CompleteMultipartUploadInput>,
) -> S3Result<dto::CompleteMultipartUploadOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let mut input = request.input;
    let given = given_sum!(input);
    let conditions = Conditions {
        tag_is: input.if_match,
        tag_is_not: input.if_none_match,
        ..Conditions::default()
    };
    let named = input.multipart_upload.and_then(|upload| upload.parts);
    let (named, id) = (named.unwrap_or_default(), input.upload_id);
    let placed = core
        .run(move |core| {
            let (bucket, key) = (&*address.bucket, &*address.key);
            let _changing = core.tables.change_object(bucket, key);
            let of = core.bucket(&address.caller, bucket)?;
            let upload = core.upload(&address, &id)?;
            let all = core.tables.parts(&id)?;
            let parts = chosen(all.clone(), &named)?;
            let row = joined(upload, &parts, given.as_ref())?;
            let mut change = Change::default();
            end_upload(&mut change.batch, &id);
            let numbers: BTreeSet<i32> = parts.iter().map(|part| part.number).collect();
            for part in all.iter().filter(|part| !numbers.contains(&part.number)) {
                change.doomed.extend(part.segments.iter().cloned());
            }
            let of = (&of, &address, &conditions);
            let placed = core.replace(&mut change, of, (Happening::Completed, row))?;
            core.commit(change)?;
            Ok(placed)
        })
        .await?;
    let mut output = dto::CompleteMultipartUploadOutput {
        location: Some(format!("/{}/{}", input.bucket, input.key)),
        bucket: Some(input.bucket),
        key: Some(input.key),
        e_tag: etag(&placed.row.etag),
        server_side_encryption: encryption(),
        version_id: placed.version,
        ..Default::default()
    };
    output.checksum_type = set_sums!(output, placed.row.sum.as_ref());
    Ok(output)
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

pub(crate) async fn parts(
    core: &Arc<Core>,
    request: S3Request<dto::ListPartsInput>,
) -> S3Result<dto::ListPartsOutput> {
    let caller = caller(&request)?;
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let input = request.input;
    let id = input.upload_id.clone();
    let (upload, mut rows) = core
        .run(move |core| Ok((core.upload(&address, &id)?, core.tables.parts(&id)?)))
        .await?;
    let after = input.part_number_marker.unwrap_or(0);
    rows.retain(|part| part.number > after);
    let limit = crate::listing::limit(input.max_parts);
    let is_truncated = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().map(|part| part.number);
    let parts = rows.into_iter().map(|part| {
        let mut shown = dto::Part {
            e_tag: etag(&part.etag),
            last_modified: Some(time(part.modified)),
            part_number: Some(part.number),
            size: Some(length(part.size)),
            ..Default::default()
        };
        set_sums!(shown, part.sum.as_ref());
        shown
    });
    Ok(dto::ListPartsOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        is_truncated: Some(is_truncated),
        max_parts: i32::try_from(limit).ok(),
        next_part_number_marker: next,
        part_number_marker: Some(after),
        parts: Some(parts.collect()),
        owner: Some(owner(&caller)),
        storage_class: Some(upload.attributes.listed_class().into()),
        ..Default::default()
    })
}

pub(crate) async fn list(
    core: &Arc<Core>,
    request: S3Request<dto::ListMultipartUploadsInput>,
) -> S3Result<dto::ListMultipartUploadsOutput> {
    let (caller, input) = (caller(&request)?, request.input);
    let prefix = input.prefix.clone().unwrap_or_default();
    let after = (
        input.key_marker.clone().unwrap_or_default(),
        input.upload_id_marker.clone().unwrap_or_default(),
    );
    let (of, bucket) = (caller.clone(), input.bucket.clone());
    let mut rows = core
        .run(move |core| {
            core.bucket(&of, &bucket)?;
            let mut rows = core.tables.uploads()?;
            rows.retain(|(_, row)| row.bucket == bucket);
            Ok(rows)
        })
        .await?;
    rows.sort_by(|(id, row), (other_id, other)| (&row.key, id).cmp(&(&other.key, other_id)));
    rows.retain(|(id, row)| {
        let is_later = match after.1.is_empty() {
            true => row.key > after.0,
            false => (&row.key, id) > (&after.0, &after.1),
        };
        row.key.starts_with(&prefix) && is_later
    });
    let limit = crate::listing::limit(input.max_uploads);
    let is_truncated = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| is_truncated);
    let next = next.map(|(id, row)| (row.key.clone(), id.clone()));
    let (next_key_marker, next_upload_id_marker) = next.unzip();
    let uploads = rows.into_iter().map(|(id, row)| dto::MultipartUpload {
        initiated: Some(time(row.begun)),
        key: Some(row.key),
        owner: Some(owner(&caller)),
        storage_class: Some(row.attributes.listed_class().into()),
        upload_id: Some(id),
        ..Default::default()
    });
    Ok(dto::ListMultipartUploadsOutput {
        uploads: Some(uploads.collect()),
        bucket: Some(input.bucket),
        is_truncated: Some(is_truncated),
        key_marker: input.key_marker,
        max_uploads: i32::try_from(limit).ok(),
        next_key_marker,
        next_upload_id_marker,
        prefix: input.prefix,
        upload_id_marker: input.upload_id_marker,
        ..Default::default()
    })
}
