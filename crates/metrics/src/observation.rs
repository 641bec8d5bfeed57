//! One measurement, and who takes it.

use std::sync::Arc;

use passo_vocab::Timestamp;

use crate::Metric;

/// One measurement, in AWS's terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// What was measured.
    pub metric: Metric,
    /// The value of the metric's [`Dimension`](crate::Dimension): an ARN.
    pub of: Arc<str>,
    /// The ARN of the state machine whose execution it was: it says whose the measurement is, where `of` does not.
    pub state_machine: Arc<str>,
    /// The value, in the metric's [`Unit`](crate::Unit).
    pub value: f64,
    /// When.
    pub at: Timestamp,
}

/// Takes measurements. It is called where executions are made durable, so it must be quick.
pub trait Sink: Send + Sync {
    /// Takes some, in order.
    fn observe(&self, observations: &[Observation]);
}
