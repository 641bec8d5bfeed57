//! `AWS::Serverless::Api` and `AWS::Serverless::HttpApi`, and the APIs that events bring along.

use std::sync::Arc;

use passo_asl::source::{Mapping, Node, NodeKind, Span};
use passo_json::json;

use super::expansion::{Expansion, Source};
use super::route::{ApiKind, IMPLICIT_HTTP, IMPLICIT_REST};
use super::{authorizer, cors};
use crate::TemplateError;
use crate::tree::{object, plain, reference, text, with};

/// The stage of an implicit REST API.
const STAGE: &str = "Prod";

/// Expands `AWS::Serverless::Api`; its paths come when all events are known.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every expansion may find something wrong"
)]
pub(super) fn rest(into: &mut Expansion<'_>, source: Source<'_>) -> Result<(), TemplateError> {
    keep(into, source, "AWS::ApiGateway::RestApi");
    Ok(())
}

/// Expands `AWS::Serverless::HttpApi`.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every expansion may find something wrong"
)]
pub(super) fn http(into: &mut Expansion<'_>, source: Source<'_>) -> Result<(), TemplateError> {
    keep(into, source, "AWS::ApiGatewayV2::Api");
    Ok(())
}

fn keep(into: &mut Expansion<'_>, source: Source<'_>, kind: &'static str) {
    let condition = source.node.get("Condition").cloned();
    let depends = source.node.get("DependsOn").cloned();
    into.apis.push(Api {
        id: Arc::clone(source.id),
        span: source.span,
        is_rest: kind == "AWS::ApiGateway::RestApi",
        properties: source.properties.clone(),
        condition,
        depends,
    });
}

/// An API whose routes are not all known yet.
pub(super) struct Api {
    id: Arc<str>,
    span: Span,
    is_rest: bool,
    properties: Node,
    condition: Option<Node>,
    depends: Option<Node>,
}

/// Makes the APIs, when every event has been looked at.
pub(super) fn finish(into: &mut Expansion<'_>) {
    let mut apis = std::mem::take(&mut into.apis);
    for (id, is_rest, globals) in [
        (IMPLICIT_REST, true, "Api"),
        (IMPLICIT_HTTP, false, "HttpApi"),
    ] {
        if into.routes.has(id) {
            let span = into.routes.span(id);
            let empty = || Node::new(span, NodeKind::Object(Mapping::default()));
            apis.push(Api {
                id: id.into(),
                span,
                is_rest,
                properties: into.globals(globals).cloned().unwrap_or_else(empty),
                condition: None,
                depends: None,
            });
        }
    }
    for api in apis {
        if api.is_rest {
            make_rest(into, &api);
        } else {
            make_http(into, &api);
        }
    }
}

impl Api {
    fn get(&self, name: &str) -> Option<&Node> {
        self.properties.get(name)
    }

    fn take(&self, into: &mut Expansion<'_>, id: &str, kind: &str, properties: Node) {
        let members = [
            ("Type", Some(text(self.span, kind))),
            ("Properties", Some(properties)),
            ("Condition", self.condition.clone()),
            (
                "DependsOn",
                self.depends.clone().filter(|_| *id == *self.id),
            ),
        ];
        into.take(id, object(self.span, members));
    }

    /// Its description: the one it has, with the paths of events.
    fn body(&self, into: &mut Expansion<'_>, version: (&'static str, &str)) -> Option<Node> {
        let own = self.get("DefinitionBody");
        if own.is_none() && self.get("DefinitionUri").is_some() {
            let message = format!("`DefinitionUri` of `{}` is not read", self.id);
            into.leave_out(self.span, message);
        }
        // A description that is a function itself is left as it is.
        if own.is_some_and(|own| crate::intrinsic::intrinsic_of(own).is_some()) {
            return own.cloned();
        }
        let title = self.get("Name").cloned();
        let title = title.unwrap_or_else(|| reference(self.span, "AWS::StackName"));
        let info = object(
            self.span,
            [
                ("version", Some(text(self.span, "1.0"))),
                ("title", Some(title)),
            ],
        );
        let (member, version) = version;
        let made = object(
            self.span,
            [
                (member, Some(text(self.span, version))),
                ("info", Some(info)),
            ],
        );
        let body = own.cloned().unwrap_or(made);
        let authorizer = self
            .get("Auth")
            .and_then(|auth| auth.get("DefaultAuthorizer"));
        let authorizer = authorizer.and_then(Node::as_str);
        let own = body.get("paths");
        let mut paths = into.routes.paths(&self.id, own, authorizer, self.span);
        if let (true, Some(cors)) = (self.is_rest, self.get("Cors")) {
            paths = cors::with_options(&paths, cors);
        }
        let mut body = with(&body, "paths", paths);
        if let Some(schemes) = self.schemes(into) {
            let components = object(self.span, [("securitySchemes", Some(schemes))]);
            body = with(&body, "components", components);
        }
        Some(body)
    }

    /// Authorizers, as OpenAPI describes them.
    fn schemes(&self, into: &mut Expansion<'_>) -> Option<Node> {
        let auth = self.get("Auth")?;
        let kind = match self.is_rest {
            true => ApiKind::Rest,
            false => ApiKind::Http,
        };
        let mut schemes = None;
        for (name, span, given) in authorizer::authorizers(Some(auth)) {
            let Some(scheme) = authorizer::scheme(kind, given) else {
                let message = format!("the authorizer `{name}` of `{}` is not done", self.id);
                into.leave_out(span, message);
                continue;
            };
            if let Some(function) = &scheme.function {
                let properties = authorizer::permission(span, &self.id, function);
                let id = format!("{}{name}AuthorizerPermission", self.id);
                self.take(into, &id, "AWS::Lambda::Permission", properties);
            }
            let so_far = schemes.unwrap_or_else(|| object(self.span, []));
            schemes = Some(with(&so_far, name, scheme.node));
        }
        schemes
    }
}

