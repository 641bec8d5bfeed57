//! What an operator may choose.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZero;
use std::path::PathBuf;

use passo_engine::WaitScale;
use passo_net::Home;
use passo_testkit::mock::MockFile;

use crate::{AccessKeys, MetricsToken, Remotes};

/// How a server is set up.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Where it listens: only loopback addresses, unless requests must be signed. Default 127.0.0.1.
    pub listen: IpAddr,
    /// The port; 0 takes a free one. Default 4566.
    pub port: u16,
    /// Where everything is kept.
    pub data: Data,
    /// Whether waiting takes time. Default real.
    pub clock: ClockKind,
    /// Threads that decide, each for its share of the executions: 1 to 16. The next start may have another number. Default
    /// as many as there are processors.
    pub partitions: Option<NonZero<u8>>,
    /// Mocked answers, for executions of `STATE_MACHINE_ARN#TEST_CASE`.
    pub mocks: Option<MockFile>,
    /// Where they came from, so that they can be read again.
    pub mock_path: Option<PathBuf>,
    /// How long Wait states take: 1 is as long as they say, 0 no time at all; at most 1,000. Default 1.
    pub wait_scale: WaitScale,
    /// Where callers belong who do not say. Default 000000000000 in us-east-1.
    pub home: Home,
    /// Where traces go: an OpenTelemetry collector that takes OTLP over HTTP, such as `http://localhost:4318`. Default
    /// nowhere.
    #[cfg(feature = "otel")]
    pub otlp_endpoint: Option<String>,
    /// A second port, on the same address: 8083 is where Step Functions Local listens. Default none.
    pub also_port: Option<u16>,
    /// Services that are elsewhere. Default none.
    pub remotes: Remotes,
    /// Keys that requests must be signed with. Without them no signature is verified.
    pub access_keys: Option<AccessKeys>,
    /// What opens `GET /metrics` where requests must be signed. Default nothing but a signature.
    pub metrics_token: Option<MetricsToken>,
    /// The mail server for e-mails of SNS. Without it they are kept in the outbox.
    pub mail: Option<MailServer>,
}

/// A mail server. It may hold a password, and is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    /// `smtp://HOST:PORT`, or with TLS `smtps://USER:PASSWORD@HOST:PORT`, or with STARTTLS `smtp://HOST:PORT?tls=required`.
    pub url: String,
    /// Whom e-mails come from, with or without a name before the address.
    pub from: String,
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailServer").finish_non_exhaustive()
    }
}

/// Where everything is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// In this directory, which is made if it is not there.
    Directory(PathBuf),
    /// Nowhere: all of it is gone with the process.
    Ephemeral,
}

/// How time passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockKind {
    /// As outside.
    #[default]
    Real,
    /// Waits, retries and timeouts are over at once.
    Virtual,
}

impl Configuration {
    /// The defaults, with this place for data.
    pub fn new(data: Data) -> Configuration {
        Configuration {
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 4566,
            data,
            clock: ClockKind::Real,
            partitions: None,
            mocks: None,
            mock_path: None,
            wait_scale: WaitScale::FULL,
            home: Home::default(),
            #[cfg(feature = "otel")]
            otlp_endpoint: None,
            also_port: None,
            remotes: Remotes::default(),
            access_keys: None,
            metrics_token: None,
            mail: None,
        }
    }
}
