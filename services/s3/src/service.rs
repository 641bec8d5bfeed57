//! S3 behind the service port: calls are written as an SDK writes them, answered as any request, and read again. So both
//! faces are one.

use http::Request;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use passo_json::Json;
use passo_service::{BoxFuture, Call, Fault, Service};
use passo_wire::client;

use crate::S3;

/// Bytes of a body that a call may give back; tasks of Step Functions take less.
const BODY_BYTES_MAX: usize = 6 << 20;

impl S3 {
    async fn perform(&self, call: Call) -> Result<Json, Fault> {
        let unknown = || {
            let message = format!("The operation {} is not known.", call.operation);
            Fault::caller("UnknownOperationException", message)
        };
        let listed = passo_model::find("s3").ok_or_else(unknown)?;
        let operation = listed.model().operation(&call.operation);
        let operation = operation.ok_or_else(unknown)?;
        let written = client::write(listed, operation, &call.parameters, "");
        let out =
            written.map_err(|problem| Fault::caller("InvalidRequest", problem.to_string()))?;
        let uri = match out.query.is_empty() {
            true => out.path,
            false => format!("{}?{}", out.path, out.query),
        };
        let mut request = Request::builder().method(out.method).uri(uri);
        if let Some(headers) = request.headers_mut() {
            *headers = out.headers;
            let length = http::HeaderValue::from(out.body.len());
            headers.insert(http::header::CONTENT_LENGTH, length);
            headers.insert("host", http::HeaderValue::from_static("localhost"));
        }
        let request = request.body(Full::new(bytes::Bytes::from(out.body)));
        let request = request.map_err(|error| Fault::caller("InvalidURI", error.to_string()))?;
        let response = self.answer(request, call.caller, &call.request_id).await;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, BODY_BYTES_MAX).collect().await;
        let body = body.map_err(|error| match error.is::<LengthLimitError>() {
            true => Fault::caller("EntityTooLarge", "The object is too large for a call."),
            false => Fault::service("The object could not be read."),
        })?;
        let body = body.to_bytes();
        client::read(
            listed,
            operation,
            head.status.as_u16(),
            &head.headers,
            &body,
        )
    }
}

impl Service for S3 {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(self.perform(call))
    }
}
