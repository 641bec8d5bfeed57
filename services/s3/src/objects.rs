//! Objects: put, got, copied and removed.

use std::sync::Arc;

use s3s::dto::{self, CopySource, ETag};
use s3s::{Body, S3Request, S3Result, s3_error};

use crate::backend::{Address, Core};
use crate::chunked::Trailer;
use crate::conditions::Conditions;
use crate::http_face::Declared;
use crate::notification::Happening;
use crate::rows::{Attributes, ObjectRow, length, time};
use crate::sums::{Algorithm, Sum, Sums};
use crate::tags;

/// Bytes of metadata, keys and values.
const METADATA_BYTES_MAX: usize = 2048;

/// A body that a client sends, and what it says of it.
pub(crate) struct Upload {
    pub(crate) body: Option<dto::StreamingBlob>,
    pub(crate) md5: Option<String>,
    pub(crate) sum: Option<Sum>,
    pub(crate) algorithm: Option<Algorithm>,
    pub(crate) trailer: Trailer,
}

impl Upload {
    /// What a request says; `algorithm` is the one that it names.
    pub(crate) fn of<T>(
        request: &mut S3Request<T>,
        (md5, sum): (Option<String>, Option<Sum>),
        algorithm: Option<&dto::ChecksumAlgorithm>,
    ) -> Upload {
        let declared = request.extensions.remove::<Declared>().unwrap_or_default();
        let named = algorithm.and_then(|algorithm| Algorithm::named(algorithm.as_str()));
        let given = sum.as_ref().map(|sum| sum.algorithm);
        Upload {
            body: None,
            md5,
            algorithm: given.or(declared.algorithm).or(named),
            sum,
            trailer: declared.trailer,
        }
    }

    /// Writes it.
    pub(crate) async fn write(self, core: &Core) -> S3Result<crate::bodies::Written> {
        let sums = Sums::new(self.algorithm.unwrap_or(Algorithm::Crc64Nvme));
        let body = self.body.map_or_else(Body::empty, Body::from);
        let written = core.bodies.write(body, sums).await?;
        let said = self.sum.or_else(|| self.trailer.sum());
        written.computed.check(self.md5.as_deref(), said.as_ref())?;
        Ok(written)
    }
}

fn checked(attributes: Attributes) -> S3Result<Attributes> {
    let metadata = attributes.metadata.iter();
    let bytes: usize = metadata.map(|(key, value)| key.len() + value.len()).sum();
    if bytes > METADATA_BYTES_MAX {
        return Err(s3_error!(
            MetadataTooLarge,
            "Your metadata headers exceed the maximum allowed metadata size"
        ));
    }
    Ok(attributes)
}

/// The attributes in an input that has them; three have, and s3s has no name for what they share.
macro_rules! attributes {
    ($input:expr) => {
        $crate::rows::Attributes {
            content_type: $input.content_type.take(),
            content_encoding: $input.content_encoding.take().filter(|it| !it.is_empty()),
            content_language: $input.content_language.take(),
            content_disposition: $input.content_disposition.take(),
            cache_control: $input.cache_control.take(),
            expires: $input.expires.take(),
            redirect: $input.website_redirect_location.take(),
            storage_class: $input.storage_class.take().map(|it| it.as_str().to_owned()),
            metadata: $input
                .metadata
                .take()
                .unwrap_or_default()
                .into_iter()
                .collect(),
            tags: $crate::tags::of_header($input.tagging.as_deref())?,
        }
    };
}
pub(crate) use attributes;

/// The sums in an input that has them.
macro_rules! given_sum {
    ($input:expr) => {
        $crate::sums::Sum::given(&s3s::dto::Checksum {
            checksum_crc32: $input.checksum_crc32.take(),
            checksum_crc32c: $input.checksum_crc32c.take(),
            checksum_crc64nvme: $input.checksum_crc64nvme.take(),
            checksum_sha1: $input.checksum_sha1.take(),
            checksum_sha256: $input.checksum_sha256.take(),
            ..Default::default()
        })
    };
}
pub(crate) use given_sum;

/// What every object is encrypted with, as AWS says since 2023.
pub(crate) fn encryption() -> Option<dto::ServerSideEncryption> {
    Some(dto::ServerSideEncryption::from_static(
        dto::ServerSideEncryption::AES256,
    ))
}

pub(crate) fn etag(text: &str) -> Option<ETag> {
    Some(ETag::Strong(text.to_owned()))
}

