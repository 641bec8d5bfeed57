//! The typed content of a mock file.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_json::{Json, Payload, json};
use passo_vocab::{ErrorName, Failure};

use super::{MockCase, MockFileError, UnknownCase};

/// A mock file that holds together: every response that a test case names exists.
#[derive(Clone, Debug)]
pub struct MockFile {
    pub(super) machines: BTreeMap<Arc<str>, TestCases>,
}

/// The test cases of one state machine, by name; of each, the mocked states with their response.
pub(super) type TestCases = BTreeMap<Arc<str>, BTreeMap<Arc<str>, Arc<MockedResponse>>>;

/// What successive invocations of a state are answered.
#[derive(Clone, Debug, PartialEq)]
pub struct MockedResponse {
    pub(super) name: Arc<str>,
    /// In the order of their first invocation, without overlap.
    pub(super) answers: Vec<InvocationRange>,
}

/// An answer and the invocations it is given to, both ends included, counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct InvocationRange {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) answer: MockedAnswer,
}

/// What one invocation is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum MockedAnswer {
    /// The task's result, before ResultSelector or Output.
    Return(Payload),
    /// The task fails; AWS requires both members here and so does the parser.
    Throw(Failure),
}

impl MockFile {
    /// Reads the text of a mock file.
    ///
    /// # Errors
    /// Where the text is not JSON or not a mock file, with the place inside it.
    pub fn parse(text: &str) -> Result<MockFile, MockFileError> {
        super::parse::parse(text)
    }

    /// The names of the state machines, each with those of its test cases, in order.
    pub fn machines(&self) -> impl Iterator<Item = (&Arc<str>, impl Iterator<Item = &Arc<str>>)> {
        self.machines
            .iter()
            .map(|(name, cases)| (name, cases.keys()))
    }

    /// The test case `case` of the state machine `machine`.
    ///
    /// # Errors
    /// Where the file has no such machine or case; the error lists those it has.
    pub fn test_case(&self, machine: &str, case: &str) -> Result<MockCase, UnknownCase> {
        let Some(cases) = self.machines.get(machine) else {
            return Err(UnknownCase::machine(machine, self.machines.keys()));
        };
        let Some(states) = cases.get(case) else {
            return Err(UnknownCase::case(machine, case, cases.keys()));
        };
        Ok(MockCase::new(case.into(), states.clone()))
    }
}

impl MockedResponse {
    /// The name under `MockedResponses`.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// As in a mock file.
    pub(super) fn to_json(&self) -> Json {
        let answers = self.answers.iter().map(|range| {
            let answer = match &range.answer {
                MockedAnswer::Return(result) => json!({"Return": result.json().clone()}),
                MockedAnswer::Throw(failure) => json!({"Throw": {
                    "Error": failure.error.as_ref().map(ErrorName::as_str).unwrap_or_default(),
                    "Cause": failure.cause.as_deref().unwrap_or_default()
                }}),
            };
            (Arc::from(format!("{}-{}", range.first, range.last)), answer)
        });
        Json::Object(answers.collect())
    }

    /// The answer for an invocation, counted from 0, where the file has one.
    pub fn answer(&self, invocation: u32) -> Option<&MockedAnswer> {
        let range = self
            .answers
            .iter()
            .find(|range| (range.first..=range.last).contains(&invocation))?;
        Some(&range.answer)
    }
}
