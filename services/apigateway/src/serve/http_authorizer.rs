//! Who may ask an HTTP API: Lambda authorizers, which are carried out, and tokens, whose claims are read.
//!
//! Source: API Gateway Developer Guide, "Control access to HTTP APIs".

use passo_json::{Json, Object, json};

use super::http_api::{HttpCall, says};
use super::{
    WebResponse, authorizer, function, http_source, policy, proxy_event, target, text, token,
};

fn unauthorized() -> WebResponse {
    says(401, "Unauthorized")
}

fn forbidden() -> WebResponse {
    says(403, "Forbidden")
}

/// Refuses a request that the route's authorizer refuses; keeps what it said of the caller otherwise.
pub(crate) async fn check(call: &mut HttpCall<'_>) -> Result<(), WebResponse> {
    let kind = text(&call.route, "AuthorizationType");
    if kind == "AWS_IAM" {
        let is_signed = call.taken.request.header("authorization").is_some();
        return if is_signed { Ok(()) } else { Err(forbidden()) };
    }
    if kind != "JWT" && kind != "CUSTOM" {
        return Ok(());
    }
    let id = text(&call.route, "AuthorizerId");
    let row = call
        .api
        .authorizers
        .get(id)
        .and_then(Json::as_object)
        .cloned();
    let row = row.ok_or_else(|| says(500, "Internal Server Error"))?;
    match kind {
        "JWT" => jwt(call, &row),
        _ => asked(call, &row).await,
    }
}

fn sources(row: &Object) -> Vec<&str> {
    let sources = row.get("IdentitySource").and_then(Json::as_array);
    let sources = sources.into_iter().flat_map(|it| it.iter());
    sources.filter_map(Json::as_str).collect()
}

/// Issuer, audience, times and scopes are looked at; who signed a token is believed.
fn jwt(call: &mut HttpCall<'_>, row: &Object) -> Result<(), WebResponse> {
    let source = sources(row).first().copied();
    let source = source.unwrap_or("$request.header.Authorization");
    let given = http_source::value(call, source);
    let claims = given.and_then(|token| token::claims(&token));
    let claims = claims.ok_or_else(unauthorized)?;
    let wanted = row.get("JwtConfiguration");
    let issuer = wanted.and_then(|wanted| wanted.get("Issuer")?.as_str());
    let is_from = issuer.is_none_or(|issuer| text(&claims, "iss") == issuer);
    let audiences = wanted.and_then(|wanted| wanted.get("Audience")?.as_array());
    let is_for = audiences.is_none_or(|audiences| {
        audiences.is_empty()
            || ["aud", "client_id"]
                .iter()
                .filter_map(|claim| claims.get(claim))
                .any(|claim| match claim.as_array() {
                    Some(all) => all.iter().any(|it| audiences.contains(it)),
                    None => audiences.contains(claim),
                })
    });
    let now = call.context.begun.epoch_millis() / 1000;
    if !is_from || !is_for || token::is_over(&claims, now) {
        return Err(unauthorized());
    }
    let scopes: Vec<&str> = match claims.get("scope").or_else(|| claims.get("scp")) {
        Some(Json::String(text)) => text.split(' ').collect(),
        Some(Json::Array(list)) => list.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let wanted = call
        .route
        .get("AuthorizationScopes")
        .and_then(Json::as_array);
    let is_in_scope = wanted.is_none_or(|wanted| {
        wanted.is_empty()
            || wanted
                .iter()
                .any(|scope| scope.as_str().is_some_and(|it| scopes.contains(&it)))
    });
    if !is_in_scope {
        return Err(forbidden());
    }
    // Functions see claims as texts.
    let texts: Object = claims
        .iter()
        .map(|(name, value)| (name.clone(), Json::from(target::plain(value))))
        .collect();
    let scopes: Vec<Json> = scopes.into_iter().map(Json::from).collect();
    let scopes = match wanted.is_some_and(|wanted| !wanted.is_empty()) {
        true => Json::from(scopes),
        false => Json::Null,
    };
    call.authorizer = Some(json!({"jwt": {"claims": texts, "scopes": scopes}}));
    Ok(())
}

async fn asked(call: &mut HttpCall<'_>, row: &Object) -> Result<(), WebResponse> {
    let mut identity = Vec::new();
    for source in sources(row) {
        let value = http_source::value(call, source).filter(|it| !it.is_empty());
        identity.push(Json::from(value.ok_or_else(unauthorized)?));
    }
    let uri = target::with_variables(text(row, "AuthorizerUri"), &call.context.variables);
    let broken = || says(500, "Internal Server Error");
    let named = function::named(&uri).ok_or_else(broken)?.to_owned();
    let arn = call
        .context
        .method_arn(&call.taken.request.method, &call.taken.path);
    let is_2 = text(row, "AuthorizerPayloadFormatVersion") != "1.0";
    let event = match is_2 {
        true => {
            let event = proxy_event::version_2(call)
                .without("body")
                .without("isBase64Encoded");
            let begin = Object::default()
                .with("version", "2.0")
                .with("type", "REQUEST")
                .with("routeArn", arn.as_str())
                .with("identitySource", identity);
            joined(begin, &event)
        }
        false => {
            let event = proxy_event::version_1_of_http(call);
            let event = event.without("body").without("isBase64Encoded");
            let texts: Vec<&str> = identity.iter().filter_map(Json::as_str).collect();
            let begin = Object::default()
                .with("version", "1.0")
                .with("type", "REQUEST")
                .with("methodArn", arn.as_str())
                .with("identitySource", texts.join(","))
                .with("authorizationToken", texts.join(","));
            joined(begin, &event)
        }
    };
    let said = authorizer::asked(&call.context, &named, &Json::from(event)).await;
    let said = said.map_err(|refusal| match refusal.kind {
        "UNAUTHORIZED" => unauthorized(),
        _ => broken(),
    })?;
    let is_simple = row.get("EnableSimpleResponses").and_then(Json::as_bool) == Some(true);
    let is_allowed = match is_simple {
        true => said.get("isAuthorized").and_then(Json::as_bool) == Some(true),
        false => said
            .get("policyDocument")
            .is_some_and(|it| policy::effect(it, &arn) == policy::Effect::Allow),
    };
    if !is_allowed {
        return Err(forbidden());
    }
    let context = said.get("context").cloned();
    let context = context.unwrap_or_else(|| Json::from(Object::default()));
    call.authorizer = Some(json!({"lambda": context}));
    Ok(())
}

fn joined(begin: Object, rest: &Object) -> Object {
    let rest = rest.iter();
    let rest = rest.filter(|(name, _)| &***name != "version");
    rest.fold(begin, |whole, (name, value)| {
        whole.with(name.clone(), value.clone())
    })
}
