//! Parts are put, or copied of objects.

use std::sync::Arc;

use s3s::dto;
use s3s::{S3Request, S3Result, s3_error};

use crate::backend::{Address, Core};
use crate::objects::{Source, Upload, copying, encryption, etag, given_sum, set_sums};
use crate::rows::{PartRow, UploadRow, time};
use crate::sums::{Algorithm, Sum, SumKind};

const PARTS_MAX: i32 = 10_000;

/// Whether a part comes with the sum that its upload wants.
///
/// # Errors
/// `InvalidRequest`.
fn check_sum(upload: &UploadRow, given: Option<Algorithm>) -> S3Result<()> {
    let Some(wanted) = upload.algorithm else {
        return Ok(());
    };
    // What the object's sum is made of must come from the client; that of all bytes is found out here.
    let is_needed = upload.sum().1 == SumKind::OfParts;
    if given == Some(wanted) || (given.is_none() && !is_needed) {
        return Ok(());
    }
    let name = |algorithm: Algorithm| algorithm.name().to_ascii_lowercase();
    let given = given.map_or_else(|| "null".to_owned(), name);
    Err(s3_error!(
        InvalidRequest,
        "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {given}",
        name(wanted)
    ))
}

/// Writes a part; what it came to, and the sum that its sender has said.
async fn put(
    core: &Arc<Core>,
    address: Address,
    (id, number): (String, i32),
    mut upload: Upload,
) -> S3Result<(PartRow, Option<Sum>)> {
    if !(1..=PARTS_MAX).contains(&number) {
        return Err(s3_error!(
            InvalidArgument,
            "Part number must be an integer between 1 and 10000, inclusive"
        ));
    }
    let (asked, of) = (address.clone(), id.clone());
    let row = core.run(move |core| core.upload(&asked, &of)).await?;
    if !upload.is_copy {
        check_sum(&row, upload.algorithm)?;
    }
    let said = upload.algorithm;
    upload.kept = Some(row.sum().0);
    let computed = upload.write(core).await?;
    let (draft, computed) = (computed.draft, computed.computed);
    let said = said.and_then(|algorithm| computed.sum_by(algorithm).cloned());
    let part = PartRow {
        number,
        segments: draft.segment(),
        size: computed.size,
        etag: computed.etag(),
        modified: core.now(),
        sum: computed.sum,
    };
    core.run(move |core| {
        let _changing = core.tables.change_object(&address.bucket, &address.key);
        core.upload(&address, &id)?;
        let old = core.tables.part(&id, number)?;
        core.tables.put_part(&id, &part)?;
        draft.keep();
        if let Some(old) = old {
            core.bodies.remove(&old.segments);
        }
        Ok((part, said))
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
    let of = (input.upload_id, input.part_number);
    let (part, said) = put(core, address, of, upload).await?;
    let mut output = dto::UploadPartOutput {
        e_tag: etag(&part.etag),
        server_side_encryption: encryption(),
        ..Default::default()
    };
    set_sums!(output, said.as_ref());
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
        Some(text) => copied_range(text, old.size)?,
    };
    let upload = Upload::copy(held.pinned.read(range.start, range.end - range.start), None);
    let (part, _) = put(core, to, (input.upload_id, input.part_number), upload).await?;
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

/// The bytes of a source of that size that are to be copied.
fn copied_range(text: &str, size: u64) -> S3Result<std::ops::Range<u64>> {
    let numbers = text
        .strip_prefix("bytes=")
        .and_then(|it| it.split_once('-'));
    let numbers = numbers
        .and_then(|(first, last)| Some((first.parse::<u64>().ok()?, last.parse::<u64>().ok()?)));
    let Some((first, last)) = numbers.filter(|(first, last)| first <= last) else {
        return Err(s3_error!(
            InvalidArgument,
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy"
        ));
    };
    if last >= size {
        return Err(s3_error!(
            InvalidArgument,
            "Range specified is not valid for source object of size: {size}"
        ));
    }
    Ok(first..last.saturating_add(1))
}
