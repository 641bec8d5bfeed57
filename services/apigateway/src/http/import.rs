//! HTTP APIs from OpenAPI 3 documents, as SAM writes them: paths with `x-amazon-apigateway-integration`, JWT and Lambda
//! authorizers, CORS.

use passo_json::{Json, Object};
use passo_service::Fault;

use super::nouns::{INTEGRATION, ROUTE};
use super::{apis, key, routes, text};
use crate::control::{Answer, Request};
use crate::document;

const METHODS: [&str; 7] = ["get", "post", "put", "delete", "patch", "head", "options"];
const ANY: &str = "x-amazon-apigateway-any-method";

/// `ImportApi`
pub(super) fn import(request: &Request<'_>) -> Answer {
    let root = document::read(request, "Body")?;
    let (id, api) = apis::made(request, members(&root));
    let mut rows = vec![(
        vec!["api".to_owned(), id.clone()],
        request.api_row(api.clone()),
    )];
    rows.extend(below(request, &root, &id)?);
    request.shared.table.change().put_all(rows)?;
    Ok(Json::from(api))
}

/// `ReimportApi`
pub(super) fn again(request: &Request<'_>) -> Answer {
    let root = document::read(request, "Body")?;
    let change = request.shared.table.change();
    let id = request.text("ApiId");
    let mut api = request.api(id)?;
    for (name, value) in members(&root).iter() {
        api = api.with(name.clone(), value.clone());
    }
    let mut rows = vec![(
        vec!["api".to_owned(), id.to_owned()],
        request.api_row(api.clone()),
    )];
    rows.extend(below(request, &root, id)?);
    let gone = ["Route", "Integration", "Authorizer"].map(|kind| [kind, id]);
    change.replace(&gone, rows)?;
    Ok(Json::from(api))
}

fn members(root: &Object) -> Object {
    let info = root.get("info").and_then(Json::as_object).cloned();
    let info = info.unwrap_or_default();
    let mut api = Object::default().with("Name", text(&info, "title"));
    for (member, given) in [("Description", "description"), ("Version", "version")] {
        if let Some(value) = info.get(given) {
            api = api.with(member, value.clone());
        }
    }
    match root
        .get("x-amazon-apigateway-cors")
        .and_then(Json::as_object)
    {
        Some(cors) => api.with("CorsConfiguration", capitals(cors)),
        None => api,
    }
}

/// Members under names that begin with capitals.
fn capitals(given: &Object) -> Object {
    let members = given.iter().map(|(name, value)| {
        let mut name = name.to_string();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        (name, value.clone())
    });
    members.collect()
}

type Rows = Vec<(Vec<String>, Object)>;

/// Routes, integrations and authorizers.
fn below(request: &Request<'_>, root: &Object, api: &str) -> Result<Rows, Fault> {
    let mut rows = Rows::new();
    let components = root.get("components");
    let schemes = components.and_then(|it| it.get("securitySchemes")?.as_object());
    let mut authorizers = Vec::new();
    for (name, scheme) in schemes.into_iter().flat_map(Object::iter) {
        let given = scheme
            .get("x-amazon-apigateway-authorizer")
            .and_then(Json::as_object);
        if let Some(given) = given {
            let id = request.shared.new_id(6);
            let row = authorizer(given)
                .with("AuthorizerId", id.as_str())
                .with("Name", name.clone());
            let kind = if text(&row, "AuthorizerType") == "JWT" {
                "JWT"
            } else {
                "CUSTOM"
            };
            rows.push((
                vec!["Authorizer".to_owned(), api.to_owned(), id.clone()],
                row,
            ));
            authorizers.push((name.to_string(), kind, id));
        }
    }
    let paths = root.get("paths").and_then(Json::as_object);
    for (path, item) in paths.into_iter().flat_map(Object::iter) {
        for (method, operation) in item.as_object().into_iter().flat_map(Object::iter) {
            let method = match &**method {
                ANY => "ANY".to_owned(),
                method if METHODS.contains(&method) => method.to_ascii_uppercase(),
                _ => continue,
            };
            let route_key = match path.trim_start_matches('/') {
                "$default" => "$default".to_owned(),
                _ => format!("{method} {path}"),
            };
            routes::check(&route_key)?;
            let Some(operation) = operation.as_object() else {
                continue;
            };
            let mut route = Object::default().with("RouteKey", route_key);
            route = secured(route, root, operation, &authorizers);
            let given = operation
                .get("x-amazon-apigateway-integration")
                .and_then(Json::as_object);
            if let Some(given) = given {
                let id = request.shared.new_id(7);
                let row = integration(given).with("IntegrationId", id.as_str());
                rows.push((key(&INTEGRATION, api, &id), row));
                route = route.with("Target", format!("integrations/{id}"));
            }
            let id = request.shared.new_id(7);
            let route = routes::with_route_defaults(route.with("RouteId", id.as_str()));
            rows.push((key(&ROUTE, api, &id), route));
        }
    }
    Ok(rows)
}

fn secured(
    route: Object,
    root: &Object,
    operation: &Object,
    authorizers: &[(String, &str, String)],
) -> Object {
    let security = operation.get("security").or_else(|| root.get("security"));
    let security = security.and_then(Json::as_array);
    let mut route = route;
    for scheme in security.into_iter().flat_map(|list| list.iter()) {
        for (name, scopes) in scheme.as_object().into_iter().flat_map(Object::iter) {
            let found = authorizers.iter().find(|(known, _, _)| **known == **name);
            if let Some((_, kind, id)) = found {
                route = route
                    .with("AuthorizationType", *kind)
                    .with("AuthorizerId", id.as_str())
                    .with("AuthorizationScopes", scopes.clone());
            }
        }
    }
    route
}

fn authorizer(given: &Object) -> Object {
    let mut row = capitals(given);
    let kind = text(given, "type");
    row = row
        .without("Type")
        .with("AuthorizerType", kind.to_ascii_uppercase());
    if let Some(jwt) = given.get("jwtConfiguration").and_then(Json::as_object) {
        row = row.with("JwtConfiguration", capitals(jwt));
    }
    if let Some(source) = given.get("identitySource").and_then(Json::as_str) {
        let sources: Vec<Json> = source.split(',').map(|it| Json::from(it.trim())).collect();
        row = row.with("IdentitySource", sources);
    }
    row
}

fn integration(given: &Object) -> Object {
    let mut row = Object::default();
    for (name, value) in given.iter() {
        row = match &**name {
            "type" => row.with(
                "IntegrationType",
                value.as_str().unwrap_or_default().to_ascii_uppercase(),
            ),
            "uri" => row.with("IntegrationUri", value.clone()),
            "httpMethod" => row.with("IntegrationMethod", value.clone()),
            "credentials" => row.with("CredentialsArn", value.clone()),
            "requestParameters" => row.with("RequestParameters", value.clone()),
            "responseParameters" => row.with("ResponseParameters", value.clone()),
            _ => {
                let one = capitals(&Object::default().with(name.clone(), value.clone()));
                one.iter().fold(row, |row, (name, value)| {
                    row.with(name.clone(), value.clone())
                })
            }
        };
    }
    routes::with_integration_defaults(row)
}
