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
        if asks_action && scope.service() != Some("s3") {
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
        let mut candidates = passo_model::by_signing_name(signed_for);
        if asks_action {
            let speaks = |it: &&Listed| it.speaks(Protocol::Query) || it.speaks(Protocol::Ec2);
            let spoken: Vec<&'static Listed> = candidates.filter(speaks).collect();
            let embedded = spoken
                .iter()
                .find(|listed| self.directory.by_name(listed.name).is_some());
            let listed = embedded.or(spoken.first())?;
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
        let named = candidates.next()?;
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
