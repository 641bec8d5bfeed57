//! From a request to a call.

use std::sync::Arc;

use http::header::HOST;
use http::request::Parts;
use passo_json::Json;
use passo_model::Listed;
use passo_service::{Call, Fault, RequestId, Service};

use super::exchange::{Exchange, Wire};
use super::route::{Router, fields};
use crate::form::{Form, Naming};
use crate::problem::Problem;
use crate::rest::{Format, Head, Rest};
use crate::scope::Scope;
use crate::{awsjson, cbor};

impl Router {
    /// Makes the call of a request, and finds who answers it.
    ///
    /// # Errors
    /// The fault to answer with where the service is not here, the operation is none of its, or the body is not what the
    /// protocol wants.
    pub fn read(
        &self,
        exchange: &mut Exchange,
        head: &Parts,
        body: &[u8],
        request_id: RequestId,
    ) -> Result<(Arc<dyn Service>, Call), Fault> {
        let plain = super::packed::unpacked(&head.headers, body);
        let plain = plain.map_err(|problem| malformed(exchange, &problem))?;
        let body = &*plain;
        let query = head.uri.query().unwrap_or_default();
        let pairs = match exchange.wire {
            Wire::Query | Wire::Ec2 => Some(self.action(exchange, query, body)?),
            Wire::AwsJson { .. } | Wire::RestJson | Wire::RestXml | Wire::Cbor => None,
        };
        let unknown = || unknown(exchange);
        let name = exchange.service.as_deref().ok_or_else(unknown)?;
        let found = self.directory.by_name(name);
        let found = found.or_else(|| self.directory.by_target(name));
        let service = found.ok_or_else(|| Fault {
            message: exchange.listed.map_or_else(String::new, |listed| {
                format!(
                    "The service '{}' is neither built in nor configured.",
                    listed.name
                )
            }),
            ..unknown()
        })?;
        let service = Arc::clone(service);
        let caller = Scope::of(&head.headers, query).caller();
        let caller = caller.ok_or_else(unknown)?;
        let parameters = match (exchange.listed, pairs) {
            (Some(listed), Some(pairs)) => form(exchange, listed, head, pairs),
            (Some(listed), None) => body_of(exchange, listed, head, body),
            // The directory has a target of its own.
            (None, _) => awsjson::object(body).map(Some),
        };
        let parameters = parameters.map_err(|problem| malformed(exchange, &problem))?;
        let call = Call {
            operation: Arc::clone(&exchange.operation_name),
            parameters: parameters.ok_or_else(unknown)?,
            caller,
            request_id,
        };
        Ok((service, call))
    }

    /// The fields of a form, once service and operation are known from them.
    fn action(
        &self,
        exchange: &mut Exchange,
        query: &str,
        body: &[u8],
    ) -> Result<Vec<(String, String)>, Fault> {
        let pairs = fields(query, body)
            .ok_or_else(|| Fault::caller("MalformedInput", "The request is not a form."))?;
        let mut named = pairs.iter();
        let action = named.find(|(name, _)| name == "Action");
        let Some((_, action)) = action else {
            return Err(Fault::caller(
                "MissingAction",
                "The request must contain the parameter Action.",
            ));
        };
        exchange.operation_name = Arc::from(action.as_str());
        if exchange.listed.is_none() {
            exchange.listed = self.of_form(&pairs);
            exchange.service = exchange.listed.map(|listed| Arc::from(listed.name));
        }
        exchange.operation = exchange
            .listed
            .and_then(|listed| listed.model().operation(action));
        Ok(pairs)
    }
}

/// The parameters of a form; none where there is no such operation.
fn form(
    exchange: &Exchange,
    listed: &'static Listed,
    head: &Parts,
    mut pairs: Vec<(String, String)>,
) -> Result<Option<Json>, Problem> {
    let Some(operation) = exchange.operation else {
        return Ok(None);
    };
    pairs.retain(|(name, _)| {
        !matches!(name.as_str(), "Action" | "Version") && !name.starts_with("X-Amz-")
    });
    let naming = match exchange.wire {
        Wire::Ec2 => Naming::Ec2,
        _ if listed.is_query_compatible => Naming::Compatible,
        _ => Naming::Query,
    };
    let model = listed.model();
    let parameters = Form { model, naming }.read(operation.input, pairs)?;
    Ok(Some(with_own_address(listed, head, parameters)))
}

