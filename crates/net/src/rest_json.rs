//! The REST-JSON protocol: the operation in method and path, members in labels, query, headers and body.

use std::sync::Arc;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use passo_json::{Json, Object, ObjectBuilder};
use passo_service::{Call, Directory, Fault, FaultKind, RequestId, Service};

use crate::percent::{self, Plus};
use crate::rest_routes::{QueryKind, ROUTES, Route};
use crate::{aws_json, credentials};

/// A route and what its labels are in one request.
pub(crate) struct Matched {
    route: &'static Route,
    labels: Vec<(&'static str, String)>,
}

impl Matched {
    /// The name of the service that it is a route of.
    pub(crate) fn service(&self) -> &'static str {
        self.route.service
    }
}

/// The route of a request, where it has one.
pub(crate) fn find(method: &Method, path: &str) -> Option<Matched> {
    let path = path.trim_end_matches('/');
    ROUTES
        .iter()
        .filter(|route| method.as_str() == route.method)
        .find_map(|route| {
            Some(Matched {
                route,
                labels: labels(route.path, path)?,
            })
        })
}

fn labels(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut given = path.split('/');
    let mut labels = Vec::new();
    for part in template.split('/') {
        let found = given.next()?;
        match part
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        {
            None if part == found => {}
            None => return None,
            Some(_) if found.is_empty() => return None,
            Some(name) => labels.push((name, percent::decode(found, Plus::IsPlus)?)),
        }
    }
    given.next().is_none().then_some(labels)
}

/// Finds the service of a request and reads its parameters.
///
/// # Errors
/// `UnknownOperationException` where the service is not here, `SerializationException` where the body is not a
/// JSON object.
pub(crate) fn read(
    matched: &Matched,
    directory: &Directory,
    head: &Parts,
    body: &[u8],
    request_id: RequestId,
) -> Result<(Arc<dyn Service>, Call), Fault> {
    let route = matched.route;
    let unknown = || Fault::caller("UnknownOperationException", "").with_status(404);
    let service = directory.by_name(route.service).ok_or_else(unknown)?;
    let authorization = aws_json::text(&head.headers, "authorization");
    let caller = credentials::caller(authorization).ok_or_else(unknown)?;
    let mut parameters = ObjectBuilder::new();
    match route.raw {
        Some(member) => raw_body(&mut parameters, member, body)?,
        None => {
            let given = aws_json::parameters(body)?;
            for (member, value) in given.as_object().into_iter().flat_map(Object::iter) {
                parameters.insert(member.clone(), value.clone());
            }
        }
    }
    for (header, member) in route.headers_in {
        parameters.insert_some(*member, aws_json::text(&head.headers, header));
    }
    for (member, value) in query_members(route, head.uri.query().unwrap_or_default()) {
        parameters.insert(member, value);
    }
    for (member, value) in &matched.labels {
        parameters.insert(*member, value.as_str());
    }
    let call = Call {
        operation: Arc::from(route.operation),
        parameters: Json::Object(parameters.build()),
        caller,
        request_id,
    };
    Ok((service.clone(), call))
}

/// A body that is no JSON object but one member, as text.
fn raw_body(parameters: &mut ObjectBuilder, member: &str, body: &[u8]) -> Result<(), Fault> {
    if body.is_empty() {
        return Ok(());
    }
    let text = std::str::from_utf8(body).map_err(|error| {
        let message = format!("Could not parse request body into json: {error}");
        Fault::caller("InvalidRequestContentException", message)
    })?;
    parameters.insert(member, text);
    Ok(())
}

fn query_members(route: &Route, query: &str) -> Vec<(&'static str, Json)> {
    let pairs = percent::pairs(query).unwrap_or_default();
    let mut members = Vec::new();
    for (name, member, kind) in route.query {
        let mut values = pairs
            .iter()
            .filter(|(given, _)| given == name)
            .map(|(_, value)| value);
        let value = match kind {
            QueryKind::List => {
                let all: Vec<Json> = values.map(|value| Json::from(value.as_str())).collect();
                (!all.is_empty()).then(|| Json::from(all))
            }
            QueryKind::Text => values.next().map(|value| Json::from(value.as_str())),
            QueryKind::Number => values.next().map(|value| {
                value
                    .parse::<i64>()
                    .map_or_else(|_| Json::from(value.as_str()), Json::from)
            }),
        };
        members.extend(value.map(|value| (*member, value)));
    }
    members
}

/// The answer to a call.
pub(crate) fn answer(
    matched: &Matched,
    outcome: &Result<Json, Fault>,
    request_id: &RequestId,
) -> Response<Full<Bytes>> {
    let mut response = match outcome {
        Ok(output) => success(matched.route, output),
        Err(fault) => failure(fault),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(value) = HeaderValue::from_str(request_id.as_str()) {
        headers.insert("x-amzn-requestid", value);
    }
    response
}

fn success(route: &Route, output: &Json) -> Response<Full<Bytes>> {
    let body = match route.raw {
        Some(member) => output
            .get(member)
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned(),
        None if route.status == 204 => String::new(),
        None => output.to_text(),
    };
    let given = route.raw.and_then(|_| output.get("StatusCode")?.as_i64());
    let status = given.and_then(|status| u16::try_from(status).ok());
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() =
        StatusCode::from_u16(status.unwrap_or(route.status)).unwrap_or(StatusCode::OK);
    for (header, member) in route.headers_out {
        let value = output.get(member).and_then(Json::as_str);
        if let Some(value) = value.and_then(|text| HeaderValue::from_str(text).ok()) {
            response
                .headers_mut()
                .insert(HeaderName::from_static(header), value);
        }
    }
    response
}

fn failure(fault: &Fault) -> Response<Full<Bytes>> {
    let mut body = ObjectBuilder::new();
    body.insert(
        "Type",
        match fault.kind {
            FaultKind::Caller => "User",
            FaultKind::Service | FaultKind::Machine => "Service",
        },
    );
    body.insert("Message", fault.message.as_str());
    // Clients of different age look under different names.
    body.insert("message", fault.message.as_str());
    for (member, value) in fault.members.iter() {
        body.insert(member.clone(), value.clone());
    }
    let text = Json::Object(body.build()).to_text();
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = aws_json::status(fault);
    if let Ok(code) = HeaderValue::from_str(&fault.code) {
        response.headers_mut().insert("x-amzn-errortype", code);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &Method, path: &str, expect: &str) {
        let found = find(method, path).map_or_else(
            || "none".to_owned(),
            |matched| format!("{} {:?}", matched.route.operation, matched.labels),
        );
        assert_eq!(found, expect, "{path}");
    }

    #[test]
    fn paths_are_routed() {
        let base = "/2015-03-31/functions";
        check(&Method::GET, base, "ListFunctions []");
        check(&Method::GET, &format!("{base}/"), "ListFunctions []");
        check(
            &Method::POST,
            &format!("{base}/f/invocations"),
            r#"Invoke [("FunctionName", "f")]"#,
        );
        check(
            &Method::PUT,
            &format!("{base}/arn%3Aaws%3Alambda/aliases/live"),
            r#"UpdateAlias [("FunctionName", "arn:aws:lambda"), ("Name", "live")]"#,
        );
        check(&Method::PUT, base, "none");
        check(&Method::GET, &format!("{base}/f/other"), "none");
        check(&Method::GET, "/", "none");
    }
}
