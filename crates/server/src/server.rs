//! Putting a server together, and taking it apart.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use passo_cloudwatch::Tally;
use passo_lambda::Functions;
use passo_logs::{ExecutionLog, Logs};
use passo_metrics::{ExecutionMetrics, Prometheus, Sink};
use passo_net::{Home, Objects, Site};
use passo_runtime::{Clock, Entropy, Listener, Runtime, SystemClock, VirtualClock};
use passo_service::{Directory, Peers, Service};
use passo_sns::Mailbox;
use tempfile::TempDir;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use crate::audience::Audience;
use crate::data_sets::DataSets;
use crate::decisions::Decisions;
use crate::entropy::SystemEntropy;
use crate::execution_ends::ExecutionEnds;
use crate::execution_trace::ExecutionTrace;
use crate::health::Health;
use crate::issuer::Issuer;
use crate::message_signer::MessageSigner;
use crate::mocking::Mocks;
use crate::objects::ObjectStorage;
use crate::open_files;
#[cfg(feature = "otel")]
use crate::otel::{Sending, Traces};
use crate::own_metrics::{self, OwnMetrics};
use crate::place::Place;
use crate::services::{self, Parts, Services};
use crate::site::{ClockPage, Facts, MocksPage, Pages, Sessions, Streams, TasksPage};
use crate::status_events::{StatusEvents, status_events};
use crate::tasks::{Ready, Tasks};
use crate::watching::Watching;
use crate::{ClockKind, Configuration, OpenError};

/// A server that is ready to answer.
pub struct Server {
    address: SocketAddr,
    health: Arc<Health>,
    audience: Audience,
    door: Door,
    runtime: Runtime,
    tasks: Arc<Tasks>,
    data_sets: Arc<DataSets>,
    functions: Functions,
    execution_log: Arc<ExecutionLog>,
    services: Services,
    peers: Peers,
    #[cfg(feature = "otel")]
    sending: Option<Sending>,
    /// Kept until the end: the place of what is not kept.
    _scratch: Option<TempDir>,
}

/// What a server begins with, before it looks at its data.
struct Ground {
    mail: Arc<dyn Service>,
    clock: Arc<dyn Clock>,
    movable: Option<Arc<VirtualClock>>,
    mocks: Arc<Mocks>,
    health: Arc<Health>,
    watching: Arc<Watching>,
    metrics: Arc<Prometheus>,
    tally: Arc<Tally>,
    audience: Audience,
    issuer: Option<Issuer>,
    signer: Arc<MessageSigner>,
    #[cfg(feature = "otel")]
    traces: Option<(Arc<Traces>, Sending)>,
}

impl Server {
    /// Puts a server together: it listens, has recovered what was under way, and goes on with it. Must be called
    /// within a tokio runtime of several threads: `/health` is answered while this recovers.
    ///
    /// # Errors
    /// Where address, data or machine cannot be used as wanted.
    pub async fn open(configuration: Configuration) -> Result<Server, OpenError> {
        let (listener, address) = listen_on(&configuration).await?;
        let place = Place::open(&configuration.data)?;
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy::open()?);
        let (ground, pages) = ground(&configuration, address, &place, &entropy)?;
        let (clock, mocks) = (Arc::clone(&ground.clock), Arc::clone(&ground.mocks));
        let settings = runtime_settings(&configuration);
        let door = Door::open(listener, pages, &ground, configuration.home);
        let (peers, ends) = (Peers::new(), Arc::<ExecutionEnds>::default());
        let (tasks, data_sets) = (ground.tasks(&ends), data_sets(&entropy));
        let logs = Arc::new(Logs::new(Arc::clone(&place.store), Arc::clone(&clock)));
        let execution_log = Arc::new(ExecutionLog::new(Arc::clone(&logs)));
        let (status_events, status_sender) = status_events();
        let ports = passo_runtime::Ports {
            store: Arc::clone(&place.store),
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
            definitions: ground.audience.definitions.clone(),
            tasks: tasks.clone(),
            data: data_sets.clone(),
            listeners: ground.listeners(&ends, &execution_log, status_events),
        };
        let runtime = Runtime::open(ports, settings)?;
        ground.recovered(&runtime, &ends);
        let functions = ground.functions(address, &logs)?;
        let parts = Parts {
            place: &place,
            address,
            peers: peers.clone(),
            clock,
            entropy,
            definitions: Arc::clone(&ground.audience.definitions),
            runtime: runtime.clone(),
            functions: functions.clone(),
            logs,
            tally: ground.tally,
            mocks,
            mail: ground.mail,
            issuer: ground.issuer,
            signer: ground.signer,
        };
        let services = services::open(&parts)?;
        let directory = configuration.remotes.put_into(services.directory.clone())?;
        peers.open(directory.clone());
        tokio::spawn(status_sender.run(Arc::clone(&services.events), directory.clone()));
        execution_log.begin(runtime.clone(), directory.clone());
        tasks.begin(Ready::new(&runtime, &directory));
        data_sets.begin(Ready::new(&runtime, &directory));
        ground.audience.open(&runtime, &directory);
        door.lead_to(&services, directory);
        ground.health.ready();
        tracing::info!(%address, "requests are answered");
        Ok(Server {
            address,
            health: ground.health,
            audience: ground.audience,
            door,
            runtime,
            tasks,
            data_sets,
            functions,
            execution_log,
            services,
            peers,
            #[cfg(feature = "otel")]
            sending: ground.traces.map(|(_, sending)| sending),
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
        stop.await;
        self.health.stopping();
        self.audience.live.stop();
        tracing::info!("open requests are finished, then the server stops");
        self.door.close().await;
        let runtime = self.runtime;
        // It waits for threads of its own.
        let _ = tokio::task::spawn_blocking(move || runtime.stop()).await;
        self.tasks.stop();
        self.data_sets.stop();
        self.execution_log.stop();
        self.services.stop();
        self.peers.close();
        self.functions.shutdown().await;
        #[cfg(feature = "otel")]
        if let Some(sending) = self.sending {
            sending.end().await;
        }
        tracing::info!("the server has stopped");
    }
}

fn runtime_settings(configuration: &Configuration) -> passo_runtime::Settings {
    let default = passo_runtime::Settings::default();
    let partitions = configuration.partitions;
    passo_runtime::Settings {
        wait_scale: configuration.wait_scale,
        partitions: partitions.map_or(default.partitions, |number| number.get().into()),
        ..default
    }
}

/// The listener at work. It answers from the beginning: the server's own pages at once, calls once there are services.
struct Door {
    services: watch::Sender<Option<Directory>>,
    objects: Arc<OnceLock<Arc<dyn Objects>>>,
    web: Arc<OnceLock<Vec<Arc<dyn Site>>>>,
    stop: oneshot::Sender<()>,
    answering: JoinHandle<()>,
}

impl Door {
    /// From now on requests are answered by these services. Nobody asks before there are any.
    fn lead_to(&self, services: &Services, directory: Directory) {
        let s3: Arc<dyn Objects> = Arc::new(ObjectStorage(services.s3.clone()));
        let _ = self.objects.set(s3);
        let _ = self.web.set(services.web_sites());
        self.services.send_replace(Some(directory));
    }

