//! The services of a server. A new service is a line in [`directory`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use passo_iam::{Iam, Sts};
use passo_lambda::{CredentialsSource, Functions, Lambda};
use passo_logs::Logs;
use passo_runtime::{Clock, Entropy, Runtime};
use passo_secretsmanager::SecretsManager;
use passo_service::{Directory, Peers, Service};
use passo_sqs::Sqs;
use passo_ssm::ParameterStore;
use passo_states::{Definitions, StepFunctions};

use crate::OpenError;
use crate::issuer::Issuer;
use crate::log_lines::LogLines;
use crate::mocking::{Mocks, WithMocks};
use crate::place::Place;

/// What services are made of.
pub(crate) struct Parts<'a> {
    pub(crate) place: &'a Place,
    /// Where the server listens.
    pub(crate) address: SocketAddr,
    /// How services reach each other.
    #[expect(dead_code, reason = "the services that call others take a clone of it")]
    pub(crate) peers: Peers,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) definitions: Arc<Definitions>,
    pub(crate) runtime: Runtime,
    pub(crate) functions: Functions,
    pub(crate) logs: Arc<Logs>,
    pub(crate) mocks: Arc<Mocks>,
    pub(crate) issuer: Option<Issuer>,
}

/// Every service, under its names.
///
/// # Errors
/// Where one cannot read what it has kept.
pub(crate) fn directory(parts: Parts<'_>) -> Result<Directory, OpenError> {
    let store = || Arc::clone(&parts.place.store);
    let secrets: Arc<dyn Service> = Arc::new(SecretsManager::new(
        store(),
        Arc::clone(&parts.clock),
        Arc::clone(&parts.entropy),
    ));
    let parameters: Arc<dyn Service> =
        Arc::new(ParameterStore::new(store(), Arc::clone(&parts.clock)));
    let states = StepFunctions::open(passo_states::Ports {
        store: store(),
        clock: Arc::clone(&parts.clock),
        entropy: Arc::clone(&parts.entropy),
        definitions: parts.definitions,
        runtime: parts.runtime,
    });
    let states = states.map_err(|source| OpenError::Service {
        service: "states",
        source,
    })?;
    let sqs = Sqs::open(passo_sqs::Ports {
        store: store(),
        clock: parts.clock,
        entropy: Arc::clone(&parts.entropy),
        endpoint: format!("http://{}", parts.address),
    })?;
    let sqs: Arc<dyn Service> = Arc::new(sqs);
    let states: Arc<dyn Service> = Arc::new(WithMocks {
        mocks: parts.mocks,
        entropy: parts.entropy,
        service: Arc::new(states),
    });
    let lambda = Lambda::open(passo_lambda::Ports {
        store: store(),
        code_directory: parts.place.files.join("lambda"),
        functions: parts.functions,
    })?;
    let logs: Arc<dyn Service> = parts.logs;
    let sts = match parts.issuer {
        Some(issuer) => Sts::issuing(move |account, end| issuer.until(account, end)),
        None => Sts::unverified(),
    };
    Ok(Directory::new()
        .with_target("AWSStepFunctions", Arc::clone(&states))
        .with_name("states", states)
        .with_name("lambda", Arc::new(lambda))
        .with_target("Logs_20140328", Arc::clone(&logs))
        .with_name("logs", logs)
        .with_target("secretsmanager", Arc::clone(&secrets))
        .with_name("secretsmanager", secrets)
        .with_target("AmazonSSM", Arc::clone(&parameters))
        .with_name("ssm", parameters)
        .with_name("iam", Arc::new(Iam::new(store())))
        .with_name("sts", Arc::new(sts))
        .with_target("AmazonSQS", Arc::clone(&sqs))
        .with_name("sqs", sqs))
}

/// Functions that find this server where AWS would be, and print to CloudWatch Logs.
///
/// # Errors
/// Where no function can be run.
pub(crate) fn functions(
    address: SocketAddr,
    logs: Arc<Logs>,
    issuer: Option<Issuer>,
) -> Result<Functions, OpenError> {
    let mut settings = passo_lambda::Settings::default();
    let endpoint = format!("http://{}", here(address));
    settings
        .environment
        .insert("AWS_ENDPOINT_URL".to_owned(), endpoint);
    settings.credentials =
        issuer.map(|issuer| CredentialsSource::new(move |account| issuer.for_function(account)));
    Functions::new(settings, Arc::new(LogLines { logs })).map_err(OpenError::Functions)
}

/// Where a process of this machine reaches a server that listens on `address`.
fn here(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        other => other,
    };
    SocketAddr::new(ip, address.port())
}
