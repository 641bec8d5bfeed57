//! Bodies that clients send packed: SDKs do so with large ones of operations whose model allows it, such as `PutMetricData`.
//!
//! Source: Smithy, "requestCompression trait"; RFC 1952 for the format.

use std::borrow::Cow;

use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use crate::problem::Problem;

/// Largest body once it is unpacked.
const BYTES_MAX: usize = 8 << 20;

/// `body` as it was before it was packed.
pub(super) fn unpacked<'a>(headers: &HeaderMap, body: &'a [u8]) -> Result<Cow<'a, [u8]>, Problem> {
    let encoding = headers
        .get(CONTENT_ENCODING)
        .map(http::HeaderValue::as_bytes);
    if encoding != Some(b"gzip") || !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(body));
    }
    let packed = content(body).ok_or_else(|| Problem::new("the body is not packed as it says"))?;
    let whole = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, BYTES_MAX);
    let whole = whole.map_err(|_| Problem::new("the body cannot be unpacked"))?;
    Ok(Cow::Owned(whole))
}

/// What is between the header, which may have a name and more, and the sum at the end.
fn content(body: &[u8]) -> Option<&[u8]> {
    let (header, mut rest) = body.split_at_checked(10)?;
    let flags = *header.get(3)?;
    if flags & 4 != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for text in [8, 16] {
        if flags & text != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..)?;
    }
    rest.get(..rest.len().checked_sub(8)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `hello`, as `gzip -n` and with a name.
    fn packed(flags: u8, name: &[u8]) -> Vec<u8> {
        let mut body = vec![0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3];
        body.extend(name);
        body.extend(miniz_oxide::deflate::compress_to_vec(b"hello", 6));
        body.extend([0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0]);
        body
    }

    #[test]
    fn packed_bodies_are_unpacked_and_others_left_alone() {
        let mut headers = HeaderMap::new();
        let body = packed(0, b"");
        assert_eq!(*unpacked(&headers, &body).unwrap(), *body);
        headers.insert(CONTENT_ENCODING, http::HeaderValue::from_static("gzip"));
        assert_eq!(*unpacked(&headers, &body).unwrap(), *b"hello");
        assert_eq!(
            *unpacked(&headers, &packed(8, b"a.txt\0")).unwrap(),
            *b"hello"
        );
        assert_eq!(*unpacked(&headers, b"plain").unwrap(), *b"plain");
        for wrong in [
            &b"\x1f\x8b"[..],
            &packed(8, b""),
            b"\x1f\x8b\x08\0\0\0\0\0\0\0abcdefghijkl",
        ] {
            assert!(unpacked(&headers, wrong).is_err());
        }
        let bomb = miniz_oxide::deflate::compress_to_vec(&vec![0; BYTES_MAX + 1], 1);
        let mut body = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
        body.extend(bomb);
        body.extend([0; 8]);
        assert!(unpacked(&headers, &body).is_err());
    }
}
