//! The service: finds the operation and answers.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_json::Json;
use passo_service::{BoxFuture, Call, Fault, Service};
use passo_store::{Store, StoreError};

use super::api;
use super::code::CodeStore;
use super::request::Request;
use super::table::Table;
use crate::Functions;

/// What the service needs from outside.
pub struct Ports {
    /// Where functions are kept.
    pub store: Arc<dyn Store>,
    /// Where their code is kept; a directory of its own.
    pub code_directory: PathBuf,
    /// What runs them.
    pub functions: Functions,
}

/// Lambda's API.
pub struct Lambda {
    pub(super) table: Table,
    pub(super) code: CodeStore,
    pub(super) functions: Functions,
    /// One change at a time: a change reads a row, and writes it.
    changing: Mutex<()>,
}

/// Why Lambda cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store cannot be read.
    #[error("failed to read the functions")]
    Store(#[source] StoreError),
    /// The code directory cannot be used.
    #[error("failed to use the code directory `{}`", path.display())]
    Code {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Lambda {
    /// The service over these ports. Code that no function refers to any more is removed.
    ///
    /// # Errors
    /// Where the store or the code directory cannot be used.
    pub fn open(ports: Ports) -> Result<Lambda, OpenError> {
        let Ports {
            store,
            code_directory,
            functions,
        } = ports;
        let table = Table::new(store);
        let all = table.all().map_err(OpenError::Store)?;
        let used: BTreeSet<String> = all
            .iter()
            .flat_map(|record| record.configurations())
            .map(|configuration| configuration.code_sha256.clone())
            .collect();
        let opened = CodeStore::open(&code_directory).and_then(|code| {
            code.sweep(&used)?;
            Ok(code)
        });
        let code = opened.map_err(|source| OpenError::Code {
            path: code_directory,
            source,
        })?;
        Ok(Lambda {
            table,
            code,
            functions,
            changing: Mutex::new(()),
        })
    }

    /// To be held while a row is read and written.
    pub(super) fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, request: &Request<'_>) -> Result<Json, Fault> {
        match &*request.call.operation {
            "Invoke" => api::invoke::answer(self, request).await,
            "CreateFunction" => api::function::create(self, request),
            "GetFunction" => api::function::get(self, request),
            "GetFunctionConfiguration" => api::function::get_configuration(self, request),
            "GetFunctionCodeSigningConfig" => api::function::get_code_signing(self, request),
            "UpdateFunctionCode" => api::function::update_code(self, request),
            "UpdateFunctionConfiguration" => api::function::update_configuration(self, request),
            "ListFunctions" => api::function::list(self, request),
            "DeleteFunction" => api::function::delete(self, request),
            "PublishVersion" => api::version::publish(self, request),
            "ListVersionsByFunction" => api::version::list(self, request),
            "CreateAlias" => api::alias::create(self, request),
            "GetAlias" => api::alias::get(self, request),
            "UpdateAlias" => api::alias::update(self, request),
            "DeleteAlias" => api::alias::delete(self, request),
            "ListAliases" => api::alias::list(self, request),
            "AddPermission" => api::permission::add(self, request),
            "GetPolicy" => api::permission::get(self, request),
            "RemovePermission" => api::permission::remove(self, request),
            "ListTags" => api::tag::list(self, request),
            "TagResource" => api::tag::tag(self, request),
            "UntagResource" => api::tag::untag(self, request),
            other => {
                let message = format!("The operation {other} is not supported.");
                Err(Fault::caller("UnknownOperationException", message).with_status(404))
            }
        }
    }
}

impl Service for Lambda {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move { self.answer(&Request { call: &call }).await })
    }
}
