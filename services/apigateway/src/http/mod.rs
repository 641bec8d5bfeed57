//! HTTP and WebSocket APIs as the service `apigatewayv2` keeps them.

mod apis;
mod import;
mod nouns;
mod routes;
mod stages;

use passo_json::{Json, Object};
use passo_service::Fault;

use crate::control::{Answer, Noun, Request, tags};
use crate::faults;

/// The answer to a call.
pub(crate) fn answer(request: &Request<'_>) -> Answer {
    let families = [
        apis::answer,
        routes::answer,
        stages::answer,
        tags,
        nouns::answer,
    ];
    let mut answers = families.iter().filter_map(|family| family(request));
    let answer = answers.next();
    answer.unwrap_or_else(|| Err(faults::unknown_operation(request.operation.name)))
}

/// The rows of an API that requests are answered from, each kind by its names.
pub(crate) const SERVED: [(&str, &str, &str); 3] = [
    ("routes", "Route", "RouteId"),
    ("integrations", "Integration", "IntegrationId"),
    ("authorizers", "Authorizer", "AuthorizerId"),
];

/// An API as it is now, as a deployment keeps it.
pub(crate) fn snapshot(
    table: &crate::table::Table,
    api: &str,
    row: &Object,
) -> Result<Object, Fault> {
    let mut whole = Object::default().with("api", row.clone());
    for (member, kind, _) in SERVED {
        let rows = table.list(&[kind, api])?.into_iter();
        let rows: Object = rows.map(|(name, row)| (name, Json::from(row))).collect();
        whole = whole.with(member, rows);
    }
    match text(row, "ProtocolType") {
        "WEBSOCKET" => with_responses(table, api, whole),
        _ => Ok(whole),
    }
}

/// With what a WebSocket API says of answers: the responses of each integration, and those of each route that has some.
fn with_responses(
    table: &crate::table::Table,
    api: &str,
    mut whole: Object,
) -> Result<Object, Fault> {
    for (member, kind, of) in [
        (
            "integrationResponses",
            "IntegrationResponse",
            "integrations",
        ),
        ("routeResponses", "RouteResponse", "routes"),
    ] {
        let ids = whole.get(of).and_then(Json::as_object).cloned();
        let mut all = Object::default();
        for id in ids.unwrap_or_default().keys() {
            let rows = table.list(&[kind, api, id])?.into_iter();
            let rows: Vec<Json> = rows.map(|(_, row)| Json::from(row)).collect();
            if !rows.is_empty() {
                all = all.with(id.clone(), rows);
            }
        }
        whole = whole.with(member, all);
    }
    Ok(whole)
}

fn text<'r>(row: &'r Object, member: &str) -> &'r str {
    row.get(member).and_then(Json::as_str).unwrap_or_default()
}

/// The key of a record of an API.
fn key(noun: &Noun, api: &str, name: &str) -> Vec<String> {
    vec![noun.one.to_owned(), api.to_owned(), name.to_owned()]
}
