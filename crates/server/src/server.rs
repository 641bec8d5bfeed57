//! Putting a server together, and taking it apart.

use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use passo_lambda::{Functions, Lambda};
use passo_runtime::{Clock, Entropy, Listener, Runtime, SystemClock, VirtualClock};
use passo_service::{Directory, Service};
use passo_states::{Definitions, StepFunctions};
use passo_store::{MemoryStore, Store};
use passo_store_embedded::EmbeddedStore;
use tempfile::TempDir;

use crate::entropy::SystemEntropy;
use crate::execution_ends::ExecutionEnds;
use crate::log_lines::NoLog;
use crate::mocking::{Mocks, WithMocks};
use crate::tasks::{Ready, Tasks};
use crate::{ClockKind, Configuration, Data, OpenError};

/// A server that is ready to answer.
pub struct Server {
    listener: passo_net::Server,
    address: SocketAddr,
    directory: Directory,
    runtime: Runtime,
    tasks: Arc<Tasks>,
    functions: Functions,
    /// Kept until the end: the place of what is not kept.
    _scratch: Option<TempDir>,
}

/// Where everything is kept.
struct Place {
    store: Arc<dyn Store>,
    /// For files of services.
    files: PathBuf,
    scratch: Option<TempDir>,
}

impl Server {
    /// Puts a server together: it listens, has recovered what was under way, and goes on with it. Must be called
    /// within a tokio runtime.
    ///
    /// # Errors
    /// Where address, data or machine cannot be used as wanted.
    pub async fn open(configuration: Configuration) -> Result<Server, OpenError> {
        let Configuration {
            listen,
            port,
            data,
            clock,
            mocks,
        } = configuration;
        if !listen.is_loopback() {
            return Err(OpenError::NotLoopback(listen));
        }
        let settings = passo_net::Settings::default();
        let listener = passo_net::Server::bind((listen, port).into(), settings).await?;
        let address = listener.local_address().map_err(|source| OpenError::Io {
            what: "the address",
            source,
        })?;
        let place = place(&data)?;
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy::open()?);
        let clock: Arc<dyn Clock> = match clock {
            ClockKind::Real => Arc::new(SystemClock),
            ClockKind::Virtual => Arc::new(VirtualClock::new(SystemClock.now())),
        };
        let ends = Arc::new(ExecutionEnds::default());
        let mocks = mocks.map(|file| Arc::new(Mocks::new(file)));
        let tasks = Arc::new(Tasks::new(
            Arc::clone(&clock),
            Arc::clone(&entropy),
            Arc::clone(&ends),
            mocks.clone(),
        ));
        let definitions = Arc::new(Definitions::new());
        let ports = passo_runtime::Ports {
            store: Arc::clone(&place.store),
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
            definitions: definitions.clone(),
            tasks: tasks.clone(),
            listeners: vec![Arc::clone(&ends) as Arc<dyn Listener>],
        };
        let runtime = Runtime::open(ports, passo_runtime::Settings::default())?;
        ends.count_in(runtime.in_flight().clone());
        let states = passo_states::Ports {
            store: Arc::clone(&place.store),
            clock,
            entropy: Arc::clone(&entropy),
            definitions,
            runtime: runtime.clone(),
        };
        let states = StepFunctions::open(states).map_err(|source| OpenError::Service {
            service: "states",
            source,
        })?;
        let states: Arc<dyn Service> = match mocks {
            Some(mocks) => Arc::new(WithMocks {
                mocks,
                entropy,
                service: Arc::new(states),
            }),
            None => Arc::new(states),
        };
        let functions = functions(address)?;
        let lambda = Lambda::open(passo_lambda::Ports {
            store: Arc::clone(&place.store),
            code_directory: place.files.join("lambda"),
            functions: functions.clone(),
        })?;
        let directory = Directory::new()
            .with_target("AWSStepFunctions", Arc::clone(&states))
            .with_name("states", states)
            .with_name("lambda", Arc::new(lambda));
        tasks.begin(Ready {
            runtime: runtime.clone(),
            directory: directory.clone(),
        });
        Ok(Server {
            listener,
            address,
            directory,
            runtime,
            tasks,
            functions,
            _scratch: place.scratch,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` completes. Open requests may finish; then what was taken is made durable, and tasks and
    /// functions are ended: the next start goes on with them.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        self.listener.serve(self.directory, stop).await;
        let runtime = self.runtime;
        // It waits for threads of its own.
        let _ = tokio::task::spawn_blocking(move || runtime.stop()).await;
        self.tasks.stop();
        self.functions.shutdown().await;
    }
}

fn place(data: &Data) -> Result<Place, OpenError> {
    match data {
        Data::Directory(directory) => Ok(Place {
            store: Arc::new(embedded(directory)?),
            files: directory.clone(),
            scratch: None,
        }),
        Data::Ephemeral => {
            let scratch = tempfile::tempdir().map_err(|source| OpenError::Io {
                what: "a temporary directory",
                source,
            })?;
            Ok(Place {
                store: Arc::new(MemoryStore::new()),
                files: scratch.path().to_owned(),
                scratch: Some(scratch),
            })
        }
    }
}

fn embedded(directory: &Path) -> Result<EmbeddedStore, OpenError> {
    let options = passo_store_embedded::Options::default();
    EmbeddedStore::open(directory, options).map_err(|source| OpenError::Data {
        path: directory.to_owned(),
        source,
    })
}

/// Functions that find this server where AWS would be.
fn functions(address: SocketAddr) -> Result<Functions, OpenError> {
    let mut settings = passo_lambda::Settings::default();
    settings
        .environment
        .insert("AWS_ENDPOINT_URL".to_owned(), format!("http://{address}"));
    Functions::new(settings, Arc::new(NoLog)).map_err(OpenError::Functions)
}
