//! Integrations of REST APIs: what is sent where, and what becomes of the answer.

use std::time::Duration;

use passo_json::{Json, Object};

use super::aws_service::{self, Sent, Target};
use super::call::{Multi, encoded};
use super::errors::Refusal;
use super::outgoing::{self, Response, with_query};
use super::rest::RestCall;
use super::{WebResponse, authorizer, function, media, proxy_event, proxy_response, target, text};
use crate::vtl;

/// How long an integration may take unless it says. Source: API Gateway quotas.
const TIMEOUT_MILLIS: u64 = 29_000;

/// What an integration answered, before it is made a response.
struct Answered {
    response: Response,
    /// What selects the response: a function's error message, or a status; none of these is a success without a name.
    selects: Option<String>,
}

/// A request's body as the integration gets it, and what the template has set besides.
struct Prepared {
    body: Vec<u8>,
    overrides: Object,
}

/// Calls the method's integration.
pub(crate) async fn perform(call: &RestCall<'_>) -> Result<WebResponse, Refusal> {
    let integration = call.method.get("methodIntegration");
    let integration = integration.and_then(Json::as_object);
    let integration = integration.ok_or_else(Refusal::configuration)?;
    let uri = target::with_variables(text(integration, "uri"), &call.context.variables);
    match text(integration, "type") {
        "AWS_PROXY" => function_proxy(call, integration, &uri).await,
        "HTTP_PROXY" => http_proxy(call, integration, &uri).await,
        "MOCK" | "AWS" | "HTTP" => {
            let prepared = prepared(call, integration)?;
            let answered = match text(integration, "type") {
                "MOCK" => mock(&prepared)?,
                "AWS" => match function::named(&uri) {
                    Some(named) => function_call(call, integration, named, &prepared).await?,
                    None => service(call, integration, &uri, &prepared).await?,
                },
                _ => http(call, integration, &uri, &prepared).await?,
            };
            finish(call, integration, &answered, &prepared)
        }
        _ => Err(Refusal::configuration()),
    }
}

/// How long an integration may take.
pub(crate) fn timeout(integration: &Object) -> Duration {
    let millis = integration.get("timeoutInMillis").and_then(Json::as_i64);
    let millis = millis.and_then(|it| u64::try_from(it).ok());
    Duration::from_millis(millis.unwrap_or(TIMEOUT_MILLIS))
}

async fn function_proxy(
    call: &RestCall<'_>,
    integration: &Object,
    uri: &str,
) -> Result<WebResponse, Refusal> {
    let named = function::named(uri).ok_or_else(Refusal::configuration)?;
    let api = call.deployed.api();
    let types = media::binary_types(&api);
    let kind = call.taken.request.header("content-type");
    let is_binary = media::is_among(&types, kind.unwrap_or_default());
    let event = proxy_event::version_1(
        &call.taken,
        &call.context,
        call.request_context(),
        (&call.resource.1, false),
        is_binary,
    );
    let timeout = timeout(integration);
    let answer = function::invoke(&call.context, named, event.to_text(), false, timeout).await?;
    if answer.is_error {
        return Err(Refusal::bad_gateway());
    }
    // The first type that the caller accepts decides.
    let accepts = call.taken.request.header("accept").unwrap_or("*/*");
    let accepts = accepts.split(',').next().unwrap_or_default();
    let takes_binary = media::is_among(&types, accepts);
    proxy_response::rest(&answer.payload, takes_binary).ok_or_else(Refusal::bad_gateway)
}

async fn http_proxy(
    call: &RestCall<'_>,
    integration: &Object,
    uri: &str,
) -> Result<WebResponse, Refusal> {
    let mapped = mapped(call, integration, &Object::default());
    let mut query: Vec<(String, String)> = Vec::new();
    for (name, values) in call.taken.query.iter() {
        query.extend(values.iter().map(|value| (name.to_owned(), value.clone())));
    }
    query.retain(|(name, _)| !mapped.query.iter().any(|(it, _)| it == name));
    query.extend(mapped.query);
    let mut headers = Multi::default();
    for (name, values) in call.taken.headers.iter() {
        if mapped.headers.all_of_header(name).is_none() {
            values.iter().for_each(|it| headers.add(name, it.clone()));
        }
    }
    for (name, values) in mapped.headers.iter() {
        values.iter().for_each(|it| headers.add(name, it.clone()));
    }
    let method = match text(integration, "httpMethod") {
        "" | "ANY" => &call.taken.request.method,
        method => method,
    };
    let url = with_query(&with_path(uri, &mapped.path, call), &query);
    let request = outgoing::Request {
        method,
        url,
        headers,
        body: &call.taken.request.body,
    };
    let answer = outgoing::send(&call.context, request, timeout(integration)).await?;
    Ok(WebResponse {
        status: answer.status,
        headers: answer.headers,
        body: answer.body,
    })
}

