//! Who may ask: Lambda authorizers, which are carried out, and what can be said of the others without asking anybody.
//!
//! Results are not cached: every request asks. Requests that IAM would look at need a signature, which is believed. Source: API
//! Gateway Developer Guide, "Use API Gateway Lambda authorizers".

use std::time::Duration;

use fancy_regex::Regex;
use passo_json::{Json, Object, ObjectBuilder};

use super::context::Context;
use super::errors::Refusal;
use super::rest::RestCall;
use super::{function, policy, proxy_event, target, text, token};

/// How long an authorizer may take. Source: API Gateway quotas.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

fn unauthorized() -> Refusal {
    Refusal::new("UNAUTHORIZED", "Unauthorized")
}

/// Refuses a request that the method's authorizer refuses; keeps what it said of the caller otherwise.
pub(crate) async fn rest(call: &mut RestCall<'_>) -> Result<(), Refusal> {
    let kind = text(&call.method, "authorizationType");
    let id = text(&call.method, "authorizerId");
    match kind {
        "AWS_IAM" => return signed(call),
        "CUSTOM" | "COGNITO_USER_POOLS" => {}
        _ => return Ok(()),
    }
    let broken = Refusal {
        kind: "AUTHORIZER_CONFIGURATION_ERROR",
        message: None,
    };
    let row = call.deployed.row("authorizers", id).cloned();
    let row = row.ok_or_else(|| broken.clone())?;
    if text(&row, "type") == "COGNITO_USER_POOLS" {
        return user_pool(call, &row);
    }
    let function = target::with_variables(text(&row, "authorizerUri"), &call.context.variables);
    let function = function::named(&function).ok_or(broken)?.to_owned();
    let event = match text(&row, "type") {
        "TOKEN" => token_event(call, &row)?,
        _ => request_event(call, &row)?,
    };
    let said = asked(&call.context, &function, &event).await?;
    let said = said.as_object().cloned().unwrap_or_default();
    let arn = method_arn(call);
    allowed(&said, &arn)?;
    call.authorizer = Some(kept(&said));
    Ok(())
}

fn method_arn(call: &RestCall<'_>) -> String {
    let request = &call.taken.request;
    call.context.method_arn(&request.method, &call.taken.path)
}

/// A request that is signed by somebody.
pub(crate) fn signed(call: &RestCall<'_>) -> Result<(), Refusal> {
    let header = call.taken.request.header("authorization");
    let is_signed = header.is_some_and(|it| it.starts_with("AWS4-"))
        || call.taken.query.all("X-Amz-Signature").is_some();
    match is_signed {
        true => Ok(()),
        false => Err(Refusal::new(
            "MISSING_AUTHENTICATION_TOKEN",
            "Missing Authentication Token",
        )),
    }
}

/// A token of a user pool: whose it is, and until when, is read; who signed it is believed.
fn user_pool(call: &mut RestCall<'_>, row: &Object) -> Result<(), Refusal> {
    let source = match text(row, "identitySource") {
        "" => "method.request.header.Authorization",
        source => source,
    };
    let given = target::value(call, source).and_then(|values| values.first().cloned());
    let claims = given.and_then(|token| token::claims(&token));
    let claims = claims.ok_or_else(unauthorized)?;
    let now = call.context.begun.epoch_millis() / 1000;
    if token::is_over(&claims, now) {
        return Err(Refusal::new(
            "EXPIRED_TOKEN",
            "The incoming token has expired",
        ));
    }
    call.authorizer = Some(Object::default().with("claims", claims));
    Ok(())
}

fn token_event(call: &RestCall<'_>, row: &Object) -> Result<Json, Refusal> {
    let source = match text(row, "identitySource") {
        "" => "method.request.header.Authorization",
        source => source,
    };
    let token = target::value(call, source).and_then(|values| values.first().cloned());
    let token = token.filter(|it| !it.is_empty()).ok_or_else(unauthorized)?;
    let pattern = text(row, "identityValidationExpression");
    let fits = pattern.is_empty() || whole(pattern, &token);
    if !fits {
        return Err(unauthorized());
    }
    let mut event = ObjectBuilder::new();
    event
        .insert("type", "TOKEN")
        .insert("methodArn", method_arn(call))
        .insert("authorizationToken", token);
    Ok(Json::from(event.build()))
}

