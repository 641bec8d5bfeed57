//! DynamoDB and its streams: [dynoxide](https://docs.rs/dynoxide-rs) behind the service port.
//!
//! Each account has a database per region, a SQLite file under the data directory: what was acknowledged survives a
//! crash. This crate carries calls there and back; what an operation does is dynoxide's. Entry point: [`DynamoDb`].

#![forbid(unsafe_code)]

mod arns;
mod databases;
mod dispatch;
mod faults;
mod service;

pub use service::DynamoDb;