pub(crate) async fn put(
    core: &Arc<Core>,
    mut request: S3Request<dto::PutObjectInput>,
) -> S3Result<dto::PutObjectOutput> {
    let sum = given_sum!(request.input);
    let md5 = request.input.content_md5.take();
    let algorithm = request.input.checksum_algorithm.take();
    let mut upload = Upload::of(&mut request, (md5, sum), algorithm.as_ref());
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let mut input = request.input;
    let attributes = checked(attributes!(input))?;
    let conditions = Conditions {
        tag_is: input.if_match,
        tag_is_not: input.if_none_match,
        ..Conditions::default()
    };
    let looked_for = address.clone();
    // Nobody sends a long body for nothing.
    core.run(move |core| core.bucket(&looked_for.caller, &looked_for.bucket))
        .await?;
    upload.body = input.body;
    let row = store(
        core,
        (Happening::Put, upload),
        (address, conditions),
        attributes,
    )
    .await?;
    let sums = row.sum.map(|sum| sum.members()).unwrap_or_default();
    Ok(dto::PutObjectOutput {
        e_tag: etag(&row.etag),
        checksum_crc32: sums.checksum_crc32,
        checksum_crc32c: sums.checksum_crc32c,
        checksum_crc64nvme: sums.checksum_crc64nvme,
        checksum_sha1: sums.checksum_sha1,
        checksum_sha256: sums.checksum_sha256,
        checksum_type: sums.checksum_type,
        server_side_encryption: encryption(),
        ..Default::default()
    })
}

async fn store(
    core: &Arc<Core>,
    (happening, upload): (Happening, Upload),
    (address, conditions): (Address, Conditions),
    attributes: Attributes,
) -> S3Result<ObjectRow> {
    let written = upload.write(core).await?;
    let row = ObjectRow {
        segments: written.draft.segment(),
        size: written.computed.size,
        etag: written.computed.etag(),
        modified: 0,
        sum: written.computed.sum,
        attributes,
    };
    let draft = written.draft;
    core.run(move |core| core.place(&address, &conditions, (happening, draft, row)))
        .await
}

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

pub(crate) async fn get(
    core: &Arc<Core>,
    request: S3Request<dto::GetObjectInput>,
) -> S3Result<dto::GetObjectOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let input = request.input;
    let conditions = Conditions {
        tag_is: input.if_match,
        tag_is_not: input.if_none_match,
        modified_after: input.if_modified_since,
        not_modified_after: input.if_unmodified_since,
    };
    let (row, pinned) = core.run(move |core| core.object(&address)).await?;
    conditions.check_read(&row)?;
    let (range, content_range) = part(&row, input.range, input.part_number)?;
    let wants_sum = input.checksum_mode.is_some() && content_range.is_none();
    let sum = row.sum.as_ref().filter(|_| wants_sum);
    let sums = sum.map(Sum::members).unwrap_or_default();
    let bytes = range.end - range.start;
    let tags = i32::try_from(row.attributes.tags.len()).unwrap_or(0);
    Ok(dto::GetObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        body: Some(Body::http_body(pinned.read(range.start, bytes)).into()),
        parts_count: parts_count(&row, input.part_number),
        content_length: Some(length(bytes)),
        content_range,
        content_type: Some(row.attributes.content_type()),
        storage_class: row.attributes.storage_class(),
        cache_control: row.attributes.cache_control,
        content_disposition: row.attributes.content_disposition,
        content_encoding: row.attributes.content_encoding,
        content_language: row.attributes.content_language,
        expires: row.attributes.expires,
        website_redirect_location: row.attributes.redirect,
        metadata: Some(row.attributes.metadata.into_iter().collect()),
        tag_count: (tags > 0).then_some(tags),
        e_tag: etag(&row.etag),
        last_modified: Some(time(row.modified)),
        server_side_encryption: encryption(),
        checksum_crc32: sums.checksum_crc32,
        checksum_crc32c: sums.checksum_crc32c,
        checksum_crc64nvme: sums.checksum_crc64nvme,
        checksum_sha1: sums.checksum_sha1,
        checksum_sha256: sums.checksum_sha256,
        checksum_type: sums.checksum_type,
        ..Default::default()
    })
}

