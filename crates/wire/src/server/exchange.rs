//! What is known of a request besides its parameters.

use std::sync::Arc;

use passo_model::{Listed, Operation};

/// A request and its response: the protocol, and as far as it is known the service and the operation.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The service in the public models; none where the request names no service that there is.
    pub(super) listed: Option<&'static Listed>,
    /// The name of the service in the directory.
    pub(super) service: Option<Arc<str>>,
    pub(super) wire: Wire,
    /// The operation in the public models.
    pub(super) operation: Option<&'static Operation>,
    /// Its name, as the request gives it.
    pub(super) operation_name: Arc<str>,
    /// What the path's labels are.
    pub(super) labels: Vec<(&'static str, String)>,
}

/// How a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    AwsJson { is_1_1: bool },
    RestJson,
    RestXml,
    Query,
    Ec2,
    Cbor,
}

impl Exchange {
    pub(super) fn new(wire: Wire) -> Exchange {
        Exchange {
            listed: None,
            service: None,
            wire,
            operation: None,
            operation_name: Arc::from(""),
            labels: Vec::new(),
        }
    }

    /// The protocol of a response to a request that cannot be told apart: AWS JSON 1.0.
    pub fn unknown() -> Exchange {
        Exchange::new(Wire::AwsJson { is_1_1: false })
    }

    /// The service that the request is for, as the directory names it, where it is known.
    pub fn service(&self) -> Option<&str> {
        self.service.as_deref()
    }

    /// The name that requests to that service are signed for, where it is known.
    pub fn signing_name(&self) -> Option<&str> {
        match self.listed {
            Some(listed) => Some(listed.signing_name),
            None => self.service(),
        }
    }

    /// The operation, where it is known. In Query it is known once the body is read.
    pub fn operation(&self) -> &str {
        &self.operation_name
    }

    /// Whether bodies may be as large as deployed code.
    pub fn carries_code(&self) -> bool {
        matches!(self.wire, Wire::RestJson | Wire::RestXml)
    }

    /// The protocol that the request speaks.
    pub fn protocol(&self) -> passo_model::Protocol {
        match self.wire {
            Wire::AwsJson { .. } => passo_model::Protocol::AwsJson,
            Wire::RestJson => passo_model::Protocol::RestJson,
            Wire::RestXml => passo_model::Protocol::RestXml,
            Wire::Query => passo_model::Protocol::Query,
            Wire::Ec2 => passo_model::Protocol::Ec2,
            Wire::Cbor => passo_model::Protocol::Cbor,
        }
    }
}
