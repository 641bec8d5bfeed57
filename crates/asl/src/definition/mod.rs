//! What the user wrote, with positions: names are names, expressions are compiled, nothing is resolved.
//!
//! Reading keeps every finding of fields, types and expressions in the [`Reader`]; what spans states (names,
//! transitions, variables, labels) is for `validate`. Must not know ids, executions or the API. Start at
//! [`Machine`].

mod choice;
mod condition;
mod expressions;
mod fail;
mod fields;
mod flow;
mod kind;
mod machine;
mod map;
mod map_io;
mod parallel;
mod pass;
mod place;
mod reader;
mod resource;
mod retry;
mod scalars;
mod scope;
mod state;
mod task;
mod template;
mod wait;

pub(crate) use choice::{Choice, Rule};
pub(crate) use kind::{Kind, StateType};
pub(crate) use machine::Machine;
pub(crate) use map::{Label, Map};
pub(crate) use parallel::Parallel;
pub(crate) use pass::Pass;
pub(crate) use reader::{Reader, similar};
pub(crate) use resource::Resource;
pub(crate) use retry::Catcher;
pub(crate) use scope::Scope;
pub(crate) use state::{Next, State, Target};
pub(crate) use task::Task;
pub(crate) use wait::Wait;
