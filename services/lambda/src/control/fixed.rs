//! Functions that are given once, and only invoked.

use std::collections::BTreeMap;

use passo_json::Json;
use passo_service::{BoxFuture, Call, Fault, Service};

use super::api::invoke;
use super::faults;
use super::request::Request;
use crate::{Function, Functions};

/// Answers `Invoke` with the functions that it was given, found by bare name whatever account and region an ARN names.
pub struct FixedFunctions {
    /// None where there is no function to run.
    functions: Option<Functions>,
    by_name: BTreeMap<String, Function>,
}

impl FixedFunctions {
    /// A service for `known`, run by `functions`.
    pub fn new(
        functions: Option<Functions>,
        known: impl IntoIterator<Item = Function>,
    ) -> FixedFunctions {
        let known = known.into_iter();
        FixedFunctions {
            functions,
            by_name: known
                .map(|function| (function.name().to_owned(), function))
                .collect(),
        }
    }
}

impl Service for FixedFunctions {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            let request = Request { call: &call };
            if &*call.operation != "Invoke" {
                let message = format!("The operation {} is not supported here.", call.operation);
                return Err(faults::invalid(message));
            }
            let mut target = request.target()?;
            let known = self.by_name.get(&target.name);
            let (Some(function), Some(functions)) = (known, &self.functions) else {
                target.account = call.caller.account.to_string();
                target.region = call.caller.region.to_string();
                return Err(invoke::not_found(&target));
            };
            invoke::invoke(functions, function, &request, target.qualifier.as_deref()).await
        })
    }
}