/// What an integration's request parameters say.
#[derive(Default)]
struct Mapped {
    headers: Multi,
    query: Vec<(String, String)>,
    path: Vec<(String, String)>,
}

fn mapped(call: &RestCall<'_>, integration: &Object, overrides: &Object) -> Mapped {
    let mut mapped = Mapped::default();
    let parameters = integration.get("requestParameters");
    let parameters = parameters.and_then(Json::as_object).into_iter();
    for (name, source) in parameters.flat_map(Object::iter) {
        let place = name.strip_prefix("integration.request.");
        let place = place.and_then(|it| it.split_once('.'));
        let values = source.as_str().and_then(|it| target::value(call, it));
        let (Some((place, name)), Some(values)) = (place, values) else {
            continue;
        };
        for value in values {
            match place {
                "header" => mapped.headers.add(name, value),
                "querystring" => mapped.query.push((name.to_owned(), value)),
                "path" => mapped.path.push((name.to_owned(), value)),
                _ => {}
            }
        }
    }
    let overrides = overrides.get("requestOverride").and_then(Json::as_object);
    for (place, members) in overrides.into_iter().flat_map(Object::iter) {
        for (name, value) in members.as_object().into_iter().flat_map(Object::iter) {
            let value = target::plain(value);
            match &**place {
                "header" => {
                    let mut kept = Multi::default();
                    for (given, values) in mapped.headers.iter() {
                        if !given.eq_ignore_ascii_case(name) {
                            values.iter().for_each(|it| kept.add(given, it.clone()));
                        }
                    }
                    kept.add(name, value);
                    mapped.headers = kept;
                }
                "querystring" => {
                    mapped.query.retain(|(given, _)| **given != **name);
                    mapped.query.push((name.to_string(), value));
                }
                "path" => {
                    mapped.path.retain(|(given, _)| **given != **name);
                    mapped.path.push((name.to_string(), value));
                }
                _ => {}
            }
        }
    }
    mapped
}

/// A URI with its variables: as the parameters map them, or as the path of the request has them.
fn with_path(uri: &str, path: &[(String, String)], call: &RestCall<'_>) -> String {
    let mut uri = uri.to_owned();
    for (name, value) in path.iter().chain(&call.taken.path_parameters) {
        let value = encoded(value, "/");
        uri = uri.replace(&format!("{{{name}}}"), &value);
        uri = uri.replace(&format!("{{{name}+}}"), &value);
    }
    uri
}

/// The body that the integration gets.
fn prepared(call: &RestCall<'_>, integration: &Object) -> Result<Prepared, Refusal> {
    let kind = call.taken.request.header("content-type");
    let kind = media::plain(kind.unwrap_or("application/json"));
    let templates = integration
        .get("requestTemplates")
        .and_then(Json::as_object);
    let template = templates.into_iter().flat_map(Object::iter);
    let template = template
        .filter(|(media, _)| media::plain(media) == kind)
        .find_map(|(_, template)| template.as_str());
    let body = match text(integration, "contentHandling") {
        "CONVERT_TO_TEXT" if is_binary(call, &kind) => {
            media::base64(&call.taken.request.body).into_bytes()
        }
        "CONVERT_TO_BINARY" => {
            let text = call.taken.body_text();
            media::from_base64(&text).unwrap_or_else(|| call.taken.request.body.clone())
        }
        _ => call.taken.request.body.clone(),
    };
    if let Some(template) = template {
        let body = String::from_utf8_lossy(&body).into_owned();
        let rendered = vtl::render(template, &call.scope(body));
        let rendered = rendered.map_err(|_| Refusal::configuration())?;
        return Ok(Prepared {
            body: rendered.text.into_bytes(),
            overrides: rendered.overrides,
        });
    }
    let has_templates = templates.is_some_and(|templates| !templates.is_empty());
    match text(integration, "passthroughBehavior") {
        "NEVER" => return Err(unsupported()),
        "WHEN_NO_TEMPLATES" if has_templates => return Err(unsupported()),
        _ => {}
    }
    Ok(Prepared {
        body,
        overrides: Object::default(),
    })
}

fn unsupported() -> Refusal {
    Refusal::new("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")
}

fn is_binary(call: &RestCall<'_>, kind: &str) -> bool {
    media::is_among(&media::binary_types(&call.deployed.api()), kind)
}