pub(crate) async fn head(
    core: &Arc<Core>,
    request: S3Request<dto::HeadObjectInput>,
) -> S3Result<dto::HeadObjectOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let input = request.input;
    let conditions = Conditions {
        tag_is: input.if_match,
        tag_is_not: input.if_none_match,
        modified_after: input.if_modified_since,
        not_modified_after: input.if_unmodified_since,
    };
    let (row, _) = core.run(move |core| core.object(&address)).await?;
    conditions.check_read(&row)?;
    let (range, content_range) = part(&row, input.range, input.part_number)?;
    let wants_sum = input.checksum_mode.is_some() && content_range.is_none();
    let sum = row.sum.as_ref().filter(|_| wants_sum);
    let sums = sum.map(Sum::members).unwrap_or_default();
    Ok(dto::HeadObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        parts_count: parts_count(&row, input.part_number),
        content_length: Some(length(range.end - range.start)),
        content_range,
        content_type: Some(row.attributes.content_type()),
        storage_class: row.attributes.storage_class(),
        cache_control: row.attributes.cache_control,
        content_disposition: row.attributes.content_disposition,
        content_encoding: row.attributes.content_encoding,
        content_language: row.attributes.content_language,
        expires: row.attributes.expires,
        website_redirect_location: row.attributes.redirect,
        metadata: Some(row.attributes.metadata.into_iter().collect()),
        e_tag: etag(&row.etag),
        last_modified: Some(time(row.modified)),
        server_side_encryption: encryption(),
        checksum_crc32: sums.checksum_crc32,
        checksum_crc32c: sums.checksum_crc32c,
        checksum_crc64nvme: sums.checksum_crc64nvme,
        checksum_sha1: sums.checksum_sha1,
        checksum_sha256: sums.checksum_sha256,
        checksum_type: sums.checksum_type,
        ..Default::default()
    })
}

/// Bucket and key of what is to be copied.
pub(crate) fn source(source: &CopySource) -> S3Result<(String, String)> {
    match source {
        CopySource::Bucket { bucket, key, .. } => Ok((bucket.to_string(), key.to_string())),
        _ => Err(s3_error!(
            NotImplemented,
            "Access points are not implemented."
        )),
    }
}

/// The attributes of a copy: the old ones, but for what the request replaces.
fn of_copy(old: Attributes, given: Attributes, is_described: bool, is_tagged: bool) -> Attributes {
    let tags = if is_tagged {
        given.tags.clone()
    } else {
        old.tags.clone()
    };
    match is_described {
        true => Attributes { tags, ..given },
        false => Attributes {
            tags,
            storage_class: given.storage_class,
            redirect: given.redirect,
            ..old
        },
    }
}

pub(crate) async fn copy(
    core: &Arc<Core>,
    request: S3Request<dto::CopyObjectInput>,
) -> S3Result<dto::CopyObjectOutput> {
    let to = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let mut input = request.input;
    let (bucket, key) = source(&input.copy_source)?;
    let from = to.sibling(bucket, key);
    let replaces = |directive: Option<&str>| directive == Some("REPLACE");
    let is_described = replaces(input.metadata_directive.as_ref().map(|it| it.as_str()));
    let is_tagged = replaces(input.tagging_directive.as_ref().map(|it| it.as_str()));
    let given = checked(attributes!(input))?;
    let is_same = from.bucket == to.bucket && from.key == to.key;
    let changes = is_described || is_tagged || given.storage_class.is_some();
    if is_same && !changes && given.redirect.is_none() && input.server_side_encryption.is_none() {
        return Err(s3_error!(
            InvalidRequest,
            "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes."
        ));
    }
    let conditions = Conditions {
        tag_is: input.copy_source_if_match,
        tag_is_not: input.copy_source_if_none_match,
        modified_after: input.copy_source_if_modified_since,
        not_modified_after: input.copy_source_if_unmodified_since,
    };
    let (old, pinned) = core.run(move |core| core.object(&from)).await?;
    conditions.check_copy(&old)?;
    let attributes = of_copy(old.attributes, given, is_described, is_tagged);
    let named = input.checksum_algorithm.as_ref();
    let named = named.and_then(|named| Algorithm::named(named.as_str()));
    let upload = Upload {
        body: Some(Body::http_body(pinned.read(0, old.size)).into()),
        md5: None,
        sum: None,
        algorithm: named.or(old.sum.map(|sum| sum.algorithm)),
        trailer: Trailer::default(),
    };
    let row = store(
        core,
        (Happening::Copied, upload),
        (to, Conditions::default()),
        attributes,
    )
    .await?;
    let sums = row.sum.map(|sum| sum.members()).unwrap_or_default();
    Ok(dto::CopyObjectOutput {
        copy_object_result: Some(dto::CopyObjectResult {
            e_tag: etag(&row.etag),
            last_modified: Some(time(row.modified)),
            checksum_crc32: sums.checksum_crc32,
            checksum_crc32c: sums.checksum_crc32c,
            checksum_crc64nvme: sums.checksum_crc64nvme,
            checksum_sha1: sums.checksum_sha1,
            checksum_sha256: sums.checksum_sha256,
            checksum_type: sums.checksum_type,
        }),
        server_side_encryption: encryption(),
        ..Default::default()
    })
}

pub(crate) async fn delete(
    core: &Arc<Core>,
    request: S3Request<dto::DeleteObjectInput>,
) -> S3Result<dto::DeleteObjectOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let conditions = Conditions {
        tag_is: request.input.if_match,
        ..Conditions::default()
    };
    core.run(move |core| core.remove(&address, &conditions, Happening::Deleted))
        .await?;
    Ok(dto::DeleteObjectOutput::default())
}

