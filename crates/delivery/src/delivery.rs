//! What is delivered, and how hard it is tried.

use std::sync::Arc;

use passo_json::Json;
use passo_service::Caller;

/// One call of another service.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The service's name in the directory.
    pub service: Arc<str>,
    /// The operation.
    pub operation: Arc<str>,
    /// Its parameters.
    pub parameters: Json,
    /// On whose behalf, and where.
    pub caller: Caller,
    /// How hard it is tried.
    pub retry: Retry,
    /// Where it goes if it does not arrive; nowhere if not set.
    pub dead_letter: Option<DeadLetter>,
    /// Deliveries of one group are made one after another, in the order in which they were put.
    pub group: Option<Arc<str>>,
    /// Whatever the one who put it wants to know at the end. Null if nothing.
    pub note: Json,
}

/// How often, and for how long, a delivery is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Attempts after the first one.
    pub retries_max: u32,
    /// Milliseconds after which it is not tried again.
    pub age_max_millis: i64,
    /// Milliseconds before the first retry; each pause is twice the one before.
    pub pause_first_millis: i64,
    /// The longest pause in milliseconds.
    pub pause_max_millis: i64,
}

impl Default for Retry {
    /// EventBridge's: 185 retries within 24 hours. Source: EventBridge User Guide, "Retry policy".
    fn default() -> Retry {
        Retry {
            retries_max: 185,
            age_max_millis: 86_400_000,
            pause_first_millis: 1_000,
            pause_max_millis: 600_000,
        }
    }
}

impl Retry {
    /// The pause after `attempts` attempts.
    pub(crate) fn pause_millis(&self, attempts: u32) -> i64 {
        let doubled = 1_i64
            .checked_shl(attempts.saturating_sub(1).min(40))
            .and_then(|factor| factor.checked_mul(self.pause_first_millis));
        doubled.map_or(self.pause_max_millis, |pause| {
            pause.min(self.pause_max_millis)
        })
    }
}

/// What a dead-letter queue gets.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadLetter {
    /// The queue's ARN.
    pub queue_arn: Arc<str>,
    /// The message's body.
    pub body: Arc<str>,
    /// `MessageAttributes` of the message, to which `ERROR_CODE`, `ERROR_MESSAGE`, `RETRY_ATTEMPTS` and, where it
    /// was tried until it might not be tried again, `EXHAUSTED_RETRY_CONDITION` are added; null for none at all.
    pub attributes: Json,
    /// `MessageGroupId` where the queue is a FIFO queue.
    pub message_group: Option<Arc<str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_until_they_are_long_enough() {
        let retry = Retry {
            pause_first_millis: 10,
            pause_max_millis: 35,
            ..Retry::default()
        };
        let pauses: Vec<i64> = [1, 2, 3, 100]
            .map(|attempts| retry.pause_millis(attempts))
            .into();
        assert_eq!(pauses, [10, 20, 35, 35]);
    }
}
