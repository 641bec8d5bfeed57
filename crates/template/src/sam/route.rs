//! Events of the types `Api` and `HttpApi`: paths of an API that call a function or a state machine.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::source::{Node, Span};
use passo_json::{Json, json};

use super::expansion::{Expansion, Source};
use super::function::permission;
use crate::TemplateError;
use crate::tree::{list, object, plain, referred, sub, text, with};

/// The API that SAM makes for events of the type `Api` that name none.
pub(super) const IMPLICIT_REST: &str = "ServerlessRestApi";
/// That for events of the type `HttpApi`.
pub(super) const IMPLICIT_HTTP: &str = "ServerlessHttpApi";

/// The kinds of API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ApiKind {
    /// `AWS::ApiGateway::RestApi`
    Rest,
    /// `AWS::ApiGatewayV2::Api`
    Http,
}

/// A method of a path.
#[derive(Clone, Debug)]
pub(super) struct Route {
    api: Arc<str>,
    path: String,
    method: String,
    operation: Node,
    /// The authorizer that the event names; none is that of the API, `NONE` is nobody.
    authorizer: Option<Arc<str>>,
    span: Span,
}

/// The routes of each API.
#[derive(Debug, Default)]
pub(super) struct Routes {
    by_api: BTreeMap<Arc<str>, Vec<Route>>,
}

impl Routes {
    /// Takes a route.
    pub(super) fn add(&mut self, route: Route) {
        let routes = self.by_api.entry(Arc::clone(&route.api)).or_default();
        routes.push(route);
    }

    /// Whether there are any for an API.
    pub(super) fn has(&self, api: &str) -> bool {
        self.by_api.contains_key(api)
    }

    /// The span of an API's first route.
    pub(super) fn span(&self, api: &str) -> Span {
        let routes = self.by_api.get(api);
        let first = routes.and_then(|routes| routes.first());
        first.map(|route| route.span).unwrap_or_default()
    }

    /// The paths of an API's OpenAPI description: those that it has, and those of events.
    pub(super) fn paths(
        &self,
        api: &str,
        own: Option<&Node>,
        authorizer: Option<&str>,
        span: Span,
    ) -> Node {
        let mut paths = own.cloned().unwrap_or_else(|| object(span, []));
        for route in self.by_api.get(api).into_iter().flatten() {
            let methods = paths.get(&route.path).cloned();
            let methods = methods.unwrap_or_else(|| object(route.span, []));
            let methods = with(&methods, &route.method, route.secured(authorizer));
            paths = with(&paths, &route.path, methods);
        }
        paths
    }
}

impl Route {
    /// That of an event of a function.
    ///
    /// # Errors
    /// When the event has no path or method, or names an API of another template.
    pub(super) fn of_function(
        source: Source<'_>,
        alias: Option<&str>,
        kind: &str,
        properties: &Node,
    ) -> Result<Route, TemplateError> {
        let span = properties.span;
        let kind = match kind {
            "HttpApi" => ApiKind::Http,
            _ => ApiKind::Rest,
        };
        let arn = match alias {
            Some(alias) => format!("${{{alias}}}"),
            None => format!("${{{}.Arn}}", source.id),
        };
        let uri = format!(
            "arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/{arn}/invocations"
        );
        let integration = plain(span, &json!({"type": "aws_proxy", "httpMethod": "POST"}));
        let mut integration = with(&integration, "uri", sub(span, &uri));
        if kind == ApiKind::Http {
            let version = properties.get("PayloadFormatVersion").cloned();
            let version = version.unwrap_or_else(|| text(span, "2.0"));
            integration = with(&integration, "payloadFormatVersion", version);
            if let Some(timeout) = properties.get("TimeoutInMillis") {
                integration = with(&integration, "timeoutInMillis", timeout.clone());
            }
        }
        let operation = plain(span, &json!({"responses": {}}));
        let operation = with(&operation, "x-amazon-apigateway-integration", integration);
        Route::new(source, kind, properties, operation)
    }

