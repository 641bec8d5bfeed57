//! Which service a request is for.

use std::sync::{Arc, OnceLock};

use http::request::Parts;
use passo_model::{Listed, Protocol};
use passo_service::Directory;

use super::exchange::{Exchange, Wire};
use super::routes::Routes;
use crate::percent;
use crate::scope::Scope;

/// Finds the service of a request, among those of a directory.
pub struct Router {
    pub(super) directory: Directory,
    rest: Vec<RestService>,
}

struct RestService {
    listed: &'static Listed,
    routes: OnceLock<Routes>,
}

/// Where a request goes.
#[derive(Clone, Debug)]
pub enum Destination {
    /// To a service of the directory; or to none, in which case [`Router::read`] says so.
    Service(Exchange),
    /// To S3: it is signed for S3, or not signed and for no other service. Its paths may be anything, and its bodies are
    /// streams, so that it does not go through [`Router::read`].
    ObjectStorage,
}

impl Router {
    /// A router for these services.
    pub fn new(directory: Directory) -> Router {
        let listed = directory.names().filter_map(passo_model::find);
        let speaks_rest = |listed: &&'static Listed| {
            // S3 claims every path; it goes another way.
            let by_path = listed.speaks(Protocol::RestJson) || listed.speaks(Protocol::RestXml);
            by_path && listed.id != "s3"
        };
        let rest = listed.filter(speaks_rest);
        Router {
            rest: rest
                .map(|listed| RestService {
                    listed,
                    routes: OnceLock::new(),
                })
                .collect(),
            directory,
        }
    }

    /// The services that it routes to.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Where the request with this head goes.
    pub fn route(&self, head: &Parts) -> Destination {
        let text = |name: &str| head.headers.get(name).and_then(|it| it.to_str().ok());
        if text("smithy-protocol") == Some("rpc-v2-cbor") {
            return Destination::Service(self.cbor(head.uri.path()));
        }
        if let Some(target) = text("x-amz-target") {
            let content_type = text("content-type").unwrap_or_default();
            let is_1_1 = content_type.starts_with("application/x-amz-json-1.1");
            return Destination::Service(self.target(target, is_1_1));
        }
        let query = head.uri.query().unwrap_or_default();
        let scope = Scope::of(&head.headers, query);
        let is_form = text("content-type")
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        let asks_action = is_form || query.starts_with("Action=") || query.contains("&Action=");
        let found = match scope.service() {
            Some("s3") => None,
            Some(signed_for) => self.signed(signed_for, head, asks_action),
            None => None,
        };
        if let Some(exchange) = found {
            return Destination::Service(exchange);
        }
        // Forms for other paths are somebody else's: a bucket's, a function's.
        if asks_action && head.uri.path() == "/" && scope.service() != Some("s3") {
            return Destination::Service(Exchange::new(Wire::Query));
        }
        let by_path = || self.path(head, |_| true);
        match scope.service() {
            Some("s3") => Destination::ObjectStorage,
            // Old clients sign for names of their own.
            Some(_) => Destination::Service(by_path().unwrap_or_else(Exchange::unknown)),
            None => by_path().map_or(Destination::ObjectStorage, Destination::Service),
        }
    }

    /// A request that is signed for that name.
    fn signed(&self, signed_for: &str, head: &Parts, asks_action: bool) -> Option<Exchange> {
        let speaks = |it: &&Listed| it.speaks(Protocol::Query) || it.speaks(Protocol::Ec2);
        let spoken = || passo_model::by_signing_name(signed_for).filter(speaks);
        let is_here = |listed: &&Listed| self.directory.by_name(listed.name).is_some();
        let listed = spoken().find(is_here).or_else(|| spoken().next());
        if let Some(listed) = listed.filter(|_| asks_action) {
            let wire = if listed.speaks(Protocol::Ec2) {
                Wire::Ec2
            } else {
                Wire::Query
            };
            return Some(self.exchange(wire, listed));
        }
        if let Some(exchange) = self.path(head, |listed| listed.signing_name == signed_for) {
            return Some(exchange);
        }
        // It is for a service that is not here, or for no operation of one that is.
        let named = passo_model::by_signing_name(signed_for).next()?;
        let wire = match named.protocol() {
            Protocol::RestJson => Wire::RestJson,
            Protocol::RestXml => Wire::RestXml,
            Protocol::Cbor => Wire::Cbor,
            Protocol::Query => Wire::Query,
            Protocol::Ec2 => Wire::Ec2,
            Protocol::AwsJson => Wire::AwsJson {
                is_1_1: named.is_json_1_1,
            },
        };
        let mut exchange = self.exchange(wire, named);
        let is_here = self.directory.by_name(named.name).is_some();
        // What is not here may still be another's path: a proxy may have signed it anew.
        if is_here || self.path(head, |_| true).is_none() {
            exchange.operation_name = Arc::from("");
            return Some(exchange);
        }
        None
    }

    /// A router for one service, whichever it is.
    #[cfg(test)]
    pub(super) fn only(listed: &'static Listed, directory: Directory) -> Router {
        let routes = OnceLock::new();
        Router {
            directory,
            rest: vec![RestService { listed, routes }],
        }
    }

    /// The exchange of a request that can only be for one service.
    #[cfg(test)]
    pub(super) fn exchange_of(&self, listed: &'static Listed, head: &Parts) -> Exchange {
        match listed.protocol() {
            Protocol::RestJson | Protocol::RestXml => {
                self.path(head, |_| true).unwrap_or_else(Exchange::unknown)
            }
            Protocol::Query => self.exchange(Wire::Query, listed),
            Protocol::Ec2 => self.exchange(Wire::Ec2, listed),
            Protocol::AwsJson | Protocol::Cbor => match self.route(head) {
                Destination::Service(exchange) => exchange,
                Destination::ObjectStorage => Exchange::unknown(),
            },
        }
    }

    fn exchange(&self, wire: Wire, listed: &'static Listed) -> Exchange {
        let mut exchange = Exchange::new(wire);
        exchange.listed = Some(listed);
        exchange.service = Some(Arc::from(listed.name));
        exchange
    }

    /// `AWSStepFunctions.StartExecution`
    fn target(&self, target: &str, is_1_1: bool) -> Exchange {
        let mut exchange = Exchange::new(Wire::AwsJson { is_1_1 });
        if let Some((prefix, operation)) = target.rsplit_once('.') {
            exchange.listed = passo_model::by_target(prefix, operation);
            let name = exchange.listed.map_or(prefix, |listed| listed.name);
            exchange.service = Some(Arc::from(name));
            exchange.operation_name = Arc::from(operation);
        }
        exchange
    }

    /// `/service/GraniteServiceVersion20100801/operation/PutMetricData`, perhaps behind a prefix.
    fn cbor(&self, path: &str) -> Exchange {
        let mut exchange = Exchange::new(Wire::Cbor);
        let mut parts = path.rsplit('/');
        let operation = parts.next().unwrap_or_default();
        let (is_operation, service) = (parts.next(), parts.next().unwrap_or_default());
        if is_operation == Some("operation") && parts.next() == Some("service") {
            exchange.listed = passo_model::by_target(service, operation);
            exchange.service = exchange.listed.map(|listed| Arc::from(listed.name));
            exchange.operation = exchange
                .listed
                .and_then(|listed| listed.model().operation(operation));
            exchange.operation_name = Arc::from(operation);
        }
        exchange
    }

    /// The operation of a REST service by its path, among the services that `may_be` allows.
    fn path(&self, head: &Parts, may_be: impl Fn(&Listed) -> bool) -> Option<Exchange> {
        let query = head.uri.query().unwrap_or_default();
        let services = self.rest.iter().filter(|service| may_be(service.listed));
        for service in services {
            let routes = service
                .routes
                .get_or_init(|| Routes::of(service.listed.model()));
            let found = routes.find(head.method.as_str(), head.uri.path(), query);
            if let Some((operation, labels)) = found {
                let wire = if service.listed.speaks(Protocol::RestJson) {
                    Wire::RestJson
                } else {
                    Wire::RestXml
                };
                let mut exchange = self.exchange(wire, service.listed);
                exchange.operation = Some(operation);
                exchange.operation_name = Arc::from(operation.name);
                exchange.labels = labels;
                return Some(exchange);
            }
        }
        None
    }

    /// The service that an unsigned form is for: the one here whose API has that version and operation.
    pub(super) fn of_form(&self, pairs: &[(String, String)]) -> Option<&'static Listed> {
        let field = |name: &str| {
            let mut pairs = pairs.iter();
            pairs.find(|(given, _)| given == name).map(|(_, it)| it)
        };
        let (action, version) = (field("Action")?, field("Version"));
        let listed = self.directory.names().filter_map(passo_model::find);
        let mut candidates = listed.filter(|listed| {
            listed.speaks(Protocol::Query) && version.is_none_or(|it| it == listed.api_version)
        });
        candidates.find(|listed| listed.model().operation(action).is_some())
    }
}

