//! One life of the process: its partitions, turns on their way to the disk, and what is known only in memory.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use passo_asl::program::Program;
use passo_asl::{CompileOptions, Format};
use passo_engine::TaskId;
use passo_runtime::{ActivityTask, Definitions, Key, Settings};
use passo_store::{FaultyStore, Store, StoreError};
use passo_vocab::Timestamp;

use crate::partitions::{Ended, Partitions};

/// Everything that a crash takes away.
pub(crate) struct Process {
    pub(crate) partitions: Partitions,
    /// Decided but not durable, oldest first.
    pub(crate) pending: VecDeque<Ended>,
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
        let store: Arc<dyn Store> = Arc::new(store.clone());
        let definitions: Arc<dyn Definitions> = definitions.clone();
        Ok(Process {
            partitions: Partitions::start(&store, &definitions, settings, now, seed)?,
            pending: VecDeque::new(),
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
