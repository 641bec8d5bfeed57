//! The services of a server. A new service is a line in [`open`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use passo_apigateway::ApiGateway;
use passo_cloudwatch::{CloudWatch, EventTarget, Tally};
use passo_dynamodb::DynamoDb;
use passo_events::{Connections, EventBridge, Targets};
use passo_iam::{Iam, Sts};
use passo_lambda::{CredentialsSource, Events, FunctionUrls, Functions, Lambda};
use passo_logs::Logs;
use passo_net::Site;
use passo_net::client::{Client, ClientSettings};
use passo_runtime::{Clock, Entropy, Runtime};
use passo_s3::S3;
use passo_scheduler::Scheduler;
use passo_secretsmanager::SecretsManager;
use passo_service::{Directory, Peers, Service};
use passo_sns::{Mailbox, Signer, Sns};
use passo_sqs::Sqs;
use passo_ssm::ParameterStore;
use passo_states::{Definitions, StepFunctions, TestCases};
use passo_store::StoreError;

use crate::apis::Apis;
use crate::function_urls::FunctionUrlSite;
use crate::http_out::HttpOut;
use crate::issuer::Issuer;
use crate::log_lines::LogLines;
use crate::mocking::Mocks;
use crate::own_metrics;
use crate::place::Place;
use crate::smtp::Smtp;
use crate::{MailServer, OpenError};

/// What services are made of.
pub(crate) struct Parts<'a> {
    pub(crate) place: &'a Place,
    /// Where the server listens.
    pub(crate) address: SocketAddr,
    /// How services reach each other.
    pub(crate) peers: Peers,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) definitions: Arc<Definitions>,
    pub(crate) runtime: Runtime,
    pub(crate) functions: Functions,
    pub(crate) logs: Arc<Logs>,
    /// Figures for CloudWatch.
    pub(crate) tally: Arc<Tally>,
    pub(crate) mocks: Arc<Mocks>,
    /// Who sends e-mails and text messages.
    pub(crate) mail: Arc<dyn Service>,
    pub(crate) issuer: Option<Issuer>,
    /// Who signs the messages of SNS.
    pub(crate) signer: Arc<dyn Signer>,
}

/// The services.
pub(crate) struct Services {
    /// Every service, under its names.
    pub(crate) directory: Directory,
    pub(crate) events: Arc<EventBridge>,
    pub(crate) sns: Arc<Sns>,
    scheduler: Arc<Scheduler>,
    lambda: Arc<Lambda>,
    cloudwatch: Arc<CloudWatch>,
    logs: Arc<Logs>,
    apis: ApiGateway,
    pub(crate) s3: S3,
}

impl Services {
    /// What users serve under hosts and paths of their own. A service that does is a line here.
    pub(crate) fn web_sites(&self) -> Vec<Arc<dyn Site>> {
        let urls = FunctionUrls::new(Arc::clone(&self.lambda));
        vec![
            Arc::new(FunctionUrlSite { urls }),
            Arc::new(Apis(self.apis.clone())),
        ]
    }

    /// Ends what they have under way; it goes on after the next start.
    pub(crate) fn stop(&self) {
        self.events.stop();
        self.scheduler.stop();
        self.sns.stop();
        self.s3.stop();
        self.lambda.stop();
        self.cloudwatch.stop();
        self.logs.stop();
        self.apis.stop();
    }
}

