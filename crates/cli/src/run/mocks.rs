//! The test case of a mock file that a run is wanted with.

use passo_asl::program::{Program, StateKind};
use passo_testkit::mock::{MockCase, MockFile};

use super::RunArguments;
use crate::located::Located;
use crate::problem::Problem;

/// Cuts `NAME#CASE` in two.
pub fn split_case(state_machine: Option<&str>) -> (Option<&str>, Option<&str>) {
    match state_machine.map(|text| text.split_once('#')) {
        Some(Some((name, case))) => ((!name.is_empty()).then_some(name), Some(case)),
        Some(None) => (state_machine, None),
        None => (None, None),
    }
}

/// Reads the mock file and finds the test case.
///
/// # Errors
/// When the file is not right, has no such case, or mocks a state that does not exist.
pub fn mock_case(
    arguments: &RunArguments,
    machine: &str,
    program: &Program,
) -> Result<Option<MockCase>, Problem> {
    let (_, suffix) = split_case(arguments.state_machine.as_deref());
    let case = arguments.test_case.as_deref().or(suffix);
    let (path, case) = match (&arguments.mock, case) {
        (None, None) => return Ok(None),
        (None, Some(case)) => {
            return Err(
                Problem::new(format!("the test case `{case}` needs a mock file"))
                    .next("name the file with --mock FILE"),
            );
        }
        // As in Step Functions Local: without a test case, nothing is mocked.
        (Some(_), None) => return Ok(None),
        (Some(path), Some(case)) => (path, case),
    };
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Problem::new(format!("the mock file `{shown}` cannot be read")).why(error)
    })?;
    let file = MockFile::parse(&text).map_err(|error| {
        let problem = Problem::new(format!("the mock file `{shown}` cannot be used"));
        match error.offset {
            Some(offset) => problem.why(Located::new(&shown, &text, offset, &error.message)),
            None => problem.why(error),
        }
    })?;
    let found = file.test_case(machine, case).map_err(|error| {
        Problem::new(format!("the mock file `{shown}` does not fit")).why(error)
    })?;
    check_states(&found, program)
        .map_err(|why| Problem::new(format!("the mock file `{shown}` does not fit")).why(why))?;
    Ok(Some(found))
}

fn check_states(case: &MockCase, program: &Program) -> Result<(), String> {
    for name in case.state_names() {
        let mut states = program.states().iter();
        match states.find(|state| state.name.as_str() == &**name) {
            None => {
                return Err(format!(
                    "the test case `{}` mocks `{name}`, and the definition has no such state",
                    case.name()
                ));
            }
            Some(state) if !matches!(state.kind, StateKind::Task(_)) => {
                return Err(format!(
                    "the test case `{}` mocks `{name}`, which is not a Task state",
                    case.name()
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::split_case;

    #[test]
    fn a_case_may_follow_the_name() {
        for (text, expect) in [
            (None, (None, None)),
            (Some("Flow"), (Some("Flow"), None)),
            (Some("Flow#Happy"), (Some("Flow"), Some("Happy"))),
            (Some("#Happy"), (None, Some("Happy"))),
        ] {
            assert_eq!(split_case(text), expect);
        }
    }
}