/// The pairs of a query string and of a form.
pub(super) fn fields(query: &str, body: &[u8]) -> Option<Vec<(String, String)>> {
    let mut pairs = percent::pairs(query)?;
    pairs.extend(percent::pairs(std::str::from_utf8(body).ok()?)?);
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use passo_json::Json;
    use passo_service::{BoxFuture, Call, Fault, Service};

    use super::*;

    struct Nobody;

    impl Service for Nobody {
        fn call(&self, _: Call) -> BoxFuture<'_, Result<Json, Fault>> {
            Box::pin(std::future::ready(Ok(Json::Null)))
        }
    }

    fn check(request: &str, signed_for: &str, header: (&'static str, &str), expect: &str) {
        let names = [
            "states",
            "lambda",
            "sqs",
            "iam",
            "sts",
            "apigateway",
            "apigatewayv2",
            "scheduler",
            "monitoring",
            "sns",
        ];
        let nobody: Arc<dyn Service> = Arc::new(Nobody);
        let directory = names.into_iter().fold(Directory::new(), |all, name| {
            all.with_name(name, nobody.clone())
        });
        let (method, target) = request.split_once(' ').unwrap();
        let mut request = http::Request::builder().method(method).uri(target);
        if !signed_for.is_empty() {
            let scope = format!(
                "AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/{signed_for}/aws4_request"
            );
            request = request.header("authorization", scope);
        }
        if !header.0.is_empty() {
            request = request.header(header.0, header.1);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        let found = match Router::new(directory).route(&head) {
            Destination::ObjectStorage => "objects".to_owned(),
            Destination::Service(exchange) => format!(
                "{} {:?} {}",
                exchange.service().unwrap_or("-"),
                exchange.protocol(),
                exchange.operation()
            ),
        };
        assert_eq!(
            found.trim_end(),
            expect,
            "{method} {target} {signed_for} {header:?}"
        );
    }

    const NOTHING: (&str, &str) = ("", "");
    const FORM: (&str, &str) = (
        "content-type",
        "application/x-www-form-urlencoded; charset=utf-8",
    );

    #[test]
    fn the_target_decides_first() {
        let start = ("x-amz-target", "AWSStepFunctions.StartExecution");
        check("POST /", "states", start, "states AwsJson StartExecution");
        check("POST /any/path", "", start, "states AwsJson StartExecution");
        let glue = ("x-amz-target", "AWSGlue.GetJobs");
        check("POST /", "glue", glue, "glue AwsJson GetJobs");
        check("POST /", "", ("x-amz-target", "Leap.Do"), "Leap AwsJson Do");
        let cbor = ("smithy-protocol", "rpc-v2-cbor");
        let path = "POST /service/GraniteServiceVersion20100801/operation/ListMetrics";
        check(path, "monitoring", cbor, "monitoring Cbor ListMetrics");
    }

    #[test]
    fn then_the_name_that_it_is_signed_for() {
        check("POST /", "iam", FORM, "iam Query");
        check("POST /000000000000/q", "sqs", FORM, "sqs Query");
        check(
            "GET /000000000000/q?Action=ReceiveMessage",
            "sqs",
            NOTHING,
            "sqs Query",
        );
        check("POST /", "ec2", FORM, "ec2 Ec2");
        check(
            "GET /v2/apis",
            "apigateway",
            NOTHING,
            "apigatewayv2 RestJson GetApis",
        );
        check(
            "GET /restapis",
            "apigateway",
            NOTHING,
            "apigateway RestJson GetRestApis",
        );
        check(
            "POST /2015-03-31/functions",
            "lambda",
            FORM,
            "lambda RestJson CreateFunction",
        );
        check("GET /nothing", "lambda", NOTHING, "lambda RestJson");
        check(
            "GET /2013-04-01/hostedzone",
            "route53",
            NOTHING,
            "route53 RestXml",
        );
        check("GET /bucket?Action=x", "s3", NOTHING, "objects");
        check("POST /bucket", "s3", FORM, "objects");
    }

    #[test]
    fn then_the_path() {
        check(
            "GET /schedules",
            "",
            NOTHING,
            "scheduler RestJson ListSchedules",
        );
        check("POST /", "", FORM, "- Query");
        check(
            "GET /?Action=GetCallerIdentity&Version=2011-06-15",
            "",
            NOTHING,
            "- Query",
        );
        check("PUT /bucket/key", "", FORM, "objects");
        check(
            "GET /bucket/key?X-Amz-Credential=k/20260101/us-east-1/s3/aws4_request",
            "",
            NOTHING,
            "objects",
        );
        check("GET /", "", NOTHING, "objects");
    }
}
