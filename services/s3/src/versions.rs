//! Versions of objects: where each is kept, and which one is current.
//!
//! The current version is a row among the objects, unless it is a delete marker. Everything older, and every delete
//! marker, is a row among the versions, newest first: where an object has no current row, the newest of these is a marker.
//! Source: "Retaining multiple versions of objects with S3 Versioning" of the S3 user guide.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue, StatusCode};
use s3s::{S3Error, S3Result, s3_error};

use crate::backend::{Address, Core};
use crate::changes::Change;
use crate::faults;
use crate::rows::{BucketRow, ObjectRow, time};
use crate::tables::{put_object, put_version, remove_object, remove_version};

/// The configuration's name among those of a bucket.
pub(crate) const NAME: &str = "bucket_versioning";

/// What a version is called that was put while none were kept.
pub(crate) const NULL: &str = "null";

/// Whether a bucket keeps versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Versioning {
    /// It never has.
    Never,
    Enabled,
    Suspended,
}

/// A version that was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) row: ObjectRow,
    /// Whether its row is among the objects.
    pub(crate) is_object: bool,
}

impl BucketRow {
    pub(crate) fn versioning(&self) -> Versioning {
        let status = self.configurations.get(NAME);
        match status.and_then(|kept| kept.get("status")?.as_str()) {
            Some("Enabled") => Versioning::Enabled,
            Some("Suspended") => Versioning::Suspended,
            _ => Versioning::Never,
        }
    }

    /// What answers call the version of `row`; nothing in a bucket that never kept any.
    pub(crate) fn version_of(&self, row: &ObjectRow) -> Option<String> {
        (self.versioning() != Versioning::Never).then(|| row.version_name().to_owned())
    }
}

impl ObjectRow {
    pub(crate) fn version_name(&self) -> &str {
        self.version.as_deref().unwrap_or(NULL)
    }
}

/// The place of a version in the order of its object's, which its name holds.
fn sequence_of(version: &str) -> Option<u64> {
    let bytes = URL_SAFE_NO_PAD.decode(version).ok()?;
    let bytes = bytes.get(16..).filter(|_| bytes.len() == 24)?;
    Some(u64::from_be_bytes(bytes.try_into().ok()?))
}

