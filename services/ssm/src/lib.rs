//! Systems Manager's Parameter Store: parameters with versions, labels and paths, as records.
//!
//! Values are kept as they are, `SecureString` too: whoever reads the data directory reads them. They appear in no log
//! and no error. The rest of Systems Manager is not here. Entry point: [`ParameterStore`].

#![forbid(unsafe_code)]

mod describe;
mod faults;
mod history;
mod labels;
mod name;
mod parameter;
mod read;
mod request;
mod service;
mod tags;
mod write;

pub use service::ParameterStore;
