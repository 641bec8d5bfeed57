//! `Auth` of an API: who says whether a request may pass.

use passo_asl::source::{Mapping, Node, Span};
use passo_json::json;

use super::route::ApiKind;
use crate::tree::{object, plain, referred, sub, text, with};

/// An authorizer as OpenAPI describes it, and the function that it calls.
pub(super) struct Scheme {
    /// The description.
    pub(super) node: Node,
    /// The function's name in the template.
    pub(super) function: Option<String>,
}

/// The description of an authorizer; none where it is of a kind that is not supported.
pub(super) fn scheme(kind: ApiKind, given: &Node) -> Option<Scheme> {
    let span = given.span;
    if let Some(jwt) = given.get("JwtConfiguration") {
        let authorizer = plain(span, &json!({"type": "jwt"}));
        let authorizer = with(&authorizer, "jwtConfiguration", jwt.clone());
        let source = given.get("IdentitySource").cloned();
        let source = source.unwrap_or_else(|| text(span, "$request.header.Authorization"));
        let authorizer = with(&authorizer, "identitySource", source);
        let scheme = plain(span, &json!({"type": "oauth2"}));
        return Some(Scheme {
            node: with(&scheme, "x-amazon-apigateway-authorizer", authorizer),
            function: None,
        });
    }
    let function = given.get("FunctionArn").and_then(referred)?;
    let uri = format!(
        "arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/${{{function}.Arn}}/invocations"
    );
    let is_token = kind == ApiKind::Rest
        && given.get("FunctionPayloadType").and_then(Node::as_str) != Some("REQUEST");
    let authorizer = plain(
        span,
        &json!({"type": if is_token { "token" } else { "request" }}),
    );
    let mut authorizer = with(&authorizer, "authorizerUri", sub(span, &uri));
    let identity = given.get("Identity");
    for (from, name) in [
        ("ReauthorizeEvery", "authorizerResultTtlInSeconds"),
        ("ValidationExpression", "identityValidationExpression"),
    ] {
        if let Some(value) = identity.and_then(|identity| identity.get(from)) {
            authorizer = with(&authorizer, name, value.clone());
        }
    }
    if let (false, Some(source)) = (is_token, identity_source(kind, identity)) {
        authorizer = with(&authorizer, "identitySource", text(span, &source));
    }
    if kind == ApiKind::Http {
        let version = given.get("AuthorizerPayloadFormatVersion").cloned();
        let version = version.unwrap_or_else(|| text(span, "2.0"));
        authorizer = with(&authorizer, "authorizerPayloadFormatVersion", version);
        if let Some(simple) = given.get("EnableSimpleResponses") {
            authorizer = with(&authorizer, "enableSimpleResponses", simple.clone());
        }
    }
    let header = identity.and_then(|identity| identity.get("Header"));
    let header = header.and_then(Node::as_str).unwrap_or("Authorization");
    let name = if is_token { header } else { "Unused" };
    let scheme = plain(
        span,
        &json!({
            "type": "apiKey", "name": name, "in": "header",
            "x-amazon-apigateway-authtype": "custom",
        }),
    );
    Some(Scheme {
        node: with(&scheme, "x-amazon-apigateway-authorizer", authorizer),
        function: Some(function.to_owned()),
    })
}

/// What of a request the authorizer looks at.
fn identity_source(kind: ApiKind, identity: Option<&Node>) -> Option<String> {
    let parts = match kind {
        ApiKind::Rest => [
            ("Headers", "method.request.header."),
            ("QueryStrings", "method.request.querystring."),
            ("StageVariables", "stageVariables."),
            ("Context", "context."),
        ],
        ApiKind::Http => [
            ("Headers", "$request.header."),
            ("QueryStrings", "$request.querystring."),
            ("StageVariables", "$stageVariables."),
            ("Context", "$context."),
        ],
    };
    let mut sources = Vec::new();
    for (member, before) in parts {
        let names = identity?.get(member).and_then(Node::as_array);
        for name in names.into_iter().flatten().filter_map(Node::as_str) {
            sources.push(format!("{before}{name}"));
        }
    }
    (!sources.is_empty()).then(|| sources.join(","))
}

/// The authorizers of an API, by name.
pub(super) fn authorizers(auth: Option<&Node>) -> impl Iterator<Item = (&str, Span, &Node)> {
    let section = auth.and_then(|auth| auth.get("Authorizers"));
    let entries = section.and_then(Node::as_object).into_iter();
    entries
        .flat_map(Mapping::iter)
        .map(|entry| (&*entry.key.text, entry.key.span, &entry.value))
}

/// What allows the API `api` to call an authorizer's function.
pub(super) fn permission(span: Span, api: &str, function: &str) -> Node {
    let arn = format!(
        "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{api}}}/authorizers/*"
    );
    object(
        span,
        [
            ("Action", Some(text(span, "lambda:InvokeFunction"))),
            ("FunctionName", Some(crate::tree::reference(span, function))),
            ("Principal", Some(text(span, "apigateway.amazonaws.com"))),
            ("SourceArn", Some(sub(span, &arn))),
        ],
    )
}
