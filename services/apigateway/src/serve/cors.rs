//! CORS of HTTP APIs, which answer for their integrations.
//!
//! Source: API Gateway Developer Guide, "Configure CORS for HTTP APIs".

use passo_json::{Json, Object};

use super::WebResponse;
use super::http_api::HttpCall;

fn configuration<'c>(call: &'c HttpCall<'_>) -> Option<&'c Object> {
    call.api.row.get("CorsConfiguration")?.as_object()
}

fn list<'c>(cors: &'c Object, member: &str) -> Vec<&'c str> {
    let list = cors.get(member).and_then(Json::as_array);
    let list = list.into_iter().flat_map(|it| it.iter());
    list.filter_map(Json::as_str).collect()
}

/// What is said of the origin that asks; none where it is not among those that may.
fn origin(call: &HttpCall<'_>, cors: &Object) -> Option<String> {
    let asks = call.taken.request.header("origin")?;
    let allowed = list(cors, "AllowOrigins");
    let has_credentials = cors.get("AllowCredentials").and_then(Json::as_bool) == Some(true);
    if allowed.contains(&"*") && !has_credentials {
        return Some("*".to_owned());
    }
    let is_allowed = allowed.iter().any(|origin| {
        let any_of_scheme = origin.strip_suffix("://*");
        *origin == asks
            || any_of_scheme.is_some_and(|scheme| {
                asks.strip_prefix(scheme)
                    .is_some_and(|rest| rest.starts_with("://"))
            })
    });
    is_allowed.then(|| asks.to_owned())
}

/// The answer to a browser that asks whether it may ask.
pub(crate) fn preflight(call: &HttpCall<'_>) -> Option<WebResponse> {
    let cors = configuration(call)?;
    let request = &call.taken.request;
    request.header("access-control-request-method")?;
    if request.method != "OPTIONS" {
        return None;
    }
    let mut response = WebResponse {
        status: 204,
        ..WebResponse::default()
    };
    if origin(call, cors).is_some() {
        for (header, member) in [
            ("access-control-allow-methods", "AllowMethods"),
            ("access-control-allow-headers", "AllowHeaders"),
        ] {
            let values = list(cors, member);
            if !values.is_empty() {
                response.set(header, values.join(","));
            }
        }
        if let Some(seconds) = cors.get("MaxAge").and_then(Json::as_i64) {
            response.set("access-control-max-age", seconds.to_string());
        }
    }
    Some(response)
}

/// Says in an answer who may read it, whatever the integration says of that.
pub(crate) fn allow(call: &HttpCall<'_>, response: &mut WebResponse) {
    let Some(cors) = configuration(call) else {
        return;
    };
    let Some(origin) = origin(call, cors) else {
        return;
    };
    response.set("access-control-allow-origin", origin);
    if cors.get("AllowCredentials").and_then(Json::as_bool) == Some(true) {
        response.set("access-control-allow-credentials", "true");
    }
    let exposed = list(cors, "ExposeHeaders");
    if !exposed.is_empty() {
        response.set("access-control-expose-headers", exposed.join(","));
    }
}
