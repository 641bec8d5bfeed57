//! Text to [`MockFile`]; every complaint names the path of the member at fault.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use passo_json::{Json, Object, Payload};
use passo_vocab::{ErrorName, Failure};

use super::file::{InvocationRange, MockFile, MockedAnswer, MockedResponse, TestCases};

/// Why a text is not a mock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockFileError {
    /// Where, as names joined with dots; empty for the file as a whole.
    pub path: String,
    /// What is wrong there.
    pub message: String,
    /// The offset in bytes, where the text is not JSON at all.
    pub offset: Option<usize>,
}

type Responses = BTreeMap<Arc<str>, Arc<MockedResponse>>;

pub(super) fn parse(text: &str) -> Result<MockFile, MockFileError> {
    let json = Json::parse(text).map_err(|error| MockFileError {
        path: String::new(),
        message: error.to_string(),
        offset: Some(error.offset),
    })?;
    let root = object(&json, "")?;
    only(root, "", &["StateMachines", "MockedResponses"])?;
    let responses = match root.get("MockedResponses") {
        Some(value) => responses(object(value, "MockedResponses")?)?,
        None => Responses::new(),
    };
    let Some(machines) = root.get("StateMachines") else {
        return Err(fault("", "the member `StateMachines` is missing"));
    };
    let machines = object(machines, "StateMachines")?
        .iter()
        .map(|(name, value)| {
            let cases = machine(value, &format!("StateMachines.{name}"), &responses)?;
            Ok((Arc::clone(name), cases))
        })
        .collect::<Result<_, MockFileError>>()?;
    Ok(MockFile { machines })
}

fn machine(value: &Json, path: &str, responses: &Responses) -> Result<TestCases, MockFileError> {
    let machine = object(value, path)?;
    only(machine, path, &["TestCases"])?;
    let path = format!("{path}.TestCases");
    let Some(cases) = machine.get("TestCases") else {
        return Err(fault(&path, "this member is missing"));
    };
    let mut found = TestCases::new();
    for (name, states) in object(cases, &path)?.iter() {
        let path = format!("{path}.{name}");
        let mut mocked = BTreeMap::new();
        for (state, response) in object(states, &path)?.iter() {
            let response = named(response, &format!("{path}.{state}"), responses)?;
            mocked.insert(Arc::clone(state), response);
        }
        found.insert(Arc::clone(name), mocked);
    }
    Ok(found)
}

fn named(
    name: &Json,
    path: &str,
    responses: &Responses,
) -> Result<Arc<MockedResponse>, MockFileError> {
    let Some(name) = name.as_str() else {
        return Err(fault(path, "expected the name of a mocked response"));
    };
    let found = responses.get(name).cloned();
    found.ok_or_else(|| {
        let message = format!("`MockedResponses` has no `{name}`");
        fault(path, &message)
    })
}

fn responses(responses: &Object) -> Result<Responses, MockFileError> {
    let mut found = Responses::new();
    for (name, value) in responses.iter() {
        let path = format!("MockedResponses.{name}");
        let mut answers = Vec::new();
        for (range, value) in object(value, &path)?.iter() {
            let path = format!("{path}.{range}");
            let Some((first, last)) = invocations(range) else {
                let message = "expected an invocation such as `0`, or a range such as `1-2`";
                return Err(fault(&path, message));
            };
            let answer = answer(object(value, &path)?, &path)?;
            answers.push(InvocationRange {
                first,
                last,
                answer,
            });
        }
        answers.sort_by_key(|range| range.first);
        if let Some(twice) = overlap(&answers) {
            let message = format!("the invocation {twice} has two answers");
            return Err(fault(&path, &message));
        }
        let response = MockedResponse {
            name: Arc::clone(name),
            answers,
        };
        found.insert(Arc::clone(name), Arc::new(response));
    }
    Ok(found)
}

fn answer(answer: &Object, path: &str) -> Result<MockedAnswer, MockFileError> {
    only(answer, path, &["Return", "Throw"])?;
    match (answer.get("Return"), answer.get("Throw")) {
        (Some(result), None) => Ok(MockedAnswer::Return(Payload::from(result.clone()))),
        (None, Some(thrown)) => {
            let path = format!("{path}.Throw");
            let thrown = object(thrown, &path)?;
            only(thrown, &path, &["Error", "Cause"])?;
            let error = text(thrown, "Error", &path)?;
            let cause = text(thrown, "Cause", &path)?;
            Ok(MockedAnswer::Throw(Failure::new(
                ErrorName::new(error),
                cause,
            )))
        }
        (Some(_), Some(_)) | (None, None) => {
            Err(fault(path, "expected either `Return` or `Throw`"))
        }
    }
}

fn invocations(range: &str) -> Option<(u32, u32)> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (first, last) = match range.split_once('-') {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(range)?, number(range)?),
    };
    (first <= last).then_some((first, last))
}

