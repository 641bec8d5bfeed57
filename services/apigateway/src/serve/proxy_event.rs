//! Events of proxy integrations: the payloads 1.0 and 2.0.
//!
//! Source: API Gateway Developer Guide, "Input format of a Lambda function for proxy integration" and "Create AWS Lambda proxy
//! integrations for HTTP APIs".

use passo_json::{Json, Object, ObjectBuilder};

use super::call::Taken;
use super::context::Context;
use super::media;

/// An object, or null where it is empty.
fn or_null(object: Object) -> Json {
    match object.is_empty() {
        true => Json::Null,
        false => Json::from(object),
    }
}

/// A body as text or base64, and whether it is base64.
pub(crate) fn body(bytes: &[u8], is_binary: bool) -> (Json, bool) {
    match (bytes.is_empty(), is_binary) {
        (true, _) => (Json::Null, false),
        (false, true) => (Json::from(media::base64(bytes)), true),
        (false, false) => (
            Json::from(String::from_utf8_lossy(bytes).into_owned()),
            false,
        ),
    }
}

/// The event of a REST API, or payload 1.0 of an HTTP API, which says so.
pub(crate) fn version_1(
    taken: &Taken,
    context: &Context<'_>,
    request_context: Object,
    (resource, is_http_api): (&str, bool),
    is_binary: bool,
) -> Json {
    let (body, is_base64) = body(&taken.request.body, is_binary);
    let path = match is_http_api && context.stage != "$default" {
        true => format!("/{}{}", context.stage, taken.path),
        false => taken.path.clone(),
    };
    let mut event = ObjectBuilder::new();
    if is_http_api {
        event.insert("version", "1.0");
    }
    event
        .insert("resource", resource)
        .insert("path", path)
        .insert("httpMethod", taken.request.method.as_str())
        .insert("headers", or_null(taken.headers.single()))
        .insert("multiValueHeaders", or_null(taken.headers.many()))
        .insert("queryStringParameters", or_null(taken.query.single()))
        .insert(
            "multiValueQueryStringParameters",
            or_null(taken.query.many()),
        )
        .insert("pathParameters", or_null(taken.path_object()))
        .insert("stageVariables", or_null(context.variables.clone()))
        .insert("requestContext", request_context)
        .insert("body", body)
        .insert("isBase64Encoded", is_base64);
    Json::from(event.build())
}