fn make_rest(into: &mut Expansion<'_>, api: &Api) {
    let span = api.span;
    let body = api.body(into, ("openapi", "3.0.1"));
    let same = |name: &'static str| (name, api.get(name).cloned());
    let digest = body.as_ref().map(digest).unwrap_or_default();
    let properties = object(
        span,
        [
            ("Body", body),
            same("Name"),
            same("Description"),
            same("BinaryMediaTypes"),
            same("EndpointConfiguration"),
            same("FailOnWarnings"),
            same("MinimumCompressionSize"),
        ],
    );
    api.take(into, &api.id, "AWS::ApiGateway::RestApi", properties);
    let id = format!("{}Deployment{digest}", api.id);
    let note = format!("RestApi deployment id: {digest}");
    let properties = object(
        span,
        [
            ("RestApiId", Some(reference(span, &api.id))),
            ("Description", Some(text(span, &note))),
        ],
    );
    api.take(into, &id, "AWS::ApiGateway::Deployment", properties);
    let stage = api.get("StageName").cloned();
    let stage = stage.unwrap_or_else(|| text(span, STAGE));
    let suffix = stage.as_str().unwrap_or_default();
    let stage_id = format!("{}{suffix}Stage", api.id);
    let properties = object(
        span,
        [
            ("RestApiId", Some(reference(span, &api.id))),
            ("DeploymentId", Some(reference(span, &id))),
            ("StageName", Some(stage)),
            same("Variables"),
            same("MethodSettings"),
            same("CacheClusterEnabled"),
            same("CacheClusterSize"),
            same("TracingEnabled"),
            same("AccessLogSetting"),
        ],
    );
    api.take(into, &stage_id, "AWS::ApiGateway::Stage", properties);
    into.also(format!("{}.Deployment", api.id), &id);
    into.also(format!("{}.Stage", api.id), &stage_id);
}

fn make_http(into: &mut Expansion<'_>, api: &Api) {
    let span = api.span;
    let body = api.body(into, ("openapi", "3.0.1"));
    let same = |name: &'static str| (name, api.get(name).cloned());
    let cors = api.get("CorsConfiguration").map(http_cors);
    let properties = object(
        span,
        [
            ("Body", body),
            same("Name"),
            same("Description"),
            same("FailOnWarnings"),
            same("DisableExecuteApiEndpoint"),
            ("CorsConfiguration", cors),
        ],
    );
    api.take(into, &api.id, "AWS::ApiGatewayV2::Api", properties);
    let stage = api.get("StageName").cloned();
    let (stage_id, stage) = match stage {
        Some(stage) => {
            let suffix = stage.as_str().unwrap_or_default();
            (format!("{}{suffix}Stage", api.id), stage)
        }
        None => (
            format!("{}ApiGatewayDefaultStage", api.id),
            text(span, "$default"),
        ),
    };
    let deploy = plain(span, &passo_json::Json::Bool(true));
    let properties = object(
        span,
        [
            ("ApiId", Some(reference(span, &api.id))),
            ("StageName", Some(stage)),
            ("AutoDeploy", Some(deploy)),
            ("StageVariables", api.get("StageVariables").cloned()),
            ("AccessLogSettings", api.get("AccessLogSettings").cloned()),
            (
                "DefaultRouteSettings",
                api.get("DefaultRouteSettings").cloned(),
            ),
            ("RouteSettings", api.get("RouteSettings").cloned()),
        ],
    );
    api.take(into, &stage_id, "AWS::ApiGatewayV2::Stage", properties);
    into.also(format!("{}.Stage", api.id), &stage_id);
}

/// `CorsConfiguration: true` allows everybody.
fn http_cors(node: &Node) -> Node {
    match node.as_bool() {
        Some(true) => plain(
            node.span,
            &json!({"AllowOrigins": ["*"], "AllowMethods": ["*"], "AllowHeaders": ["*"]}),
        ),
        Some(false) | None => node.clone(),
    }
}

/// Ten hexadecimal digits that differ where descriptions do: a deployment is a copy of one description (FNV-1a, 64 bits).
fn digest(body: &Node) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in body.to_json().to_text().bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{:010x}", hash & 0xff_ffff_ffff)
}
