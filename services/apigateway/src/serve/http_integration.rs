//! Integrations of HTTP APIs: functions, web servers, and services by the names of their operations.

use std::time::Duration;

use passo_json::{Json, Object};

use super::aws_service::{self, Sent, Target, What};
use super::call::{Multi, encoded};
use super::errors::Refusal;
use super::http_api::{HttpCall, says};
use super::outgoing::{self, with_query};
use super::{WebResponse, function, http_source, media, proxy_event, proxy_response, target, text};

/// How long an integration may take unless it says. Source: API Gateway quotas for HTTP APIs.
const TIMEOUT_MILLIS: u64 = 30_000;

/// Operations that integrations name, with their service and their parameters as the integration and as the service spells them.
/// Source: API Gateway Developer Guide, "Integration subtype reference".
const SUBTYPES: [(&str, &str, &str); 9] = [
    ("StepFunctions-StartExecution", "states", "StartExecution"),
    (
        "StepFunctions-StartSyncExecution",
        "states",
        "StartSyncExecution",
    ),
    ("StepFunctions-StopExecution", "states", "StopExecution"),
    ("SQS-SendMessage", "sqs", "SendMessage"),
    ("SQS-ReceiveMessage", "sqs", "ReceiveMessage"),
    ("SQS-DeleteMessage", "sqs", "DeleteMessage"),
    ("SQS-PurgeQueue", "sqs", "PurgeQueue"),
    ("EventBridge-PutEvents", "events", "PutEvents"),
    ("Kinesis-PutRecord", "kinesis", "PutRecord"),
];

/// Calls the route's integration.
pub(crate) async fn perform(call: &HttpCall<'_>) -> WebResponse {
    let target = text(&call.route, "Target");
    let id = target.strip_prefix("integrations/").unwrap_or_default();
    let row = call.api.integrations.get(id).and_then(Json::as_object);
    let Some(row) = row.cloned() else {
        return says(500, "Internal Server Error");
    };
    let subtype = text(&row, "IntegrationSubtype");
    let done = match text(&row, "IntegrationType") {
        "AWS_PROXY" if !subtype.is_empty() => service(call, &row, subtype).await,
        "AWS_PROXY" => function_proxy(call, &row).await,
        "HTTP_PROXY" => http_proxy(call, &row).await,
        _ => Err(Refusal::configuration()),
    };
    match done {
        Ok(mut response) => {
            mapped(call, &row, &mut response);
            response
        }
        Err(refusal) => match refusal.kind {
            "INTEGRATION_TIMEOUT" | "INTEGRATION_FAILURE" => says(503, "Service Unavailable"),
            "BAD_REQUEST_PARAMETERS" => says(400, &refusal.message.unwrap_or_default()),
            _ => says(500, "Internal Server Error"),
        },
    }
}

fn timeout(row: &Object) -> Duration {
    let millis = row.get("TimeoutInMillis").and_then(Json::as_i64);
    let millis = millis.and_then(|it| u64::try_from(it).ok());
    Duration::from_millis(millis.unwrap_or(TIMEOUT_MILLIS))
}

async fn function_proxy(call: &HttpCall<'_>, row: &Object) -> Result<WebResponse, Refusal> {
    let uri = target::with_variables(text(row, "IntegrationUri"), &call.context.variables);
    let named = function::named(&uri).ok_or_else(Refusal::configuration)?;
    let is_2 = text(row, "PayloadFormatVersion") == "2.0";
    let event = match is_2 {
        true => proxy_event::version_2(call),
        false => proxy_event::version_1_of_http(call),
    };
    let event = Json::from(event).to_text();
    let answer = function::invoke(&call.context, named, event, false, timeout(row)).await?;
    if answer.is_error {
        return Err(Refusal::bad_gateway());
    }
    proxy_response::http(&answer.payload, is_2).ok_or_else(Refusal::bad_gateway)
}

/// The parameters of the row, by place (`header`, `querystring`, `path`), with what is done there.
fn changes(call: &HttpCall<'_>, row: &Object) -> Vec<(String, String, Option<String>)> {
    let parameters = row.get("RequestParameters").and_then(Json::as_object);
    let parameters = parameters.into_iter().flat_map(Object::iter);
    let changes = parameters.filter_map(|(key, source)| {
        let (action, place) = key.split_once(':')?;
        let value = source.as_str().and_then(|it| http_source::value(call, it));
        Some((action.to_owned(), place.to_owned(), value))
    });
    changes.collect()
}

