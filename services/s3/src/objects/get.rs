//! Objects are read and described.

use std::sync::Arc;

use s3s::dto;
use s3s::{Body, S3Request, S3Result, s3_error};

use crate::backend::{Address, Core};
use crate::conditions::Conditions;
use crate::configurations::acl;
use crate::listing::limit;
use crate::objects::answers::set_described;
use crate::objects::{etag, owner, set_sums};
use crate::rows::{ObjectRow, length, time};
use crate::sums::Sum;

/// What GetObjectAttributes can tell.
const ATTRIBUTES: [&str; 5] = [
    "ETag",
    "Checksum",
    "ObjectParts",
    "StorageClass",
    "ObjectSize",
];

/// The bytes that are asked for, and their place among all where not all are.
fn part(
    row: &ObjectRow,
    range: Option<dto::Range>,
    number: Option<i32>,
) -> S3Result<(std::ops::Range<u64>, Option<String>)> {
    let range = match (range, number) {
        (Some(range), _) => range
            .check(row.size)
            .map_err(|_| s3_error!(InvalidRange, "The requested range is not satisfiable"))?,
        (None, Some(number)) => {
            let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
            let Some(segment) = row.segments.get(index) else {
                let message = "The requested partnumber is not satisfiable";
                return Err(s3_error!(InvalidRange, "{message}"));
            };
            let before = row.segments.iter().take(index);
            let start: u64 = before.map(|segment| segment.size).sum();
            start..start.saturating_add(segment.size)
        }
        (None, None) => return Ok((0..row.size, None)),
    };
    let last = range.end.saturating_sub(1);
    let said = format!("bytes {}-{last}/{}", range.start, row.size);
    Ok((range, Some(said)))
}

fn parts_count(row: &ObjectRow, number: Option<i32>) -> Option<i32> {
    number?;
    i32::try_from(row.segments.len())
        .ok()
        .filter(|_| row.etag.contains('-'))
}

/// The conditions in an input that has those of a reader.
macro_rules! reading {
    ($input:expr) => {
        Conditions {
            tag_is: $input.if_match.take(),
            tag_is_not: $input.if_none_match.take(),
            modified_after: $input.if_modified_since.take(),
            not_modified_after: $input.if_unmodified_since.take(),
            sequence_is: None,
        }
    };
}

pub(crate) async fn get(
    core: &Arc<Core>,
    request: S3Request<dto::GetObjectInput>,
) -> S3Result<dto::GetObjectOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let mut input = request.input;
    let address = address.at(input.version_id.take());
    let conditions = reading!(input);
    let held = core.run(move |core| core.object(&address)).await?;
    let row = held.row;
    conditions.check_read(&row)?;
    let (range, content_range) = part(&row, input.range, input.part_number)?;
    let wants_sum = input.checksum_mode.is_some() && content_range.is_none();
    let bytes = range.end - range.start;
    let tags = i32::try_from(row.attributes.tags.len()).unwrap_or(0);
    let mut output = dto::GetObjectOutput {
        body: Some(Body::http_body(held.pinned.read(range.start, bytes)).into()),
        parts_count: parts_count(&row, input.part_number),
        content_length: Some(length(bytes)),
        content_range,
        tag_count: (tags > 0).then_some(tags),
        version_id: held.version,
        expiration: held.expiration,
        ..Default::default()
    };
    output.checksum_type = set_sums!(output, row.sum.as_ref().filter(|_| wants_sum));
    set_described!(output, row);
    replaced(&mut output, input);
    Ok(output)
}

/// Puts the headers that the request wants into the answer.
fn replaced(output: &mut dto::GetObjectOutput, input: dto::GetObjectInput) {
    let wanted = [
        (&mut output.content_type, input.response_content_type),
        (
            &mut output.content_encoding,
            input.response_content_encoding,
        ),
        (
            &mut output.content_language,
            input.response_content_language,
        ),
        (&mut output.cache_control, input.response_cache_control),
        (
            &mut output.content_disposition,
            input.response_content_disposition,
        ),
    ];
    for (place, wanted) in wanted {
        if wanted.is_some() {
            *place = wanted;
        }
    }
    if input.response_expires.is_some() {
        output.expires = input.response_expires;
    }
}

