//! What a client sends: a body, and what it says of it.

use s3s::dto;
use s3s::{Body, S3Request, S3Result, s3_error};

use crate::backend::Core;
use crate::bodies::Reading;
use crate::chunked::Trailer;
use crate::http_face::Declared;
use crate::rows::Attributes;
use crate::sums::{Algorithm, Sum, Sums};
use crate::writing::Written;

/// Bytes of metadata, keys and values.
const METADATA_BYTES_MAX: usize = 2048;

/// Storage classes that an object may be put into.
const STORAGE_CLASSES: [&str; 9] = [
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
    "EXPRESS_ONEZONE",
];

/// A body that a client sends, and what it says of it.
pub(crate) struct Upload {
    pub(crate) body: Option<dto::StreamingBlob>,
    pub(crate) md5: Option<String>,
    pub(crate) sum: Option<Sum>,
    /// By which its sender sums.
    pub(crate) algorithm: Option<Algorithm>,
    /// By which the sum is that is kept, where that is another one.
    pub(crate) kept: Option<Algorithm>,
    /// Whether nobody sends it.
    pub(crate) is_copy: bool,
    pub(crate) trailer: Trailer,
    /// The SHA-256 that the head says.
    pub(crate) payload: Option<String>,
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
            kept: None,
            is_copy: false,
            trailer: declared.trailer,
            payload: declared.payload.take(),
        }
    }

    /// A body that is here already.
    pub(crate) fn copy(body: Reading, kept: Option<Algorithm>) -> Upload {
        Upload {
            body: Some(Body::http_body(body).into()),
            md5: None,
            sum: None,
            algorithm: None,
            kept,
            is_copy: true,
            trailer: Trailer::default(),
            payload: None,
        }
    }

    /// Writes it.
    pub(crate) async fn write(self, core: &Core) -> S3Result<Written> {
        let kept = self.kept.or(self.algorithm);
        if let Some(sum) = &self.sum {
            sum.check_form()?;
        }
        let mut sums = Sums::new(kept.unwrap_or(Algorithm::Crc64Nvme));
        if let Some(algorithm) = self.algorithm {
            sums = sums.also(algorithm);
        }
        if self.payload.is_some() {
            sums = sums.with_payload();
        }
        let body = self.body.map_or_else(Body::empty, Body::from);
        let written = core.bodies.write(body, sums).await?;
        if let Some(payload) = &self.payload {
            written.computed.check_payload(payload)?;
        }
        let said = self.sum.or_else(|| self.trailer.sum());
        written.computed.check(self.md5.as_deref(), said.as_ref())?;
        Ok(written)
    }
}

/// Attributes that are not too long.
///
/// # Errors
/// `MetadataTooLarge`, `InvalidStorageClass`.
pub(crate) fn checked(attributes: Attributes) -> S3Result<Attributes> {
    let metadata = attributes.metadata.iter();
    let bytes: usize = metadata.map(|(key, value)| key.len() + value.len()).sum();
    if bytes > METADATA_BYTES_MAX {
        return Err(s3_error!(
            MetadataTooLarge,
            "Your metadata headers exceed the maximum allowed metadata size"
        ));
    }
    let class = attributes.storage_class.as_deref();
    if class.is_some_and(|class| !STORAGE_CLASSES.contains(&class)) {
        return Err(s3_error!(
            InvalidStorageClass,
            "The storage class you specified is not valid"
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
