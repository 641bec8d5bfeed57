//! Reading a body without keeping more of it than AWS would.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;

use super::Upload;
use crate::invocation::RESPONSE_BYTES_MAX;

/// What is read and thrown away of a body that is too large, so that the process gets its answer instead of a
/// broken connection.
const DISCARD_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Reads a body. `None` when the connection broke or the body has no end in sight.
pub(crate) async fn read(mut body: Incoming) -> Option<Upload> {
    let mut kept = BytesMut::new();
    let mut only: Option<Bytes> = None;
    let mut total = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.ok()?.into_data() else {
            continue;
        };
        total = total.saturating_add(data.len());
        if total > DISCARD_BYTES_MAX {
            return None;
        }
        if total > RESPONSE_BYTES_MAX {
            kept = BytesMut::new();
            only = None;
        } else if only.is_none() && kept.is_empty() {
            only = Some(data);
        } else {
            if let Some(first) = only.take() {
                kept.extend_from_slice(&first);
            }
            kept.extend_from_slice(&data);
        }
    }
    if total > RESPONSE_BYTES_MAX {
        return Some(Upload::TooLarge);
    }
    Some(Upload::Whole(only.unwrap_or_else(|| kept.freeze())))
}
