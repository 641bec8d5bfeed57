//! Paths that belong to the server itself and to no AWS service: health, metrics, administration.

use hyper::body::Bytes;
use passo_service::{BoxFuture, RequestId};

/// Answers requests for paths of the server's own.
pub trait Site: Send + Sync {
    /// Whether a request is for this site rather than for an AWS service.
    fn owns(&self, method: &str, path: &str) -> bool;

    /// Whether it answers such a request although it is not signed, where others must be.
    fn is_open(&self, method: &str, path: &str) -> bool;

    /// The answer to a request that it owns.
    fn answer(&self, request: SiteRequest) -> BoxFuture<'_, SiteAnswer>;
}

/// A request for the server's own site.
#[derive(Clone, Debug)]
pub struct SiteRequest {
    /// The method, in capitals.
    pub method: String,
    /// The path, as it was sent.
    pub path: String,
    /// The body, as large as any request's may be.
    pub body: Bytes,
    /// The id that the request is known by.
    pub request_id: RequestId,
}

/// What a site answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteAnswer {
    /// The HTTP status.
    pub status: u16,
    /// What the body is.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// A server without paths of its own.
#[derive(Clone, Copy, Debug)]
pub struct NoSite;

impl Site for NoSite {
    fn is_open(&self, _: &str, _: &str) -> bool {
        false
    }

    fn owns(&self, _: &str, _: &str) -> bool {
        false
    }

    fn answer(&self, _: SiteRequest) -> BoxFuture<'_, SiteAnswer> {
        Box::pin(std::future::ready(SiteAnswer {
            status: 404,
            content_type: "text/plain",
            body: String::new(),
        }))
    }
}
