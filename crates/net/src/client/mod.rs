//! HTTP as a client: one pooled connection set with TLS, and where AWS is and who we are there.
//!
//! It does not know what a request means: who calls a service builds, signs and reads it. Enter at [`Client::send`] for
//! a request, and at [`Connection::resolve`] for endpoint, region and credentials.

mod connection;
mod credentials;
mod environment;
mod http;
mod ini;
mod tls;

pub use connection::{Chosen, Connection, ConnectionError, LOCAL_ENDPOINT};
pub use credentials::Credentials;
pub use environment::Environment;
pub use http::{Client, ClientSettings, SendError};
pub use tls::{Trust, TrustError};