impl Core {
    fn version_name(&self, sequence: u64) -> String {
        let chance = [self.entropy.seed(), self.entropy.seed(), sequence];
        let bytes: Vec<u8> = chance.into_iter().flat_map(u64::to_be_bytes).collect();
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The version that an address names, or the current one.
    ///
    /// # Errors
    /// `InvalidArgument` where it cannot be the name of a version.
    pub(crate) fn find(&self, address: &Address) -> S3Result<Option<Found>> {
        let place = address.place();
        let object = self.tables.object(place.0, place.1)?;
        let of_object = |row| Found {
            row,
            is_object: true,
        };
        let Some(version) = &address.version else {
            return match object {
                Some(row) => Ok(Some(of_object(row))),
                None => Ok(self.tables.newest_version(place)?.map(older)),
            };
        };
        if object
            .as_ref()
            .is_some_and(|row| row.version_name() == version)
        {
            return Ok(object.map(of_object));
        }
        let row = match &**version {
            NULL => self.tables.null_version(place)?,
            version => {
                let sequence = sequence_of(version)
                    .ok_or_else(|| s3_error!(InvalidArgument, "Invalid version id specified"))?;
                self.tables.version(place, sequence)?
            }
        };
        Ok(row.filter(|row| row.version_name() == version).map(older))
    }

    /// Like [`Core::find`], for those who read or describe an object.
    ///
    /// # Errors
    /// `NoSuchKey`, `NoSuchVersion`; `MethodNotAllowed` for a marker that is named.
    pub(crate) fn readable(&self, bucket: &BucketRow, address: &Address) -> S3Result<Found> {
        let found = self.find(address)?;
        match (found, &address.version) {
            (Some(found), _) if !found.row.is_marker => Ok(found),
            (None, None) => Err(faults::no_key()),
            (None, Some(_)) => {
                let mut error = s3_error!(NoSuchVersion, "The specified version does not exist.");
                error.set_status_code(StatusCode::NOT_FOUND);
                Err(error)
            }
            (Some(marker), None) => Err(marked(faults::no_key(), bucket, &marker.row)),
            (Some(marker), Some(_)) => {
                let error = s3_error!(
                    MethodNotAllowed,
                    "The specified method is not allowed against this resource."
                );
                Err(marked(error, bucket, &marker.row))
            }
        }
    }

    /// Adds to `change` that what is current makes room for `row`, which gets its version and its place in the order.
    pub(crate) fn make_room(
        &self,
        change: &mut Change,
        (bucket, address): (&BucketRow, &Address),
        (current, row): (Option<ObjectRow>, &mut ObjectRow),
    ) -> S3Result<()> {
        let place = address.place();
        row.sequence = self.sequence();
        row.modified = self.now();
        let versioning = bucket.versioning();
        row.version = match versioning {
            Versioning::Enabled => Some(self.version_name(row.sequence)),
            Versioning::Suspended | Versioning::Never => None,
        };
        let stays = |old: &ObjectRow| versioning == Versioning::Enabled || old.version.is_some();
        match current {
            Some(old) if stays(&old) => {
                put_version(&mut change.batch, place, &old)?;
            }
            Some(old) => change.doomed.extend(old.segments),
            None => {}
        }
        if versioning == Versioning::Suspended
            && let Some(old) = self.tables.null_version(place)?
        {
            remove_version(&mut change.batch, place, old.sequence);
            change.doomed.extend(old.segments);
        }
        Ok(())
    }

    /// Adds to `change` that a version is gone, and that the next one is current where it was.
    pub(crate) fn remove_found(
        &self,
        change: &mut Change,
        address: &Address,
        found: Found,
    ) -> S3Result<()> {
        let place = address.place();
        let is_current = found.is_object
            || self.tables.object(place.0, place.1)?.is_none()
                && self.tables.newest_version(place)?.map(|row| row.sequence)
                    == Some(found.row.sequence);
        let next = match (is_current, found.is_object) {
            (false, _) => None,
            (true, true) => self.tables.newest_version(place)?,
            (true, false) => self.tables.version_before(place, found.row.sequence)?,
        };
        if !found.is_object {
            remove_version(&mut change.batch, place, found.row.sequence);
        }
        match next.filter(|next| !next.is_marker) {
            Some(next) => {
                remove_version(&mut change.batch, place, next.sequence);
                put_object(&mut change.batch, place, &next)?;
            }
            None if found.is_object => remove_object(&mut change.batch, place),
            None => {}
        }
        change.doomed.extend(found.row.segments);
        Ok(())
    }
}

fn older(row: ObjectRow) -> Found {
    Found {
        row,
        is_object: false,
    }
}

/// An error that says that a delete marker is the cause.
fn marked(mut error: S3Error, bucket: &BucketRow, marker: &ObjectRow) -> S3Error {
    let mut headers = HeaderMap::new();
    headers.insert("x-amz-delete-marker", HeaderValue::from_static("true"));
    let version = bucket.version_of(marker);
    if let Some(version) = version.and_then(|version| HeaderValue::from_str(&version).ok()) {
        headers.insert("x-amz-version-id", version);
    }
    if *error.code() == s3s::S3ErrorCode::MethodNotAllowed {
        headers.insert("allow", HeaderValue::from_static("DELETE"));
        let mut text = Vec::new();
        let modified = time(marker.modified);
        let _ = modified.format(s3s::dto::TimestampFormat::HttpDate, &mut text);
        if let Ok(modified) = HeaderValue::from_bytes(&text) {
            headers.insert("last-modified", modified);
        }
    }
    error.set_headers(headers);
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_the_order() {
        let name = URL_SAFE_NO_PAD.encode([[7_u8; 16].as_slice(), &42_u64.to_be_bytes()].concat());
        assert_eq!((name.len(), sequence_of(&name)), (32, Some(42)));
        for wrong in ["", "null", "AAAA", "not base64 at all, of this length!"] {
            assert_eq!(sequence_of(wrong), None, "{wrong}");
        }
    }
}