    fn open(listener: passo_net::Server, pages: Pages, ground: &Ground, home: Home) -> Door {
        let (services, services_out) = watch::channel(None);
        let objects = Arc::<OnceLock<_>>::default();
        let web = Arc::<OnceLock<_>>::default();
        let gateway = passo_net::Gateway {
            services: services_out,
            site: Arc::new(pages),
            web: Arc::clone(&web),
            home,
            watch: ground.watching.clone(),
            keys: ground.issuer.as_ref().map(Issuer::keys),
            objects: Arc::clone(&objects),
        };
        let (stop, stopped) = oneshot::channel();
        let answering = tokio::spawn(listener.serve(gateway, async {
            // An end of the other side is a wish to stop, too.
            let _ = stopped.await;
        }));
        Door {
            services,
            objects,
            web,
            stop,
            answering,
        }
    }

    /// Takes no more requests, and waits for those that are open.
    async fn close(self) {
        // The listener waits for nothing else.
        let _ = self.stop.send(());
        let _ = self.answering.await;
    }
}

impl Ground {
    /// Who does tasks.
    fn tasks(&self, ends: &Arc<ExecutionEnds>) -> Arc<Tasks> {
        Arc::new(Tasks::new(Arc::clone(&self.clock), Arc::clone(ends)))
    }

    /// Functions that print to `logs`, on a server that listens on `address`.
    fn functions(&self, address: SocketAddr, logs: &Arc<Logs>) -> Result<Functions, OpenError> {
        let issuer = self.issuer.clone();
        services::functions(address, logs, &self.clock, &self.tally, issuer)
    }

    /// Who hears of executions.
    fn listeners(
        &self,
        ends: &Arc<ExecutionEnds>,
        execution_log: &Arc<ExecutionLog>,
        status_events: StatusEvents,
    ) -> Vec<Arc<dyn Listener>> {
        let own: Arc<dyn Sink> = Arc::new(OwnMetrics(Arc::clone(&self.tally)));
        let metrics = ExecutionMetrics::new(vec![Arc::clone(&self.metrics) as Arc<dyn Sink>, own]);
        let listeners: Vec<Arc<dyn Listener>> = vec![
            Arc::clone(ends) as Arc<dyn Listener>,
            Arc::clone(execution_log) as Arc<dyn Listener>,
            Arc::new(metrics),
            Arc::new(ExecutionTrace),
            Arc::new(status_events),
        ];
        let listeners = listeners
            .into_iter()
            .chain(self.audience.listeners())
            .collect();
        #[cfg(feature = "otel")]
        let listeners = {
            let traces = self.traces.as_ref();
            let traces = traces.map(|(traces, _)| Arc::clone(traces) as Arc<dyn Listener>);
            listeners.into_iter().chain(traces).collect()
        };
        listeners
    }

