//! Signing.

use std::collections::BTreeSet;

use passo_vocab::Timestamp;

use crate::canonical::{ALGORITHM, canonical_request, names, signature};
use crate::claim::Scope;
use crate::percent::{Escapes, encode};
use crate::{Credentials, Payload, Request, Rules, time};

/// Headers that proxies and clients change on the way, which are therefore never signed.
const UNSIGNED: [&str; 7] = [
    "authorization",
    "connection",
    "content-length",
    "expect",
    "transfer-encoding",
    "user-agent",
    "x-amzn-trace-id",
];

/// Signs requests to one service in one region.
#[derive(Clone, Debug)]
pub struct Signer {
    /// With what.
    pub credentials: Credentials,
    /// The region, e.g. `us-east-1`.
    pub region: String,
    /// The signing name of the service, e.g. `states`.
    pub service: String,
    /// What that service wants.
    pub rules: Rules,
}

impl Signer {
    /// A signer for the service with this signing name, by its rules.
    pub fn new(credentials: Credentials, region: &str, service: &str) -> Signer {
        Signer {
            credentials,
            region: region.to_owned(),
            service: service.to_owned(),
            rules: Rules::of(service),
        }
    }

    /// The headers that must be added to `request`: `x-amz-date`, `x-amz-security-token` where there is one,
    /// `x-amz-content-sha256` where the service wants it or the payload is declared, and `authorization`.
    ///
    /// Every header of the request is signed, but for those that change on the way.
    pub fn sign(&self, request: &Request<'_>, at: Timestamp) -> Vec<(&'static str, String)> {
        let time = time::text(at);
        let payload = request.payload.text();
        let mut added = vec![("x-amz-date", time.clone())];
        if let Some(token) = &self.credentials.session_token {
            added.push(("x-amz-security-token", token.expose().to_owned()));
        }
        if self.rules == Rules::S3 || matches!(request.payload, Payload::Declared(_)) {
            added.push(("x-amz-content-sha256", payload.clone()));
        }
        let mut complete = request.clone();
        for (name, value) in &added {
            complete.headers.push((name, value.as_bytes()));
        }
        let signed = signable(&complete);
        let scope = self.scope(&time);
        let canonical = canonical_request(&complete, &signed, &payload, self.rules);
        let signature = signature(
            &self.credentials.secret_access_key,
            &scope,
            &time,
            &canonical,
        );
        let authorization = format!(
            "{ALGORITHM} Credential={}/{scope}, SignedHeaders={}, Signature={signature}",
            self.credentials.access_key_id,
            names(&signed)
        );
        added.push(("authorization", authorization));
        added
    }

    /// The query string of `request`, with a signature that is good for `expires_seconds` (at most a week).
    ///
    /// Every header of the request is signed, so whoever uses the URL must send the same. For S3 the payload is
    /// usually [`Payload::UNSIGNED`], as it is not known yet.
    pub fn presign(&self, request: &Request<'_>, at: Timestamp, expires_seconds: u32) -> String {
        let time = time::text(at);
        let scope = self.scope(&time);
        let signed = signable(request);
        let mut query = request.query.to_owned();
        let mut add = |name: &str, value: &str| {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(name);
            query.push('=');
            encode(&mut query, value, b"", Escapes::AreText);
        };
        let credential = format!("{}/{scope}", self.credentials.access_key_id);
        add("X-Amz-Algorithm", ALGORITHM);
        add("X-Amz-Credential", &credential);
        add("X-Amz-Date", &time);
        add("X-Amz-Expires", &expires_seconds.to_string());
        if let Some(token) = &self.credentials.session_token {
            add("X-Amz-Security-Token", token.expose());
        }
        add("X-Amz-SignedHeaders", &names(&signed));
        let complete = Request {
            query: &query,
            ..request.clone()
        };
        let payload = request.payload.text();
        let canonical = canonical_request(&complete, &signed, &payload, self.rules);
        let signature = signature(
            &self.credentials.secret_access_key,
            &scope,
            &time,
            &canonical,
        );
        format!("{query}&X-Amz-Signature={signature}")
    }

    fn scope(&self, time: &str) -> Scope {
        Scope {
            day: time::day(time).into(),
            region: self.region.as_str().into(),
            service: self.service.as_str().into(),
        }
    }
}

fn signable(request: &Request<'_>) -> BTreeSet<String> {
    let names = request
        .headers
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase());
    names
        .filter(|name| !UNSIGNED.contains(&name.as_str()))
        .collect()
}
