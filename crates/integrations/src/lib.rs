//! What a Task's `Resource` means: which call of which service, and what its answer is made into.
//!
//! [`plan`] says it as a value, without doing anything. [`run`] carries a plan out on the services of a
//! [`Directory`](passo_service::Directory) and reports to a [`Host`] how the task goes. The crate knows neither where a
//! service is, nor how executions are kept. A new integration is a file with a function from parameters to a [`Plan`]
//! and a line in the table of `plan`.

#![forbid(unsafe_code)]

mod api_gateway;
pub mod data_sets;
mod dynamodb;
mod events;
mod failure;
mod http;
mod java;
mod jobs;
mod kubernetes;
mod lambda;
mod naming;
mod plan;
mod repeated;
mod response;
mod run;
mod sdk;
mod sns;
mod sqs;
mod step_functions;
mod watching;

pub use http::WebServer;
pub use jobs::{Job, Lookup, Origin};
pub use plan::{Completion, ErrorStyle, OutputForm, Plan, Shape, plan};
pub use run::{Host, TaskContext, Wait, request_id, run};
pub use sdk::Operation;