    /// Tells those who wait for the runtime.
    fn recovered(&self, runtime: &Runtime, ends: &ExecutionEnds) {
        ends.count_in(runtime.in_flight().clone());
        self.health.recovered(runtime.clone());
        self.watching.count_in(runtime.in_flight().clone());
        if let Some(clock) = &self.movable {
            clock.count_in(runtime.in_flight().clone());
        }
        #[cfg(feature = "otel")]
        if let Some((traces, _)) = &self.traces {
            traces.read_from(runtime.clone());
        }
    }
}

/// Who reads data sets and writes results.
fn data_sets(entropy: &Arc<dyn Entropy>) -> Arc<DataSets> {
    Arc::new(DataSets::new(Arc::clone(entropy)))
}

/// What does not depend on any data, and the pages that show it.
fn ground(
    configuration: &Configuration,
    address: SocketAddr,
    place: &Place,
    entropy: &Arc<dyn Entropy>,
) -> Result<(Ground, Pages), OpenError> {
    let (clock, movable): (Arc<dyn Clock>, _) = match configuration.clock {
        ClockKind::Real => (Arc::new(SystemClock), None),
        ClockKind::Virtual => {
            let clock = Arc::new(VirtualClock::new(SystemClock.now()));
            (Arc::clone(&clock) as Arc<dyn Clock>, Some(clock))
        }
    };
    let mocks = Arc::new(Mocks::new(configuration.mocks.clone()));
    let health = Arc::new(Health::default());
    let metrics = Arc::new(Prometheus::new());
    let watching = Watching::new(Arc::clone(&metrics), movable.is_some());
    #[cfg(feature = "otel")]
    let traces = match &configuration.otlp_endpoint {
        Some(endpoint) => Some(Traces::begin(endpoint).map_err(OpenError::Traces)?),
        None => None,
    };
    #[cfg(feature = "otel")]
    let watching = watching.with_traces(traces.as_ref().map(|(traces, _)| Arc::clone(traces)));
    let mailbox = Arc::new(Mailbox::new(Arc::clone(&place.store), Arc::clone(&clock)));
    let endpoint = format!("http://{}", services::here(address));
    let signer = MessageSigner::new(place.files.join("sns"), endpoint, Arc::clone(entropy));
    let signer = Arc::new(signer);
    let keys = configuration.access_keys.clone();
    let issuer = keys.map(|keys| Issuer::new(keys.ring(&**entropy), Arc::clone(entropy)));
    let ground = Ground {
        audience: Audience::default(),
        mail: services::mail(configuration.mail.as_ref(), Arc::clone(&mailbox))?,
        clock,
        movable,
        mocks,
        health,
        watching: Arc::new(watching),
        metrics,
        tally: Arc::new(own_metrics::tally()),
        signer,
        issuer,
        #[cfg(feature = "otel")]
        traces,
    };
    let pages = pages(&ground, configuration, (address, place), entropy, mailbox);
    Ok((ground, pages))
}

/// The server's own pages.
fn pages(
    ground: &Ground,
    configuration: &Configuration,
    (address, place): (SocketAddr, &Place),
    entropy: &Arc<dyn Entropy>,
    mailbox: Arc<Mailbox>,
) -> Pages {
    let audience = &ground.audience;
    Pages {
        sessions: Sessions::new(ground.issuer.clone(), Arc::clone(&place.store)),
        streams: Streams {
            live: Arc::clone(&audience.live),
            definitions: Arc::clone(&audience.definitions),
        },
        tasks: TasksPage {
            decisions: Arc::new(Decisions::new(Arc::clone(&place.store))),
            waiting: Arc::clone(&audience.waiting),
            definitions: Arc::clone(&audience.definitions),
        },
        signer: Arc::clone(&ground.signer),
        audience: audience.clone(),
        entropy: Arc::clone(entropy),
        mailbox,
        health: Arc::clone(&ground.health),
        facts: Facts {
            started_at: SystemClock.now(),
            address: address.to_string(),
            data: configuration.data.clone(),
        },
        clock: ClockPage {
            clock: Arc::clone(&ground.clock),
            movable: ground.movable.clone(),
        },
        mocks: MocksPage {
            mocks: Arc::clone(&ground.mocks),
            path: configuration.mock_path.clone(),
        },
        metrics: Arc::clone(&ground.metrics),
        metrics_token: configuration.metrics_token.clone(),
    }
}

async fn listen_on(
    configuration: &Configuration,
) -> Result<(passo_net::Server, SocketAddr), OpenError> {
    let listen = configuration.listen;
    if !listen.is_loopback() && configuration.access_keys.is_none() {
        return Err(OpenError::NotLoopback(listen));
    }
    let mut settings = passo_net::Settings::default();
    settings.connections_max = open_files::connections_max(settings.connections_max);
    let listener = passo_net::Server::bind((listen, configuration.port).into(), settings);
    let mut listener = listener.await?;
    let address = listener.local_address();
    let address = address.map_err(|source| OpenError::Io {
        what: "the address",
        source,
    })?;
    if let Some(port) = configuration.also_port {
        listener = listener.and_on((listen, port).into()).await?;
    }
    Ok((listener, address))
}
