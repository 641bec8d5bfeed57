//! One test case at work: which task of a state gets which answer.
//!
//! An execution counts the tasks of each of its states; so Map iterations share a count, and each child of a
//! Distributed Map has its own.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use passo_json::{Json, json};
use passo_vocab::{ErrorName, Failure};

use super::{MockFile, MockedAnswer, MockedResponse};

/// The mocked states of one test case, for one execution.
#[derive(Clone, Debug, PartialEq)]
pub struct MockCase {
    name: Arc<str>,
    states: BTreeMap<Arc<str>, Arc<MockedResponse>>,
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
        MockCase { name, states }
    }

    /// The name of the test case.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The states it mocks, in the order of their names.
    pub fn state_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.states.keys()
    }

    /// The answer for a task of `state` before which there were `invocation` others; nothing where the state is not
    /// mocked. An invocation that the file does not cover fails with `States.Runtime`, which no Catch of
    /// `States.ALL` takes, so that the execution shows it.
    pub fn answer(&self, state: &str, invocation: u32) -> Option<MockedAnswer> {
        let response = self.states.get(state)?;
        let answer = response.answer(invocation).cloned();
        Some(
            answer.unwrap_or_else(|| {
                MockedAnswer::Throw(self.not_covered(state, response, invocation))
            }),
        )
    }

    /// A mock file with nothing but this test case, for [`MockCase::parse`].
    pub fn to_text(&self) -> String {
        let responses = self.states.values();
        let responses = responses.map(|response| (Arc::clone(&response.name), response.to_json()));
        let states = self.states.iter();
        let states = states
            .map(|(state, response)| (Arc::clone(state), Json::from(Arc::clone(&response.name))));
        let cases = [(Arc::clone(&self.name), Json::Object(states.collect()))];
        let machine = json!({"TestCases": Json::Object(cases.into_iter().collect())});
        json!({
            "StateMachines": {"m": machine},
            "MockedResponses": Json::Object(responses.collect())
        })
        .to_text()
    }

    /// Reads what [`MockCase::to_text`] wrote; nothing where it did not.
    pub fn parse(text: &str) -> Option<MockCase> {
        let file = MockFile::parse(text).ok()?;
        let (_, cases) = file.machines.into_iter().next()?;
        let (name, states) = cases.into_iter().next()?;
        Some(MockCase::new(name, states))
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
