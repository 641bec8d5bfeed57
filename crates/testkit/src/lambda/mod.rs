//! Lambda tasks in the in-memory driver: the integrations of the server, with functions that are given once.

mod tasks;

pub use tasks::LambdaTasks;
