//! What the store keeps of buckets, objects and uploads.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use passo_vocab::Timestamp;
use s3s::dto;
use serde::{Deserialize, Serialize};

use crate::bodies::Segment;
use crate::sums::{Algorithm, Sum, SumKind};

/// A bucket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BucketRow {
    pub(crate) account: String,
    pub(crate) region: String,
    /// Milliseconds since 1970.
    pub(crate) created: i64,
    /// Its configurations, by name, as JSON.
    pub(crate) configurations: BTreeMap<String, serde_json::Value>,
}

/// What a client says of an object beside its bytes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Attributes {
    pub(crate) content_type: Option<String>,
    pub(crate) content_encoding: Option<String>,
    pub(crate) content_language: Option<String>,
    pub(crate) content_disposition: Option<String>,
    pub(crate) cache_control: Option<String>,
    pub(crate) expires: Option<dto::Timestamp>,
    pub(crate) redirect: Option<String>,
    pub(crate) storage_class: Option<String>,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) tags: Vec<(String, String)>,
}

/// An object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ObjectRow {
    pub(crate) segments: Vec<Segment>,
    pub(crate) size: u64,
    pub(crate) etag: String,
    /// Milliseconds since 1970.
    pub(crate) modified: i64,
    pub(crate) sum: Option<Sum>,
    /// The sums of its parts, where it was uploaded in some with sums that were asked for.
    #[serde(default)]
    pub(crate) part_sums: Vec<Sum>,
    pub(crate) attributes: Attributes,
    /// The name of the version; none for one that was put while none were kept.
    #[serde(default)]
    pub(crate) version: Option<String>,
    /// Its place in the order of the object's versions: later ones are greater.
    #[serde(default)]
    pub(crate) sequence: u64,
    /// Whether it says only that the object was deleted.
    #[serde(default)]
    pub(crate) is_marker: bool,
}

/// An upload in parts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UploadRow {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) begun: i64,
    pub(crate) algorithm: Option<Algorithm>,
    /// Whether the sum is to be one of all bytes, and not of the parts' sums.
    pub(crate) is_sum_of_all: bool,
    pub(crate) attributes: Attributes,
}

/// A part of one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PartRow {
    pub(crate) number: i32,
    pub(crate) segments: Vec<Segment>,
    pub(crate) size: u64,
    pub(crate) etag: String,
    pub(crate) modified: i64,
    pub(crate) sum: Option<Sum>,
}

impl UploadRow {
    /// The sum that the object will have.
    pub(crate) fn sum(&self) -> (Algorithm, SumKind) {
        match (self.algorithm, self.is_sum_of_all) {
            (Some(algorithm), false) if algorithm != Algorithm::Crc64Nvme => {
                (algorithm, SumKind::OfParts)
            }
            (Some(algorithm), _) => (algorithm, SumKind::OfAll),
            (None, _) => (Algorithm::Crc64Nvme, SumKind::OfAll),
        }
    }
}

impl Attributes {
    /// Where nothing is said, S3 says this.
    pub(crate) fn content_type(&self) -> String {
        let given = self.content_type.clone();
        given.unwrap_or_else(|| "binary/octet-stream".to_owned())
    }

    /// As answers have it: the standard class is not said.
    pub(crate) fn storage_class(&self) -> Option<dto::StorageClass> {
        let class = self.storage_class.clone()?;
        (class != dto::StorageClass::STANDARD).then(|| class.into())
    }

    pub(crate) fn listed_class(&self) -> String {
        let class = self.storage_class.clone();
        class.unwrap_or_else(|| dto::StorageClass::STANDARD.to_owned())
    }

    pub(crate) fn tag_set(&self) -> Vec<dto::Tag> {
        let tags = self.tags.iter();
        let tags = tags.map(|(key, value)| dto::Tag {
            key: Some(key.clone()),
            value: Some(value.clone()),
        });
        tags.collect()
    }
}

/// A time as answers have it.
pub(crate) fn time(millis: i64) -> dto::Timestamp {
    let millis = u64::try_from(millis).unwrap_or(0);
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
    dto::Timestamp::from(time)
}

/// A time in whole seconds, as HTTP has it.
pub(crate) fn seconds(time: &dto::Timestamp) -> i64 {
    let mut text = Vec::new();
    let _ = time.format(dto::TimestampFormat::DateTime, &mut text);
    let text = String::from_utf8(text).unwrap_or_default();
    let parsed = Timestamp::parse_rfc3339(&text).ok();
    parsed.map_or(0, |time| time.epoch_millis().div_euclid(1000))
}

/// A size as answers have it.
pub(crate) fn length(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