/// An invocation that two ranges cover; `answers` is in the order of the first invocations.
fn overlap(answers: &[InvocationRange]) -> Option<u32> {
    let pairs = answers.iter().zip(answers.iter().skip(1));
    let mut overlaps = pairs.filter(|(one, next)| next.first <= one.last);
    overlaps.next().map(|(_, next)| next.first)
}

fn object<'a>(value: &'a Json, path: &str) -> Result<&'a Object, MockFileError> {
    value.as_object().ok_or_else(|| {
        let message = format!("expected an object, found {}", value.kind().name());
        fault(path, &message)
    })
}

fn text<'a>(object: &'a Object, key: &str, path: &str) -> Result<&'a str, MockFileError> {
    let found = object.get(key).and_then(Json::as_str);
    found.ok_or_else(|| {
        let message = format!("the member `{key}` is missing or not a string");
        fault(path, &message)
    })
}

fn only(object: &Object, path: &str, known: &[&str]) -> Result<(), MockFileError> {
    let Some(other) = object.keys().find(|key| !known.contains(&&***key)) else {
        return Ok(());
    };
    let known = known.join("`, `");
    let message = format!("unknown member `{other}`; known are `{known}`");
    Err(fault(path, &message))
}

fn fault(path: &str, message: &str) -> MockFileError {
    MockFileError {
        path: path.to_owned(),
        message: message.to_owned(),
        offset: None,
    }
}

impl fmt::Display for MockFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}: {}", self.path, self.message)
    }
}

impl std::error::Error for MockFileError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::MockCase;

    const RESPONSES: &str = r#""MockedResponses":{"R":{"0":{"Return":{"a":1}},"1-2":{"Throw":{"Error":"E","Cause":"C"}}}}"#;

    fn complaint(text: &str) -> String {
        match parse(text) {
            Ok(_) => "none".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn each_invocation_has_its_answer() {
        let text = format!(
            r#"{{"StateMachines":{{"M":{{"TestCases":{{"Case":{{"Task":"R"}}}}}}}},{RESPONSES}}}"#
        );
        let case = parse(&text).unwrap().test_case("M", "Case").unwrap();
        let mut seen = Vec::new();
        for invocation in 0..4 {
            seen.push(match case.answer("Task", invocation).unwrap() {
                MockedAnswer::Return(result) => result.text().to_owned(),
                MockedAnswer::Throw(failure) => {
                    format!("{}: {}", failure.error.unwrap(), failure.cause.unwrap())
                }
            });
        }
        let uncovered = "States.Runtime: The mocked response 'R' has no answer for invocation 3 of the state 'Task' in the test case 'Case'.";
        assert_eq!(seen, [r#"{"a":1}"#, "E: C", "E: C", uncovered]);
        assert!(case.answer("Another", 0).is_none());
        assert_eq!(MockCase::parse(&case.to_text()), Some(case));
    }

    #[test]
    fn complaints_name_the_place() {
        let cases = [
            ("[]", "expected an object, found array"),
            ("{}", "the member `StateMachines` is missing"),
            (
                r#"{"StateMachines":{},"Mocks":{}}"#,
                "unknown member `Mocks`; known are `StateMachines`, `MockedResponses`",
            ),
            (
                r#"{"StateMachines":{"M":{"TestCases":{"C":{"S":"R"}}}}}"#,
                "StateMachines.M.TestCases.C.S: `MockedResponses` has no `R`",
            ),
            (
                r#"{"StateMachines":{},"MockedResponses":{"R":{"2-1":{"Return":1}}}}"#,
                "MockedResponses.R.2-1: expected an invocation such as `0`, or a range such as `1-2`",
            ),
            (
                r#"{"StateMachines":{},"MockedResponses":{"R":{"0-2":{"Return":1},"2":{"Return":1}}}}"#,
                "MockedResponses.R: the invocation 2 has two answers",
            ),
            (
                r#"{"StateMachines":{},"MockedResponses":{"R":{"0":{}}}}"#,
                "MockedResponses.R.0: expected either `Return` or `Throw`",
            ),
            (
                r#"{"StateMachines":{},"MockedResponses":{"R":{"0":{"Throw":{"Error":"E"}}}}}"#,
                "MockedResponses.R.0.Throw: the member `Cause` is missing or not a string",
            ),
        ];
        for (text, expect) in cases {
            assert_eq!(complaint(text), expect, "{text}");
        }
    }

    #[test]
    fn unknown_names_list_the_known_ones() {
        let text = format!(
            r#"{{"StateMachines":{{"M":{{"TestCases":{{"A":{{}},"B":{{}}}}}}}},{RESPONSES}}}"#
        );
        let file = parse(&text).unwrap();
        let unknown = |machine, case| file.test_case(machine, case).unwrap_err().to_string();
        assert_eq!(
            unknown("N", "A"),
            "the mock file has no state machine `N`; it has `M`"
        );
        assert_eq!(
            unknown("M", "C"),
            "the mock file has no test case `C` for the state machine `M`; it has `A`, `B`"
        );
    }
}
