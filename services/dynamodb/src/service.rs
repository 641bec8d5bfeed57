//! The service: finds the caller's database and lets it answer, away from the threads that serve requests.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use passo_json::Json;
use passo_service::{BoxFuture, Call, Fault, Service};

use crate::databases::Databases;
use crate::{arns, dispatch, faults};

/// How often items whose time to live is over are looked for. AWS takes up to days.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// The APIs of DynamoDB and DynamoDB Streams. Clones are the same service.
#[derive(Clone)]
pub struct DynamoDb {
    databases: Arc<Databases>,
}

impl std::fmt::Debug for DynamoDb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DynamoDb").finish_non_exhaustive()
    }
}

impl DynamoDb {
    /// The service with its databases in `folder`, which is made when it is needed. Must be called within a tokio
    /// runtime; items expire for as long as the service lives, by the machine's clock.
    pub fn new(folder: PathBuf) -> DynamoDb {
        let databases = Arc::new(Databases::new(folder));
        let expiring = Arc::downgrade(&databases);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(SWEEP_EVERY).await;
                let Some(databases) = expiring.upgrade() else {
                    return;
                };
                // What fails now is swept the next time.
                let _ = tokio::task::spawn_blocking(move || databases.sweep()).await;
            }
        });
        DynamoDb { databases }
    }

    async fn answer(&self, call: Call) -> Result<Json, Fault> {
        let databases = Arc::clone(&self.databases);
        let caller = call.caller.clone();
        let done = tokio::task::spawn_blocking(move || {
            let database = databases.open(&call.caller)?;
            let given = arns::outside_in(&call.operation, &call.parameters, &call.caller);
            let answer = dispatch::call(&database, &call.operation, &given.to_text())?;
            let answer =
                Json::parse(&answer).map_err(|_| Fault::service("an unreadable answer"))?;
            Ok(arns::inside_out(&call.operation, answer, &call.caller))
        });
        if let Ok(answer) = done.await {
            return answer;
        }
        // It panicked, so its lock is of no use any more; what was committed is in the file.
        self.databases.close(&caller);
        Err(faults::broken())
    }
}

impl Service for DynamoDb {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(self.answer(call))
    }
}