/// A mock answers the status that its template says.
fn mock(prepared: &Prepared) -> Result<Answered, Refusal> {
    let said = std::str::from_utf8(&prepared.body).ok();
    let said = said.and_then(|text| Json::parse(text).ok());
    let status = said.as_ref().and_then(|json| json.get("statusCode"));
    let status = status.and_then(|status| proxy_response::status(Some(status)));
    let status = status.ok_or_else(Refusal::configuration)?;
    Ok(Answered {
        response: Response {
            status,
            ..Response::default()
        },
        selects: Some(status.to_string()),
    })
}

async fn function_call(
    call: &RestCall<'_>,
    integration: &Object,
    named: &str,
    prepared: &Prepared,
) -> Result<Answered, Refusal> {
    let payload = String::from_utf8_lossy(&prepared.body).into_owned();
    let payload = match payload.trim().is_empty() {
        true => "{}".to_owned(),
        false => payload,
    };
    let mapped = mapped(call, integration, &prepared.overrides);
    let kind = mapped.headers.all_of_header("X-Amz-Invocation-Type");
    let is_async = kind.is_some_and(|it| it == ["Event"]);
    let timeout = timeout(integration);
    let answer = function::invoke(&call.context, named, payload, is_async, timeout).await?;
    let said = Json::parse(&answer.payload).ok();
    let message = said
        .as_ref()
        .and_then(|json| json.get("errorMessage")?.as_str());
    let selects = answer
        .is_error
        .then(|| message.unwrap_or_default().to_owned());
    Ok(Answered {
        response: Response {
            status: 200,
            headers: Vec::new(),
            body: answer.payload.into_bytes(),
        },
        selects,
    })
}

async fn service(
    call: &RestCall<'_>,
    integration: &Object,
    uri: &str,
    prepared: &Prepared,
) -> Result<Answered, Refusal> {
    let mut mapped = mapped(call, integration, &prepared.overrides);
    let uri = with_path(uri, &mapped.path, call);
    let target = Target::parse(&uri).ok_or_else(Refusal::configuration)?;
    if mapped.headers.all_of_header("content-type").is_none() {
        let kind = call.taken.request.header("content-type");
        let kind = kind.unwrap_or("application/json").to_owned();
        mapped.headers.add("Content-Type", kind);
    }
    let sent = Sent {
        method: text(integration, "httpMethod"),
        headers: mapped.headers,
        query: mapped.query,
        body: prepared.body.clone(),
    };
    let response = aws_service::call(&call.context, target, sent, timeout(integration)).await?;
    let selects = Some(response.status.to_string());
    Ok(Answered { response, selects })
}

async fn http(
    call: &RestCall<'_>,
    integration: &Object,
    uri: &str,
    prepared: &Prepared,
) -> Result<Answered, Refusal> {
    let mut mapped = mapped(call, integration, &prepared.overrides);
    if mapped.headers.all_of_header("content-type").is_none() {
        let kind = call.taken.request.header("content-type");
        let kind = kind.unwrap_or("application/json").to_owned();
        mapped.headers.add("Content-Type", kind);
    }
    let request = outgoing::Request {
        method: match text(integration, "httpMethod") {
            "ANY" => &call.taken.request.method,
            method => method,
        },
        url: with_query(&with_path(uri, &mapped.path, call), &mapped.query),
        headers: mapped.headers,
        body: &prepared.body,
    };
    let response = outgoing::send(&call.context, request, timeout(integration)).await?;
    let selects = Some(response.status.to_string());
    Ok(Answered { response, selects })
}

/// The response that fits what was answered: one whose pattern fits, or the one without a pattern.
fn selected<'i>(integration: &'i Object, selects: Option<&str>) -> Option<(&'i str, &'i Object)> {
    let all = integration.get("integrationResponses");
    let all = all.and_then(Json::as_object).into_iter();
    let all: Vec<(&str, &Object)> = all
        .flat_map(Object::iter)
        .filter_map(|(status, row)| Some((&**status, row.as_object()?)))
        .collect();
    let by_pattern = selects.and_then(|selects| {
        let mut fitting = all.iter().filter(|(_, row)| {
            let pattern = text(row, "selectionPattern");
            !pattern.is_empty() && authorizer::whole(pattern, selects)
        });
        fitting.next()
    });
    let default = || {
        let mut plain = all.iter();
        plain.find(|(_, row)| text(row, "selectionPattern").is_empty())
    };
    by_pattern.or_else(default).copied()
}

