//! From a valid definition to what runs: names become ids, defaults are filled in, Maps get their labels.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use passo_vocab::StateName;

use super::{
    Block, BlockId, Catcher, Choice, ChoiceRule, DistributedMap, Map, MapMode, Parallel, Pass,
    Program, State, StateId, StateKind, Task, Transition, Wait,
};
use crate::definition::{self, Kind, Machine, Next, Rule, Scope};

/// A definition that was not validated before it was lowered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unresolved {
    name: Arc<str>,
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the definition cannot be resolved at '{}'", self.name)
    }
}

/// Lowers a machine whose validation found no error.
///
/// # Errors
/// Where a name leads nowhere or a state is incomplete, which validation should have found.
pub(crate) fn lower(machine: Machine) -> Result<Program, Unresolved> {
    let mut lowering = Lowering {
        program: Program {
            states: Vec::new(),
            blocks: Vec::new(),
            timeout_seconds: machine.timeout_seconds,
            query_language: machine.query_language,
        },
        labels: BTreeSet::new(),
    };
    lowering.take_labels(&machine.scope);
    lowering.scope(machine.scope, None)?;
    lowering.finish()
}

struct Lowering {
    program: Program,
    /// The labels that are taken.
    labels: BTreeSet<Arc<str>>,
}

/// Names of one scope.
type Names = BTreeMap<Arc<str>, StateId>;

impl Lowering {
    fn take_labels(&mut self, scope: &Scope) {
        for state in &scope.states {
            let label = state.label.as_ref().and_then(|label| label.label.clone());
            self.labels.extend(label);
            for inner in &state.scopes {
                self.take_labels(inner);
            }
        }
    }

    /// Lowers a scope and what is in it. A scope's states stand together in the table, before those of
    /// the scopes within them.
    fn scope(&mut self, scope: Scope, owner: Option<StateId>) -> Result<BlockId, Unresolved> {
        let block = BlockId::new(index_of(self.program.blocks.len()));
        let mut names = Names::new();
        for (id, state) in (self.next_id()..).zip(&scope.states) {
            names.insert(Arc::clone(&state.name), StateId::new(id));
        }
        let start = scope.start.map(|start| start.name);
        let start = resolve(&names, start.as_ref().unwrap_or(&Arc::from("StartAt")))?;
        self.program.blocks.push(Block {
            start,
            owner,
            states: scope
                .states
                .iter()
                .filter_map(|state| names.get(&state.name).copied())
                .collect(),
        });
        let mut inner = Vec::new();
        for state in scope.states {
            let id = StateId::new(self.next_id());
            let kind = state.kind.ok_or_else(|| unresolved(&state.name))?;
            let kind = self.kind(
                kind,
                &names,
                &state.name,
                state.label.and_then(|label| label.label),
            )?;
            self.program.states.push(State {
                name: StateName::new(state.name),
                block,
                query_language: state.query_language,
                kind,
            });
            inner.push((id, state.scopes));
        }
        for (id, scopes) in inner {
            for scope in scopes {
                let lowered = self.scope(scope, Some(id))?;
                self.adopt(id, lowered);
            }
        }
        Ok(block)
    }

    /// Gives a Parallel or Map the block that was lowered after it.
    fn adopt(&mut self, owner: StateId, block: BlockId) {
        let index = usize::try_from(owner.index()).unwrap_or(usize::MAX);
        match self
            .program
            .states
            .get_mut(index)
            .map(|state| &mut state.kind)
        {
            Some(StateKind::Parallel(parallel)) => parallel.branches.push(block),
            Some(StateKind::Map(map)) => map.processor = block,
            _ => {}
        }
    }

    fn kind(
        &mut self,
        kind: Kind,
        names: &Names,
        name: &Arc<str>,
        label: Option<Arc<str>>,
    ) -> Result<StateKind, Unresolved> {
        Ok(match kind {
            Kind::Task(task) => StateKind::Task(Box::new(Task {
                resource: task.resource,
                timeout_seconds: task.timeout_seconds,
                heartbeat_seconds: task.heartbeat_seconds,
                credentials: task.credentials,
                flow: task.flow,
                retry: task.retry,
                catch: catchers(task.catch, names)?,
                transition: transition(&task.next, names)?,
            })),
            Kind::Pass(pass) => StateKind::Pass(Box::new(Pass {
                result: pass.result,
                flow: pass.flow,
                transition: transition(&pass.next, names)?,
            })),
            Kind::Choice(choice) => StateKind::Choice(Box::new(Choice {
                rules: rules(choice.rules, names)?,
                default: choice
                    .default
                    .map(|name| resolve(names, &name))
                    .transpose()?,
                flow: choice.flow,
            })),
            Kind::Wait(wait) => StateKind::Wait(Box::new(Wait {
                until: wait.until,
                flow: wait.flow,
                transition: transition(&wait.next, names)?,
            })),
            Kind::Succeed(succeed) => StateKind::Succeed(succeed),
            Kind::Fail(fail) => StateKind::Fail(fail),
            Kind::Parallel(parallel) => StateKind::Parallel(Box::new(Parallel {
                branches: Vec::new(),
                flow: parallel.flow,
                retry: parallel.retry,
                catch: catchers(parallel.catch, names)?,
                transition: transition(&parallel.next, names)?,
            })),
            Kind::Map(map) => StateKind::Map(Box::new(self.map(*map, names, name, label)?)),
        })
    }

