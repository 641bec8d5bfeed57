//! S3: [s3s](https://docs.rs/s3s) speaks the protocol; rows in the store say what there is; bodies are files.
//!
//! Bodies pass as streams and are never whole in memory. What was acknowledged survives a crash, and a broken upload
//! leaves nothing. This crate knows no listener and no gateway: [`S3::answer`] takes a request and gives a response, and
//! behind [`passo_service::Service`] the same operations take and give JSON. Entry point: [`S3`].

#![forbid(unsafe_code)]

mod backend;
mod bodies;
mod buckets;
mod changes;
mod chunked;
mod conditions;
mod configurations;
mod cors;
mod face;
mod faults;
mod forms;
mod http_face;
mod lanes;
mod lifecycle;
mod listing;
mod lists;
mod notification;
mod objects;
mod rows;
mod s3;
mod service;
mod signed_pieces;
mod sums;
mod tables;
mod tags;
mod uploads;
mod version_lists;
mod versioning;
mod versions;
mod writing;

pub use s3::{OpenError, Ports, S3};