pub(crate) async fn head(
    core: &Arc<Core>,
    request: S3Request<dto::HeadObjectInput>,
) -> S3Result<dto::HeadObjectOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let mut input = request.input;
    let address = address.at(input.version_id.take());
    let conditions = reading!(input);
    let held = core.run(move |core| core.object(&address)).await?;
    let row = held.row;
    conditions.check_read(&row)?;
    let (range, content_range) = part(&row, input.range, input.part_number)?;
    let wants_sum = input.checksum_mode.is_some() && content_range.is_none();
    let mut output = dto::HeadObjectOutput {
        parts_count: parts_count(&row, input.part_number),
        content_length: Some(length(range.end - range.start)),
        content_range,
        version_id: held.version,
        expiration: held.expiration,
        ..Default::default()
    };
    output.checksum_type = set_sums!(output, row.sum.as_ref().filter(|_| wants_sum));
    set_described!(output, row);
    Ok(output)
}

pub(crate) async fn attributes_of(
    core: &Arc<Core>,
    request: S3Request<dto::GetObjectAttributesInput>,
) -> S3Result<dto::GetObjectAttributesOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let address = address.at(request.input.version_id);
    let wanted = request.input.object_attributes;
    // One header may name several.
    let wanted: Vec<&str> = wanted
        .iter()
        .flat_map(|it| it.as_str().split(','))
        .collect();
    let mut names = wanted.iter().map(|it| it.trim());
    if wanted.is_empty() || !names.all(|name| ATTRIBUTES.contains(&name)) {
        return Err(s3_error!(
            InvalidArgument,
            "Invalid attribute name specified."
        ));
    }
    let wants = |name: &str| wanted.iter().any(|it| it.trim() == name);
    let held = core.run(move |core| core.object(&address)).await?;
    let row = held.row;
    let is_parted = row.etag.contains('-') && wants(dto::ObjectAttributes::OBJECT_PARTS);
    let asked = (
        limit(request.input.max_parts, "max-parts")?,
        request.input.part_number_marker,
    );
    Ok(dto::GetObjectAttributesOutput {
        checksum: row
            .sum
            .as_ref()
            .map(Sum::members)
            .filter(|_| wants("Checksum")),
        e_tag: etag(&row.etag).filter(|_| wants("ETag")),
        last_modified: Some(time(row.modified)),
        object_parts: is_parted.then(|| parts_of(&row, asked)),
        object_size: wants("ObjectSize").then(|| length(row.size)),
        storage_class: wants("StorageClass").then(|| row.attributes.listed_class().into()),
        version_id: held.version,
        ..Default::default()
    })
}

/// A page of an object's parts. They are shown where it was uploaded with sums.
fn parts_of(
    row: &ObjectRow,
    (limit, marker): (usize, Option<i32>),
) -> dto::GetObjectAttributesParts {
    let total_parts_count = i32::try_from(row.segments.len()).ok();
    let mut output = dto::GetObjectAttributesParts {
        total_parts_count,
        ..Default::default()
    };
    if row.part_sums.len() != row.segments.len() {
        return output;
    }
    let marker = marker.unwrap_or(0);
    let sizes = row.segments.iter().map(|segment| segment.size);
    let parts = (1..).zip(sizes.zip(&row.part_sums));
    let mut parts = parts.filter(|(number, _)| *number > marker).peekable();
    let mut shown = Vec::new();
    while shown.len() < limit
        && let Some((number, (size, sum))) = parts.next()
    {
        let mut part = dto::ObjectPart {
            part_number: Some(number),
            size: Some(length(size)),
            ..Default::default()
        };
        set_sums!(part, Some(sum));
        shown.push(part);
    }
    output.is_truncated = Some(parts.peek().is_some());
    output.max_parts = i32::try_from(limit).ok();
    output.part_number_marker = Some(marker);
    output.next_part_number_marker = shown.last().map_or(Some(0), |part| part.part_number);
    output.parts = Some(shown);
    output
}

/// An object's access control list: everything is its owner's.
pub(crate) async fn acl_of(
    core: &Arc<Core>,
    request: S3Request<dto::GetObjectAclInput>,
) -> S3Result<dto::GetObjectAclOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let address = address.at(request.input.version_id);
    let owner = owner(&address.caller);
    core.run(move |core| core.object(&address)).await?;
    Ok(dto::GetObjectAclOutput {
        grants: Some(acl::grants(&owner, "private")),
        owner: Some(owner),
        ..Default::default()
    })
}
