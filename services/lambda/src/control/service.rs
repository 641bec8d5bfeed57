//! The service: finds the operation and answers.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_delivery::Outbox;
use passo_json::Json;
use passo_records::Records;
use passo_runtime::{Clock, Entropy, InFlight};
use passo_service::{BoxFuture, Call, Fault, Peers, Service};
use passo_store::{Space, Store, StoreError};

use super::api;
use super::asynchronous::{EventJudge, EventSettings};
use super::code::CodeStore;
use super::function_url::UrlTable;
use super::layers::Layers;
use super::mappings::{self, Mappings};
use super::record::FunctionRecord;
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
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for ids.
    pub entropy: Arc<dyn Entropy>,
    /// Where virtual time is held while an event is at work.
    pub in_flight: InFlight,
    /// Where the server listens, for the URLs of functions.
    pub port: u16,
    /// Where events come from and results go: `sqs`, `sns`, `events`, `lambda`, and [`Events`](super::Events).
    pub peers: Peers,
}

/// Asynchronous invocations, and what comes of them, at the same time.
const AT_WORK_MAX: usize = 512;

/// Lambda's API.
pub struct Lambda {
    pub(super) table: Table,
    pub(super) code: CodeStore,
    pub(super) layers: Layers,
    pub(super) urls: UrlTable,
    pub(super) port: u16,
    pub(super) in_flight: InFlight,
    pub(super) functions: Functions,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) peers: Peers,
    /// How functions take events, by account, region, function and qualifier.
    pub(super) event_settings: EventSettings,
    pub(super) outbox: Outbox,
    pub(super) mappings: Mappings,
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
    /// The service over these ports; events and event source mappings go on. Code that no function refers to any more is
    /// removed. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// Where the store or the code directory cannot be used.
    pub fn open(ports: Ports) -> Result<Lambda, OpenError> {
        let Ports {
            store,
            code_directory,
            functions,
            clock,
            entropy,
            in_flight,
            port,
            peers,
        } = ports;
        let table = Table::new(Arc::clone(&store));
        let all = table.all().map_err(OpenError::Store)?;
        let records = |space| Records::new(Arc::clone(&store), Space::new(space));
        let layers = Layers::new(records("lambda-layer"), records("lambda-layer-version"));
        let mut used = layers.archives().map_err(OpenError::Store)?;
        for configuration in all.iter().flat_map(FunctionRecord::configurations) {
            used.insert(configuration.code_sha256.clone());
            let layers = configuration.layers.iter();
            used.extend(layers.map(|layer| layer.sha256.clone()));
        }
        let opened = CodeStore::open(&code_directory).and_then(|code| {
            code.sweep(&used)?;
            Ok(code)
        });
        let code = opened.map_err(|source| OpenError::Code {
            path: code_directory,
            source,
        })?;
        let outbox = Outbox::open(passo_delivery::Ports {
            store: Arc::clone(&store),
            space: Space::new("lambda-events"),
            clock: Arc::clone(&clock),
            entropy,
            in_flight: in_flight.clone(),
            peers: peers.clone(),
            judge: Arc::new(EventJudge::new(Arc::clone(&clock))),
            at_work_max: AT_WORK_MAX,
        });
        let outbox = outbox.map_err(OpenError::Store)?;
        let mappings = Mappings::open(
            records("lambda-event-source-mapping"),
            records("lambda-stream-checkpoint"),
            mappings::Parts {
                peers: peers.clone(),
                in_flight: in_flight.clone(),
                outbox: outbox.clone(),
            },
        );
        Ok(Lambda {
            table,
            code,
            layers,
            urls: UrlTable::new(
                records("lambda-function-url"),
                records("lambda-function-url-id"),
            ),
            port,
            in_flight,
            functions,
            clock,
            peers,
            event_settings: EventSettings::new(records("lambda-event-invoke-config")),
            outbox,
            mappings: mappings.map_err(OpenError::Store)?,
            changing: Mutex::new(()),
        })
    }

    /// Ends events and event source mappings; they go on after the next start.
    pub fn stop(&self) {
        self.outbox.stop();
        self.mappings.stop();
    }

    /// To be held while a row is read and written.
    pub(super) fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // tidy: long, because it is the table of operations.
    async fn answer(&self, request: &Request<'_>) -> Result<Json, Fault> {
        match &*request.call.operation {
            "Invoke" => api::invoke::answer(self, request).await,
            "CreateFunction" => api::function::create(self, request).await,
            "GetFunction" => api::function::get(self, request),
            "GetFunctionConfiguration" => api::function::get_configuration(self, request),
            "GetFunctionCodeSigningConfig" => api::function::get_code_signing(self, request),
            "UpdateFunctionCode" => api::function::update_code(self, request).await,
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
            "PutFunctionEventInvokeConfig" => api::event_invoke_config::put(self, request),
            "UpdateFunctionEventInvokeConfig" => api::event_invoke_config::update(self, request),
            "GetFunctionEventInvokeConfig" => api::event_invoke_config::get(self, request),
            "DeleteFunctionEventInvokeConfig" => api::event_invoke_config::delete(self, request),
            "ListFunctionEventInvokeConfigs" => api::event_invoke_config::list(self, request),
            "CreateEventSourceMapping" => api::event_source_mapping::create(self, request).await,
            "GetEventSourceMapping" => api::event_source_mapping::get(self, request),
            "UpdateEventSourceMapping" => api::event_source_mapping::update(self, request),
            "DeleteEventSourceMapping" => api::event_source_mapping::delete(self, request),
            "ListEventSourceMappings" => api::event_source_mapping::list(self, request),
            "PutFunctionConcurrency" => api::concurrency::put(self, request),
            "GetFunctionConcurrency" => api::concurrency::get(self, request),
            "DeleteFunctionConcurrency" => api::concurrency::delete(self, request),
            "PutProvisionedConcurrencyConfig" => api::provisioned::put(self, request),
            "GetProvisionedConcurrencyConfig" => api::provisioned::get(self, request),
            "DeleteProvisionedConcurrencyConfig" => api::provisioned::delete(self, request),
            "ListProvisionedConcurrencyConfigs" => api::provisioned::list(self, request),
            "CreateFunctionUrlConfig" => api::function_url::create(self, request),
            "GetFunctionUrlConfig" => api::function_url::get(self, request),
            "UpdateFunctionUrlConfig" => api::function_url::update(self, request),
            "DeleteFunctionUrlConfig" => api::function_url::delete(self, request),
            "ListFunctionUrlConfigs" => api::function_url::list(self, request),
            "GetAccountSettings" => api::account::get(self, request),
            "PublishLayerVersion" => api::layer::publish(self, request).await,
            "GetLayerVersion" => api::layer::get(self, request),
            "GetLayerVersionByArn" => api::layer::get_by_arn(self, request),
            "ListLayerVersions" => api::layer::list_versions(self, request),
            "ListLayers" => api::layer::list(self, request),
            "DeleteLayerVersion" => api::layer::delete(self, request),
            "AddLayerVersionPermission" => api::layer_permission::add(self, request),
            "GetLayerVersionPolicy" => api::layer_permission::get(self, request),
            "RemoveLayerVersionPermission" => api::layer_permission::remove(self, request),
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
