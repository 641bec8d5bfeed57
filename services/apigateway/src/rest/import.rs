//! REST APIs from OpenAPI documents, as SAM and the console write them.
//!
//! What is read: paths and methods with `x-amazon-apigateway-integration` (and `x-amazon-apigateway-any-method`), security schemes
//! with authorizers and API keys, definitions, request validators, gateway responses, binary media types.

use passo_json::{Json, Object, json};
use passo_service::Fault;

use super::apis;
use super::methods::with_integration_defaults;
use super::nouns::{AUTHORIZER, VALIDATOR};
use super::resources::{RESOURCE, is_part, path_below, text};
use crate::control::{Answer, Request};
use crate::{document, faults};

const METHODS: [&str; 7] = ["get", "post", "put", "delete", "patch", "head", "options"];
const ANY: &str = "x-amazon-apigateway-any-method";
/// Resources of an API. Source: API Gateway quotas.
const RESOURCES_MAX: usize = 300;
/// What an API loses that is overwritten, unless the document has it too. Stages and deployments stay.
const OVERWRITTEN: [&str; 5] = [
    "Resource",
    "Authorizer",
    "RequestValidator",
    "Model",
    "GatewayResponse",
];

/// Keys and what is kept under them.
type Rows = Vec<(Vec<String>, Object)>;

/// The document of a call, and its parts.
struct Document<'r, 'c> {
    request: &'r Request<'c>,
    root: Object,
    api: String,
    /// What the API has already and keeps: nothing, unless documents are merged.
    kept: Kept,
    rows: Rows,
    /// The names of security schemes, with their kind and the authorizer's id.
    schemes: Vec<(String, &'static str, String)>,
    /// The names of validators, with their ids.
    validators: Vec<(String, String)>,
}

/// What stays of an API that a document is merged into.
#[derive(Default)]
struct Kept {
    resources: Vec<Object>,
    authorizers: Vec<Object>,
    validators: Vec<Object>,
}

impl Kept {
    fn of(request: &Request<'_>) -> Result<Kept, Fault> {
        Ok(Kept {
            resources: RESOURCE.all(request)?,
            authorizers: AUTHORIZER.all(request)?,
            validators: VALIDATOR.all(request)?,
        })
    }
}

/// The id of the row of that name.
fn id_of(rows: &[Object], name: &str) -> Option<String> {
    let row = rows.iter().find(|row| text(row, "name") == name)?;
    Some(text(row, "id").to_owned())
}

/// `ImportRestApi`
pub(super) fn import(request: &Request<'_>) -> Answer {
    let root = document::read(request, "body")?;
    let (id, api) = apis::made(request, &members(&root));
    let rows = rows(request, &id, &api, (root, Kept::default()))?;
    request.shared.table.change().put_all(rows)?;
    Ok(Json::from(api))
}

/// `PutRestApi`: with the mode `overwrite`, what the API had goes; with `merge`, which is the default, what the document does not have
/// stays, methods of a path included. Either way everything changes at once.
pub(super) fn put(request: &Request<'_>) -> Answer {
    let root = document::read(request, "body")?;
    let change = request.shared.table.change();
    let id = request.text("restApiId");
    let mut api = request.api(id)?;
    for (name, value) in members(&root).iter() {
        api = api.with(name.clone(), value.clone());
    }
    let (kept, gone): (Kept, &[&str]) = match request.given.text("mode") {
        Some("overwrite") => (Kept::default(), &OVERWRITTEN),
        None | Some("merge") => (Kept::of(request)?, &[]),
        Some(mode) => return Err(faults::bad_request(format!("Invalid mode: {mode}"))),
    };
    let rows = rows(request, id, &api, (root, kept))?;
    let gone: Vec<[&str; 2]> = gone.iter().map(|kind| [*kind, id]).collect();
    change.replace(&gone, rows)?;
    Ok(Json::from(api))
}

/// The rows of an API as a document has it.
fn rows(
    request: &Request<'_>,
    id: &str,
    api: &Object,
    (root, kept): (Object, Kept),
) -> Result<Rows, Fault> {
    let document = Document {
        request,
        root,
        api: id.to_owned(),
        kept,
        rows: apis::rows(request, id, api),
        schemes: Vec::new(),
        validators: Vec::new(),
    };
    document.all(text(api, "rootResourceId"))
}

/// What the document says of the API itself.
fn members(root: &Object) -> Object {
    let info = root.get("info").and_then(Json::as_object).cloned();
    let info = info.unwrap_or_default();
    let mut api = Object::default().with(
        "name",
        match text(&info, "title") {
            "" => "imported",
            title => title,
        },
    );
    for (member, value) in [
        ("description", info.get("description")),
        ("version", info.get("version")),
        (
            "binaryMediaTypes",
            root.get("x-amazon-apigateway-binary-media-types"),
        ),
        (
            "minimumCompressionSize",
            root.get("x-amazon-apigateway-minimum-compression-size"),
        ),
        (
            "apiKeySource",
            root.get("x-amazon-apigateway-api-key-source"),
        ),
    ] {
        if let Some(value) = value.filter(|value| !value.is_null()) {
            api = api.with(member, value.clone());
        }
    }
    let types = root.get("x-amazon-apigateway-endpoint-configuration");
    match types.and_then(|types| types.get("types")) {
        Some(types) => api.with("endpointConfiguration", json!({"types": (types.clone())})),
        None => api,
    }
}

impl Document<'_, '_> {
    fn object(&self, member: &str) -> Object {
        let object = self.root.get(member).and_then(Json::as_object);
        object.cloned().unwrap_or_default()
    }

