//! SNS: topics, subscriptions and durable deliveries.
//!
//! Entry points: [`Sns`], the API, and [`Mailbox`], which keeps e-mails and text messages that nobody sends on. What a publish has
//! acknowledged is in the outbox of [`passo_delivery`], and is delivered whatever happens. The crate knows other services by name
//! only: `sqs`, `lambda`, and [`HTTP`] and [`MAIL`], which stand for the world outside.

#![forbid(unsafe_code)]

mod address;
mod api;
mod deduplication;
mod faults;
mod filter;
mod mailbox;
mod message;
mod notification;
mod protocol;
mod publishing;
mod quotas;
mod signing;
mod sns;
mod subscription;
mod topic;

pub use mailbox::Mailbox;
pub use signing::{Signer, Unsigned};
pub use sns::{Ports, Sns};

/// The name of the service that sends HTTP requests: operation `Post` with `Url`, `Headers` and `Body`. Answers 4xx are the
/// caller's faults, all other failures the service's.
pub const HTTP: &str = "passo-http";

/// The name of the service that sends e-mails and text messages: `SendEmail` with `To`, `Subject` and `Body`, `SendSms` with
/// `PhoneNumber` and `Message`.
pub const MAIL: &str = "passo-mail";
