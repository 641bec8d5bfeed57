//! Requests to web servers: `http:invoke` and `apigateway:invoke`.
//!
//! Source: Step Functions Developer Guide, "Call HTTPS APIs" and "Create API Gateway REST APIs with Step Functions";
//! recorded: the result of `apigateway:invoke`.

use passo_json::{Json, Object, ObjectBuilder, Payload};
use passo_service::body;
use passo_vocab::{ErrorName, Failure};

use crate::plan::{missing, unfit};
use crate::{Completion, ErrorStyle, Plan, Shape};

/// Headers that only Step Functions sets. Source: as above, "HTTP Task fields".
const FORBIDDEN: [&str; 33] = [
    "a-im",
    "accept-charset",
    "accept-datetime",
    "accept-encoding",
    "authorization",
    "cache-control",
    "connection",
    "content-encoding",
    "content-md5",
    "date",
    "expect",
    "forwarded",
    "from",
    "host",
    "http2-settings",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "origin",
    "pragma",
    "proxy-authorization",
    "referer",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "warning",
    "www-authenticate",
];
const FORBIDDEN_PREFIXES: [&str; 3] = ["x-forwarded-", "x-amz-", "x-amzn-"];
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
/// Contents that no state can hold. Source: as above, "Unsupported HTTP Task responses".
const BINARY: [&str; 4] = ["application/octet-stream", "image/", "video/", "audio/"];

/// Whose answer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebServer {
    /// That of `http:invoke`.
    Any,
    /// API Gateway.
    ApiGateway,
    /// A cluster of EKS.
    Kubernetes,
}

/// The plan of `http:invoke`. The service that it calls adds what the connection holds.
pub(crate) fn invoke(parameters: &Payload) -> Result<Plan, Failure> {
    let given = parameters.json();
    let endpoint = text(parameters, "ApiEndpoint")?;
    let method = text(parameters, "Method")?;
    let connection = ["Authentication", "InvocationConfig"]
        .iter()
        .find_map(|member| given.get(member)?.get("ConnectionArn")?.as_str());
    let Some(connection) = connection else {
        return Err(missing("ConnectionArn", parameters));
    };
    check(method, parameters)?;
    let mut request = ObjectBuilder::new();
    request
        .insert("ConnectionArn", connection)
        .insert("Method", method)
        .insert("Url", endpoint)
        .insert_some("Headers", given.get("Headers").cloned())
        .insert_some("QueryParameters", given.get("QueryParameters").cloned())
        .insert_some("Body", given.get("RequestBody").cloned())
        .insert_some("Transform", given.get("Transform").cloned());
    Ok(Plan {
        service: "passo-connections",
        operation: "Send".to_owned(),
        parameters: Json::from(request.build()),
        shape: Shape::Http(WebServer::Any),
        errors: ErrorStyle::Http(WebServer::Any),
        completion: Completion::Answer,
        lookup: None,
    })
}

fn text<'a>(parameters: &'a Payload, member: &str) -> Result<&'a str, Failure> {
    let text = parameters.json().get(member).and_then(Json::as_str);
    text.ok_or_else(|| missing(member, parameters))
}

/// Whether Step Functions sends such a request.
pub(crate) fn check(method: &str, parameters: &Payload) -> Result<(), Failure> {
    if !METHODS.contains(&method) {
        let problem = format!("The value of the field 'Method' is not supported: {method}");
        return Err(unfit(&problem, parameters));
    }
    let headers = parameters.json().get("Headers").and_then(Json::as_object);
    for name in headers.into_iter().flat_map(Object::keys) {
        let small = name.to_ascii_lowercase();
        let reserved = FORBIDDEN_PREFIXES
            .iter()
            .any(|prefix| small.starts_with(prefix));
        if reserved || FORBIDDEN.contains(&small.as_str()) {
            let problem = format!("The header '{name}' is not allowed");
            return Err(unfit(&problem, parameters));
        }
    }
    Ok(())
}

/// Headers whose values are texts, or lists of texts.
pub(crate) fn texts(headers: Option<&Json>) -> Object {
    let headers = headers.and_then(Json::as_object);
    let headers = headers.into_iter().flat_map(Object::iter);
    headers
        .map(|(name, values)| {
            let values: Vec<Json> = listed(values)
                .map(|text| Json::from(text.as_str()))
                .collect();
            (&**name, Json::from(values))
        })
        .collect()
}

