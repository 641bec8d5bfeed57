//! The URLs of Lambda functions, as a site.

use passo_lambda::{FunctionUrls, UrlRequest};
use passo_net::{Site, SiteAnswer, SiteHead, SiteRequest};
use passo_service::BoxFuture;

/// Bytes of a request to a function's URL. Source: Lambda Developer Guide, "Lambda quotas": 6 MB for synchronous
/// invocations, of which the event that is made of it may be larger than the body.
const BODY_BYTES_MAX: usize = 6_291_456;

/// Answers requests to the URLs of functions.
pub(crate) struct FunctionUrlSite {
    pub(crate) urls: FunctionUrls,
}

impl Site for FunctionUrlSite {
    fn owns(&self, head: &SiteHead<'_>) -> bool {
        self.urls.owns(head.host, head.path)
    }

    fn is_open(&self, head: &SiteHead<'_>) -> bool {
        self.urls.is_open(head.host, head.path)
    }

    fn body_bytes_max(&self) -> Option<usize> {
        Some(BODY_BYTES_MAX)
    }

    fn answer(&self, request: SiteRequest) -> BoxFuture<'_, SiteAnswer> {
        Box::pin(async move {
            let request = UrlRequest {
                method: request.method,
                host: request.host,
                path: request.path,
                query: request.query,
                headers: request.headers,
                body: request.body,
                source_ip: request.source_ip,
                request_id: request.request_id.as_str().to_owned(),
            };
            let answer = self.urls.answer(request).await;
            let headers = answer.headers.iter();
            let headers = headers.map(|(name, value)| (name.as_str(), value.as_str()));
            SiteAnswer::with_headers(answer.status, headers, answer.body)
        })
    }
}