    fn map(
        &mut self,
        map: definition::Map,
        names: &Names,
        name: &str,
        label: Option<Arc<str>>,
    ) -> Result<Map, Unresolved> {
        let mode = match map.mode.distributed {
            None => MapMode::Inline,
            Some(execution_type) => MapMode::Distributed(Box::new(DistributedMap {
                execution_type,
                label: label.unwrap_or_else(|| self.new_label(name)),
                item_reader: map.item_reader,
                item_batcher: map.item_batcher,
                result_writer: map.result_writer,
                tolerated_failure_count: map.tolerated_failure_count,
                tolerated_failure_percentage: map.tolerated_failure_percentage,
            })),
        };
        Ok(Map {
            items: map.items,
            item_selector: map.item_selector,
            max_concurrency: map.max_concurrency,
            // Replaced as soon as the processor is lowered.
            processor: Program::ROOT,
            mode,
            flow: map.flow,
            retry: map.retry,
            catch: catchers(map.catch, names)?,
            transition: transition(&map.next, names)?,
        })
    }

    /// A label for a Map without one: its name without what a label must not have, cut to length, with a
    /// number where that is taken. The same definition always gets the same labels.
    fn new_label(&mut self, name: &str) -> Arc<str> {
        let legal = |character: char| character.is_alphanumeric() || "-_.".contains(character);
        let base: String = name
            .chars()
            .filter(|character| legal(*character))
            .take(32)
            .collect();
        let base = if base.is_empty() {
            "Map".to_owned()
        } else {
            base
        };
        let numbered = (2_u32..).map(|number| format!("{base}-{number}"));
        let mut candidates = std::iter::once(base.clone())
            .chain(numbered)
            .map(Arc::<str>::from);
        let label = candidates
            .find(|label| !self.labels.contains(label))
            .unwrap_or_else(|| Arc::from(base.as_str()));
        self.labels.insert(Arc::clone(&label));
        label
    }

    /// Every Parallel and Map must have got its blocks.
    fn finish(self) -> Result<Program, Unresolved> {
        for state in &self.program.states {
            let complete = match &state.kind {
                StateKind::Parallel(parallel) => !parallel.branches.is_empty(),
                StateKind::Map(map) => map.processor != Program::ROOT,
                _ => true,
            };
            if !complete {
                return Err(unresolved(&state.name.shared()));
            }
        }
        Ok(self.program)
    }

    fn next_id(&self) -> u32 {
        index_of(self.program.states.len())
    }
}

fn catchers(catchers: Vec<definition::Catcher>, names: &Names) -> Result<Vec<Catcher>, Unresolved> {
    let lowered = catchers.into_iter().map(|catcher| {
        Ok(Catcher {
            next: resolve(names, &catcher.next)?,
            error_equals: catcher.error_equals,
            result_path: catcher.result_path,
            output: catcher.output,
            assign: catcher.assign,
        })
    });
    lowered.collect()
}

fn rules(rules: Vec<Rule>, names: &Names) -> Result<Vec<ChoiceRule>, Unresolved> {
    let lowered = rules.into_iter().map(|rule| {
        Ok(ChoiceRule {
            next: resolve(names, &rule.next)?,
            condition: rule.condition,
            assign: rule.assign,
            output: rule.output,
        })
    });
    lowered.collect()
}

fn transition(next: &Next, names: &Names) -> Result<Transition, Unresolved> {
    match next {
        Next::State(name) => resolve(names, name).map(Transition::Next),
        Next::End => Ok(Transition::End),
    }
}

fn resolve(names: &Names, name: &Arc<str>) -> Result<StateId, Unresolved> {
    names.get(name).copied().ok_or_else(|| unresolved(name))
}

fn unresolved(name: &Arc<str>) -> Unresolved {
    Unresolved {
        name: Arc::clone(name),
    }
}

/// A definition of at most a megabyte has far fewer than 2^32 states.
fn index_of(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
