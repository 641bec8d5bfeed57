//! What an answer means for a delivery.

use passo_json::Json;
use passo_service::{Fault, FaultKind};

use crate::Delivery;

/// What becomes of a delivery after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has arrived.
    Arrived,
    /// Trying again may help.
    Again,
    /// It was not really tried, for lack of room: it is tried again later, which is not counted as an attempt.
    Later,
    /// Trying again does not help.
    GiveUp,
}

/// Says what answers mean. A service that wants nothing special uses [`Plain`].
pub trait Judge: Send + Sync {
    /// What becomes of `delivery` after this answer. As a rule, what is the caller's fault stays so, except that it may have
    /// called too often.
    fn verdict(&self, delivery: &Delivery, answer: &Result<Json, Fault>) -> Verdict {
        let _ = delivery;
        match answer {
            Ok(_) => Verdict::Arrived,
            Err(fault) if fault.status == 429 || fault.code.contains("Throttl") => Verdict::Again,
            Err(fault) => match fault.kind {
                FaultKind::Caller => Verdict::GiveUp,
                FaultKind::Service | FaultKind::Machine => Verdict::Again,
            },
        }
    }

    /// What is delivered next, once `delivery` has arrived, or has been given up and has no dead-letter queue to go to,
    /// after so many attempts, the last one included.
    fn next(
        &self,
        delivery: &Delivery,
        attempts: u32,
        answer: &Result<Json, Fault>,
    ) -> Vec<Delivery> {
        let (_, _, _) = (delivery, attempts, answer);
        Vec::new()
    }
}

/// The rule without exceptions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain;

impl Judge for Plain {}
