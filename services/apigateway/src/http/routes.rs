//! Routes and integrations.

use passo_json::{Json, Object, json};
use passo_service::Fault;

use super::nouns::{INTEGRATION, ROUTE};
use super::text;
use crate::control::{Answer, Request, Verb, nothing, parts, with_defaults};
use crate::faults;

pub(super) fn answer(request: &Request<'_>) -> Option<Answer> {
    let operation = request.operation.name;
    if let Some(verb) = ROUTE.verb(operation) {
        return Some(match verb {
            Verb::Create => create(request),
            Verb::Update => ROUTE.update(request, |route| checked(request, route)),
            Verb::Get | Verb::List | Verb::Delete => ROUTE.perform(request, verb),
        });
    }
    if let Some(verb) = INTEGRATION.verb(operation) {
        return Some(match verb {
            Verb::Create => {
                let row = with_integration_defaults(request.given_members());
                check_integration(&row).and_then(|()| INTEGRATION.create(request, row))
            }
            Verb::Update => {
                INTEGRATION.update(request, |row| check_integration(&row).map(|()| row))
            }
            Verb::Delete => delete_integration(request),
            Verb::Get | Verb::List => INTEGRATION.perform(request, verb),
        });
    }
    (operation == "DeleteRouteRequestParameter").then(|| without_parameter(request))
}

/// Whether a route's key is one: a method and a path, or `$default`.
pub(super) fn check(route_key: &str) -> Result<(), Fault> {
    let methods = [
        "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "ANY",
    ];
    let is_path = |path: &str| {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let greedy = parts.iter().position(|part| part.ends_with("+}"));
        path.starts_with('/')
            && !path.contains(char::is_whitespace)
            && greedy.is_none_or(|at| at.saturating_add(1) == parts.len())
    };
    let is_key = route_key == "$default"
        || route_key
            .split_once(' ')
            .is_some_and(|(method, path)| methods.contains(&method) && is_path(path));
    match is_key {
        true => Ok(()),
        false => Err(faults::bad_request(
            "The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\"",
        )),
    }
}

pub(super) fn with_route_defaults(route: Object) -> Object {
    with_defaults(
        route,
        &json!({"ApiKeyRequired": false, "AuthorizationType": "NONE"}),
    )
}

pub(super) fn with_integration_defaults(integration: Object) -> Object {
    let is_function = text(&integration, "IntegrationType") == "AWS_PROXY"
        && !integration.contains_key("IntegrationSubtype");
    let integration = match is_function {
        true => with_defaults(integration, &json!({"IntegrationMethod": "POST"})),
        false => integration,
    };
    with_defaults(
        integration,
        &json!({"ConnectionType": "INTERNET", "PayloadFormatVersion": "1.0", "TimeoutInMillis": 30000}),
    )
}

fn check_integration(row: &Object) -> Result<(), Fault> {
    let refused = |message: &str| Err(faults::bad_request(message));
    let uri = text(row, "IntegrationUri");
    let version = text(row, "PayloadFormatVersion");
    match text(row, "IntegrationType") {
        "HTTP_PROXY" if !uri.starts_with("http") && !uri.starts_with("arn:") => {
            refused("Invalid HTTP endpoint specified for URI")
        }
        "HTTP_PROXY" | "AWS" | "HTTP" | "MOCK" => Ok(()),
        "AWS_PROXY" if row.contains_key("IntegrationSubtype") => Ok(()),
        "AWS_PROXY" if !matches!(version, "1.0" | "2.0") => refused(
            "PayloadFormatVersion is a required parameter for integration type AWS_PROXY. Supported values are 1.0 and 2.0",
        ),
        "AWS_PROXY" if crate::serve::function_named(uri).is_none() => {
            refused("Invalid function ARN or invalid uri")
        }
        "AWS_PROXY" => Ok(()),
        _ => refused("Invalid integration type specified"),
    }
}

/// A route whose key is one, and is no other route's, and whose target is there.
fn checked(request: &Request<'_>, route: Object) -> Result<Object, Fault> {
    let route_key = text(&route, "RouteKey");
    let api = request.api(request.text("ApiId"))?;
    if text(&api, "ProtocolType") == "HTTP" {
        check(route_key)?;
    }
    let id = text(&route, "RouteId");
    let all = ROUTE.all(request)?;
    let mut others = all.iter().filter(|other| text(other, "RouteId") != id);
    if others.any(|other| text(other, "RouteKey") == route_key) {
        return Err(faults::conflict(format!(
            "Route with key {route_key} already exists for this API"
        )));
    }
    if let Some(target) = text(&route, "Target").strip_prefix("integrations/") {
        INTEGRATION.find(request, target).map_err(|_| {
            faults::bad_request(format!("Invalid integration id: {target} specified."))
        })?;
    }
    Ok(route)
}

fn create(request: &Request<'_>) -> Answer {
    let route = checked(request, request.given_members())?;
    ROUTE.create(request, with_route_defaults(route))
}

/// An integration that a route leads to stays.
fn delete_integration(request: &Request<'_>) -> Answer {
    let target = format!("integrations/{}", request.text("IntegrationId"));
    let routes = ROUTE.all(request)?;
    let user = routes.iter().find(|route| text(route, "Target") == target);
    match user {
        Some(route) => Err(faults::conflict(format!(
            "Cannot delete Integration '{}' because it is referenced by one or more Routes: {}",
            request.text("IntegrationId"),
            text(route, "RouteId")
        ))),
        None => INTEGRATION.perform(request, Verb::Delete),
    }
}

fn without_parameter(request: &Request<'_>) -> Answer {
    let change = request.shared.table.change();
    let route = ROUTE.find(request, request.text("RouteId"))?;
    let parameters = route.get("RequestParameters").and_then(Json::as_object);
    let parameters = parameters.cloned().unwrap_or_default();
    let parameters = parameters.without(request.text("RequestParameterKey"));
    let key = super::key(&ROUTE, request.text("ApiId"), text(&route, "RouteId"));
    change.put(&parts(&key), route.with("RequestParameters", parameters))?;
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_methods_and_paths() {
        for (key, expect) in [
            ("$default", true),
            ("GET /", true),
            ("ANY /a/{b}/{c+}", true),
            ("GET a", false),
            ("get /a", false),
            ("/a", false),
            ("GET /{a+}/b", false),
            ("GET /a b", false),
            ("", false),
        ] {
            assert_eq!(check(key).is_ok(), expect, "{key}");
        }
    }
}
