//! Lists of a bucket's uploads and of an upload's parts.

use std::sync::Arc;

use s3s::dto;
use s3s::{S3Request, S3Result};

use crate::backend::{Address, Core, caller};
use crate::listing::{Wanted, fold, limit};
use crate::lists::encoder;
use crate::objects::{etag, owner, set_sums};
use crate::rows::{UploadRow, length, time};

/// Who began an upload: here everybody is the account.
fn initiator(caller: &passo_service::Caller) -> dto::Initiator {
    dto::Initiator {
        display_name: None,
        id: owner(caller).id,
    }
}

/// The kind of an upload's sum, where its sender has said one.
fn sum_of(row: &UploadRow) -> (Option<dto::ChecksumAlgorithm>, Option<dto::ChecksumType>) {
    let algorithm = row.algorithm.map(|it| it.name().to_owned().into());
    let kind = row.algorithm.map(|_| row.sum().1.name().to_owned().into());
    (algorithm, kind)
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
    let limit = limit(input.max_parts, "max-parts")?;
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
        set_sums!(
            shown,
            part.sum.as_ref().filter(|_| upload.algorithm.is_some())
        );
        shown
    });
    let parts = parts.collect();
    let (checksum_algorithm, checksum_type) = sum_of(&upload);
    Ok(dto::ListPartsOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        is_truncated: Some(is_truncated),
        max_parts: i32::try_from(limit).ok(),
        next_part_number_marker: next.or(Some(0)),
        part_number_marker: Some(after),
        parts: Some(parts),
        owner: Some(owner(&caller)),
        initiator: Some(initiator(&caller)),
        storage_class: Some(upload.attributes.listed_class().into()),
        checksum_algorithm,
        checksum_type,
        ..Default::default()
    })
}

/// A page of uploads.
#[derive(Debug, Default)]
struct Page {
    uploads: Vec<(String, UploadRow)>,
    prefixes: Vec<String>,
    /// The key or the folded beginning, and the upload, that the next page comes after.
    next: Option<(String, String)>,
}

/// The page of `rows` that is wanted; `after_id` is the upload of the key that it comes after, if one is named.
fn page(mut rows: Vec<(String, UploadRow)>, wanted: &Wanted<'_>, after_id: &str) -> Page {
    rows.sort_by(|(id, row), (other_id, other)| (&row.key, id).cmp(&(&other.key, other_id)));
    let mut page = Page::default();
    let mut last = (String::new(), String::new());
    for (id, row) in rows {
        let folded = fold(wanted, &row.key).map(str::to_owned);
        let is_later = match (&folded, after_id.is_empty()) {
            // The marker may be the folded beginning itself, or a key in it.
            (Some(folded), _) if wanted.after.starts_with(&**folded) => false,
            (_, true) => &*row.key > wanted.after,
            (_, false) => (&*row.key, &*id) > (wanted.after, after_id),
        };
        let is_known = folded.is_some() && page.prefixes.last() == folded.as_ref();
        if !row.key.starts_with(wanted.prefix) || !is_later || is_known {
            continue;
        }
        if page.uploads.len() + page.prefixes.len() == wanted.limit {
            page.next = (wanted.limit > 0).then_some(last);
            return page;
        }
        match folded {
            Some(folded) => {
                last = (folded.clone(), String::new());
                page.prefixes.push(folded);
            }
            None => {
                last = (row.key.clone(), id.clone());
                page.uploads.push((id, row));
            }
        }
    }
    page
}

pub(crate) async fn uploads(
    core: &Arc<Core>,
    request: S3Request<dto::ListMultipartUploadsInput>,
) -> S3Result<dto::ListMultipartUploadsOutput> {
    let (caller, input) = (caller(&request)?, request.input);
    let (of, bucket) = (caller.clone(), input.bucket.clone());
    let rows = core
        .run(move |core| {
            core.bucket(&of, &bucket)?;
            let mut rows = core.tables.uploads()?;
            rows.retain(|(_, row)| row.bucket == bucket);
            Ok(rows)
        })
        .await?;
    let limit = limit(input.max_uploads, "max-uploads")?;
    let wanted = Wanted {
        bucket: &input.bucket,
        prefix: input.prefix.as_deref().unwrap_or_default(),
        delimiter: input.delimiter.as_deref().unwrap_or_default(),
        after: input.key_marker.as_deref().unwrap_or_default(),
        limit,
    };
    let after_id = input.upload_id_marker.as_deref().unwrap_or_default();
    let page = page(rows, &wanted, after_id);
    let encode = encoder(input.encoding_type.as_ref());
    let is_truncated = page.next.is_some();
    let (next_key_marker, next_upload_id_marker) = page.next.unzip();
    let uploads = page.uploads.into_iter().map(|(id, row)| {
        let (checksum_algorithm, checksum_type) = sum_of(&row);
        dto::MultipartUpload {
            initiated: Some(time(row.begun)),
            storage_class: Some(row.attributes.listed_class().into()),
            key: Some(encode(row.key)),
            owner: Some(owner(&caller)),
            initiator: Some(initiator(&caller)),
            upload_id: Some(id),
            checksum_algorithm,
            checksum_type,
        }
    });
    let prefixes = page.prefixes.into_iter().map(|prefix| dto::CommonPrefix {
        prefix: Some(encode(prefix)),
    });
    Ok(dto::ListMultipartUploadsOutput {
        uploads: Some(uploads.collect()),
        common_prefixes: Some(prefixes.collect()),
        is_truncated: Some(is_truncated),
        key_marker: Some(encode(input.key_marker.unwrap_or_default())),
        max_uploads: i32::try_from(limit).ok(),
        next_key_marker: next_key_marker.map(encode),
        next_upload_id_marker,
        prefix: input.prefix.map(encode),
        delimiter: input.delimiter.map(encode),
        upload_id_marker: input.upload_id_marker,
        encoding_type: input.encoding_type,
        bucket: Some(input.bucket),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Attributes;

    fn check(prefix: &str, delimiter: &str, expect: &[&str]) {
        let keys = ["a", "a", "b/1", "b/2", "b/c/3", "c"];
        let rows = || {
            let keys = keys.iter().enumerate();
            let rows = keys.map(|(number, key)| {
                let row = UploadRow {
                    bucket: String::new(),
                    key: (*key).to_owned(),
                    begun: 0,
                    algorithm: None,
                    is_sum_of_all: false,
                    attributes: Attributes::default(),
                };
                (number.to_string(), row)
            });
            rows.collect::<Vec<_>>()
        };
        for limit in 1..=7 {
            let (mut found, mut after) = (Vec::new(), (String::new(), String::new()));
            loop {
                let wanted = Wanted {
                    bucket: "",
                    prefix,
                    delimiter,
                    after: &after.0,
                    limit,
                };
                let page = page(rows(), &wanted, &after.1);
                assert!(page.uploads.len() + page.prefixes.len() <= limit);
                found.extend(page.uploads.into_iter().map(|(_, row)| row.key));
                found.extend(page.prefixes);
                match page.next {
                    Some(next) => after = next,
                    None => break,
                }
            }
            found.sort();
            assert_eq!(found, expect, "{prefix} {delimiter} {limit}");
        }
    }

    #[test]
    fn pages_of_uploads_join_to_the_whole_and_fold() {
        check("", "", &["a", "a", "b/1", "b/2", "b/c/3", "c"]);
        check("", "/", &["a", "a", "b/", "c"]);
        check("b/", "/", &["b/1", "b/2", "b/c/"]);
        check("x", "/", &[]);
    }
}
