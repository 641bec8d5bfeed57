//! Many clients at once, on one thread.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::LocalSet;

use super::client::{Api, Connection};

/// What a load was like for those who made it.
pub struct Load {
    /// From the first request to the last answer.
    pub elapsed: Duration,
    /// How long each call took, sorted.
    latencies: Vec<Duration>,
}

impl Load {
    /// The time that `share` of the calls stayed below.
    pub fn quantile(&self, share: f64) -> Duration {
        quantile(&self.latencies, share)
    }
}

/// The time that `share` of `sorted` stays below.
pub fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let count = f64::from(u32::try_from(sorted.len()).unwrap_or(u32::MAX));
    let wanted = count * share;
    let position = (0_u32..).take_while(|index| f64::from(*index) < wanted);
    let index = position.count().saturating_sub(1);
    sorted.get(index).copied().unwrap_or_default()
}

/// Calls an operation of Step Functions `total` times from `clients` connections; `parameters` makes the request of each call.
///
/// # Errors
/// Where one call fails.
pub async fn drive(
    address: SocketAddr,
    clients: usize,
    total: u64,
    operation: &'static str,
    parameters: impl Fn(u64) -> String + 'static,
) -> Result<Load> {
    drive_of(Api::STATES, address, clients, total, operation, parameters).await
}

/// As [`drive`], of `api`.
///
/// # Errors
/// Where one call fails.
pub async fn drive_of(
    api: Api,
    address: SocketAddr,
    clients: usize,
    total: u64,
    operation: &'static str,
    parameters: impl Fn(u64) -> String + 'static,
) -> Result<Load> {
    let next = Rc::new(Cell::new(0));
    let latencies = Rc::new(RefCell::new(Vec::new()));
    let parameters = Rc::new(parameters);
    let local = LocalSet::new();
    let mut connections = Vec::new();
    for _ in 0..clients {
        connections.push(Connection::open(address).await?);
    }
    let start = Instant::now();
    let mut tasks = Vec::new();
    for mut connection in connections {
        let (next, latencies) = (next.clone(), latencies.clone());
        let parameters = parameters.clone();
        tasks.push(local.spawn_local(async move {
            loop {
                let number = next.get();
                if number >= total {
                    return anyhow::Ok(());
                }
                next.set(number + 1);
                let parameters = parameters(number);
                let asked = Instant::now();
                connection.call_of(api, operation, &parameters).await?;
                latencies.borrow_mut().push(asked.elapsed());
            }
        }));
    }
    local
        .run_until(async {
            for task in tasks {
                task.await??;
            }
            anyhow::Ok(())
        })
        .await?;
    let elapsed = start.elapsed();
    let mut latencies = latencies.take();
    latencies.sort();
    Ok(Load { elapsed, latencies })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_calls_stay_below_the_median() {
        let times: Vec<Duration> = (1..=9).map(Duration::from_millis).collect();
        assert_eq!(quantile(&times, 0.5), Duration::from_millis(5));
        assert_eq!(quantile(&times, 1.0), Duration::from_millis(9));
        assert_eq!(quantile(&[], 0.5), Duration::ZERO);
    }
}
