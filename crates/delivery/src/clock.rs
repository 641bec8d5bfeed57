//! Waiting for a time of the server's clock.

use std::time::Duration;

use passo_runtime::{Clock, UnderWay};
use passo_vocab::Timestamp;

/// How long a sleep goes on without a look at the clock, which somebody may have set.
const SLEEP_MAX: Duration = Duration::from_secs(30);

/// Waits until `clock` shows `at`. A virtual clock stands still until what is yielded is dropped.
pub async fn sleep_until(clock: &dyn Clock, at: Timestamp) -> Option<UnderWay> {
    loop {
        let now = clock.now();
        if now >= at {
            return None;
        }
        if let Some(alarm) = clock.alarm(at) {
            return Some(alarm.await);
        }
        let left = u64::try_from(at.millis_since(now)).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(left).min(SLEEP_MAX)).await;
    }
}
