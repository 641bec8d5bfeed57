//! The way to S3: requests and answers whose bodies are streams.
//!
//! Everything else passes as whole bodies through [`passo_service::Service`]. Here only the head is looked at: who calls, and
//! whether the signature is right. Source of the errors: "Error responses" of the S3 API reference.

use std::sync::Arc;

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use passo_service::{BoxFuture, Caller, RequestId};
use passo_sigv4::{FormSigners, Keys, Pieces, Refusal};
use passo_wire::Scope;

use crate::authentication::Begun;
use crate::home::Home;

/// A body on its way.
pub type Streamed = UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

/// S3.
pub trait Objects: Send + Sync {
    /// Answers a request of `caller`, whose signature was checked where that is wanted; what the signature says of the
    /// body was not. Then the request has an extension, [`Pieces`], to check a body with that is signed in pieces. A form
    /// has its signature in its body, and an extension, [`FormSigners`], to check it with; nobody has asked who sends a
    /// request with the method `OPTIONS`.
    fn answer(
        &self,
        request: Request<Incoming>,
        caller: Caller,
        request_id: RequestId,
    ) -> BoxFuture<'_, Response<Streamed>>;
}

/// Bytes that are all there.
pub(crate) fn whole(bytes: Bytes) -> Streamed {
    Full::new(bytes)
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// What is known of a request whose head is not signed, but need not be: a form of a browser, or its question what it may
/// ask of another site.
pub(crate) fn signed_otherwise(
    head: &mut Parts,
    keys: Option<&Arc<Keys>>,
    signed: Result<Begun, Refusal>,
) -> Result<Begun, Refusal> {
    if head.method == Method::OPTIONS {
        return Ok(Begun::Unverified);
    }
    let kind = head.headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if head.method != Method::POST || !kind.to_ascii_lowercase().starts_with("multipart/form-data")
    {
        return signed;
    }
    // Whoever has signed in in this browser has not sent the form of another site.
    let signers = keys
        .cloned()
        .map_or(FormSigners::Anybody, FormSigners::Owners);
    head.extensions.insert(signers);
    Ok(Begun::Unverified)
}

/// Who makes the request with this head, and what pieces of its body are checked with, where that is wanted.
///
/// # Errors
/// Where it is not who it names.
pub(crate) fn caller(
    head: &Parts,
    signed: Result<Begun, Refusal>,
    home: &Home,
) -> Result<(Caller, Option<Pieces>), Refusal> {
    let identity = signed?.finish_head(head)?;
    identity.check_service(Some("s3"))?;
    let query = head.uri.query().unwrap_or_default();
    let scope = Scope::of(&head.headers, query);
    let mut caller = scope.caller().ok_or(Refusal::Missing)?;
    home.fill(head, &mut caller);
    if let Some(account) = identity.account() {
        caller.account = account.clone();
    }
    Ok((caller, identity.pieces()))
}

/// S3's answer to who is not who it says.
pub(crate) fn refused(refusal: &Refusal, request_id: &RequestId) -> Response<Streamed> {
    let (code, message) = match refusal {
        Refusal::UnknownKey => (
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
        ),
        Refusal::ExpiredKey => ("ExpiredToken", "The provided token has expired."),
        Refusal::Mismatch | Refusal::PayloadMismatch => (
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
        ),
        Refusal::Expired(_) => ("AccessDenied", "Request has expired"),
        Refusal::NotYetCurrent(_) => (
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
        ),
        Refusal::Missing | Refusal::Incomplete(_) | Refusal::Unfitting(_) => {
            ("AccessDenied", "Access Denied")
        }
    };
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{request_id}</RequestId></Error>"
    );
    let mut response = Response::new(whole(Bytes::from(text)));
    *response.status_mut() = match refusal {
        Refusal::ExpiredKey => StatusCode::BAD_REQUEST,
        _ => StatusCode::FORBIDDEN,
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    // What follows is a body that nobody reads.
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
