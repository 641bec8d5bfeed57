//! Definitions into programs: compiled once, kept while they are in use.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use passo_asl::program::Program;
use passo_asl::{
    CompileOptions, Compiled, Diagnostic, Format, LabelledMap, WorkflowType, compile,
    invalid_definition_message,
};
use passo_json::{Json, Object};
use passo_runtime::Key;

/// Definitions kept; beyond that those that nothing else holds are forgotten, or any one.
const DEFINITIONS_MAX: usize = 1000;

/// Compiles definitions and remembers them. The runtime and the API share one.
#[derive(Default)]
pub struct Definitions {
    known: Mutex<BTreeMap<Key, Arc<Definition>>>,
}

/// A definition that can run.
pub(crate) struct Definition {
    pub(crate) program: Arc<Program>,
    /// `variableReferences`; none where no state mentions a variable (recorded).
    pub(crate) variable_references: Option<Json>,
    /// The Distributed Maps.
    pub(crate) labels: Vec<LabelledMap>,
}

impl Definitions {
    /// Nothing is known yet.
    pub fn new() -> Definitions {
        Definitions::default()
    }

    /// Compiles what a caller gave.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn check(
        &self,
        text: &str,
        workflow_type: WorkflowType,
    ) -> Result<Arc<Definition>, Vec<Diagnostic>> {
        let options = CompileOptions {
            workflow_type,
            ..CompileOptions::default()
        };
        let compiled = compile(text, Format::Json, &options)?;
        Ok(self.remember(Key::of(text), compiled))
    }

    /// What is remembered under `key`.
    pub(crate) fn known(&self, key: Key) -> Option<Arc<Definition>> {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned()
    }

    /// What a stored definition is compiled to.
    ///
    /// # Errors
    /// What is wrong with it, where this version no longer accepts it.
    pub(crate) fn get(&self, key: Key, text: &str) -> Result<Arc<Definition>, String> {
        if let Some(definition) = self.known(key) {
            return Ok(definition);
        }
        // The type was checked when the definition was given; programs are the same for both.
        self.check(text, WorkflowType::Standard)
            .map_err(|findings| invalid_definition_message(&findings, text))
    }

    fn remember(&self, key: Key, compiled: Compiled) -> Arc<Definition> {
        let references = compiled
            .variable_references
            .into_iter()
            .map(|(state, names)| {
                let names: Vec<Json> = names.into_iter().map(Json::from).collect();
                (state.shared(), Json::from(names))
            });
        let references: Object = references.collect();
        let definition = Arc::new(Definition {
            program: Arc::new(compiled.program),
            variable_references: (!references.is_empty()).then(|| Json::from(references)),
            labels: compiled.labels,
        });
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= DEFINITIONS_MAX {
            known.retain(|_, definition| Arc::strong_count(&definition.program) > 1);
        }
        if known.len() >= DEFINITIONS_MAX {
            known.pop_first();
        }
        known.insert(key, Arc::clone(&definition));
        definition
    }
}

impl passo_runtime::Definitions for Definitions {
    fn program(&self, text: &str) -> Result<Arc<Program>, String> {
        let definition = self.get(Key::of(text), text)?;
        Ok(Arc::clone(&definition.program))
    }
}
