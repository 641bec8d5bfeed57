//! Requests to web servers, for integrations `HTTP` and `HTTP_PROXY`.

use std::time::Duration;

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::{Call, body};

use super::call::Multi;
use super::context::Context;
use super::errors::Refusal;

/// The service that sends them.
const SERVICE: &str = "passo-http";
/// Headers that belong to one connection, not to what it carries.
const OF_CONNECTION: [&str; 8] = [
    "connection",
    "keep-alive",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "host",
    "content-length",
];

/// What a web server, or a service of AWS, answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A request.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) url: String,
    pub(crate) headers: Multi,
    pub(crate) body: &'a [u8],
}

/// Whether a header is passed on.
pub(crate) fn is_passed_on(name: &str) -> bool {
    !OF_CONNECTION.iter().any(|it| name.eq_ignore_ascii_case(it))
}

/// `url` with more pairs in its query.
pub(crate) fn with_query(url: &str, query: &[(String, String)]) -> String {
    let mut url = url.to_owned();
    for (name, value) in query {
        url.push(if url.contains('?') { '&' } else { '?' });
        let pair = (
            super::call::encoded(name, ""),
            super::call::encoded(value, ""),
        );
        url.push_str(&format!("{}={}", pair.0, pair.1));
    }
    url
}

/// Sends a request and waits for the answer.
pub(crate) async fn send(
    context: &Context<'_>,
    request: Request<'_>,
    timeout: Duration,
) -> Result<Response, Refusal> {
    let headers: Object = request
        .headers
        .many()
        .iter()
        .filter(|(name, _)| is_passed_on(name))
        .map(|(name, values)| (name.clone(), values.clone()))
        .collect();
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("Method", request.method)
        .insert("Url", request.url)
        .insert("Headers", headers)
        .insert("Body", body::of_bytes(request.body));
    let call = Call {
        operation: "Send".into(),
        parameters: Json::from(parameters.build()),
        caller: context.caller(None).ok_or_else(Refusal::configuration)?,
        request_id: context.request_id(),
    };
    let answer = context.shared.peers.call(SERVICE, call);
    let answer = tokio::time::timeout(timeout, answer).await;
    let answer = answer.map_err(|_| Refusal::timeout())?;
    let answer = answer.map_err(|fault| match &*fault.code {
        "Timeout" => Refusal::timeout(),
        _ => Refusal::new("INTEGRATION_FAILURE", "Internal server error"),
    })?;
    let status = answer.get("Status").and_then(Json::as_i64);
    let headers = answer.get("Headers").and_then(Json::as_object);
    let headers = headers.into_iter().flat_map(Object::iter);
    let headers = headers.flat_map(|(name, values)| {
        let values = values.as_array().into_iter().flat_map(|it| it.iter());
        let values = values.filter_map(Json::as_str);
        values.map(|value| (name.to_string(), value.to_owned()))
    });
    let body = answer.get("Body").and_then(body::bytes);
    Ok(Response {
        status: status.and_then(|it| u16::try_from(it).ok()).unwrap_or(502),
        headers: headers.filter(|(name, _)| is_passed_on(name)).collect(),
        body: body.map(std::borrow::Cow::into_owned).unwrap_or_default(),
    })
}
