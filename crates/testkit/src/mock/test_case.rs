//! One test case at work: it counts the invocations of each mocked state.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use passo_vocab::{ErrorName, Failure};

use super::{MockedAnswer, MockedResponse};

/// The mocked states of one test case, for one execution.
#[derive(Debug)]
pub struct MockCase {
    name: Arc<str>,
    states: BTreeMap<Arc<str>, Arc<MockedResponse>>,
    /// How often each state was invoked. Map iterations and children share the count, as in Step Functions Local.
    invocations: Mutex<BTreeMap<Arc<str>, u32>>,
}

/// A mock file has no such state machine or test case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCase {
    wanted: String,
    /// What the file has instead.
    pub known: Vec<Arc<str>>,
}

impl MockCase {
    pub(super) fn new(name: Arc<str>, states: BTreeMap<Arc<str>, Arc<MockedResponse>>) -> MockCase {
        MockCase {
            name,
            states,
            invocations: Mutex::default(),
        }
    }

    /// The name of the test case.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The states it mocks, in the order of their names.
    pub fn state_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.states.keys()
    }

    /// Counts an invocation of `state` and gives its answer; nothing where the state is not mocked.
    /// An invocation that the file does not cover fails with `States.Runtime`, which no Catch of
    /// `States.ALL` takes, so that the execution shows it.
    pub fn invoke(&self, state: &str) -> Option<MockedAnswer> {
        let response = self.states.get(state)?;
        let mut invocations = self
            .invocations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let count = invocations.entry(state.into()).or_default();
        let invocation = *count;
        *count = count.saturating_add(1);
        let answer = response.answer(invocation).cloned();
        Some(
            answer.unwrap_or_else(|| {
                MockedAnswer::Throw(self.not_covered(state, response, invocation))
            }),
        )
    }

    fn not_covered(&self, state: &str, response: &MockedResponse, invocation: u32) -> Failure {
        let cause = format!(
            "The mocked response '{}' has no answer for invocation {invocation} of the state '{state}' in the test case '{}'.",
            response.name(),
            self.name
        );
        Failure::new(ErrorName::RUNTIME, cause)
    }
}

impl UnknownCase {
    pub(super) fn machine<'a>(
        name: &str,
        known: impl Iterator<Item = &'a Arc<str>>,
    ) -> UnknownCase {
        UnknownCase {
            wanted: format!("state machine `{name}`"),
            known: known.cloned().collect(),
        }
    }

    pub(super) fn case<'a>(
        machine: &str,
        name: &str,
        known: impl Iterator<Item = &'a Arc<str>>,
    ) -> UnknownCase {
        UnknownCase {
            wanted: format!("test case `{name}` for the state machine `{machine}`"),
            known: known.cloned().collect(),
        }
    }
}

impl fmt::Display for UnknownCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the mock file has no {}", self.wanted)?;
        if self.known.is_empty() {
            return f.write_str("; it has none at all");
        }
        f.write_str("; it has ")?;
        for (index, name) in self.known.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}`{name}`")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownCase {}
