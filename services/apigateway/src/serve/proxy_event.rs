//! Events of proxy integrations: the payloads 1.0 and 2.0.
//!
//! Source: API Gateway Developer Guide, "Input format of a Lambda function for proxy integration" and "Create AWS Lambda proxy
//! integrations for HTTP APIs".

use passo_json::{Json, Object, ObjectBuilder, json};

use super::call::{Taken, decoded};
use super::context::Context;
use super::http_api::HttpCall;
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

/// Payload 1.0 of an HTTP API.
pub(crate) fn version_1_of_http(call: &HttpCall<'_>) -> Object {
    let context = call.request_context();
    let identity = json!({
        "sourceIp": (call.taken.request.source_ip.as_str()),
        "userAgent": (call.taken.request.header("user-agent").unwrap_or_default())
    });
    let http = context.get("http").cloned().unwrap_or(Json::Null);
    let member = |name: &str| http.get(name).cloned().unwrap_or(Json::Null);
    let shown = context.without("http").without("time").without("timeEpoch");
    let shown = shown
        .with("extendedRequestId", call.context.extended_id.as_str())
        .with("httpMethod", member("method"))
        .with("identity", identity)
        .with("path", member("path"))
        .with("protocol", "HTTP/1.1")
        .with("requestTime", call.context.request_time())
        .with("requestTimeEpoch", call.context.begun.epoch_millis())
        .with("resourceId", call.route_key())
        .with("resourcePath", resource(call));
    let event = version_1(
        &call.taken,
        &call.context,
        shown,
        (resource(call), true),
        is_binary(call),
    );
    event.as_object().cloned().unwrap_or_default()
}

/// The path of a route's key.
fn resource<'c>(call: &'c HttpCall<'_>) -> &'c str {
    let key = call.route_key();
    key.split_once(' ').map_or(key, |(_, path)| path)
}

fn is_binary(call: &HttpCall<'_>) -> bool {
    let kind = call.taken.request.header("content-type");
    !media::is_text(kind.unwrap_or_default())
        || std::str::from_utf8(&call.taken.request.body).is_err()
}

/// Payload 2.0.
pub(crate) fn version_2(call: &HttpCall<'_>) -> Object {
    let taken = &call.taken;
    let some = |object: Object| (!object.is_empty()).then_some(object);
    let (body, is_base64) = body(&taken.request.body, is_binary(call));
    let cookies: Vec<Json> = taken.cookies().into_iter().map(Json::from).collect();
    let headers = taken.headers.joined();
    let headers: Object = headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
        .filter(|(name, _)| name != "cookie")
        .collect();
    let mut event = ObjectBuilder::new();
    event
        .insert("version", "2.0")
        .insert("routeKey", call.route_key())
        .insert("rawPath", decoded(&call.raw_path(), false))
        .insert("rawQueryString", taken.request.query.as_str())
        .insert_some("cookies", (!cookies.is_empty()).then_some(cookies))
        .insert("headers", headers)
        .insert_some("queryStringParameters", some(taken.query.joined()))
        .insert("requestContext", call.request_context())
        .insert_some("pathParameters", some(taken.path_object()))
        .insert_some("stageVariables", some(call.context.variables.clone()))
        .insert_some("body", (!body.is_null()).then_some(body))
        .insert("isBase64Encoded", is_base64);
    event.build()
}
