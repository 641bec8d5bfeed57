//! Requests: how many of which operation came to what, and how long they took.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::Request;
use super::labels::{Value, Values};

/// Upper bounds in seconds. A long poll takes a minute, a synchronous execution five.
const SECONDS: [f64; 12] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.01, 0.05, 0.25, 1.0, 5.0, 60.0, 300.0,
];

pub(super) struct Requests {
    services: Values,
    operations: Values,
    outcomes: Values,
    counts: Family<OutcomeOf, Counter>,
    times: Family<Operation, Histogram, fn() -> Histogram>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Operation {
    service: Value,
    operation: Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeOf {
    service: Value,
    operation: Value,
    outcome: Value,
}

impl Requests {
    pub(super) fn new(registry: &mut Registry) -> Requests {
        let counts = Family::default();
        registry.register(
            "passo_api_requests",
            "Requests by operation; the outcome is success or the code of the error",
            counts.clone(),
        );
        let times: Family<Operation, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(SECONDS));
        registry.register(
            "passo_api_request_seconds",
            "From the end of a request's head to its answer",
            times.clone(),
        );
        Requests {
            services: Values::default(),
            operations: Values::default(),
            outcomes: Values::default(),
            counts,
            times,
        }
    }

    pub(super) fn answered(&self, request: &Request<'_>) {
        let service = self.services.of(request.service);
        let operation = self.operations.of(request.operation);
        let outcome = self.outcomes.of(request.outcome);
        let labels = OutcomeOf {
            service: service.clone(),
            operation: operation.clone(),
            outcome,
        };
        self.counts.get_or_create(&labels).inc();
        let labels = Operation { service, operation };
        self.times.get_or_create(&labels).observe(request.seconds);
    }
}