/// A queue's address may be that of the request itself: `POST /000000000000/queue`, `Action=SendMessage`.
fn with_own_address(listed: &Listed, head: &Parts, parameters: Json) -> Json {
    let path = head.uri.path();
    if listed.id != "sqs" || path.len() < 2 || parameters.get("QueueUrl").is_some() {
        return parameters;
    }
    let host = head.headers.get(HOST).and_then(|host| host.to_str().ok());
    match (parameters.as_object(), host) {
        (Some(members), Some(host)) => {
            let url = format!("http://{host}{path}");
            Json::from(members.clone().with("QueueUrl", url))
        }
        (_, _) => parameters,
    }
}

/// The parameters of a message with a body; none where there is no such operation.
fn body_of(
    exchange: &Exchange,
    listed: &'static Listed,
    head: &Parts,
    body: &[u8],
) -> Result<Option<Json>, Problem> {
    let format = match exchange.wire {
        Wire::AwsJson { .. } => {
            // An operation that the model does not have is for the service to refuse.
            let input = || {
                let operation = listed.model().operation(&exchange.operation_name);
                operation.and_then(|operation| operation.input)
            };
            return awsjson::read(listed, body, input).map(Some);
        }
        Wire::Cbor => {
            let Some(operation) = exchange.operation else {
                return Ok(None);
            };
            return cbor::read(listed.model(), operation.input, body).map(Some);
        }
        Wire::RestXml => Format::Xml,
        Wire::RestJson | Wire::Query | Wire::Ec2 => Format::Json,
    };
    let Some(operation) = exchange.operation else {
        return Ok(None);
    };
    let rest = Rest {
        listed,
        operation,
        format,
    };
    let head = Head {
        labels: &exchange.labels,
        query: head.uri.query().unwrap_or_default(),
        headers: &head.headers,
        status: None,
    };
    rest.read(operation.input, head, body).map(Some)
}

/// Nobody here answers that.
fn unknown(exchange: &Exchange) -> Fault {
    let action = &exchange.operation_name;
    match exchange.wire {
        Wire::Query | Wire::Ec2 => Fault::caller(
            "InvalidAction",
            format!("Could not find operation {action}."),
        ),
        Wire::AwsJson { .. } => Fault::caller("UnknownOperationException", ""),
        Wire::RestJson | Wire::RestXml | Wire::Cbor => {
            Fault::caller("UnknownOperationException", "").with_status(404)
        }
    }
}

fn malformed(exchange: &Exchange, problem: &Problem) -> Fault {
    match exchange.wire {
        Wire::Query | Wire::Ec2 => Fault::caller("MalformedInput", problem.to_string()),
        Wire::AwsJson { .. } => Fault::caller("SerializationException", ""),
        Wire::RestXml => Fault::caller("MalformedXML", problem.to_string()),
        Wire::RestJson | Wire::Cbor => Fault::caller("SerializationException", problem.to_string()),
    }
}

/// A server that has only one service.
#[cfg(test)]
pub(crate) struct Only {
    listed: &'static Listed,
    router: Router,
}

#[cfg(test)]
impl Only {
    pub(crate) fn new(listed: &'static Listed) -> Only {
        use passo_service::{BoxFuture, Directory};

        struct Nobody;
        impl Service for Nobody {
            fn call(&self, _: Call) -> BoxFuture<'_, Result<Json, Fault>> {
                Box::pin(std::future::ready(Ok(Json::Null)))
            }
        }
        let directory = Directory::new().with_name(listed.name, Arc::new(Nobody));
        let router = Router::only(listed, directory);
        Only { listed, router }
    }

    /// What it sees of a request.
    pub(crate) fn see(&self, head: &Parts, body: &[u8]) -> Result<(Exchange, Json), Fault> {
        let mut exchange = self.router.exchange_of(self.listed, head);
        let id = RequestId::new("id");
        let (_, call) = self.router.read(&mut exchange, head, body, id)?;
        Ok((exchange, call.parameters))
    }
}