/// Whether the whole text fits a pattern.
pub(crate) fn whole(pattern: &str, text: &str) -> bool {
    let regex = Regex::new(&format!("^(?:{pattern})$"));
    regex.is_ok_and(|regex| regex.is_match(text).unwrap_or(false))
}

fn request_event(call: &RestCall<'_>, row: &Object) -> Result<Json, Refusal> {
    let sources = text(row, "identitySource").split(',').map(str::trim);
    let mut sources = sources.filter(|source| !source.is_empty());
    let is_there = |source: &str| {
        let values = target::value(call, source);
        values.is_some_and(|values| values.iter().any(|it| !it.is_empty()))
    };
    if !sources.all(is_there) {
        return Err(unauthorized());
    }
    let request = &call.taken.request;
    let event = proxy_event::version_1(
        &call.taken,
        &call.context,
        call.request_context(),
        (&call.resource.1, false),
        false,
    );
    let event = event.as_object().cloned().unwrap_or_default();
    let begin = Object::default()
        .with("type", "REQUEST")
        .with("methodArn", method_arn(call))
        .with("resource", call.resource.1.as_str())
        .with("httpMethod", request.method.as_str());
    let event = event.without("body").without("isBase64Encoded");
    let whole = event.iter().fold(begin, |whole, (name, value)| {
        whole.with(name.clone(), value.clone())
    });
    Ok(Json::from(whole))
}

/// What an authorizer's function says.
pub(crate) async fn asked(
    context: &Context<'_>,
    function: &str,
    event: &Json,
) -> Result<Json, Refusal> {
    let failed = || Refusal {
        kind: "AUTHORIZER_FAILURE",
        message: None,
    };
    let answer = function::invoke(context, function, event.to_text(), false, TIMEOUT).await;
    let answer = answer.map_err(|_| failed())?;
    let said = Json::parse(&answer.payload).map_err(|_| failed())?;
    if !answer.is_error {
        return Ok(said);
    }
    // It is how functions say so that know no better.
    match said.get("errorMessage").and_then(Json::as_str) {
        Some("Unauthorized") => Err(unauthorized()),
        Some(_) | None => Err(failed()),
    }
}

/// Whether the policy of an authorizer's answer allows what is asked.
pub(crate) fn allowed(said: &Object, arn: &str) -> Result<(), Refusal> {
    let broken = Refusal {
        kind: "AUTHORIZER_CONFIGURATION_ERROR",
        message: None,
    };
    let has_principal = said.get("principalId").and_then(Json::as_str).is_some();
    let policy = said.get("policyDocument").filter(|_| has_principal);
    match policy::effect(policy.ok_or(broken)?, arn) {
        policy::Effect::Allow => Ok(()),
        policy::Effect::Deny => Err(Refusal::new(
            "ACCESS_DENIED",
            "User is not authorized to access this resource with an explicit deny",
        )),
        policy::Effect::Nothing => Err(Refusal::new(
            "ACCESS_DENIED",
            "User is not authorized to access this resource",
        )),
    }
}

/// What the function behind the API learns of the caller: the context's members as texts, and who it is.
pub(crate) fn kept(said: &Object) -> Object {
    let members = said.get("context").and_then(Json::as_object);
    let members = members.into_iter().flat_map(Object::iter);
    let texts =
        members.filter(|(_, value)| value.as_object().is_none() && value.as_array().is_none());
    let kept: Object = texts
        .map(|(name, value)| (name.clone(), Json::from(target::plain(value))))
        .collect();
    let kept = kept.with("principalId", text(said, "principalId"));
    match said.get("usageIdentifierKey") {
        Some(key) => kept.with("usageIdentifierKey", key.clone()),
        None => kept,
    }
}
