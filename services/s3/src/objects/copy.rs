//! Objects are copied.

use std::sync::Arc;

use http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};
use s3s::dto::{self, CopySource};
use s3s::{S3Request, S3Result, s3_error};

use crate::backend::{Address, Core};
use crate::conditions::Conditions;
use crate::notification::Happening;
use crate::objects::put::store;
use crate::objects::upload::{Upload, attributes, checked};
use crate::objects::{encryption, etag, set_sums};
use crate::rows::{Attributes, time};
use crate::sums::Algorithm;

/// What is to be copied.
pub(crate) struct Source {
    pub(crate) address: Address,
    pub(crate) conditions: Conditions,
}

impl Source {
    /// The object that `named` says, for a request that writes to `to`.
    ///
    /// # Errors
    /// `NotImplemented` for access points.
    pub(crate) fn of(named: &CopySource, to: &Address, conditions: Conditions) -> S3Result<Source> {
        let CopySource::Bucket {
            bucket,
            key,
            version_id,
        } = named
        else {
            return Err(s3_error!(
                NotImplemented,
                "Access points are not implemented."
            ));
        };
        let address = to.sibling(bucket.to_string(), key.to_string());
        Ok(Source {
            address: address.at(version_id.as_deref().map(str::to_owned)),
            conditions,
        })
    }
}

/// The conditions in an input that copies.
macro_rules! copying {
    ($input:expr) => {
        $crate::conditions::Conditions {
            tag_is: $input.copy_source_if_match.take(),
            tag_is_not: $input.copy_source_if_none_match.take(),
            modified_after: $input.copy_source_if_modified_since.take(),
            not_modified_after: $input.copy_source_if_unmodified_since.take(),
            sequence_is: None,
        }
    };
}
pub(crate) use copying;

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

/// A condition on what the copy replaces: s3s does not know them yet.
fn to_be(headers: &http::HeaderMap, name: HeaderName) -> Option<dto::ETagCondition> {
    dto::ETagCondition::parse_http_header(headers.get(name)?.as_bytes()).ok()
}

pub(crate) async fn copy(
    core: &Arc<Core>,
    request: S3Request<dto::CopyObjectInput>,
) -> S3Result<dto::CopyObjectOutput> {
    let to = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let headers = request.headers;
    let mut input = request.input;
    let source = Source::of(&input.copy_source, &to, copying!(input))?;
    let from = source.address;
    let replaces = |directive: Option<&str>, of: &str| match directive {
        None | Some("COPY") => Ok(false),
        Some("REPLACE") => Ok(true),
        Some(_) => Err(s3_error!(InvalidArgument, "Unknown {of} directive.")),
    };
    let directive = input.metadata_directive.as_ref().map(|it| it.as_str());
    let is_described = replaces(directive, "metadata")?;
    let directive = input.tagging_directive.as_ref().map(|it| it.as_str());
    let is_tagged = replaces(directive, "tagging")?;
    let conditions =
        Conditions::of_write(to_be(&headers, IF_MATCH), to_be(&headers, IF_NONE_MATCH))?;
    let given = checked(attributes!(input))?;
    let is_same = from.bucket == to.bucket && from.key == to.key && from.version.is_none();
    let changes = is_described || is_tagged || given.storage_class.is_some();
    if is_same && !changes && given.redirect.is_none() && input.server_side_encryption.is_none() {
        return Err(s3_error!(
            InvalidRequest,
            "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes."
        ));
    }
    let held = core.run(move |core| core.object(&from)).await?;
    let old = held.row;
    source.conditions.check_copy(&old)?;
    let attributes = of_copy(old.attributes, given, is_described, is_tagged);
    let named = input.checksum_algorithm.as_ref();
    let named = named.and_then(|named| Algorithm::named(named.as_str()));
    let kept = named.or(old.sum.map(|sum| sum.algorithm));
    let upload = Upload::copy(held.pinned.read(0, old.size), kept);
    let placed = store(
        core,
        (Happening::Copied, upload),
        (to, conditions),
        attributes,
    )
    .await?;
    let mut result = dto::CopyObjectResult {
        e_tag: etag(&placed.row.etag),
        last_modified: Some(time(placed.row.modified)),
        ..Default::default()
    };
    result.checksum_type = set_sums!(result, placed.row.sum.as_ref());
    Ok(dto::CopyObjectOutput {
        copy_object_result: Some(result),
        copy_source_version_id: held.version,
        server_side_encryption: encryption(),
        version_id: placed.version,
        ..Default::default()
    })
}
