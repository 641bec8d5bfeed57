//! Signing a request before it leaves, as AWS wants it.

use std::time::{SystemTime, UNIX_EPOCH};

use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{HOST, HeaderValue};
use hyper::http::uri::Authority;
use passo_sigv4::{Payload, Signer};
use passo_vocab::Timestamp;

/// Adds the headers that say who asks, by the machine's clock, and `Host`, which is signed as well. The request's URI is
/// absolute.
pub fn sign(request: &mut Request<Bytes>, signer: &Signer) {
    let host = request.uri().authority().map(Authority::as_str);
    if let Some(host) = host.and_then(|host| HeaderValue::from_str(host).ok()) {
        request.headers_mut().insert(HOST, host);
    }
    let headers = request.headers().iter();
    let signable = passo_sigv4::Request {
        method: request.method().as_str(),
        path: request.uri().path(),
        query: request.uri().query().unwrap_or_default(),
        headers: headers
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect(),
        payload: Payload::Bytes(request.body()),
    };
    let added = signer.sign(&signable, now());
    for (name, value) in added {
        if let Ok(value) = HeaderValue::from_str(&value) {
            request.headers_mut().insert(name, value);
        }
    }
}

/// The machine's time: clients sign by the time outside, whatever the server's clock does.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since.map_or(0, |since| since.as_millis());
    Timestamp::from_epoch_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}