    fn row(&mut self, kind: &str, name: &str, row: Object) {
        let key = [kind, &self.api, name].map(str::to_owned).to_vec();
        self.rows.push((key, row));
    }

    fn all(mut self, root: &str) -> Result<Rows, Fault> {
        let components = self.object("components");
        let part = |name: &str| {
            let part = components.get(name).and_then(Json::as_object);
            part.cloned().unwrap_or_default()
        };
        let schemes = [self.object("securityDefinitions"), part("securitySchemes")];
        for (name, scheme) in schemes.iter().flat_map(Object::iter) {
            self.scheme(name, scheme);
        }
        let models = [self.object("definitions"), part("schemas")];
        for (name, schema) in models.iter().flat_map(Object::iter) {
            let model = Object::default()
                .with("id", self.request.shared.new_id(6))
                .with("name", name.clone())
                .with("schema", schema.to_text())
                .with("contentType", "application/json");
            self.row("Model", name, model);
        }
        for (name, validator) in self.object("x-amazon-apigateway-request-validators").iter() {
            let id = id_of(&self.kept.validators, name);
            let id = id.unwrap_or_else(|| self.request.shared.new_id(6));
            let row = validator.as_object().cloned().unwrap_or_default();
            let row = row.with("id", id.as_str()).with("name", name.clone());
            self.row("RequestValidator", &id, row);
            self.validators.push((name.to_string(), id));
        }
        for (name, given) in self.object("x-amazon-apigateway-gateway-responses").iter() {
            let row = gateway_response(name, given);
            self.row("GatewayResponse", name, row);
        }
        self.paths(root)?;
        Ok(self.rows)
    }

    fn scheme(&mut self, name: &str, scheme: &Json) {
        let member = |member: &str| scheme.get(member).and_then(Json::as_str);
        let authorizer = scheme.get("x-amazon-apigateway-authorizer");
        let kind = match (authorizer, member("x-amazon-apigateway-authtype")) {
            (None, Some("awsSigv4")) => "AWS_IAM",
            (None, _) => "KEY",
            (Some(it), _) => match it.get("type").and_then(Json::as_str) {
                Some("cognito_user_pools") => "COGNITO_USER_POOLS",
                Some(_) | None => "CUSTOM",
            },
        };
        let id = id_of(&self.kept.authorizers, name);
        let id = id.unwrap_or_else(|| self.request.shared.new_id(6));
        if let Some(given) = authorizer.and_then(Json::as_object) {
            let mut row = given.clone().with("id", id.as_str()).with("name", name);
            row = row.with("type", text(given, "type").to_ascii_uppercase());
            if !row.contains_key("identitySource")
                && let Some(header) = member("name").filter(|it| *it != "Unused")
            {
                row = row.with("identitySource", format!("method.request.header.{header}"));
            }
            self.row("Authorizer", &id, row);
        }
        self.schemes.push((name.to_owned(), kind, id));
    }

