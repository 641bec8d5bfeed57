//! Secrets Manager: secrets with versions and staging labels, as records.
//!
//! Values are kept as they are, not encrypted: whoever reads the data directory reads them. They appear in no log and no
//! error. Rotation is not done here. Entry point: [`SecretsManager`].

#![forbid(unsafe_code)]

mod deletion;
mod describe;
mod faults;
mod policies;
mod random_password;
mod reference;
mod secret;
mod service;
mod stages;
mod values;

pub use service::SecretsManager;
