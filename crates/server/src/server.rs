//! Putting a server together, and taking it apart.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use passo_lambda::Functions;
use passo_logs::{ExecutionLog, Logs};
use passo_runtime::{Clock, Entropy, Listener, Runtime, SystemClock, VirtualClock};
use passo_service::{Directory, Peers};
use passo_states::Definitions;
use tempfile::TempDir;

use crate::entropy::SystemEntropy;
use crate::execution_ends::ExecutionEnds;
use crate::mocking::Mocks;
use crate::place::Place;
use crate::services::{self, Parts};
use crate::tasks::{Ready, Tasks};
use crate::{ClockKind, Configuration, OpenError};

/// A server that is ready to answer.
pub struct Server {
    listener: passo_net::Server,
    address: SocketAddr,
    directory: Directory,
    runtime: Runtime,
    tasks: Arc<Tasks>,
    functions: Functions,
    execution_log: Arc<ExecutionLog>,
    peers: Peers,
    /// Kept until the end: the place of what is not kept.
    _scratch: Option<TempDir>,
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
        let (listener, address) = listen_on(listen, port).await?;
        let place = Place::open(&data)?;
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy::open()?);
        let clock = clock_of(clock);
        let ends = Arc::new(ExecutionEnds::default());
        let mocks = mocks.map(|file| Arc::new(Mocks::new(file)));
        let tasks = Arc::new(Tasks::new(
            Arc::clone(&clock),
            Arc::clone(&entropy),
            Arc::clone(&ends),
            mocks.clone(),
        ));
        let logs = Arc::new(Logs::new(Arc::clone(&place.store), Arc::clone(&clock)));
        let execution_log = Arc::new(ExecutionLog::new(Arc::clone(&logs)));
        let definitions = Arc::new(Definitions::new());
        let ports = passo_runtime::Ports {
            store: Arc::clone(&place.store),
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
            definitions: definitions.clone(),
            tasks: tasks.clone(),
            listeners: vec![
                Arc::clone(&ends) as Arc<dyn Listener>,
                Arc::clone(&execution_log) as Arc<dyn Listener>,
            ],
        };
        let runtime = Runtime::open(ports, passo_runtime::Settings::default())?;
        ends.count_in(runtime.in_flight().clone());
        let functions = services::functions(address, Arc::clone(&logs))?;
        let peers = Peers::new();
        let parts = Parts {
            place: &place,
            peers: peers.clone(),
            clock,
            entropy,
            definitions,
            runtime: runtime.clone(),
            functions: functions.clone(),
            logs,
            mocks,
        };
        let directory = services::directory(parts)?;
        peers.open(directory.clone());
        execution_log.begin(runtime.clone(), directory.clone());
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
            execution_log,
            peers,
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
        self.execution_log.stop();
        self.peers.close();
        self.functions.shutdown().await;
    }
}

async fn listen_on(
    listen: IpAddr,
    port: u16,
) -> Result<(passo_net::Server, SocketAddr), OpenError> {
    if !listen.is_loopback() {
        return Err(OpenError::NotLoopback(listen));
    }
    let settings = passo_net::Settings::default();
    let listener = passo_net::Server::bind((listen, port).into(), settings).await?;
    let address = listener.local_address();
    let address = address.map_err(|source| OpenError::Io {
        what: "the address",
        source,
    })?;
    Ok((listener, address))
}

fn clock_of(kind: ClockKind) -> Arc<dyn Clock> {
    match kind {
        ClockKind::Real => Arc::new(SystemClock),
        ClockKind::Virtual => Arc::new(VirtualClock::new(SystemClock.now())),
    }
}