    fn paths(&mut self, root: &str) -> Result<(), Fault> {
        // The path, the id and the row of every resource.
        let first = Object::default().with("id", root).with("path", "/");
        let mut resources = vec![("/".to_owned(), first)];
        for kept in std::mem::take(&mut self.kept.resources) {
            match resources
                .iter_mut()
                .find(|(path, _)| path == text(&kept, "path"))
            {
                Some((_, row)) => *row = kept,
                None => resources.push((text(&kept, "path").to_owned(), kept)),
            }
        }
        for (path, item) in self.object("paths").iter() {
            let mut here = "/".to_owned();
            for part in path.split('/').filter(|part| !part.is_empty()) {
                if !is_part(part) {
                    return Err(faults::bad_request(format!(
                        "Unable to create resource at path '{path}': Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end."
                    )));
                }
                let below = path_below(&here, part);
                if !resources.iter().any(|(known, _)| *known == below) {
                    let parent = resources.iter().find(|(known, _)| *known == here);
                    let parent = parent.map_or("", |(_, row)| text(row, "id")).to_owned();
                    let row = Object::default()
                        .with("id", self.request.shared.new_id(6))
                        .with("parentId", parent)
                        .with("pathPart", part)
                        .with("path", below.as_str());
                    resources.push((below.clone(), row));
                }
                here = below;
            }
            if resources.len() > RESOURCES_MAX {
                return Err(faults::bad_request("Too many resources"));
            }
            if let Some((_, row)) = resources.iter_mut().find(|(known, _)| *known == here) {
                let before = row
                    .get("resourceMethods")
                    .and_then(Json::as_object)
                    .cloned();
                let methods = self.methods(item);
                let methods = methods.iter();
                let methods = methods.fold(before.unwrap_or_default(), |all, (name, method)| {
                    all.with(name.clone(), method.clone())
                });
                *row = row.clone().with("resourceMethods", methods);
            }
        }
        for (_, row) in resources {
            let id = text(&row, "id").to_owned();
            self.rows.retain(|(key, _)| {
                key.first().map(String::as_str) != Some("Resource") || key.last() != Some(&id)
            });
            self.row("Resource", &id, row);
        }
        Ok(())
    }

    fn methods(&self, item: &Json) -> Object {
        let members = item.as_object().into_iter().flat_map(Object::iter);
        let methods = members.filter_map(|(name, operation)| {
            let name = match &**name {
                ANY => "ANY".to_owned(),
                name if METHODS.contains(&name) => name.to_ascii_uppercase(),
                _ => return None,
            };
            let method = self.method(&name, operation.as_object()?);
            Some((name, Json::from(method)))
        });
        methods.collect()
    }

