//! Redrives that were asked for with a token, so that asking again is not another redrive.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use passo_vocab::Timestamp;

use crate::quotas::REDRIVE_TOKEN_MILLIS_MAX;

/// Tokens remembered; beyond that those that are too old are forgotten, and new ones only kept when there is room.
const TOKENS_MAX: usize = 10_000;

/// The last redrives by execution and token. In memory only: after a restart a redrive that is asked for again is refused,
/// because the execution runs.
#[derive(Default)]
pub(crate) struct Redrives {
    noted: Mutex<BTreeMap<Asked, Timestamp>>,
}

/// An execution's ARN and a token.
type Asked = (Arc<str>, Arc<str>);

impl Redrives {
    /// When the execution was redriven with this token.
    pub(crate) fn find(
        &self,
        execution_arn: &str,
        token: &str,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let redriven_at = noted.get(&(Arc::from(execution_arn), Arc::from(token)))?;
        is_fresh(*redriven_at, now).then_some(*redriven_at)
    }

    /// Notes a redrive.
    pub(crate) fn note(&self, execution_arn: &str, token: &str, redriven_at: Timestamp) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() >= TOKENS_MAX {
            noted.retain(|_, at| is_fresh(*at, redriven_at));
        }
        if noted.len() < TOKENS_MAX {
            noted.insert((Arc::from(execution_arn), Arc::from(token)), redriven_at);
        }
    }
}

fn is_fresh(redriven_at: Timestamp, now: Timestamp) -> bool {
    now.millis_since(redriven_at) <= REDRIVE_TOKEN_MILLIS_MAX
}
