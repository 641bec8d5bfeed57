//! The service port: what it means to call an AWS service, wherever it lives.
//!
//! A [`Service`] is embedded, remote or a mock; callers hold a handle and cannot tell. This crate knows neither
//! how a call travels nor the shape of any operation.

#![forbid(unsafe_code)]

pub mod body;
mod call;
mod directory;
mod fault;
mod peers;

pub use call::{BoxFuture, Call, Caller, RequestId, Service};
pub use directory::Directory;
pub use fault::{Fault, FaultKind};
pub use peers::Peers;
