//! Signing a request.

use hyper::Request;
use hyper::body::Bytes;
use passo_net::client::Connection;

/// Adds the headers that say who asks.
pub(super) fn sign(request: &mut Request<Bytes>, connection: &Connection, service: &str) {
    let scope = format!(
        "{}/20260101/{}/{service}/aws4_request",
        connection.credentials.access_key_id,
        connection.region.as_str()
    );
    if let Ok(value) =
        format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0").parse()
    {
        request.headers_mut().insert("authorization", value);
    }
}
