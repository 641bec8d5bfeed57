//! An endpoint inside this process, for the calls that need no server: state machines are compiled, executions run in
//! memory on virtual time with real Lambda functions, histories are projected. Entry point: [`Local`].
//!
//! It holds nothing but what the recorded calls need to be asked; every behaviour is that of the crates it calls.

mod account;
mod execution;
mod functions;
mod serve;

pub use serve::Local;
