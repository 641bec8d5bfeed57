//! `TestState`: one state, run alone.
//!
//! [`answer`] checks the request, lets the engine run the state, and shows what came of it. A Task without a mock is
//! done by the runtime, inside an execution that nobody sees. Mocked results are checked against the models of AWS's
//! services.

mod answer;
mod context;
mod mock;
mod operation;
mod prepare;
mod reader;
mod schema;
mod shown;
mod task;

pub(crate) use answer::answer;
