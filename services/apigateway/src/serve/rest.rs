//! Serving REST APIs: the resource, who may ask, what has to be there, then the integration.
//!
//! Entry points: [`serve`], and [`test`], which is what `TestInvokeMethod` does.

use std::sync::Arc;

use passo_json::{Json, Object};

use super::call::Taken;
use super::context::Context;
use super::errors::{self, Refusal};
use super::live::RestApi;
use super::{Address, WebRequest, WebResponse, authorizer, bodies, rest_integration, target, text};
use crate::gateway::Shared;
use crate::vtl;

/// A request on its way through a REST API.
pub(crate) struct RestCall<'a> {
    pub(crate) context: Context<'a>,
    pub(crate) deployed: Arc<RestApi>,
    pub(crate) deployment: String,
    pub(crate) taken: Taken,
    /// The id and the path of the resource.
    pub(crate) resource: (String, String),
    pub(crate) method: Object,
    /// What an authorizer has said of the caller.
    pub(crate) authorizer: Option<Object>,
    pub(crate) api_key: Option<String>,
    /// What events and templates see in the place of a request to a REST API, where it is none.
    pub(crate) shown: Option<Object>,
}

impl RestCall<'_> {
    /// What events and templates see of the request.
    pub(crate) fn request_context(&self) -> Object {
        if let Some(shown) = &self.shown {
            return shown.clone();
        }
        let (id, path) = &self.resource;
        self.context.rest(
            &self.taken,
            (id, path),
            &self.deployment,
            self.authorizer.as_ref(),
            self.api_key.as_deref(),
        )
    }

    /// What a template sees whose input is `body`.
    pub(crate) fn scope(&self, body: String) -> vtl::Scope {
        vtl::Scope {
            body,
            path: self.taken.path_object(),
            query: self.taken.query.single(),
            headers: self.taken.headers.single(),
            context: self.request_context(),
            stage_variables: self.context.variables.clone(),
        }
    }
}

/// Answers a request to the API in `row`.
pub(crate) async fn serve(
    shared: &Shared,
    row: &Object,
    address: &Address,
    request: WebRequest,
) -> WebResponse {
    let rest = address.path.trim_start_matches('/');
    let (stage, path) = match rest.find('/') {
        Some(at) => rest.split_at_checked(at).unwrap_or((rest, "")),
        None => (rest, ""),
    };
    let path = if path.is_empty() { "/" } else { path };
    let found = shared.table.find(&["Stage", &address.api, stage]);
    let Ok(Some(row_of_stage)) = found else {
        return errors::forbidden(&request);
    };
    let variables = row_of_stage.get("variables").and_then(Json::as_object);
    let context = Context::new(
        shared,
        row,
        (&address.api, stage),
        variables.cloned().unwrap_or_default(),
        &request.request_id,
    );
    let deployment = text(&row_of_stage, "deploymentId").to_owned();
    let deployed = shared.live.rest(shared, &address.api, &deployment);
    let Ok(Some(deployed)) = deployed else {
        return errors::internal(&request);
    };
    let taken = Taken::of(forwarded(request, &context), path.to_owned());
    let mut call = RestCall {
        context,
        deployed,
        deployment,
        taken,
        resource: (String::new(), String::new()),
        method: Object::default(),
        authorizer: None,
        api_key: None,
        shown: None,
    };
    let mut response = match answer(&mut call).await {
        Ok(response) => response,
        Err(refusal) => refused(&call, &refusal),
    };
    bodies::compress(&call, &mut response);
    decorate(&call, &mut response);
    response
}

/// A method that is tested: no stage, and nobody is asked whether the caller may.
pub(crate) struct Test<'a> {
    pub(crate) row: &'a Object,
    pub(crate) api: &'a str,
    pub(crate) snapshot: Object,
    /// The id and the path of the resource, and its method.
    pub(crate) resource: (String, String),
    pub(crate) method: Object,
    pub(crate) path_parameters: Vec<(String, String)>,
    pub(crate) variables: Object,
}

/// Calls the integration of a method.
pub(crate) async fn test(shared: &Shared, test: Test<'_>, request: WebRequest) -> WebResponse {
    let stage = "test-invoke-stage";
    let place = (test.api, stage);
    let context = Context::new(shared, test.row, place, test.variables, &request.request_id);
    let path = request.path.clone();
    let mut call = RestCall {
        context,
        deployed: Arc::new(RestApi::new(test.snapshot)),
        deployment: String::new(),
        taken: Taken::of(request, path),
        resource: test.resource,
        method: test.method,
        authorizer: None,
        api_key: None,
        shown: None,
    };
    call.taken.path_parameters = test.path_parameters;
    match rest_integration::perform(&call).await {
        Ok(response) => response,
        Err(refusal) => refused(&call, &refusal),
    }
}

