//! Lists of every version of a bucket's objects: ListObjectVersions.

use std::sync::Arc;

use s3s::dto;
use s3s::{S3Request, S3Result, s3_error};

use crate::backend::{Address, Core, caller};
use crate::listing::{Wanted, behind, fold, limit};
use crate::lists::encoder;
use crate::objects::{etag, owner};
use crate::rows::{ObjectRow, length, time};
use crate::tables::After;

/// A page of versions.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// By key, the newest first.
    pub(crate) versions: Vec<Version>,
    prefixes: Vec<String>,
    pub(crate) is_truncated: bool,
}

#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) key: String,
    pub(crate) row: ObjectRow,
    pub(crate) is_latest: bool,
}

impl Core {
    /// The page that is wanted, behind `after`; `last` is the key of the version that it goes on behind.
    pub(crate) fn versions(
        &self,
        wanted: &Wanted<'_>,
        mut after: After,
        last: Option<&str>,
    ) -> S3Result<Page> {
        let mut page = Page::default();
        if wanted.limit == 0 {
            return Ok(page);
        }
        let (mut last, mut folded) = (last.map(str::to_owned), None::<String>);
        loop {
            let most = wanted.limit + 1;
            let of = (wanted.bucket, wanted.prefix);
            let (objects, older) = self.tables.all_versions(of, &after, most)?;
            let is_over = objects.len() < most && older.len() < most;
            // Both have their first ones: so many of what they come to together are in order.
            let mut merged: Vec<_> = objects.into_iter().chain(older).collect();
            merged.sort_by(|(key, row), (other_key, other)| {
                (key, other.sequence).cmp(&(other_key, row.sequence))
            });
            if !is_over {
                merged.truncate(most);
            }
            for (key, row) in merged {
                if folded
                    .as_ref()
                    .is_some_and(|prefix| key.starts_with(prefix))
                {
                    continue;
                }
                if page.versions.len() + page.prefixes.len() == wanted.limit {
                    page.is_truncated = true;
                    return Ok(page);
                }
                if let Some(prefix) = fold(wanted, &key) {
                    page.prefixes.push(prefix.to_owned());
                    after = After::behind(&behind(prefix));
                    folded = Some(prefix.to_owned());
                    continue;
                }
                after = After::of(&key, Some(row.sequence));
                let is_latest = last.as_ref() != Some(&key);
                last = Some(key.clone());
                page.versions.push(Version {
                    key,
                    row,
                    is_latest,
                });
            }
            if is_over {
                return Ok(page);
            }
        }
    }

    /// Where a page goes on: behind a version, or behind every version of a key.
    fn behind_marker(
        &self,
        address: &Address,
        wanted: &Wanted<'_>,
    ) -> S3Result<(After, Option<String>)> {
        let key = &*address.key;
        if key.is_empty() {
            return Ok((After::default(), None));
        }
        if fold(wanted, key) == Some(key) {
            return Ok((After::behind(&behind(key)), None));
        }
        if address.version.is_none() {
            return Ok((After::of(key, None), None));
        }
        let sequence = self.find(address)?.map(|found| found.row.sequence);
        Ok((After::of(key, sequence), Some(key.to_owned())))
    }
}

pub(crate) async fn list(
    core: &Arc<Core>,
    request: S3Request<dto::ListObjectVersionsInput>,
) -> S3Result<dto::ListObjectVersionsOutput> {
    let caller = caller(&request)?;
    let key = request.input.key_marker.clone().unwrap_or_default();
    let marker = Address::of(&request, &request.input.bucket, &key)?;
    let input = request.input;
    let marker = marker.at(input.version_id_marker.clone());
    if marker.version.is_some() && key.is_empty() {
        return Err(s3_error!(
            InvalidArgument,
            "A version-id marker cannot be specified without a key marker."
        ));
    }
    let limit = limit(input.max_keys, "maxKeys")?;
    let (prefix, delimiter) = (input.prefix.clone(), input.delimiter.clone());
    let page = core
        .run(move |core| {
            core.bucket(&marker.caller, &marker.bucket)?;
            let wanted = Wanted {
                bucket: &marker.bucket,
                prefix: prefix.as_deref().unwrap_or_default(),
                delimiter: delimiter.as_deref().unwrap_or_default(),
                after: "",
                limit,
            };
            let (after, last) = core.behind_marker(&marker, &wanted)?;
            core.versions(&wanted, after, last.as_deref())
        })
        .await?;
    Ok(shown(page, input, (limit, &owner(&caller))))
}

/// A page in the form of the answer.
fn shown(
    page: Page,
    input: dto::ListObjectVersionsInput,
    (limit, owner): (usize, &dto::Owner),
) -> dto::ListObjectVersionsOutput {
    let encode = encoder(input.encoding_type.as_ref());
    let last = page.versions.last();
    let (last_key, last_prefix) = (last.map(|it| &it.key), page.prefixes.last());
    let is_prefix_last = last_prefix > last_key;
    let next_key = if is_prefix_last {
        last_prefix
    } else {
        last_key
    };
    let next_version = last.filter(|_| !is_prefix_last);
    let next_version = next_version.map(|it| it.row.version_name().to_owned());
    let next_key = next_key.cloned().map(encode);
    let (versions, markers) = entries(page.versions, encode, owner);
    let prefixes = page.prefixes.into_iter().map(|prefix| dto::CommonPrefix {
        prefix: Some(encode(prefix)),
    });
    dto::ListObjectVersionsOutput {
        common_prefixes: Some(prefixes.collect()),
        delete_markers: Some(markers),
        delimiter: input.delimiter.map(encode),
        encoding_type: input.encoding_type,
        is_truncated: Some(page.is_truncated),
        key_marker: Some(encode(input.key_marker.unwrap_or_default())),
        max_keys: i32::try_from(limit).ok(),
        name: Some(input.bucket),
        next_key_marker: next_key.filter(|_| page.is_truncated),
        next_version_id_marker: next_version.filter(|_| page.is_truncated),
        prefix: Some(encode(input.prefix.unwrap_or_default())),
        version_id_marker: input.version_id_marker,
        versions: Some(versions),
        ..Default::default()
    }
}

/// Versions and delete markers, apart as answers have them.
fn entries(
    found: Vec<Version>,
    encode: impl Fn(String) -> String,
    owner: &dto::Owner,
) -> (Vec<dto::ObjectVersion>, Vec<dto::DeleteMarkerEntry>) {
    let (mut versions, mut markers) = (Vec::new(), Vec::new());
    for Version {
        key,
        row,
        is_latest,
    } in found
    {
        let version_id = Some(row.version_name().to_owned());
        let (is_latest, key, owner) = (Some(is_latest), Some(encode(key)), Some(owner.clone()));
        let last_modified = Some(time(row.modified));
        if row.is_marker {
            markers.push(dto::DeleteMarkerEntry {
                is_latest,
                key,
                last_modified,
                owner,
                version_id,
            });
            continue;
        }
        versions.push(dto::ObjectVersion {
            e_tag: etag(&row.etag),
            is_latest,
            key,
            last_modified,
            owner,
            size: Some(length(row.size)),
            storage_class: Some(row.attributes.listed_class().into()),
            checksum_algorithm: row
                .sum
                .map(|sum| vec![sum.algorithm.name().to_owned().into()]),
            version_id,
            ..Default::default()
        });
    }
    (versions, markers)
}
