//! Parts become an object.

use std::collections::BTreeSet;
use std::sync::Arc;

use s3s::dto;
use s3s::{S3Error, S3Request, S3Result, s3_error};

use crate::backend::{Address, Core};
use crate::changes::{Change, Placed};
use crate::conditions::Conditions;
use crate::faults;
use crate::notification::Happening;
use crate::objects::{encryption, etag, given_sum, set_sums};
use crate::rows::{ObjectRow, PartRow, UploadRow};
use crate::sums::{Sum, SumKind, etag_of_parts};
use crate::tables::end_upload;

/// Bytes of a part, but of the last one.
const PART_BYTES_MIN: u64 = 5 << 20;

/// What a client says of the whole.
struct Said {
    parts: Vec<dto::CompletedPart>,
    sum: Option<Sum>,
    kind: Option<String>,
    size: Option<i64>,
}

/// The parts that a client names, in its order.
fn chosen(
    upload: &UploadRow,
    mut kept: Vec<PartRow>,
    named: &mut [dto::CompletedPart],
) -> S3Result<Vec<PartRow>> {
    let numbers: Vec<i32> = named
        .iter()
        .map(|part| part.part_number.unwrap_or(0))
        .collect();
    if numbers.is_empty() {
        return Err(faults::malformed());
    }
    if !numbers.is_sorted_by(|one, next| one < next) {
        return Err(s3_error!(
            InvalidPartOrder,
            "The list of parts was not in ascending order. Parts must be ordered by part number."
        ));
    }
    kept.retain(|part| numbers.binary_search(&part.number).is_ok());
    if kept.len() != named.len() {
        return Err(no_part());
    }
    for (part, named) in kept.iter().zip(named) {
        check_part(upload, part, named)?;
    }
    let last = kept.len().saturating_sub(1);
    let mut all_but_last = kept.iter().take(last);
    if all_but_last.any(|part| part.size < PART_BYTES_MIN) {
        return Err(s3_error!(
            EntityTooSmall,
            "Your proposed upload is smaller than the minimum allowed size"
        ));
    }
    Ok(kept)
}

/// Whether a part is the one that is named.
fn check_part(upload: &UploadRow, part: &PartRow, named: &mut dto::CompletedPart) -> S3Result<()> {
    let is_other = |tag: &dto::ETag| tag.value() != part.etag;
    if named.e_tag.as_ref().is_some_and(is_other) {
        return Err(no_part());
    }
    match (given_sum!(named), upload.algorithm) {
        (Some(given), _) if part.sum.as_ref() != Some(&given) && upload.algorithm.is_some() => {
            Err(no_part())
        }
        (None, Some(algorithm)) if upload.sum().1 == SumKind::OfParts => Err(s3_error!(
            InvalidRequest,
            "The upload was created using a {} checksum. The complete request must include the checksum for each part. It was missing for part {} in the request.",
            algorithm.name().to_ascii_lowercase(),
            part.number
        )),
        _ => Ok(()),
    }
}

fn no_part() -> S3Error {
    s3_error!(
        InvalidPart,
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."
    )
}

/// The sum of the whole, which has to be what the client says of it.
fn sum_of(upload: &UploadRow, parts: &[PartRow], said: &Said) -> S3Result<Option<Sum>> {
    let (algorithm, kind) = upload.sum();
    if let (Some(said), Some(_)) = (&said.kind, upload.algorithm)
        && said != kind.name()
    {
        return Err(s3_error!(
            InvalidRequest,
            "The upload was created using the {} checksum mode. The complete request must use the same checksum mode.",
            kind.name()
        ));
    }
    let sums: Option<Vec<(&Sum, u64)>> = { parts.iter() }
        .map(|part| Some((part.sum.as_ref()?, part.size)))
        .collect();
    let sum = sums.and_then(|sums| match kind {
        SumKind::OfAll => Sum::of_all(algorithm, &sums),
        SumKind::OfParts => {
            let sums: Vec<&Sum> = sums.into_iter().map(|(sum, _)| sum).collect();
            Sum::of_parts(algorithm, &sums)
        }
    });
    match (&said.sum, &sum) {
        // What the sender of an upload without an algorithm says by another one cannot be found out without reading all.
        (Some(said), Some(sum))
            if said.algorithm != sum.algorithm && upload.algorithm.is_none() =>
        {
            Ok(Some(said.clone()))
        }
        // The number of parts need not be said.
        (Some(said), Some(sum))
            if *said != *sum && !sum.value.starts_with(&format!("{}-", said.value)) =>
        {
            Err(said.bad_digest())
        }
        _ => Ok(sum),
    }
}

fn joined(upload: UploadRow, parts: &[PartRow], said: &Said) -> S3Result<ObjectRow> {
    let etags: Vec<&str> = parts.iter().map(|part| &*part.etag).collect();
    let sum = sum_of(&upload, parts, said)?;
    let size: u64 = parts.iter().map(|part| part.size).sum();
    if let Some(said) = said.size
        && u64::try_from(said) != Ok(size)
    {
        return Err(s3_error!(
            InvalidRequest,
            "The provided 'x-amz-mp-object-size' header value {said} does not match what was computed: {size}"
        ));
    }
    let segments = parts.iter().flat_map(|part| part.segments.iter().cloned());
    let part_sums = match upload.algorithm {
        Some(_) => parts.iter().filter_map(|part| part.sum.clone()).collect(),
        None => Vec::new(),
    };
    Ok(ObjectRow {
        segments: segments.collect(),
        size,
        etag: etag_of_parts(&etags).ok_or_else(faults::broken)?,
        modified: 0,
        sum,
        part_sums,
        attributes: upload.attributes,
        version: None,
        sequence: 0,
        is_marker: false,
    })
}

impl Core {
    fn complete(
        &self,
        (address, id): (&Address, &str),
        mut said: Said,
        conditions: &Conditions,
    ) -> S3Result<Placed> {
        let (bucket, key) = (&*address.bucket, &*address.key);
        let _changing = self.tables.change_object(bucket, key);
        let of = self.bucket(&address.caller, bucket)?;
        let upload = self.upload(address, id)?;
        let all = self.tables.parts(id)?;
        let parts = chosen(&upload, all.clone(), &mut said.parts)?;
        let row = joined(upload, &parts, &said)?;
        let mut change = Change::default();
        end_upload(&mut change.batch, id);
        let numbers: BTreeSet<i32> = parts.iter().map(|part| part.number).collect();
        for part in all.iter().filter(|part| !numbers.contains(&part.number)) {
            change.doomed.extend(part.segments.iter().cloned());
        }
        let of = (&of, address, conditions);
        let placed = self.replace(&mut change, of, (Happening::Completed, row))?;
        self.commit(change)?;
        Ok(placed)
    }
}

pub(crate) async fn complete(
    core: &Arc<Core>,
    request: S3Request<dto::CompleteMultipartUploadInput>,
) -> S3Result<dto::CompleteMultipartUploadOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let mut input = request.input;
    let sum = given_sum!(input);
    let conditions = Conditions::of_write(input.if_match, input.if_none_match)?;
    let parts = input.multipart_upload.and_then(|upload| upload.parts);
    let said = Said {
        parts: parts.unwrap_or_default(),
        sum,
        kind: input.checksum_type.map(|kind| kind.as_str().to_owned()),
        size: input.mpu_object_size,
    };
    let id = input.upload_id;
    let placed = core
        .run(move |core| core.complete((&address, &id), said, &conditions))
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
