//! Where an archive of code comes from: the request itself, or an object of S3, wherever S3 is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use passo_json::{Json, ObjectBuilder};
use passo_service::{Call, Fault, body};

use super::code::UNPACKED_BYTES_MAX;
use super::faults;
use super::request::Request;
use super::service::Lambda;

/// Source: Lambda Developer Guide, "Lambda quotas": 50 MB zipped for direct upload.
const PACKED_BYTES_MAX: usize = 52_428_800;
/// Bytes that one read of an object asks for.
const PIECE_BYTES: usize = 4 << 20;

/// The bytes of the archive that `source` gives or names: the member `Code` of `CreateFunction`, `Content` of
/// `PublishLayerVersion`, the parameters of `UpdateFunctionCode`.
pub(super) async fn archive(
    lambda: &Lambda,
    request: &Request<'_>,
    source: &Json,
) -> Result<Vec<u8>, Fault> {
    let text = |member: &str| source.get(member).and_then(Json::as_str);
    match (text("ZipFile"), text("S3Bucket"), text("S3Key")) {
        (Some(base64), _, _) => {
            let archive = STANDARD.decode(base64).map_err(|_| faults::unzip())?;
            match archive.len() > PACKED_BYTES_MAX {
                true => Err(faults::too_large("Zipped", PACKED_BYTES_MAX)),
                false => Ok(archive),
            }
        }
        (None, Some(bucket), Some(key)) => {
            let object = CodeObject {
                bucket,
                key,
                version: text("S3ObjectVersion"),
            };
            object.read(lambda, request.call).await
        }
        (None, ..) if text("ImageUri").is_some() => Err(faults::invalid(
            "Container images are not run here: give the code as a ZIP archive.",
        )),
        (None, ..) => Err(faults::invalid(
            "Please provide a source for function code.",
        )),
    }
}

/// An object with code.
struct CodeObject<'a> {
    bucket: &'a str,
    key: &'a str,
    version: Option<&'a str>,
}

impl CodeObject<'_> {
    /// All of its bytes, a piece after the other. It must stay as it is meanwhile.
    async fn read(&self, lambda: &Lambda, call: &Call) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        let mut etag = None;
        loop {
            let read = Call {
                operation: "GetObject".into(),
                parameters: self.piece(bytes.len(), etag.as_deref()),
                ..call.clone()
            };
            let answer = match lambda.peers.call("s3", read).await {
                Ok(answer) => answer,
                // There is nothing where the range begins.
                Err(fault) if fault.code == "InvalidRange" => return Ok(bytes),
                Err(fault) => return Err(unread(&fault)),
            };
            let piece = answer.get("Body").and_then(body::bytes).unwrap_or_default();
            bytes.extend_from_slice(&piece);
            if bytes.len() > UNPACKED_BYTES_MAX {
                return Err(faults::too_large("Unzipped", UNPACKED_BYTES_MAX));
            }
            let range = answer.get("ContentRange").and_then(Json::as_str);
            let size: Option<usize> =
                range.and_then(|range| range.rsplit_once('/')?.1.parse().ok());
            if piece.is_empty() || size.is_none_or(|size| bytes.len() >= size) {
                return Ok(bytes);
            }
            etag = answer.get("ETag").and_then(Json::as_str).map(str::to_owned);
        }
    }

    fn piece(&self, first: usize, etag: Option<&str>) -> Json {
        let last = first.saturating_add(PIECE_BYTES - 1);
        let mut parameters = ObjectBuilder::new();
        parameters
            .insert("Bucket", self.bucket)
            .insert("Key", self.key)
            .insert_some("VersionId", self.version)
            .insert("Range", format!("bytes={first}-{last}"))
            .insert_some("IfMatch", etag);
        Json::from(parameters.build())
    }
}

/// As AWS says it: seen in public reports.
fn unread(fault: &Fault) -> Fault {
    faults::invalid(format!(
        "Error occurred while GetObject. S3 Error Code: {}. S3 Error Message: {}",
        fault.code, fault.message
    ))
}
