//! The composition root: chooses store, clock and services, puts them together, and takes them apart again.
//!
//! No behaviour of AWS is decided here. Start at [`Server::open`] with a [`Configuration`].

#![forbid(unsafe_code)]

mod access_keys;
mod apis;
mod audience;
mod configuration;
mod data_sets;
mod decisions;
mod entropy;
mod error;
mod execution_ends;
mod execution_trace;
mod function_urls;
mod health;
mod http_out;
mod insight;
mod issuer;
mod kubernetes;
mod live;
mod log_lines;
mod message_signer;
mod metrics_token;
mod mocking;
mod objects;
mod open_files;
#[cfg(feature = "otel")]
mod otel;
mod own_file;
mod own_metrics;
mod place;
mod remotes;
mod server;
mod services;
mod site;
mod smtp;
mod status_events;
mod task_host;
mod tasks;
mod waiting;
mod watching;
mod web_sockets;

pub use access_keys::{AccessKeys, AccessKeysError};
pub use configuration::{ClockKind, Configuration, Data, MailServer};
pub use error::OpenError;
pub use metrics_token::{MetricsToken, MetricsTokenError};
pub use own_file::OwnFileError;
pub use passo_engine::WaitScale;
pub use passo_net::Home;
pub use passo_net::client::Environment;
pub use passo_store::StoreError;
pub use remotes::{ConfigurationFile, Remotes, RemotesError};
pub use server::Server;
