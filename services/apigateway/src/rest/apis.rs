//! REST APIs themselves, and the account's settings.

use passo_json::{Json, Object, json};
use passo_service::Fault;

use super::import;
use crate::control::{Answer, Request, Style, nothing, paged, patch, with_defaults};
use crate::faults;

/// What belongs to an API and goes with it.
const BELOW: [&str; 11] = [
    "Resource",
    "Authorizer",
    "Model",
    "RequestValidator",
    "Stage",
    "Deployment",
    "Snapshot",
    "GatewayResponse",
    "DocumentationPart",
    "DocumentationVersion",
    "Warning",
];

pub(super) fn answer(request: &Request<'_>) -> Option<Answer> {
    let id = || request.text("restApiId");
    Some(match request.operation.name {
        "CreateRestApi" => create(request),
        "GetRestApi" => request.api(id()).map(Json::from),
        "GetRestApis" => list(request),
        "UpdateRestApi" => update(request),
        "DeleteRestApi" => delete(request),
        "ImportRestApi" => import::import(request),
        "PutRestApi" => import::put(request),
        "GetAccount" => account(request).map(Json::from),
        "UpdateAccount" => update_account(request),
        _ => return None,
    })
}

/// A new API of these members, and its root resource.
pub(super) fn made(request: &Request<'_>, members: &Object) -> (String, Object) {
    let id = request.shared.new_id(10);
    let root = request.shared.new_id(10);
    let defaults = json!({
        "apiKeySource": "HEADER",
        "endpointConfiguration": {"types": ["EDGE"], "ipAddressType": "ipv4"},
        "disableExecuteApiEndpoint": false
    });
    let api = Object::default()
        .with("id", id.as_str())
        .with("createdDate", request.now());
    let api = members.iter().fold(api, |api, (name, value)| {
        api.with(name.clone(), value.clone())
    });
    (
        id,
        with_defaults(api, &defaults).with("rootResourceId", root),
    )
}

/// The rows of an API with its root resource.
pub(super) fn rows(request: &Request<'_>, id: &str, api: &Object) -> Vec<(Vec<String>, Object)> {
    let root = api.get("rootResourceId").and_then(Json::as_str);
    let root = root.unwrap_or_default();
    let resource = Object::default().with("id", root).with("path", "/");
    vec![
        (
            vec!["api".to_owned(), id.to_owned()],
            request.api_row(api.clone()),
        ),
        (
            vec!["Resource".to_owned(), id.to_owned(), root.to_owned()],
            resource,
        ),
    ]
}

fn create(request: &Request<'_>) -> Answer {
    if request.text("name").is_empty() {
        return Err(faults::bad_request("Name cannot be null or empty"));
    }
    let (id, api) = made(request, &request.given_members());
    let mut rows = rows(request, &id, &api);
    // What every API begins with.
    for (name, title) in [("Empty", "Empty Schema"), ("Error", "Error Schema")] {
        let model = json!({
            "id": (request.shared.new_id(6)),
            "name": name,
            "description": (format!("This is a default {} schema model", name.to_ascii_lowercase())),
            "schema": (format!("{{\n  \"$schema\" : \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"{title}\",\n  \"type\" : \"object\"\n}}")),
            "contentType": "application/json"
        });
        rows.push((
            vec!["Model".to_owned(), id.clone(), name.to_owned()],
            model.as_object().cloned().unwrap_or_default(),
        ));
    }
    request.shared.table.change().put_all(rows)?;
    Ok(Json::from(api))
}

/// The caller's APIs of one style.
pub(crate) fn all(request: &Request<'_>) -> Result<Vec<Object>, Fault> {
    let rows = request.shared.table.list(&["api"])?.into_iter();
    let is = |row: &Object, member: &str, wanted: &str| {
        row.get(member).and_then(Json::as_str) == Some(wanted)
    };
    let mine = rows.filter(|(_, row)| {
        is(row, "account", request.given.account())
            && is(row, "region", request.given.region())
            && is(row, "style", request.style.name())
    });
    Ok(mine
        .filter_map(|(_, row)| row.get("api")?.as_object().cloned())
        .collect())
}

fn list(request: &Request<'_>) -> Answer {
    let apis = all(request)?;
    paged(request, apis, |api| {
        api.get("id").and_then(Json::as_str).unwrap_or_default()
    })
}

fn update(request: &Request<'_>) -> Answer {
    let change = request.shared.table.change();
    let id = request.text("restApiId");
    let api = request.api(id)?;
    let api = match request.output() {
        Some(shape) => patch(request, shape, api)?,
        None => api,
    };
    change.put(&["api", id], request.api_row(api.clone()))?;
    Ok(Json::from(api))
}

/// Takes away an API and everything below it.
pub(crate) fn delete_all(request: &Request<'_>, id: &str, below: &[&str]) -> Answer {
    let change = request.shared.table.change();
    request.api(id)?;
    // Without its row nothing below it is found any more, however far this comes.
    change.remove(&["api", id])?;
    for kind in below {
        change.remove(&[kind, id])?;
    }
    Ok(nothing())
}

fn delete(request: &Request<'_>) -> Answer {
    debug_assert_eq!(request.style, Style::Rest);
    delete_all(request, request.text("restApiId"), &BELOW)
}

fn account(request: &Request<'_>) -> Result<Object, Fault> {
    let kept = request.shared.table.find(&["account", &request.place()])?;
    let defaults = json!({
        "throttleSettings": {"burstLimit": 5000, "rateLimit": 10000.0},
        "features": ["UsagePlans"],
        "apiKeyVersion": "4"
    });
    Ok(with_defaults(kept.unwrap_or_default(), &defaults))
}

fn update_account(request: &Request<'_>) -> Answer {
    let change = request.shared.table.change();
    let account = account(request)?;
    let account = match request.output() {
        Some(shape) => patch(request, shape, account)?,
        None => account,
    };
    change.put(&["account", &request.place()], account.clone())?;
    Ok(Json::from(account))
}
