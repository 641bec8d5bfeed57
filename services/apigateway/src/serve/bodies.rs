//! Compressed bodies of REST APIs: gzip both ways, where the API says from which size on.

use passo_json::Json;

use super::WebResponse;
use super::errors::Refusal;
use super::rest::RestCall;

/// Bytes of a body, compressed or not. Source: API Gateway quotas, "Payload size".
pub(crate) const BODY_BYTES_MAX: usize = 10 << 20;
/// What a gzip member begins with: magic, deflate, no flags, no time, unknown system.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

fn bytes_min(call: &RestCall<'_>) -> Option<usize> {
    let api = call.deployed.api();
    let bytes = api.get("minimumCompressionSize").and_then(Json::as_i64)?;
    usize::try_from(bytes).ok()
}

/// A compressed body as it was before, where the API takes such.
pub(crate) fn inflate(call: &mut RestCall<'_>) -> Result<(), Refusal> {
    let too_large = || Refusal::new("REQUEST_TOO_LARGE", "Request Too Long");
    if call.taken.request.body.len() > BODY_BYTES_MAX {
        return Err(too_large());
    }
    let is_gzip = call.taken.request.header("content-encoding") == Some("gzip");
    if !is_gzip || bytes_min(call).is_none() {
        return Ok(());
    }
    match gunzip(&call.taken.request.body) {
        Some(body) => {
            call.taken.request.body = body;
            Ok(())
        }
        None => Err(Refusal::new(
            "UNSUPPORTED_MEDIA_TYPE",
            "Unsupported Media Type",
        )),
    }
}

/// Compresses an answer where the API and the caller want it.
pub(crate) fn compress(call: &RestCall<'_>, response: &mut WebResponse) {
    let accepts = call.taken.request.header("accept-encoding");
    let wants = accepts.is_some_and(|it| it.contains("gzip"));
    let is_large = bytes_min(call).is_some_and(|min| response.body.len() >= min);
    if wants && is_large && response.header("content-encoding").is_none() {
        response.body = gzip(&response.body);
        response.set("Content-Encoding", "gzip");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = HEAD.to_vec();
    out.extend(miniz_oxide::deflate::compress_to_vec(bytes, 6));
    out.extend(crc32(bytes).to_le_bytes());
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend(length.to_le_bytes());
    out
}

/// The body of a gzip member without a name; none where it is none, is broken, or becomes too large.
fn gunzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let (head, rest) = bytes.split_at_checked(HEAD.len())?;
    if head.get(..3) != HEAD.get(..3) || head.get(3) != Some(&0) {
        return None;
    }
    let (data, sum) = rest.split_at_checked(rest.len().checked_sub(8)?)?;
    let body = miniz_oxide::inflate::decompress_to_vec_with_limit(data, BODY_BYTES_MAX).ok()?;
    (sum.get(..4)? == crc32(&body).to_le_bytes()).then_some(body)
}

/// The checksum of RFC 1952.
fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            let mask = (sum & 1).wrapping_neg();
            sum = (sum >> 1) ^ (0xEDB8_8320 & mask);
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_comes_back() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        let body = b"to be or not to be".repeat(100);
        let packed = gzip(&body);
        assert!(packed.len() < body.len());
        assert_eq!(gunzip(&packed).as_deref(), Some(&body[..]));
        let mut broken = packed.clone();
        broken.truncate(packed.len() - 1);
        assert_eq!(gunzip(&broken), None);
        assert_eq!(gunzip(b""), None);
        assert_eq!(gunzip(&[0; 40]), None);
    }
}
