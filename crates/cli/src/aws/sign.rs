//! Signing a request, as AWS wants it.

use hyper::Request;
use hyper::body::Bytes;
use passo_net::client::Connection;
use passo_sigv4::{Credentials, Secret, Signer};

/// Adds the headers that say who asks. The request must have an absolute URI.
pub(super) fn sign(request: &mut Request<Bytes>, connection: &Connection, service: &str) {
    let key = &connection.credentials;
    let mut credentials = Credentials::new(&*key.access_key_id, &*key.secret_access_key);
    credentials.session_token = key.session_token.as_deref().map(Secret::new);
    let signer = Signer::new(credentials, connection.region.as_str(), service);
    passo_net::sign(request, &signer);
}
