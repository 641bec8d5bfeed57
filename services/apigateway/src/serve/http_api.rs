//! Serving HTTP APIs: the stage, CORS, the route, who may ask, then the integration.

use std::sync::Arc;

use passo_json::{Json, Object, json};

use super::call::Taken;
use super::context::Context;
use super::live::HttpApi;
use super::{
    Address, WebRequest, WebResponse, cors, http_authorizer, http_integration, rest, text,
};
use crate::gateway::Shared;

/// A request on its way through an HTTP API.
pub(crate) struct HttpCall<'a> {
    pub(crate) context: Context<'a>,
    pub(crate) api: Arc<HttpApi>,
    pub(crate) taken: Taken,
    pub(crate) route: Object,
    /// What an authorizer has said of the caller.
    pub(crate) authorizer: Option<Json>,
}

impl HttpCall<'_> {
    pub(crate) fn route_key(&self) -> &str {
        text(&self.route, "RouteKey")
    }

    /// The path with its stage, unless that is the one without a name.
    pub(crate) fn raw_path(&self) -> String {
        match self.context.stage.as_str() {
            "$default" => self.taken.path.clone(),
            stage => format!("/{stage}{}", self.taken.path),
        }
    }

    /// What events of payload 2.0 see of the request.
    pub(crate) fn request_context(&self) -> Object {
        let context = &self.context;
        let request = &self.taken.request;
        let host = request.host.split(':').next().unwrap_or_default();
        let shown = json!({
            "accountId": (context.account.as_str()),
            "apiId": (context.api.as_str()),
            "domainName": host,
            "domainPrefix": (host.split('.').next().unwrap_or_default()),
            "http": {
                "method": (request.method.as_str()),
                "path": (self.raw_path()),
                "protocol": "HTTP/1.1",
                "sourceIp": (request.source_ip.as_str()),
                "userAgent": (request.header("user-agent").unwrap_or_default())
            },
            "requestId": (context.request_id.as_str()),
            "routeKey": (self.route_key()),
            "stage": (context.stage.as_str()),
            "time": (context.request_time()),
            "timeEpoch": (context.begun.epoch_millis())
        });
        let shown = shown.as_object().cloned().unwrap_or_default();
        match &self.authorizer {
            Some(authorizer) => shown.with("authorizer", authorizer.clone()),
            None => shown,
        }
    }
}

/// An answer of the API itself.
pub(crate) fn says(status: u16, message: &str) -> WebResponse {
    let body = Object::default().with("message", message);
    WebResponse::json(status, Json::from(body).to_text())
}

/// Answers a request to the API in `row`.
pub(crate) async fn serve(
    shared: &Shared,
    row: &Object,
    address: &Address,
    request: WebRequest,
) -> WebResponse {
    let not_found = || says(404, "Not Found");
    let Some((name, path, stage_row)) = stage_of(shared, address) else {
        return not_found();
    };
    let path = if path.is_empty() { "/" } else { path };
    let variables = stage_row.get("StageVariables").and_then(Json::as_object);
    let context = Context::new(
        shared,
        row,
        (&address.api, name),
        variables.cloned().unwrap_or_default(),
        &request.request_id,
    );
    let api_row = row.get("api").and_then(Json::as_object).cloned();
    let is_auto = stage_row.get("AutoDeploy").and_then(Json::as_bool) == Some(true);
    let deployment = match is_auto {
        true => "",
        false => text(&stage_row, "DeploymentId"),
    };
    if !is_auto && deployment.is_empty() {
        return not_found();
    }
    let api = shared.live.http(
        shared,
        &address.api,
        deployment,
        api_row.unwrap_or_default(),
    );
    let Ok(Some(api)) = api else {
        return not_found();
    };
    let taken = Taken::of(rest::forwarded(request, &context), path.to_owned());
    let mut call = HttpCall {
        context,
        api,
        taken,
        route: Object::default(),
        authorizer: None,
    };
    let mut response = match cors::preflight(&call) {
        Some(response) => response,
        None => answer(&mut call).await,
    };
    cors::allow(&call, &mut response);
    response.set("Apigw-Requestid", call.context.extended_id.as_str());
    response
}

/// The stage that the path begins with, or the one without a name; and the path behind it.
pub(crate) fn stage_of<'a>(
    shared: &Shared,
    address: &'a Address,
) -> Option<(&'a str, &'a str, Object)> {
    let path = address.path.trim_start_matches('/');
    let (first, behind) = match path.find('/') {
        Some(at) => path.split_at_checked(at).unwrap_or((path, "")),
        None => (path, ""),
    };
    let stage = |name: &str| {
        let found = shared.table.find(&["Stage", &address.api, name]);
        found.ok().flatten()
    };
    match stage(first) {
        Some(found) => Some((first, behind, found)),
        None => Some(("$default", &address.path, stage("$default")?)),
    }
}

async fn answer(call: &mut HttpCall<'_>) -> WebResponse {
    let api = Arc::clone(&call.api);
    let Some((route, variables)) = api.find(&call.taken.request.method, &call.taken.path) else {
        return says(404, "Not Found");
    };
    call.route = route.clone();
    call.taken.path_parameters = variables;
    if let Err(response) = http_authorizer::check(call).await {
        return response;
    }
    http_integration::perform(call).await
}