fn finish(
    call: &RestCall<'_>,
    integration: &Object,
    answered: &Answered,
    prepared: &Prepared,
) -> Result<WebResponse, Refusal> {
    let selected = selected(integration, answered.selects.as_deref());
    let (status, row) = selected.ok_or_else(Refusal::configuration)?;
    let status = status.parse().map_err(|_| Refusal::configuration())?;
    let mut response = WebResponse::json(status, answered.response.body.clone());
    let parameters = row.get("responseParameters").and_then(Json::as_object);
    for (name, source) in parameters.into_iter().flat_map(Object::iter) {
        let header = name.strip_prefix("method.response.header.");
        let values = source
            .as_str()
            .and_then(|source| of_response(call, &answered.response, source));
        if let (Some(header), Some(values)) = (header, values) {
            response.remove(header);
            values.into_iter().for_each(|it| response.add(header, it));
        }
    }
    let mut overrides = prepared.overrides.clone();
    let templates = row.get("responseTemplates").and_then(Json::as_object);
    let template = templates.and_then(|all| {
        let accepts = call.taken.request.header("accept").unwrap_or_default();
        let mut pairs = all.iter();
        let wanted = pairs.find(|(media, _)| accepts.contains(&***media));
        let json = all
            .iter()
            .find(|(media, _)| &***media == "application/json");
        wanted.or(json).or_else(|| all.iter().next())
    });
    if let Some((media, template)) = template
        && let Some(template) = template.as_str().filter(|it| !it.is_empty())
    {
        let body = String::from_utf8_lossy(&answered.response.body).into_owned();
        let rendered = vtl::render(template, &call.scope(body));
        let rendered = rendered.map_err(|_| Refusal::configuration())?;
        response.body = rendered.text.into_bytes();
        if !has_header(parameters, "content-type") {
            response.set("Content-Type", &**media);
        }
        for (name, value) in rendered.overrides.iter() {
            overrides = overrides.with(name.clone(), value.clone());
        }
    }
    converted(call, row, &mut response);
    overridden(&overrides, &mut response);
    Ok(response)
}

fn has_header(parameters: Option<&Object>, name: &str) -> bool {
    let mut names = parameters.into_iter().flat_map(Object::keys);
    names.any(|it| {
        let header = it.strip_prefix("method.response.header.");
        header.is_some_and(|it| it.eq_ignore_ascii_case(name))
    })
}

fn converted(call: &RestCall<'_>, row: &Object, response: &mut WebResponse) {
    match text(row, "contentHandling") {
        "CONVERT_TO_BINARY" => {
            let text = String::from_utf8_lossy(&response.body).into_owned();
            // What a function answers is a text in JSON.
            let text = Json::parse(&text)
                .ok()
                .and_then(|it| Some(it.as_str()?.to_owned()))
                .unwrap_or(text);
            if let Some(bytes) = media::from_base64(&text) {
                response.body = bytes;
            }
        }
        "CONVERT_TO_TEXT" => {
            let kind = response
                .header("content-type")
                .unwrap_or_default()
                .to_owned();
            if is_binary(call, &kind) {
                response.body = media::base64(&response.body).into_bytes();
            }
        }
        _ => {}
    }
}

fn overridden(overrides: &Object, response: &mut WebResponse) {
    let Some(overrides) = overrides.get("responseOverride") else {
        return;
    };
    if let Some(status) = overrides.get("status")
        && let Some(status) = proxy_response::status(Some(status))
    {
        response.status = status;
    }
    let headers = overrides.get("header").and_then(Json::as_object);
    for (name, value) in headers.into_iter().flat_map(Object::iter) {
        response.set(name, target::plain(value));
    }
}

/// A source of a response's parameter.
fn of_response(call: &RestCall<'_>, response: &Response, source: &str) -> Option<Vec<String>> {
    let Some(rest) = source.strip_prefix("integration.response.") else {
        return target::value(call, source);
    };
    let (place, name) = rest.split_once('.').unwrap_or((rest, ""));
    let values = || {
        let headers = response.headers.iter();
        let fitting = headers.filter(|(given, _)| given.eq_ignore_ascii_case(name));
        let values: Vec<String> = fitting.map(|(_, value)| value.clone()).collect();
        (!values.is_empty()).then_some(values)
    };
    match place {
        "header" => values().and_then(|values| values.last().map(|it| vec![it.clone()])),
        "multivalueheader" => values(),
        "body" => {
            let text = String::from_utf8_lossy(&response.body);
            target::body(&text, name).map(|it| vec![it])
        }
        _ => None,
    }
}
