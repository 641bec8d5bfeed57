//! Prometheus' form of everything that is measured (OpenMetrics text).
//!
//! Labels are bounded: beyond [`labels::VALUES_MAX`] values of a label, further ones count together as `other`.

mod aws;
mod labels;
mod process;
mod requests;

use std::sync::{Mutex, PoisonError};

use passo_runtime::Figures;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use self::aws::AwsMetrics;
use self::process::ProcessFigures;
use self::requests::Requests;
use crate::{Observation, Sink};

/// What [`Prometheus::text`] is.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Everything that Prometheus may ask for.
pub struct Prometheus {
    registry: Registry,
    aws: AwsMetrics,
    requests: Requests,
    /// What is set anew for each answer.
    process: Mutex<ProcessFigures>,
}

/// A request that was answered.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The service.
    pub service: &'a str,
    /// The operation.
    pub operation: &'a str,
    /// `success`, or the code of the error.
    pub outcome: &'a str,
    /// How long it took, in seconds.
    pub seconds: f64,
}

impl Prometheus {
    /// Nothing is measured yet.
    pub fn new() -> Prometheus {
        let mut registry = Registry::default();
        let aws = AwsMetrics::new(&mut registry);
        let requests = Requests::new(&mut registry);
        let process = ProcessFigures::new(&mut registry);
        Prometheus {
            registry,
            aws,
            requests,
            process: Mutex::new(process),
        }
    }

    /// Counts a request.
    pub fn answered(&self, request: &Request<'_>) {
        self.requests.answered(request);
    }

    /// The text that Prometheus reads. `figures` are the runtime's now, where there is one.
    pub fn text(&self, figures: Option<&Figures>) -> String {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        process.set(figures);
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

impl Default for Prometheus {
    fn default() -> Prometheus {
        Prometheus::new()
    }
}

impl Sink for Prometheus {
    fn observe(&self, observations: &[Observation]) {
        self.aws.observe(observations);
    }
}
