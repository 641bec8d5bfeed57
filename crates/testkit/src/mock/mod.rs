//! Answers for Task states from a file, in the format of AWS's Step Functions Local.
//!
//! A file names test cases; a test case gives some Task states a mocked response; a response says
//! what each invocation of the state gets. Entry point: [`MockFile::parse`], then
//! [`MockFile::test_case`]. It knows nothing of how a task that is not mocked is performed.
//!
//! Source: "Using mocked service integrations for testing in Step Functions Local" (AWS).

mod file;
mod parse;
mod tasks;
mod test_case;

pub use file::{MockFile, MockedAnswer, MockedResponse};
pub use parse::MockFileError;
pub use tasks::MockedTasks;
pub use test_case::{MockCase, UnknownCase};