/// A query string of members whose values are texts, or lists of texts.
pub(crate) fn query(members: Option<&Json>) -> String {
    let members = members.and_then(Json::as_object);
    let members = members.into_iter().flat_map(Object::iter);
    let pairs = members.flat_map(|(name, values)| {
        listed(values).map(move |value| format!("{}={}", escaped(name), escaped(&value)))
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn listed(values: &Json) -> impl Iterator<Item = String> {
    let single = values.as_array().is_none().then_some(values);
    let many = values.as_array().into_iter().flat_map(|list| list.iter());
    let text = |value: &Json| {
        value
            .as_str()
            .map_or_else(|| value.to_text(), str::to_owned)
    };
    single.into_iter().chain(many).map(text)
}

/// All but the unreserved characters of RFC 3986 escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The result of a request, or how its status fails the task: HTTP tasks tell the status' text only, and API Gateway's the
/// whole body. Kubernetes' tells all but its headers in both cases.
pub(crate) fn result(answer: &Json, server: WebServer) -> Result<Payload, Failure> {
    let status = answer.get("Status").and_then(Json::as_i64).unwrap_or(0);
    let status_text = answer.get("StatusText").cloned().unwrap_or(Json::Null);
    let headers = answer.get("Headers").cloned().unwrap_or(Json::Null);
    let bytes = answer.get("Body").and_then(body::bytes).unwrap_or_default();
    let text = std::str::from_utf8(&bytes);
    if !(200..300).contains(&status) {
        return Err(match server {
            WebServer::Any => Failure::new(
                ErrorName::new(format!("States.Http.StatusCode.{status}")),
                status_text.as_str().unwrap_or_default(),
            ),
            WebServer::ApiGateway => Failure::new(
                ErrorName::new(format!("ApiGateway.{status}")),
                text.unwrap_or_default(),
            ),
            WebServer::Kubernetes => Failure::new(
                ErrorName::new(format!("EKS.{status}")),
                shown(None, text.unwrap_or_default(), status, status_text).to_text(),
            ),
        });
    }
    let kind = content_type(&headers);
    let is_binary = BINARY.iter().any(|binary| kind.starts_with(binary));
    let Some(text) = text.ok().filter(|_| !is_binary) else {
        let cause = format!("The response of content type '{kind}' is not supported");
        return Err(Failure::new(ErrorName::RUNTIME, cause));
    };
    let headers = (server != WebServer::Kubernetes).then_some(headers);
    Ok(Payload::from(shown(headers, text, status, status_text)))
}

fn shown(headers: Option<Json>, text: &str, status: i64, status_text: Json) -> Json {
    let body = Json::parse(text).unwrap_or_else(|_| Json::from(text));
    let mut shown = ObjectBuilder::new();
    shown
        .insert_some("Headers", headers)
        .insert("ResponseBody", body)
        .insert("StatusCode", status)
        .insert("StatusText", status_text);
    Json::from(shown.build())
}

/// The type of an answer's body, in small letters.
fn content_type(headers: &Json) -> String {
    let mut headers = headers.as_object().into_iter().flat_map(Object::iter);
    let found = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let kind = found.and_then(|(_, kinds)| kinds.at(0)?.as_str());
    kind.unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn outcome(outcome: Result<impl ToString, Failure>) -> String {
        match outcome {
            Ok(value) => value.to_string(),
            Err(failure) => {
                let error = failure.error.as_ref().map_or("", ErrorName::as_str);
                format!("{error}: {}", failure.cause.as_deref().unwrap_or_default())
            }
        }
    }

    #[test]
    fn requests_are_planned() {
        let base = json!({"ApiEndpoint": "https://a", "Method": "POST"});
        let base = base.as_object().unwrap().clone();
        let with = |member: &str, value: Json| base.clone().with(member, value);
        let connection = json!({"ConnectionArn": "c"});
        let good = r#"{"ConnectionArn":"c","Method":"POST","Url":"https://a"}"#;
        let bad = |problem: &str| problem.to_owned();
        for (parameters, expect) in [
            (with("Authentication", connection.clone()), bad(good)),
            (with("InvocationConfig", connection.clone()), bad(good)),
            (base.clone(), bad("The field 'ConnectionArn' is required")),
            (
                with("InvocationConfig", connection.clone()).without("ApiEndpoint"),
                bad("The field 'ApiEndpoint' is required"),
            ),
            (
                with("InvocationConfig", connection.clone()).with("Method", "TRACE"),
                bad("The value of the field 'Method' is not supported"),
            ),
            (
                with("InvocationConfig", connection.clone())
                    .with("Headers", json!({"X-Amz-Date": "1"})),
                bad("The header 'X-Amz-Date' is not allowed"),
            ),
            (
                with("InvocationConfig", connection).with("Headers", json!({"Host": "h"})),
                bad("The header 'Host' is not allowed"),
            ),
        ] {
            let planned = invoke(&Payload::from(Json::from(parameters)));
            let shown = outcome(planned.map(|plan| plan.parameters));
            assert!(shown.contains(&expect), "{shown} for {expect}");
        }
    }

    #[test]
    fn answers_become_results_and_failures() {
        let answer = |status: i64, kind: &str, body: Json| json!({"Status": status, "StatusText": "Text", "Headers": {"content-type": [kind]}, "Body": body});
        let any = WebServer::Any;
        for (answer, server, expect) in [
            (
                answer(200, "application/json", json!(r#"{"a": 1}"#)),
                any,
                r#"{"Headers":{"content-type":["application/json"]},"ResponseBody":{"a":1},"StatusCode":200,"StatusText":"Text"}"#,
            ),
            (
                answer(201, "text/plain", json!("no json")),
                WebServer::ApiGateway,
                r#"{"Headers":{"content-type":["text/plain"]},"ResponseBody":"no json","StatusCode":201,"StatusText":"Text"}"#,
            ),
            (
                answer(404, "a", json!("body")),
                any,
                "States.Http.StatusCode.404: Text",
            ),
            (
                answer(302, "a", json!("body")),
                any,
                "States.Http.StatusCode.302: Text",
            ),
            (
                answer(403, "a", json!("body")),
                WebServer::ApiGateway,
                "ApiGateway.403: body",
            ),
            (
                answer(200, "Image/png", json!("")),
                any,
                "States.Runtime: The response of content type 'image/png' is not supported",
            ),
            (
                answer(200, "text/plain", json!({"$base64": "/w=="})),
                any,
                "States.Runtime: The response of content type 'text/plain' is not supported",
            ),
        ] {
            let result = result(&answer, server);
            assert_eq!(
                outcome(result.map(|result| result.text().to_owned())),
                expect
            );
        }
    }
}