    /// That of an event of a state machine.
    ///
    /// # Errors
    /// As [`Route::of_function`].
    pub(super) fn of_state_machine(
        source: Source<'_>,
        action: &str,
        role: Node,
        properties: &Node,
    ) -> Result<Route, TemplateError> {
        let span = properties.span;
        let action = action.trim_start_matches("states:");
        let uri =
            format!("arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:states:action/{action}");
        let escape = match properties
            .get("UnescapeMappingTemplate")
            .and_then(Node::as_bool)
        {
            Some(true) => r#"$util.escapeJavaScript($input.json('$')).replaceAll("\\'", "'")"#,
            _ => "$util.escapeJavaScript($input.json('$'))",
        };
        let template = format!(
            r#"{{"input": "{escape}", "stateMachineArn": "${{{}}}"}}"#,
            source.id
        );
        let templates = object(span, [("application/json", Some(sub(span, &template)))]);
        let integration = plain(
            span,
            &json!({
                "type": "aws",
                "httpMethod": "POST",
                "responses": {"200": {"statusCode": "200"}, "400": {"statusCode": "400"}},
            }),
        );
        let integration = with(&integration, "uri", sub(span, &uri));
        let integration = with(&integration, "credentials", role);
        let integration = with(&integration, "requestTemplates", templates);
        let responses = json!({"responses": {
            "200": {"description": "OK"}, "400": {"description": "Bad Request"},
        }});
        let operation = plain(span, &responses);
        let operation = with(&operation, "x-amazon-apigateway-integration", integration);
        Route::new(source, ApiKind::Rest, properties, operation)
    }

    fn new(
        source: Source<'_>,
        kind: ApiKind,
        properties: &Node,
        operation: Node,
    ) -> Result<Route, TemplateError> {
        let (own, implicit) = match kind {
            ApiKind::Rest => ("RestApiId", IMPLICIT_REST),
            ApiKind::Http => ("ApiId", IMPLICIT_HTTP),
        };
        let api = match properties.get(own) {
            Some(node) => referred(node).ok_or_else(|| {
                let message = format!("`{own}` must refer to an API of this template");
                TemplateError::at(node, message)
            })?,
            None => implicit,
        };
        let given = |name: &str| properties.get(name).and_then(Node::as_str);
        let (path, method) = match (given("Path"), given("Method"), kind) {
            (Some(path), Some(method), _) => (path.to_owned(), method.to_lowercase()),
            (None, None, ApiKind::Http) => ("$default".to_owned(), "any".to_owned()),
            _ => {
                let message = format!("an event of `{}` has no `Path` or `Method`", source.id);
                return Err(TemplateError::at(properties, message));
            }
        };
        let method = match (method.as_str(), path.as_str()) {
            ("any" | "*" | "x-amazon-apigateway-any-method", _) => {
                "x-amazon-apigateway-any-method".to_owned()
            }
            _ => method,
        };
        Ok(Route {
            api: api.into(),
            path,
            method,
            operation,
            authorizer: properties
                .get("Auth")
                .and_then(|auth| auth.get("Authorizer"))
                .and_then(Node::as_str)
                .map(Arc::from),
            span: properties.span,
        })
    }

    /// Its operation, with the authorizer that is asked: its own, or the API's.
    fn secured(&self, default: Option<&str>) -> Node {
        let name = self.authorizer.as_deref().or(default);
        let Some(name) = name.filter(|name| *name != "NONE") else {
            return self.operation.clone();
        };
        let scopes = plain(self.span, &Json::Array(Vec::new().into()));
        let scheme = crate::tree::mapping(self.span, [(Arc::from(name), scopes)]);
        with(&self.operation, "security", list(self.span, vec![scheme]))
    }
}

/// Allows the API to call the function.
pub(super) fn allow(
    into: &mut Expansion<'_>,
    source: Source<'_>,
    alias: Option<&str>,
    event: &str,
    route: &Route,
) {
    let method = match route.method.as_str() {
        "x-amazon-apigateway-any-method" => "*".to_owned(),
        method => method.to_uppercase(),
    };
    let path: String = match route.path.as_str() {
        "$default" => "/$default".to_owned(),
        path => path
            .split('/')
            .map(|part| if part.starts_with('{') { "*" } else { part })
            .collect::<Vec<_>>()
            .join("/"),
    };
    let arn = format!(
        "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{}}}/*/{method}{path}",
        route.api
    );
    let from = ("SourceArn", sub(source.span, &arn));
    let service = "apigateway.amazonaws.com";
    permission(into, source, alias, event, service, Some(from));
}