async fn http_proxy(call: &HttpCall<'_>, row: &Object) -> Result<WebResponse, Refusal> {
    let mut headers = call.taken.headers.clone();
    let mut query = call.taken.query.clone();
    let mut path = None;
    for (action, place, value) in changes(call, row) {
        let (kind, name) = place.split_once('.').unwrap_or((&place, ""));
        match kind {
            "header" => headers.change(&action, name, value),
            "querystring" => query.change(&action, name, value),
            "path" => path = value,
            _ => {}
        }
    }
    let uri = target::with_variables(text(row, "IntegrationUri"), &call.context.variables);
    let mut url = uri;
    for (name, value) in &call.taken.path_parameters {
        let value = encoded(value, "/");
        url = url.replace(&format!("{{{name}}}"), &value);
        url = url.replace(&format!("{{{name}+}}"), &value);
    }
    if let Some(path) = path {
        let begin = url.find("://").map_or(0, |at| at.saturating_add(3));
        let host = url.get(begin..).unwrap_or_default();
        let end = host
            .find('/')
            .map_or(url.len(), |at| begin.saturating_add(at));
        let before = url.get(..end).unwrap_or_default();
        url = format!("{before}/{}", path.trim_start_matches('/'));
    }
    let mut pairs = Vec::new();
    for (name, values) in query.iter() {
        pairs.extend(values.iter().map(|value| (name.to_owned(), value.clone())));
    }
    let request = outgoing::Request {
        method: match text(row, "IntegrationMethod") {
            "" | "ANY" => &call.taken.request.method,
            method => method,
        },
        url: with_query(&url, &pairs),
        headers,
        body: &call.taken.request.body,
    };
    let answer = outgoing::send(&call.context, request, timeout(row)).await?;
    Ok(WebResponse {
        status: answer.status,
        headers: answer.headers,
        body: answer.body,
    })
}

async fn service(call: &HttpCall<'_>, row: &Object, subtype: &str) -> Result<WebResponse, Refusal> {
    let known = SUBTYPES.iter().find(|(name, _, _)| *name == subtype);
    let (_, service, operation) = known.ok_or_else(Refusal::configuration)?;
    let given = row.get("RequestParameters").and_then(Json::as_object);
    let mut values: Vec<(String, String)> = Vec::new();
    for (name, source) in given.into_iter().flat_map(Object::iter) {
        let value = source.as_str().and_then(|it| http_source::value(call, it));
        values.extend(value.map(|value| (name.to_string(), value)));
    }
    let region = values.iter().find(|(name, _)| name == "Region");
    let region = region.map_or_else(|| call.context.region.clone(), |(_, it)| it.clone());
    values.retain(|(name, _)| name != "Region");
    let mut headers = Multi::default();
    let (body, query) = match *service {
        "sqs" => (Vec::new(), values),
        service => {
            headers.add("Content-Type", "application/x-amz-json-1.0".to_owned());
            let parameters = parameters(service, &values);
            (Json::from(parameters).to_text().into_bytes(), Vec::new())
        }
    };
    let target = Target {
        region: &region,
        service,
        what: What::Action(operation),
    };
    let sent = Sent {
        method: "POST",
        headers,
        query,
        body,
    };
    let answer = aws_service::call(&call.context, target, sent, timeout(row)).await?;
    let media = answer.headers.iter();
    let mut media = media
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map(|(_, value)| value.as_str());
    let media = match media.next_back() {
        Some(media) if media.contains("xml") => "text/xml",
        Some(_) | None => "application/json",
    };
    let mut response = WebResponse::json(answer.status, answer.body);
    response.set("Content-Type", media);
    Ok(response)
}

/// The parameters as the service spells them.
fn parameters(service: &str, values: &[(String, String)]) -> Object {
    let listed = |text: &str| {
        let list = Json::parse(text).ok().filter(|it| it.as_array().is_some());
        list.unwrap_or_else(|| Json::from(text.split(',').map(Json::from).collect::<Vec<_>>()))
    };
    let members = values
        .iter()
        .map(|(name, value)| match (service, name.as_str()) {
            ("states", name) => {
                let mut small = name.to_owned();
                if let Some(first) = small.get_mut(..1) {
                    first.make_ascii_lowercase();
                }
                (small, Json::from(value.as_str()))
            }
            ("events", "Resources") => (name.clone(), listed(value)),
            ("kinesis", "Data") => (name.clone(), Json::from(media::base64(value.as_bytes()))),
            (_, _) => (name.clone(), Json::from(value.as_str())),
        });
    let members: Object = members.collect();
    match service {
        "events" => Object::default().with("Entries", vec![Json::from(members)]),
        _ => members,
    }
}

/// Changes a response as the integration says for its status.
fn mapped(call: &HttpCall<'_>, row: &Object, response: &mut WebResponse) {
    let all = row.get("ResponseParameters");
    let changes = all.and_then(|all| all.get(&response.status.to_string()));
    let changes = changes
        .and_then(Json::as_object)
        .cloned()
        .unwrap_or_default();
    let body = String::from_utf8_lossy(&response.body).into_owned();
    for (key, source) in changes.iter() {
        let source = source.as_str().unwrap_or_default();
        let value = match source.strip_prefix("$response.") {
            Some(rest) => match rest.split_once('.') {
                Some(("header", name)) => response.header(name).map(str::to_owned),
                Some(("body", path)) => target::body(&body, path),
                Some(_) | None => (rest == "body").then(|| body.clone()),
            },
            None => http_source::value(call, source),
        };
        let (action, place) = key.split_once(':').unwrap_or((key, ""));
        match (action, place.strip_prefix("header."), value) {
            ("remove", Some(header), _) => response.remove(header),
            ("append", Some(header), Some(value)) => response.add(header, value),
            ("overwrite", Some(header), Some(value)) => response.set(header, value),
            ("overwrite", None, Some(value)) if place == "statuscode" => {
                response.status = value.parse().unwrap_or(response.status);
            }
            _ => {}
        }
    }
}
