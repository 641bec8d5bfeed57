//! Lists of buckets and of objects, in the forms of the two versions of the API.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use s3s::dto;
use s3s::{S3Request, S3Result, s3_error};

use crate::backend::{Core, caller};
use crate::listing::{self, Page, Wanted};
use crate::objects::{etag, owner};
use crate::rows::{length, time};
use crate::tags::escaped;

/// What both versions ask.
struct Asked {
    bucket: String,
    prefix: String,
    delimiter: String,
    after: String,
    limit: usize,
}

async fn page(core: &Arc<Core>, caller: &passo_service::Caller, asked: Asked) -> S3Result<Page> {
    let caller = caller.clone();
    core.run(move |core| {
        core.bucket(&caller, &asked.bucket)?;
        let wanted = Wanted {
            bucket: &asked.bucket,
            prefix: &asked.prefix,
            delimiter: &asked.delimiter,
            after: &asked.after,
            limit: asked.limit,
        };
        listing::page(&core.tables, &wanted)
    })
    .await
}

/// The objects and the folded beginnings of a page, in the encoding that is asked for.
fn shown(
    page: Page,
    encode: impl Fn(String) -> String,
    owner: Option<&dto::Owner>,
) -> (Vec<dto::Object>, Vec<dto::CommonPrefix>) {
    let objects = page.objects.into_iter().map(|(key, row)| dto::Object {
        e_tag: etag(&row.etag),
        key: Some(encode(key)),
        last_modified: Some(time(row.modified)),
        owner: owner.cloned(),
        size: Some(length(row.size)),
        storage_class: Some(row.attributes.listed_class().into()),
        checksum_algorithm: row
            .sum
            .map(|sum| vec![sum.algorithm.name().to_owned().into()]),
        ..Default::default()
    });
    let objects = objects.collect();
    let prefixes = page.prefixes.into_iter();
    let prefixes = prefixes.map(|prefix| dto::CommonPrefix {
        prefix: Some(encode(prefix)),
    });
    (objects, prefixes.collect())
}

pub(crate) fn encoder(
    encoding: Option<&dto::EncodingType>,
) -> impl Fn(String) -> String + Copy + use<> {
    let escapes = encoding.is_some_and(|it| it.as_str() == dto::EncodingType::URL);
    move |text: String| match escapes {
        true => escaped(&text),
        false => text,
    }
}

pub(crate) async fn first(
    core: &Arc<Core>,
    request: S3Request<dto::ListObjectsInput>,
) -> S3Result<dto::ListObjectsOutput> {
    let caller = caller(&request)?;
    let input = request.input;
    let limit = listing::limit(input.max_keys, "maxKeys")?;
    let asked = Asked {
        bucket: input.bucket.clone(),
        prefix: input.prefix.clone().unwrap_or_default(),
        delimiter: input.delimiter.clone().unwrap_or_default(),
        after: input.marker.clone().unwrap_or_default(),
        limit,
    };
    let mut page = page(core, &caller, asked).await?;
    let encode = encoder(input.encoding_type.as_ref());
    let next = page.next.take();
    let (contents, common_prefixes) = shown(page, encode, Some(&owner(&caller)));
    Ok(dto::ListObjectsOutput {
        name: Some(input.bucket),
        prefix: Some(encode(input.prefix.unwrap_or_default())),
        marker: Some(encode(input.marker.unwrap_or_default())),
        max_keys: i32::try_from(limit).ok(),
        is_truncated: Some(next.is_some()),
        contents: Some(contents),
        common_prefixes: Some(common_prefixes),
        // Without a delimiter the last key says it.
        next_marker: next.filter(|_| input.delimiter.is_some()).map(encode),
        delimiter: input.delimiter.map(encode),
        encoding_type: input.encoding_type,
        ..Default::default()
    })
}

pub(crate) async fn second(
    core: &Arc<Core>,
    request: S3Request<dto::ListObjectsV2Input>,
) -> S3Result<dto::ListObjectsV2Output> {
    let caller = caller(&request)?;
    let input = request.input;
    let limit = listing::limit(input.max_keys, "maxKeys")?;
    let after = match &input.continuation_token {
        Some(token) => {
            let token = STANDARD.decode(token).ok();
            let token = token.and_then(|token| String::from_utf8(token).ok());
            token.ok_or_else(|| {
                s3_error!(
                    InvalidArgument,
                    "The continuation token provided is incorrect"
                )
            })?
        }
        None => input.start_after.clone().unwrap_or_default(),
    };
    let asked = Asked {
        bucket: input.bucket.clone(),
        prefix: input.prefix.clone().unwrap_or_default(),
        delimiter: input.delimiter.clone().unwrap_or_default(),
        after,
        limit,
    };
    let mut page = page(core, &caller, asked).await?;
    let encode = encoder(input.encoding_type.as_ref());
    let next = page.next.take();
    let of = owner(&caller);
    let owner = input.fetch_owner.unwrap_or(false).then_some(&of);
    let (contents, common_prefixes) = shown(page, encode, owner);
    Ok(dto::ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: Some(encode(input.prefix.unwrap_or_default())),
        max_keys: i32::try_from(limit).ok(),
        key_count: i32::try_from(contents.len() + common_prefixes.len()).ok(),
        continuation_token: input.continuation_token,
        is_truncated: Some(next.is_some()),
        next_continuation_token: next.map(|next| STANDARD.encode(next)),
        contents: Some(contents),
        common_prefixes: Some(common_prefixes),
        delimiter: input.delimiter.map(encode),
        encoding_type: input.encoding_type,
        start_after: input.start_after.map(encode),
        ..Default::default()
    })
}

pub(crate) async fn buckets(
    core: &Arc<Core>,
    request: S3Request<dto::ListBucketsInput>,
) -> S3Result<dto::ListBucketsOutput> {
    let caller = caller(&request)?;
    let input = request.input;
    let mut rows = core.run(|core| core.tables.buckets()).await?;
    let prefix = input.prefix.clone().unwrap_or_default();
    let after = input.continuation_token.unwrap_or_default();
    let region = input.bucket_region.as_deref();
    rows.retain(|(name, row)| {
        row.account == caller.account.as_str()
            && name.starts_with(&prefix)
            && *name > after
            && region.is_none_or(|region| row.region == region)
    });
    let limit = input.max_buckets.unwrap_or(10_000);
    let limit = usize::try_from(limit).unwrap_or(0).max(1);
    let is_truncated = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| is_truncated);
    let continuation_token = next.map(|(name, _)| name.clone());
    let buckets = rows.into_iter().map(|(name, row)| dto::Bucket {
        bucket_region: Some(row.region),
        creation_date: Some(time(row.created)),
        name: Some(name),
    });
    Ok(dto::ListBucketsOutput {
        buckets: Some(buckets.collect()),
        continuation_token,
        owner: Some(owner(&caller)),
        prefix: input.prefix,
    })
}