async fn answer(call: &mut RestCall<'_>) -> Result<WebResponse, Refusal> {
    let deployed = Arc::clone(&call.deployed);
    let method = call.taken.request.method.clone();
    let found = deployed.find(&method, &call.taken.path);
    let Some((resource, row, variables)) = found else {
        return Err(Refusal::new(
            "MISSING_AUTHENTICATION_TOKEN",
            "Missing Authentication Token",
        ));
    };
    call.resource = (resource.id.clone(), resource.path.clone());
    call.method = row.clone();
    call.taken.path_parameters = variables;
    bodies::inflate(call)?;
    authorizer::rest(call).await?;
    super::api_key::check(call)?;
    super::validation::check(call)?;
    rest_integration::perform(call).await
}

/// A request with the headers that API Gateway adds.
pub(crate) fn forwarded(mut request: WebRequest, context: &Context<'_>) -> WebRequest {
    let port = request
        .host
        .rsplit_once(':')
        .map(|(_, port)| port.to_owned());
    let before = request.header("x-forwarded-for").map(str::to_owned);
    let from = match before {
        Some(before) => format!("{before}, {}", request.source_ip),
        None => request.source_ip.clone(),
    };
    let mut set = |name: &str, value: String| {
        request
            .headers
            .retain(|(given, _)| !given.eq_ignore_ascii_case(name));
        request.headers.push((name.to_owned(), value));
    };
    set("X-Amzn-Trace-Id", context.trace_id.clone());
    set("X-Forwarded-For", from);
    set("X-Forwarded-Port", port.unwrap_or_else(|| "443".to_owned()));
    set("X-Forwarded-Proto", "http".to_owned());
    request
}

/// The API's own answer, the user's where there is one.
fn refused(call: &RestCall<'_>, refusal: &Refusal) -> WebResponse {
    let mut response = refusal.response();
    let responses = call.deployed.snapshot.get("responses");
    let responses = responses.and_then(Json::as_object).cloned();
    let responses = responses.unwrap_or_default();
    let Some(own) = refusal.own(&responses) else {
        return response;
    };
    response.status = refusal.status_of(own);
    let message = refusal.message.as_deref().map_or(Json::Null, Json::from);
    let error = Object::default()
        .with("message", message.clone())
        .with("messageString", message.to_text())
        .with("responseType", refusal.kind);
    let mut scope = call.scope(call.taken.body_text().into_owned());
    scope.context = scope.context.with("error", error);
    let templates = own.get("responseTemplates").and_then(Json::as_object);
    let template = templates.and_then(|templates| templates.iter().next());
    if let Some((media, template)) = template
        && let Some(template) = template.as_str()
        && let Ok(rendered) = vtl::render(template, &scope)
    {
        response.body = rendered.text.into_bytes();
        response.set("Content-Type", &**media);
    }
    let parameters = own.get("responseParameters").and_then(Json::as_object);
    for (name, source) in parameters.into_iter().flat_map(Object::iter) {
        let header = name.strip_prefix("gatewayresponse.header.");
        let values = source
            .as_str()
            .and_then(|source| target::value(call, source));
        if let (Some(header), Some(values)) = (header, values) {
            response.set(header, values.join(","));
        }
    }
    response
}

/// The headers that every answer has.
fn decorate(call: &RestCall<'_>, response: &mut WebResponse) {
    let context = &call.context;
    response.set("x-amzn-RequestId", context.request_id.as_str());
    response.set("x-amz-apigw-id", context.extended_id.as_str());
    response.set("X-Amzn-Trace-Id", context.trace_id.as_str());
    let api = call.deployed.api();
    let types = api
        .get("endpointConfiguration")
        .and_then(|it| it.get("types"));
    let is_edge = types.and_then(|types| types.at(0)?.as_str()) == Some("EDGE");
    if is_edge {
        let id = call.context.shared.new_id(56);
        response.set("X-Cache", "Miss from cloudfront");
        response.set(
            "Via",
            format!(
                "1.1 {}.cloudfront.net (CloudFront)",
                id.get(..32).unwrap_or_default()
            ),
        );
        response.set("X-Amz-Cf-Pop", "LOCAL1-P1");
        response.set("X-Amz-Cf-Id", id);
    }
}
