//! HTTP APIs themselves.

use passo_json::{Json, Object, json};

use super::nouns::{INTEGRATION, ROUTE, STAGE};
use super::{import, key, routes, stages};
use crate::control::{Answer, Request, nothing, paged, with_defaults};
use crate::faults;
use crate::rest::{all_apis, delete_api};

/// What belongs to an API and goes with it.
const BELOW: [&str; 9] = [
    "Route",
    "Integration",
    "Authorizer",
    "Model",
    "Stage",
    "Deployment",
    "Snapshot",
    "IntegrationResponse",
    "RouteResponse",
];

pub(super) fn answer(request: &Request<'_>) -> Option<Answer> {
    let id = || request.text("ApiId");
    Some(match request.operation.name {
        "CreateApi" => create(request),
        "GetApi" => request.api(id()).map(Json::from),
        "GetApis" => {
            all_apis(request).and_then(|apis| paged(request, apis, |api| super::text(api, "ApiId")))
        }
        "UpdateApi" => update(request, &request.given_members()),
        "DeleteApi" => delete_api(request, id(), &BELOW),
        "DeleteCorsConfiguration" => without_cors(request),
        "ImportApi" => import::import(request),
        "ReimportApi" => import::again(request),
        "ResetAuthorizersCache" => STAGE
            .find(request, request.text("StageName"))
            .map(|_| nothing()),
        _ => return None,
    })
}

/// A new API of these members.
pub(super) fn made(request: &Request<'_>, members: Object) -> (String, Object) {
    let id = request.shared.new_id(10);
    let is_web_socket = members.get("ProtocolType").and_then(Json::as_str) == Some("WEBSOCKET");
    let (scheme, expression) = match is_web_socket {
        true => ("ws", "$request.body.action"),
        false => ("http", "$request.method $request.path"),
    };
    let port = request.shared.port;
    let endpoint = format!("{scheme}://{id}.execute-api.localhost:{port}");
    let api = members
        .with("ApiId", id.as_str())
        .with("ApiEndpoint", endpoint)
        .with("CreatedDate", request.now());
    let defaults = json!({
        "ProtocolType": "HTTP",
        "ApiKeySelectionExpression": "$request.header.x-api-key",
        "RouteSelectionExpression": expression,
        "DisableExecuteApiEndpoint": false,
        "IpAddressType": "ipv4",
        "Tags": {}
    });
    (id, with_defaults(api, &defaults))
}

fn create(request: &Request<'_>) -> Answer {
    let kind = request.text("ProtocolType");
    if kind != "HTTP" && kind != "WEBSOCKET" {
        return Err(faults::bad_request(format!(
            "Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]: {kind}"
        )));
    }
    let (id, api) = made(request, request.given_members());
    let mut rows = vec![(
        vec!["api".to_owned(), id.clone()],
        request.api_row(api.clone()),
    )];
    // The quick way: one integration, one route, one stage.
    if let Some(target) = request.given.text("Target") {
        let route_key = request.given.text("RouteKey").unwrap_or("$default");
        routes::check(route_key)?;
        let integration = json!({
            "IntegrationId": (request.shared.new_id(7)),
            "IntegrationType": (if target.starts_with("http") { "HTTP_PROXY" } else { "AWS_PROXY" }),
            "IntegrationUri": target,
            "IntegrationMethod": (if target.starts_with("http") { "ANY" } else { "POST" }),
            "PayloadFormatVersion": (if target.starts_with("http") { "1.0" } else { "2.0" }),
            "ApiGatewayManaged": true
        });
        let integration = integration.as_object().cloned().unwrap_or_default();
        let integration = routes::with_integration_defaults(integration);
        let integration_id = super::text(&integration, "IntegrationId").to_owned();
        let route_id = request.shared.new_id(7);
        let route = Object::default()
            .with("RouteId", route_id.as_str())
            .with("RouteKey", route_key)
            .with("Target", format!("integrations/{integration_id}"))
            .with("ApiGatewayManaged", true);
        let route = routes::with_route_defaults(route);
        let stage = Object::default()
            .with("StageName", "$default")
            .with("AutoDeploy", true)
            .with("ApiGatewayManaged", true);
        rows.push((key(&INTEGRATION, &id, &integration_id), integration));
        rows.push((key(&ROUTE, &id, &route_id), route));
        let stage = stages::with_stage_defaults(request, stage);
        rows.push((key(&STAGE, &id, "$default"), stage));
    }
    request.shared.table.change().put_all(rows)?;
    Ok(Json::from(api))
}

fn update(request: &Request<'_>, members: &Object) -> Answer {
    let change = request.shared.table.change();
    let id = request.text("ApiId");
    let mut api = request.api(id)?;
    for (member, value) in members.iter() {
        api = api.with(member.clone(), value.clone());
    }
    change.put(&["api", id], request.api_row(api.clone()))?;
    Ok(Json::from(api))
}

fn without_cors(request: &Request<'_>) -> Answer {
    let change = request.shared.table.change();
    let id = request.text("ApiId");
    let api = request.api(id)?.without("CorsConfiguration");
    change.put(&["api", id], request.api_row(api))?;
    Ok(nothing())
}
