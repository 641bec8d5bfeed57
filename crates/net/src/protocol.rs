//! Which of AWS's protocols a request speaks, and the way through it.

use std::sync::Arc;

use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::http::request::Parts;
use passo_json::Json;
use passo_service::{Call, Directory, Fault, RequestId, Service};

use crate::rest_json::Matched;
use crate::{aws_json, credentials, query, rest_json};

/// How a request is read and answered.
pub(crate) enum Protocol {
    /// The operation is in a header, the parameters are the body.
    AwsJson,
    /// The operation is in method and path.
    RestJson(Matched),
    /// The operation is a form field, the answer is XML.
    Query,
}

impl Protocol {
    /// The protocol of the request with this head.
    pub(crate) fn of(head: &Parts) -> Protocol {
        if head.headers.contains_key("x-amz-target") {
            return Protocol::AwsJson;
        }
        if let Some(matched) = rest_json::find(&head.method, head.uri.path()) {
            return Protocol::RestJson(matched);
        }
        let form = aws_json::text(&head.headers, "content-type")
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        if form {
            Protocol::Query
        } else {
            Protocol::AwsJson
        }
    }

    /// Whether bodies are as large as deployed code.
    pub(crate) fn carries_code(&self) -> bool {
        matches!(self, Protocol::RestJson(_))
    }

    /// What the request calls its service, as it stands in it.
    pub(crate) fn service<'a>(&self, head: &'a Parts) -> Option<&'a str> {
        match self {
            Protocol::AwsJson => aws_json::text(&head.headers, "x-amz-target")
                .and_then(|target| target.split_once('.'))
                .map(|(prefix, _)| prefix),
            Protocol::RestJson(matched) => Some(matched.service()),
            Protocol::Query => credentials::service(aws_json::text(&head.headers, "authorization")),
        }
    }

    /// Finds the service and the operation of a request and reads its parameters.
    ///
    /// # Errors
    /// Where no service here is meant, and where the body is not what the protocol wants.
    pub(crate) fn read(
        &self,
        directory: &Directory,
        head: &Parts,
        body: &[u8],
        request_id: RequestId,
    ) -> Result<(Arc<dyn Service>, Call), Fault> {
        match self {
            Protocol::AwsJson => aws_json::read(directory, &head.headers, body, request_id),
            Protocol::RestJson(matched) => {
                rest_json::read(matched, directory, head, body, request_id)
            }
            Protocol::Query => query::read(directory, &head.headers, body, request_id),
        }
    }

    /// The answer to a call. `action` is the operation that was called, where it came so far.
    pub(crate) fn answer(
        &self,
        outcome: &Result<Json, Fault>,
        request_id: &RequestId,
        head: &Parts,
        action: Option<&str>,
    ) -> Response<Full<Bytes>> {
        match self {
            Protocol::AwsJson => aws_json::answer(outcome, request_id, &head.headers),
            Protocol::RestJson(matched) => rest_json::answer(matched, outcome, request_id),
            Protocol::Query => query::answer(outcome, request_id, action.unwrap_or_default()),
        }
    }
}
