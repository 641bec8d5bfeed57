//! What pages ask once the server is ready: the runtime, and the services.

use std::sync::OnceLock;

use passo_json::Json;
use passo_runtime::Runtime;
use passo_service::{Call, Caller, Directory, RequestId};

use super::Refusal;

/// The server behind the pages, which is there later than they are.
#[derive(Default)]
pub(crate) struct Backstage(OnceLock<(Runtime, Directory)>);

impl Backstage {
    /// The server is ready.
    pub(crate) fn open(&self, runtime: Runtime, directory: Directory) {
        // Said once in the life of a server.
        let _ = self.0.set((runtime, directory));
    }

    /// What runs executions.
    pub(super) fn runtime(&self) -> Result<&Runtime, Refusal> {
        let ready = self.0.get().ok_or_else(Refusal::unavailable)?;
        Ok(&ready.0)
    }

    /// What Step Functions answers to a call.
    pub(super) async fn states(
        &self,
        operation: &str,
        parameters: Json,
        asked: &Asked,
    ) -> Result<Json, Refusal> {
        self.call("states", operation, parameters, asked).await
    }

    /// What a service answers to a call.
    pub(super) async fn call(
        &self,
        service: &str,
        operation: &str,
        parameters: Json,
        asked: &Asked,
    ) -> Result<Json, Refusal> {
        let ready = self.0.get().ok_or_else(Refusal::unavailable)?;
        let service = ready.1.by_name(service).ok_or_else(Refusal::unavailable)?;
        let call = Call {
            operation: operation.into(),
            parameters,
            caller: asked.caller.clone(),
            request_id: asked.request_id.clone(),
        };
        Ok(service.call(call).await?)
    }
}

/// In whose name a page asks.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) caller: Caller,
    pub(super) request_id: RequestId,
}
