//! The AWS JSON protocols (1.0 and 1.1): target header in, JSON object out, errors by `__type`.

use std::sync::Arc;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Response, StatusCode};
use passo_json::{Json, ObjectBuilder};
use passo_service::{Call, Directory, Fault, FaultKind, RequestId, Service};

use crate::credentials;

/// The protocol version of a service whose client did not say.
const JSON_1_0: &str = "application/x-amz-json-1.0";
const JSON_1_1: &str = "application/x-amz-json-1.1";

/// Finds the service and the operation of a request and reads its parameters.
///
/// # Errors
/// `UnknownOperationException` where no target names a service here, `SerializationException` where the body
/// is not a JSON object.
pub(crate) fn read(
    directory: &Directory,
    headers: &HeaderMap,
    body: &[u8],
    request_id: RequestId,
) -> Result<(Arc<dyn Service>, Call), Fault> {
    let unknown = || Fault::caller("UnknownOperationException", "");
    let target = text(headers, "x-amz-target").ok_or_else(unknown)?;
    let (prefix, operation) = target.split_once('.').ok_or_else(unknown)?;
    let service = directory.by_target(prefix).ok_or_else(unknown)?;
    let caller = credentials::caller(text(headers, "authorization")).ok_or_else(unknown)?;
    let call = Call {
        operation: Arc::from(operation),
        parameters: parameters(body)?,
        caller,
        request_id,
    };
    Ok((service.clone(), call))
}

pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

pub(crate) fn parameters(body: &[u8]) -> Result<Json, Fault> {
    let malformed = || Fault::caller("SerializationException", "");
    let text = std::str::from_utf8(body).map_err(|_| malformed())?;
    if text.trim().is_empty() {
        return Ok(Json::Object(ObjectBuilder::new().build()));
    }
    let parameters = Json::parse(text).map_err(|_| malformed())?;
    if parameters.as_object().is_none() {
        return Err(malformed());
    }
    Ok(parameters)
}

/// The answer to a call, in the protocol version that the request used.
pub(crate) fn answer(
    outcome: &Result<Json, Fault>,
    request_id: &RequestId,
    request_headers: &HeaderMap,
) -> Response<Full<Bytes>> {
    let (status, body) = match outcome {
        Ok(output) => (StatusCode::OK, output.to_text()),
        Err(fault) => (status(fault), fault_body(fault)),
    };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let version = match text(request_headers, "content-type") {
        Some(version) if version.starts_with(JSON_1_1) => JSON_1_1,
        _ => JSON_1_0,
    };
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(version));
    if let Ok(value) = HeaderValue::from_str(request_id.as_str()) {
        response.headers_mut().insert("x-amzn-requestid", value);
    }
    if let Err(fault) = outcome
        && let Some(code) = &fault.query_code
    {
        let party = match fault.kind {
            FaultKind::Caller => "Sender",
            FaultKind::Service | FaultKind::Machine => "Receiver",
        };
        if let Ok(value) = HeaderValue::from_str(&format!("{code};{party}")) {
            response.headers_mut().insert("x-amzn-query-error", value);
        }
    }
    response
}

pub(crate) fn status(fault: &Fault) -> StatusCode {
    StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn fault_body(fault: &Fault) -> String {
    let mut body = ObjectBuilder::new();
    body.insert("__type", &*fault.code);
    if !fault.message.is_empty() {
        body.insert("message", fault.message.as_str());
    }
    for (member, value) in fault.members.iter() {
        body.insert(member.clone(), value.clone());
    }
    Json::Object(body.build()).to_text()
}
