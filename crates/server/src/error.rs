//! Why a server cannot be opened.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;

use passo_lambda::InvokeError;
use passo_net::BindError;
use passo_store::StoreError;

/// Why a server cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address can be reached from other machines, and requests are not authenticated.
    #[error("`{0}` can be reached from other machines, and requests are not authenticated")]
    NotLoopback(IpAddr),
    /// The address is not to be had.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The data cannot be used.
    #[error("the data in `{}` cannot be used", path.display())]
    Data {
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// A file or a source of randomness cannot be used.
    #[error("failed to use {what}")]
    Io {
        /// What.
        what: &'static str,
        /// Why.
        source: io::Error,
    },
    /// What was under way cannot be recovered.
    #[error(transparent)]
    Runtime(#[from] passo_runtime::OpenError),
    /// A service cannot read what it has kept.
    #[error("the service `{service}` cannot read its data")]
    Service {
        /// Which.
        service: &'static str,
        /// Why.
        source: StoreError,
    },
    /// E-mails cannot be sent as wanted.
    #[error("{what} cannot be used: {reason}")]
    Mail {
        /// What of the configuration.
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// Certificates that HTTPS trusts cannot be read.
    #[error(transparent)]
    Trust(#[from] passo_net::client::TrustError),
    /// SQS cannot begin.
    #[error(transparent)]
    Sqs(#[from] passo_sqs::OpenError),
    /// S3 cannot begin.
    #[error(transparent)]
    S3(#[from] passo_s3::OpenError),
    /// Lambda's data cannot be used.
    #[error(transparent)]
    Lambda(#[from] passo_lambda::OpenError),
    /// No client for the collector of traces can be made.
    #[cfg(feature = "otel")]
    #[error("traces cannot be sent")]
    Traces(#[source] passo_net::client::TrustError),
    /// Functions cannot be run.
    #[error("functions cannot be run")]
    Functions(#[source] InvokeError),
}
