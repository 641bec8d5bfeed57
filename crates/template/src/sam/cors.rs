//! `Cors` of a REST API: an answer to `OPTIONS` on every path, which API Gateway gives by itself.

use std::sync::Arc;

use passo_asl::source::{Mapping, Node, Span};
use passo_json::json;

use crate::tree::{mapping, plain, text, with};

/// The paths of a description, each with `OPTIONS` unless it has that.
pub(super) fn with_options(paths: &Node, cors: &Node) -> Node {
    let entries = paths.as_object().into_iter().flat_map(Mapping::iter);
    let paths_with_options = entries.map(|entry| {
        let has_options = entry.value.get("options").is_some();
        let methods = match has_options {
            true => entry.value.clone(),
            false => with(&entry.value, "options", options(&entry.value, cors)),
        };
        (Arc::clone(&entry.key.text), methods)
    });
    mapping(paths.span, paths_with_options)
}

/// The operation that tells browsers what is allowed.
fn options(methods: &Node, cors: &Node) -> Node {
    let span = cors.span;
    let mut headers = mapping(span, []);
    let mut shown = mapping(span, []);
    for (name, value) in allowed(methods, cors, span) {
        headers = with(
            &headers,
            &format!("method.response.header.Access-Control-{name}"),
            value,
        );
        let header = plain(span, &json!({"schema": {"type": "string"}}));
        shown = with(&shown, &format!("Access-Control-{name}"), header);
    }
    let answer = plain(
        span,
        &json!({"statusCode": "200", "responseTemplates": {"application/json": "{}\n"}}),
    );
    let answer = with(&answer, "responseParameters", headers);
    let integration = plain(
        span,
        &json!({
            "type": "mock",
            "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
        }),
    );
    let responses = mapping(span, [("default".into(), answer)]);
    let integration = with(&integration, "responses", responses);
    let response = plain(
        span,
        &json!({"description": "Default response for CORS method"}),
    );
    let response = with(&response, "headers", shown);
    let responses = mapping(span, [("200".into(), response)]);
    let operation = plain(span, &json!({"summary": "CORS support"}));
    let operation = with(&operation, "x-amazon-apigateway-integration", integration);
    with(&operation, "responses", responses)
}

/// The headers' names behind `Access-Control-`, and their values. `Cors` by itself is the origin.
fn allowed(methods: &Node, cors: &Node, span: Span) -> Vec<(&'static str, Node)> {
    let given = |name: &str| cors.get(name).cloned();
    let is_object = cors.as_object().is_some() && crate::intrinsic::intrinsic_of(cors).is_none();
    let origin = match is_object {
        true => given("AllowOrigin").unwrap_or_else(|| text(span, "'*'")),
        false => cors.clone(),
    };
    let own = given("AllowMethods").filter(|_| is_object);
    let mut all = vec![
        ("Allow-Origin", origin),
        (
            "Allow-Methods",
            own.unwrap_or_else(|| text(span, &names(methods))),
        ),
    ];
    if is_object {
        for (name, property) in [("Allow-Headers", "AllowHeaders"), ("Max-Age", "MaxAge")] {
            all.extend(given(property).map(|value| (name, value)));
        }
        if cors.get("AllowCredentials").and_then(Node::as_bool) == Some(true) {
            all.push(("Allow-Credentials", text(span, "'true'")));
        }
    }
    all
}

/// The methods of a path, as the header lists them.
fn names(methods: &Node) -> String {
    let entries = methods.as_object().into_iter().flat_map(Mapping::iter);
    let mut names: Vec<String> = entries.map(|entry| entry.key.text.to_uppercase()).collect();
    if names.iter().any(|name| name.starts_with("X-AMAZON")) {
        return "'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'".to_owned();
    }
    names.push("OPTIONS".to_owned());
    names.sort();
    format!("'{}'", names.join(","))
}