/// Opens every service.
///
/// # Errors
/// Where one cannot read what it has kept.
pub(crate) fn open(parts: &Parts<'_>) -> Result<Services, OpenError> {
    let store = || Arc::clone(&parts.place.store);
    let events = Arc::new(events(parts)?);
    let (targets, connections) = (events.targets(), events.connections());
    let scheduler = Arc::new(scheduler(parts)?);
    let sns = Arc::new(sns(parts)?);
    let apis = ApiGateway::open(passo_apigateway::Ports {
        store: store(),
        clock: Arc::clone(&parts.clock),
        entropy: Arc::clone(&parts.entropy),
        peers: parts.peers.clone(),
        port: parts.address.port(),
    });
    let http = HttpOut {
        client: Client::new(&ClientSettings::default())?,
        apis: apis.clone(),
    };
    let secrets = SecretsManager::new(
        store(),
        Arc::clone(&parts.clock),
        Arc::clone(&parts.entropy),
    );
    let parameters = ParameterStore::new(store(), Arc::clone(&parts.clock));
    let sqs = sqs(parts)?;
    let s3 = s3(parts)?;
    let lambda = Arc::new(lambda(parts)?);
    let sts = match parts.issuer.clone() {
        Some(issuer) => Sts::issuing(move |account, end| issuer.until(account, end)),
        None => Sts::unverified(),
    };
    let cloudwatch = Arc::new(cloudwatch(parts)?);
    begin_logs(parts)?;
    let dynamodb = DynamoDb::new(parts.place.files.join("dynamodb"));
    let directory = Directory::new()
        .with_name("states", states(parts)?)
        .with_name("lambda", Arc::clone(&lambda) as Arc<dyn Service>)
        .with_name(Events::NAME, Arc::new(Events::new(Arc::clone(&lambda))))
        .with_name("logs", Arc::clone(&parts.logs) as Arc<dyn Service>)
        .with_name("monitoring", Arc::clone(&cloudwatch) as Arc<dyn Service>)
        .with_name("secretsmanager", Arc::new(secrets))
        .with_name("ssm", Arc::new(parameters))
        .with_name("iam", Arc::new(Iam::new(store())))
        .with_name("sts", Arc::new(sts))
        .with_name("apigateway", Arc::new(apis.rest_apis()))
        .with_name("apigatewayv2", Arc::new(apis.http_apis()))
        .with_name("apigatewaymanagementapi", Arc::new(apis.connections()))
        .with_name("s3", Arc::new(s3.clone()))
        .with_name("sqs", Arc::new(sqs))
        .with_name("sns", Arc::clone(&sns) as Arc<dyn Service>)
        .with_name(passo_sns::HTTP, Arc::new(http))
        .with_name(passo_sns::MAIL, Arc::clone(&parts.mail))
        .with_name("dynamodb", Arc::new(dynamodb.clone()))
        .with_name("dynamodbstreams", Arc::new(dynamodb))
        .with_name("events", Arc::clone(&events) as Arc<dyn Service>)
        .with_name("scheduler", Arc::clone(&scheduler) as Arc<dyn Service>)
        .with_name(Connections::NAME, Arc::new(connections))
        .with_name(Targets::NAME, Arc::new(targets));
    Ok(Services {
        directory,
        events,
        sns,
        scheduler,
        lambda,
        cloudwatch,
        logs: Arc::clone(&parts.logs),
        apis,
        s3,
    })
}

fn states(parts: &Parts<'_>) -> Result<Arc<dyn Service>, OpenError> {
    let states = StepFunctions::open(passo_states::Ports {
        store: Arc::clone(&parts.place.store),
        clock: Arc::clone(&parts.clock),
        entropy: Arc::clone(&parts.entropy),
        definitions: Arc::clone(&parts.definitions),
        runtime: parts.runtime.clone(),
        test_cases: Arc::clone(&parts.mocks) as Arc<dyn TestCases>,
    });
    Ok(Arc::new(
        states.map_err(|source| unreadable("states", source))?,
    ))
}

fn lambda(parts: &Parts<'_>) -> Result<Lambda, OpenError> {
    let lambda = Lambda::open(passo_lambda::Ports {
        store: Arc::clone(&parts.place.store),
        code_directory: parts.place.files.join("lambda"),
        functions: parts.functions.clone(),
        clock: Arc::clone(&parts.clock),
        entropy: Arc::clone(&parts.entropy),
        in_flight: parts.runtime.in_flight().clone(),
        port: parts.address.port(),
        peers: parts.peers.clone(),
    })?;
    Ok(lambda)
}

fn events(parts: &Parts<'_>) -> Result<EventBridge, OpenError> {
    let events = EventBridge::open(passo_events::Ports {
        store: Arc::clone(&parts.place.store),
        clock: Arc::clone(&parts.clock),
        entropy: Arc::clone(&parts.entropy),
        in_flight: parts.runtime.in_flight().clone(),
        peers: parts.peers.clone(),
    });
    events.map_err(|source| unreadable("events", source))
}

fn sqs(parts: &Parts<'_>) -> Result<Sqs, OpenError> {
    Ok(Sqs::open(passo_sqs::Ports {
        store: Arc::clone(&parts.place.store),
        clock: Arc::clone(&parts.clock),
        entropy: Arc::clone(&parts.entropy),
        endpoint: format!("http://{}", here(parts.address)),
    })?)
}

