//! One attempt at an event: a service of our own, which the outbox calls.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use passo_json::Json;
use passo_service::{BoxFuture, Call, Fault, Service};

use super::super::api::invoke;
use super::super::request::Request;
use super::super::service::Lambda;
use super::member;
use crate::{InvokeOptions, RequestId};

/// Makes the attempts at events; the directory has to have it under [`Events::NAME`].
pub struct Events {
    lambda: Arc<Lambda>,
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

impl Events {
    /// Its name in the directory; no client finds it.
    pub const NAME: &'static str = "passo-lambda-events";
    /// Its one operation.
    pub(super) const ATTEMPT: &'static str = "Attempt";
    /// The fault of an event that is too old to be tried, as the record of a failure names it.
    pub(super) const TOO_OLD: &'static str = "EventAgeExceeded";

    /// Attempts with the functions of `lambda`.
    pub fn new(lambda: Arc<Lambda>) -> Events {
        Events { lambda }
    }

    async fn attempt(&self, call: &Call) -> Result<Json, Fault> {
        let request = Request { call };
        let until = request.get(member::UNTIL).and_then(Json::as_i64);
        if until.is_some_and(|until| self.lambda.clock.now().epoch_millis() >= until) {
            return Err(Fault::caller(Events::TOO_OLD, "The event is too old."));
        }
        let target = request.target()?;
        let (function, _) = invoke::runnable(&self.lambda, &target)?;
        let payload = request.text(member::PAYLOAD).unwrap_or_default();
        let options = InvokeOptions {
            request_id: request.text(member::REQUEST_ID).and_then(RequestId::parse),
            client_context: request.text(member::CLIENT_CONTEXT).map(str::to_owned),
            qualifier: target.qualifier.clone(),
            ..InvokeOptions::default()
        };
        let payload = Bytes::copy_from_slice(payload.as_bytes());
        invoke::wait(&self.lambda.functions, &function, payload, options).await
    }
}

impl Service for Events {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            match &*call.operation {
                Events::ATTEMPT => self.attempt(&call).await,
                other => Err(Fault::service(format!("There is no {other}."))),
            }
        })
    }
}
