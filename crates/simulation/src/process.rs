//! One life of the process: a partition, turns on their way to the disk, and what is known only in memory.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use passo_asl::program::Program;
use passo_asl::{CompileOptions, Format};
use passo_engine::TaskId;
use passo_runtime::{ActivityTask, Definitions, Key, Partition, Settings, Turn};
use passo_store::{FaultyStore, StoreError};
use passo_vocab::Timestamp;

/// Everything that a crash takes away.
pub(crate) struct Process {
    pub(crate) partition: Partition,
    /// Decided but not durable, oldest first.
    pub(crate) pending: VecDeque<Turn>,
    /// The last turn that is durable.
    pub(crate) durable: u64,
    /// Tasks that wait for a worker.
    pub(crate) offers: BTreeMap<Key, BTreeSet<ActivityTask>>,
    /// Tasks asked for in this life.
    pub(crate) asked: BTreeSet<(Key, Timestamp, TaskId)>,
    /// How far each journal was told to listeners in this life: every place that fits what they heard.
    pub(crate) told: BTreeMap<(Key, Timestamp), Vec<usize>>,
}

impl Process {
    /// Starts on what the disk holds.
    pub(crate) fn start(
        store: &FaultyStore,
        definitions: &Arc<Compiler>,
        settings: Settings,
        now: Timestamp,
        seed: u64,
    ) -> Result<Process, StoreError> {
        let mut partition = Partition::new(Arc::new(store.clone()), definitions.clone(), settings);
        partition.recover(now, seed)?;
        Ok(Process {
            partition,
            pending: VecDeque::new(),
            durable: 0,
            offers: BTreeMap::new(),
            asked: BTreeSet::new(),
            told: BTreeMap::new(),
        })
    }
}

/// Compiles definitions, each once.
#[derive(Default)]
pub(crate) struct Compiler {
    known: Mutex<BTreeMap<String, Arc<Program>>>,
}

impl Definitions for Compiler {
    fn program(&self, text: &str) -> Result<Arc<Program>, String> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(program) = known.get(text) {
            return Ok(program.clone());
        }
        let compiled = passo_asl::compile(text, Format::Json, &CompileOptions::default());
        let program = Arc::new(
            compiled
                .map_err(|diagnostics| format!("{diagnostics:?}"))?
                .program,
        );
        known.insert(text.to_owned(), program.clone());
        Ok(program)
    }
}