pub(crate) async fn delete_many(
    core: &Arc<Core>,
    request: S3Request<dto::DeleteObjectsInput>,
) -> S3Result<dto::DeleteObjectsOutput> {
    let any = Address::of(&request, &request.input.bucket, "")?;
    let dto::DeleteObjectsInput { bucket, delete, .. } = request.input;
    if delete.objects.is_empty() || delete.objects.len() > 1000 {
        return Err(s3_error!(
            MalformedXML,
            "The XML you provided was not well-formed or did not validate against our published schema"
        ));
    }
    core.run(move |core| {
        core.bucket(&any.caller, &bucket)?;
        let (mut deleted, mut errors) = (Vec::new(), Vec::new());
        for object in delete.objects {
            let address = any.sibling(bucket.clone(), object.key.clone());
            let conditions = Conditions {
                tag_is: object.e_tag.map(dto::ETagCondition::ETag),
                ..Conditions::default()
            };
            match core.remove(&address, &conditions, Happening::Deleted) {
                Ok(()) => deleted.push(dto::DeletedObject {
                    key: Some(object.key),
                    ..Default::default()
                }),
                Err(error) => errors.push(dto::Error {
                    code: Some(error.code().as_str().to_owned()),
                    key: Some(object.key),
                    message: error.message().map(str::to_owned),
                    version_id: None,
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

pub(crate) async fn attributes_of(
    core: &Arc<Core>,
    request: S3Request<dto::GetObjectAttributesInput>,
) -> S3Result<dto::GetObjectAttributesOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let wanted = request.input.object_attributes;
    // One header may name several.
    let wanted: Vec<&str> = wanted
        .iter()
        .flat_map(|it| it.as_str().split(','))
        .collect();
    let wants = |name: &str| wanted.iter().any(|it| it.trim() == name);
    let (row, _) = core.run(move |core| core.object(&address)).await?;
    let parts = i32::try_from(row.segments.len()).ok();
    let is_parted = row.etag.contains('-') && wants(dto::ObjectAttributes::OBJECT_PARTS);
    Ok(dto::GetObjectAttributesOutput {
        checksum: row
            .sum
            .as_ref()
            .map(Sum::members)
            .filter(|_| wants("Checksum")),
        e_tag: etag(&row.etag).filter(|_| wants("ETag")),
        last_modified: Some(time(row.modified)),
        object_parts: is_parted.then(|| dto::GetObjectAttributesParts {
            total_parts_count: parts,
            ..Default::default()
        }),
        object_size: wants("ObjectSize").then(|| length(row.size)),
        storage_class: wants("StorageClass").then(|| row.attributes.listed_class().into()),
        ..Default::default()
    })
}

pub(crate) async fn put_tags(
    core: &Arc<Core>,
    request: S3Request<dto::PutObjectTaggingInput>,
) -> S3Result<dto::PutObjectTaggingOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let tags = tags::of_set(request.input.tagging.tag_set)?;
    core.run(move |core| {
        core.describe(&address, Happening::Tagged, |row| {
            row.attributes.tags = tags;
        })
    })
    .await?;
    Ok(dto::PutObjectTaggingOutput::default())
}

pub(crate) async fn delete_tags(
    core: &Arc<Core>,
    request: S3Request<dto::DeleteObjectTaggingInput>,
) -> S3Result<dto::DeleteObjectTaggingOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    core.run(move |core| {
        core.describe(&address, Happening::Untagged, |row| {
            row.attributes.tags.clear();
        })
    })
    .await?;
    Ok(dto::DeleteObjectTaggingOutput::default())
}

pub(crate) async fn get_tags(
    core: &Arc<Core>,
    request: S3Request<dto::GetObjectTaggingInput>,
) -> S3Result<dto::GetObjectTaggingOutput> {
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let (row, _) = core.run(move |core| core.object(&address)).await?;
    Ok(dto::GetObjectTaggingOutput {
        tag_set: row.attributes.tag_set(),
        version_id: None,
    })
}

/// Versions are not kept: only the one that there is can be named.
pub(crate) fn refuse_version(version: Option<&String>) -> S3Result<()> {
    match version.map(String::as_str) {
        None | Some("null" | "") => Ok(()),
        Some(_) => {
            let mut error = s3_error!(NoSuchVersion, "The specified version does not exist.");
            error.set_status_code(http::StatusCode::NOT_FOUND);
            Err(error)
        }
    }
}

/// Whose objects they are, where an answer says it.
pub(crate) fn owner(caller: &passo_service::Caller) -> dto::Owner {
    dto::Owner {
        display_name: None,
        id: Some(crate::sums::hex(caller.account.as_str().as_bytes())),
    }
}
