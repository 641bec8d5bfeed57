//! Signing a request, as AWS wants it.

use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{HOST, HeaderValue};
use passo_net::client::Connection;
use passo_sigv4::{Credentials, Payload, Secret, Signer};

use crate::run::now;

/// Adds the headers that say who asks. The request must have an absolute URI.
pub(super) fn sign(request: &mut Request<Bytes>, connection: &Connection, service: &str) {
    let key = &connection.credentials;
    let mut credentials = Credentials::new(&*key.access_key_id, &*key.secret_access_key);
    credentials.session_token = key.session_token.as_deref().map(Secret::new);
    let signer = Signer::new(credentials, connection.region.as_str(), service);
    let host = request
        .uri()
        .authority()
        .map(|host| host.as_str().to_owned());
    if let Some(host) = host.and_then(|host| HeaderValue::from_str(&host).ok()) {
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