fn scheduler(parts: &Parts<'_>) -> Result<Scheduler, OpenError> {
    let scheduler = Scheduler::open(passo_scheduler::Ports {
        store: Arc::clone(&parts.place.store),
        clock: Arc::clone(&parts.clock),
        entropy: Arc::clone(&parts.entropy),
        in_flight: parts.runtime.in_flight().clone(),
        peers: parts.peers.clone(),
    });
    scheduler.map_err(|source| unreadable("scheduler", source))
}

/// Lets logs reach the others.
fn begin_logs(parts: &Parts<'_>) -> Result<(), OpenError> {
    let begun = parts.logs.begin(passo_logs::Ports {
        store: Arc::clone(&parts.place.store),
        entropy: Arc::clone(&parts.entropy),
        in_flight: parts.runtime.in_flight().clone(),
        peers: parts.peers.clone(),
    });
    begun.map_err(|source| unreadable("logs", source))
}

fn cloudwatch(parts: &Parts<'_>) -> Result<CloudWatch, OpenError> {
    let cloudwatch = CloudWatch::open(passo_cloudwatch::Ports {
        store: Arc::clone(&parts.place.store),
        clock: Arc::clone(&parts.clock),
        entropy: Arc::clone(&parts.entropy),
        in_flight: parts.runtime.in_flight().clone(),
        peers: parts.peers.clone(),
        tally: Arc::clone(&parts.tally),
        events: EventTarget {
            service: Targets::NAME,
            operation: Targets::FORWARD_EVENT,
        },
    });
    cloudwatch.map_err(|source| unreadable("monitoring", source))
}

/// Who sends e-mails and text messages: a mail server, if there is one, and the outbox otherwise.
///
/// # Errors
/// Where the mail server is not named as it should be.
pub(crate) fn mail(
    server: Option<&MailServer>,
    kept: Arc<Mailbox>,
) -> Result<Arc<dyn Service>, OpenError> {
    Ok(match server {
        Some(MailServer { url, from }) => Arc::new(Smtp::new(url, from, kept)?),
        None => kept,
    })
}

fn sns(parts: &Parts<'_>) -> Result<Sns, OpenError> {
    let sns = Sns::open(passo_sns::Ports {
        store: Arc::clone(&parts.place.store),
        clock: Arc::clone(&parts.clock),
        entropy: Arc::clone(&parts.entropy),
        in_flight: parts.runtime.in_flight().clone(),
        peers: parts.peers.clone(),
        endpoint: format!("http://{}", here(parts.address)),
        signer: Arc::clone(&parts.signer),
    });
    sns.map_err(|source| unreadable("sns", source))
}

fn s3(parts: &Parts<'_>) -> Result<S3, OpenError> {
    Ok(S3::open(passo_s3::Ports {
        store: Arc::clone(&parts.place.store),
        clock: Arc::clone(&parts.clock),
        entropy: Arc::clone(&parts.entropy),
        in_flight: parts.runtime.in_flight().clone(),
        peers: parts.peers.clone(),
        directory: parts.place.files.join("s3"),
    })?)
}

fn unreadable(service: &'static str, source: StoreError) -> OpenError {
    OpenError::Service { service, source }
}

/// Functions that find this server where AWS would be, and print to CloudWatch Logs.
///
/// # Errors
/// Where no function can be run.
pub(crate) fn functions(
    address: SocketAddr,
    logs: &Arc<Logs>,
    clock: &Arc<dyn Clock>,
    tally: &Arc<Tally>,
    issuer: Option<Issuer>,
) -> Result<Functions, OpenError> {
    let mut settings = passo_lambda::Settings::default();
    let endpoint = format!("http://{}", here(address));
    settings
        .environment
        .insert("AWS_ENDPOINT_URL".to_owned(), endpoint);
    settings.credentials =
        issuer.map(|issuer| CredentialsSource::new(move |account| issuer.for_function(account)));
    settings.watch = Some(own_metrics::of_functions(
        Arc::clone(tally),
        Arc::clone(clock),
    ));
    let lines = LogLines {
        logs: Arc::clone(logs),
        clock: Arc::clone(clock),
    };
    Functions::new(settings, Arc::new(lines)).map_err(OpenError::Functions)
}

/// Where a process of this machine reaches a server that listens on `address`.
pub(crate) fn here(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        other => other,
    };
    SocketAddr::new(ip, address.port())
}
