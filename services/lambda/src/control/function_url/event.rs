//! A request as the event that a function gets: payload format 2.0.
//!
//! Source: Lambda Developer Guide, "Invoking Lambda function URLs", "Request payload format".

use std::borrow::Cow;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, COOKIE, HeaderMap, USER_AGENT};
use passo_json::{Json, Object, ObjectBuilder, json};
use passo_vocab::Timestamp;

use super::{Place, UrlSettings};

/// A request to the URL of a function.
#[derive(Clone, Debug)]
pub struct UrlRequest {
    /// The method, in capitals.
    pub method: String,
    /// The host that is asked, as it was sent, with its port.
    pub host: String,
    /// The path, as it was sent.
    pub path: String,
    /// What follows the path's question mark, as it was sent.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// Where the request comes from.
    pub source_ip: Option<IpAddr>,
    /// The id that the request is known by.
    pub request_id: String,
}

/// Media types whose bodies are text, besides `text/*`. Others go in base64.
const TEXT_TYPES: [&str; 4] = [
    "application/json",
    "application/javascript",
    "application/xml",
    "application/graphql",
];

/// The event of `request`, which came at `at`.
pub(super) fn event(
    request: &UrlRequest,
    place: Place<'_>,
    settings: &UrlSettings,
    at: Timestamp,
) -> Json {
    let port = request.host.rsplit_once(':').map_or("80", |(_, port)| port);
    let source_ip = request.source_ip.map(|ip| ip.to_string());
    let source_ip = source_ip.as_deref().unwrap_or("127.0.0.1");
    let mut headers = joined(&request.headers);
    for (name, value) in [
        ("x-forwarded-for", source_ip),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-port", port),
    ] {
        if !headers.contains_key(name) {
            headers = headers.with(name, value);
        }
    }
    let mut event = ObjectBuilder::new();
    event
        .insert("version", "2.0")
        .insert("routeKey", "$default")
        .insert("rawPath", place.path)
        .insert("rawQueryString", request.query.as_str());
    let cookies = cookies(&request.headers);
    if !cookies.is_empty() {
        event.insert("cookies", cookies);
    }
    event.insert("headers", headers);
    if !request.query.is_empty() {
        event.insert("queryStringParameters", parameters(&request.query));
    }
    event.insert(
        "requestContext",
        context(request, place, settings, source_ip, at),
    );
    let (body, is_base64) = body(request);
    event
        .insert_some("body", body)
        .insert("isBase64Encoded", is_base64);
    Json::from(event.build())
}

fn context(
    request: &UrlRequest,
    place: Place<'_>,
    settings: &UrlSettings,
    source_ip: &str,
    at: Timestamp,
) -> Json {
    let agent = request.headers.get(USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok()).unwrap_or("");
    let domain = request.host.split(':').next().unwrap_or_default();
    let caller = access_key(&request.headers).map(|key| (key, settings.account.as_str()));
    let mut context = ObjectBuilder::new();
    context.insert(
        "accountId",
        caller.map_or("anonymous", |(_, account)| account),
    );
    context.insert("apiId", place.id);
    if let Some((key, account)) = caller {
        context.insert(
            "authorizer",
            json!({"iam": {
                "accessKey": key, "accountId": account, "callerId": key, "cognitoIdentity": null, "principalOrgId": null,
                "userArn": (format!("arn:aws:iam::{account}:root")), "userId": key
            }}),
        );
    }
    context
        .insert("domainName", domain)
        .insert("domainPrefix", place.id)
        .insert(
            "http",
            json!({
                "method": (request.method.as_str()), "path": (place.path), "protocol": "HTTP/1.1",
                "sourceIp": source_ip, "userAgent": agent
            }),
        )
        .insert("requestId", request.request_id.as_str())
        .insert("routeKey", "$default")
        .insert("stage", "$default")
        .insert("time", common_log_time(at))
        .insert("timeEpoch", at.epoch_millis());
    Json::from(context.build())
}

/// Names are in small letters; several values of one name are joined by commas. Cookies are elsewhere.
fn joined(headers: &HeaderMap) -> Object {
    let names = headers.keys().filter(|name| **name != COOKIE);
    names
        .map(|name| {
            let values = headers.get_all(name).iter();
            let values: Vec<Cow<'_, str>> = values
                .map(|value| String::from_utf8_lossy(value.as_bytes()))
                .collect();
            (name.as_str(), Json::from(values.join(",")))
        })
        .collect()
}

fn cookies(headers: &HeaderMap) -> Vec<Json> {
    let headers = headers.get_all(COOKIE).iter();
    headers
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .map(|cookie| Json::from(cookie.trim()))
        .collect()
}

/// Decoded; several values of one name are joined by commas.
fn parameters(query: &str) -> Object {
    let mut all: Vec<(String, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name), decoded(value));
        match all.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => {
                values.push(',');
                values.push_str(&value);
            }
            None => all.push((name, value)),
        }
    }
    all.into_iter()
        .map(|(name, value)| (name, Json::from(value)))
        .collect()
}

/// Percent signs and plus signs are undone; what is not one stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        rest = match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                after.get(2..).unwrap_or_default()
            }
            (b'+', _) => {
                bytes.push(b' ');
                after
            }
            (other, _) => {
                bytes.push(*other);
                after
            }
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The body, and whether it is in base64.
fn body(request: &UrlRequest) -> (Option<String>, bool) {
    if request.body.is_empty() {
        return (None, false);
    }
    let media_type = request.headers.get(CONTENT_TYPE);
    let media_type = media_type.and_then(|kind| kind.to_str().ok());
    let is_text = media_type.is_none_or(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let kind = kind.to_ascii_lowercase();
        kind.starts_with("text/") || kind.ends_with("+json") || TEXT_TYPES.contains(&&*kind)
    });
    match std::str::from_utf8(&request.body) {
        Ok(text) if is_text => (Some(text.to_owned()), false),
        Ok(_) | Err(_) => (Some(STANDARD.encode(&request.body)), true),
    }
}

/// Whose key signed a request.
pub(super) fn access_key(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get("authorization")?.to_str().ok()?;
    let (_, credential) = header.split_once("Credential=")?;
    credential.split('/').next().filter(|key| !key.is_empty())
}

/// `12/Mar/2020:19:03:58 +0000`.
fn common_log_time(at: Timestamp) -> String {
    let date = at.to_http_date();
    let mut parts = date.split(' ').skip(1);
    let mut part = || parts.next().unwrap_or_default();
    format!("{}/{}/{}:{} +0000", part(), part(), part(), part())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded_and_joined() {
        for (query, expect) in [
            ("a=1&b=2&a=3", json!({"a": "1,3", "b": "2"})),
            ("a=%20+%C3%A3&b", json!({"a": "  ã", "b": ""})),
            ("a=%&b=%1&c=%zz", json!({"a": "%", "b": "%1", "c": "%zz"})),
            ("&&", json!({})),
        ] {
            assert_eq!(Json::from(parameters(query)), expect, "{query}");
        }
    }

    #[test]
    fn times_are_those_of_common_logs() {
        let at = Timestamp::parse_rfc3339("2020-03-12T19:03:58Z").unwrap();
        assert_eq!(common_log_time(at), "12/Mar/2020:19:03:58 +0000");
    }
}
