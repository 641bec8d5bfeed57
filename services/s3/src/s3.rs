//! The service: what it is made of, and how it begins.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use passo_delivery::{Outbox, Plain};
use passo_runtime::{Clock, Entropy, InFlight};
use passo_service::Peers;
use passo_store::{Space, Store, StoreError};
use s3s::service::{S3Service, S3ServiceBuilder};

use crate::backend::Core;
use crate::bodies::Bodies;
use crate::face::Face;
use crate::http_face::Hosts;
use crate::lifecycle::{Agenda, Keeper};
use crate::tables::Tables;

/// News that is delivered at the same time.
const AT_WORK_MAX: usize = 64;

/// What S3 works with.
#[derive(Clone)]
pub struct Ports {
    /// Where rows are kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for names of files and of uploads.
    pub entropy: Arc<dyn Entropy>,
    /// Where virtual time is held while news is delivered.
    pub in_flight: InFlight,
    /// Who is told what happens to objects.
    pub peers: Peers,
    /// Where bodies are kept. It is made where it is not there; nothing else may be in it.
    pub directory: PathBuf,
}

/// Why S3 could not begin.
#[derive(Debug)]
pub enum OpenError {
    /// Its rows cannot be read.
    Store(StoreError),
    /// Its directory cannot be made or read.
    Directory(io::Error),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Store(error) => write!(f, "the rows of S3: {error}"),
            OpenError::Directory(error) => write!(f, "the directory of S3: {error}"),
        }
    }
}

impl std::error::Error for OpenError {}

/// S3. Clones are the same service.
#[derive(Clone)]
pub struct S3 {
    pub(crate) service: S3Service,
    pub(crate) core: Arc<Core>,
    outbox: Outbox,
    keeper: Arc<Keeper>,
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3").finish_non_exhaustive()
    }
}

impl S3 {
    /// Reads what is there, and removes files that nothing names; deliveries go on. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// Where rows or files cannot be read.
    pub fn open(ports: Ports) -> Result<S3, OpenError> {
        let outbox = Outbox::open(passo_delivery::Ports {
            store: Arc::clone(&ports.store),
            space: Space::new("s3-delivery"),
            clock: Arc::clone(&ports.clock),
            entropy: Arc::clone(&ports.entropy),
            in_flight: ports.in_flight,
            peers: ports.peers.clone(),
            judge: Arc::new(Plain),
            at_work_max: AT_WORK_MAX,
        })
        .map_err(OpenError::Store)?;
        let tables = Tables::new(ports.store);
        let (named, last_sequence) = tables.named().map_err(OpenError::Store)?;
        let bodies = Bodies::open(ports.directory, Arc::clone(&ports.entropy), &named);
        let core = Arc::new(Core {
            tables,
            bodies: Arc::new(bodies.map_err(OpenError::Directory)?),
            clock: ports.clock,
            entropy: ports.entropy,
            outbox: outbox.clone(),
            peers: ports.peers,
            last_sequence: AtomicU64::new(last_sequence),
            agenda: Agenda::default(),
        });
        let keeper = Keeper::begin(Arc::clone(&core));
        let mut builder = S3ServiceBuilder::new(Face(Arc::clone(&core)));
        builder.set_host(Hosts);
        Ok(S3 {
            service: builder.build(),
            core,
            outbox,
            keeper: Arc::new(keeper),
        })
    }

    /// Ends deliveries and lifecycle rules; they go on after the next start.
    pub fn stop(&self) {
        self.outbox.stop();
        self.keeper.stop();
    }
}