    fn method(&self, name: &str, operation: &Object) -> Object {
        let security = operation
            .get("security")
            .or_else(|| self.root.get("security"));
        let security = security.and_then(Json::as_array);
        let names = security.into_iter().flat_map(|list| list.iter());
        let names: Vec<&str> = names
            .filter_map(Json::as_object)
            .flat_map(Object::keys)
            .map(|name| &**name)
            .collect();
        let mut method = Object::default()
            .with("httpMethod", name)
            .with("authorizationType", "NONE")
            .with("apiKeyRequired", false);
        for (scheme, kind, id) in &self.schemes {
            if !names.contains(&scheme.as_str()) {
                continue;
            }
            method = match *kind {
                "KEY" => method.with("apiKeyRequired", true),
                "AWS_IAM" => method.with("authorizationType", "AWS_IAM"),
                kind => method
                    .with("authorizationType", kind)
                    .with("authorizerId", id.as_str()),
            };
        }
        if operation
            .get("x-amazon-apigateway-auth")
            .is_some_and(|auth| auth.get("type").and_then(Json::as_str) == Some("AWS_IAM"))
        {
            method = method.with("authorizationType", "AWS_IAM");
        }
        let validator = operation
            .get("x-amazon-apigateway-request-validator")
            .or_else(|| self.root.get("x-amazon-apigateway-request-validator"))
            .and_then(Json::as_str);
        let validator = self
            .validators
            .iter()
            .find(|(name, _)| Some(name.as_str()) == validator);
        if let Some((_, id)) = validator {
            method = method.with("requestValidatorId", id.as_str());
        }
        method = with_parameters(method, operation);
        if let Some(responses) = operation.get("responses").and_then(Json::as_object) {
            let responses: Object = responses
                .keys()
                .map(|status| {
                    (
                        status.clone(),
                        Json::from(Object::default().with("statusCode", status.clone())),
                    )
                })
                .collect();
            method = method.with("methodResponses", responses);
        }
        let integration = operation.get("x-amazon-apigateway-integration");
        match integration.and_then(Json::as_object) {
            Some(given) => method.with("methodIntegration", integration_of(given)),
            None => method,
        }
    }
}

/// The parameters and the body that an operation wants.
fn with_parameters(method: Object, operation: &Object) -> Object {
    let mut method = method;
    let (mut parameters, mut models) = (Object::default(), Object::default());
    let given = operation.get("parameters").and_then(Json::as_array);
    for parameter in given.into_iter().flat_map(|list| list.iter()) {
        let member = |name: &str| parameter.get(name).and_then(Json::as_str);
        let place = match member("in") {
            Some("query") => "querystring",
            Some("header") => "header",
            Some("path") => "path",
            Some("body") => {
                let schema = parameter.get("schema");
                models = with_model(models, "application/json", schema);
                continue;
            }
            Some(_) | None => continue,
        };
        let is_required = parameter.get("required").and_then(Json::as_bool) == Some(true);
        let name = member("name").unwrap_or_default();
        parameters = parameters.with(format!("method.request.{place}.{name}"), is_required);
    }
    let contents = operation
        .get("requestBody")
        .and_then(|body| body.get("content")?.as_object());
    for (media, content) in contents.into_iter().flat_map(Object::iter) {
        models = with_model(models, media, content.get("schema"));
    }
    if !parameters.is_empty() {
        method = method.with("requestParameters", parameters);
    }
    if !models.is_empty() {
        method = method.with("requestModels", models);
    }
    method
}

fn with_model(models: Object, media: &str, schema: Option<&Json>) -> Object {
    let reference = schema.and_then(|schema| schema.get("$ref")?.as_str());
    match reference.and_then(|it| it.rsplit('/').next()) {
        Some(name) => models.with(media, name),
        None => models,
    }
}

fn integration_of(given: &Object) -> Object {
    let mut row = Object::default();
    for (name, value) in given.iter() {
        row = match &**name {
            "type" => row.with(
                "type",
                value.as_str().unwrap_or_default().to_ascii_uppercase(),
            ),
            "responses" => {
                let all = value.as_object().into_iter().flat_map(Object::iter);
                let all: Object = all
                    .filter_map(|(pattern, response)| {
                        let mut response = response.as_object()?.clone();
                        let status = text(&response, "statusCode").to_owned();
                        if &**pattern != "default" {
                            response = response.with("selectionPattern", pattern.clone());
                        }
                        Some((status, Json::from(response)))
                    })
                    .collect();
                row.with("integrationResponses", all)
            }
            "passthroughBehavior" => {
                let behaviour = value.as_str().unwrap_or_default().to_ascii_uppercase();
                row.with("passthroughBehavior", behaviour)
            }
            _ => row.with(name.clone(), value.clone()),
        };
    }
    with_integration_defaults(row, "imported")
}

fn gateway_response(name: &str, given: &Json) -> Object {
    let mut row = Object::default()
        .with("responseType", name)
        .with("defaultResponse", false);
    if let Some(status) = given.get("statusCode") {
        let status = status
            .as_str()
            .map_or_else(|| status.to_text(), str::to_owned);
        row = row.with("statusCode", status);
    }
    for member in ["responseParameters", "responseTemplates"] {
        if let Some(value) = given.get(member) {
            row = row.with(member, value.clone());
        }
    }
    row
}
