//! `passo serve`: the AWS endpoint.

use std::error::Error as _;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use clap::Args;
use passo_server::{
    AccessKeys, AccessKeysError, Configuration, ConfigurationFile, Data, Environment, Home,
    MetricsToken, MetricsTokenError, OpenError, OwnFileError, Remotes, RemotesError, Server,
    StoreError, WaitScale,
};
use passo_testkit::mock::MockFile;
use passo_vocab::{AccountId, Region};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::endpoints::EndpointArguments;
use crate::exit::Exit;
use crate::located::Located;
use crate::logging::{self, LogArguments};
use crate::mail::MailArguments;
use crate::problem::Problem;
use crate::run::ClockArgument;

/// Options of `passo serve`.
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// The address to listen on; loopback only, unless requests must be signed
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    pub listen: IpAddr,

    /// The port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 4566, value_name = "PORT")]
    pub port: u16,

    /// Listens on this port as well, without a number on 8083, as Step Functions Local does
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "8083")]
    pub sfn_local_port: Option<u16>,

    /// The directory that everything is kept in
    #[arg(long, default_value = ".passo", value_name = "DIRECTORY")]
    pub data: PathBuf,

    /// Keeps everything in memory, until the server stops
    #[arg(long, conflicts_with = "data")]
    pub ephemeral: bool,

    /// The configuration file (TOML): services that are elsewhere, `[services.sqs] endpoint = "http://…"` or `"aws"`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Services that are elsewhere.
    #[command(flatten)]
    pub endpoints: EndpointArguments,

    /// Whether waiting takes time
    #[arg(long, value_enum, default_value_t, value_name = "CLOCK")]
    pub clock: ClockArgument,

    /// Threads that decide, each for its share of the executions; as many as there are processors, unless said otherwise
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(1..=16))]
    pub partitions: Option<u8>,

    /// Mocked answers, in the format of Step Functions Local; for executions of STATE_MACHINE_ARN#TEST_CASE
    #[arg(long, value_name = "FILE", env = "SFN_MOCK_CONFIG")]
    pub mock: Option<PathBuf>,

    /// How long Wait states take: 1 is as long as they say, 0 no time at all
    #[arg(
        long,
        default_value = "1",
        value_name = "FACTOR",
        env = "WAIT_TIME_SCALE",
        value_parser = wait_scale
    )]
    pub wait_time_scale: WaitScale,

    /// The account of callers whose access key id is not one of twelve digits
    #[arg(long, value_name = "ID", env = "AWS_ACCOUNT_ID")]
    pub aws_account: Option<String>,

    /// The region of requests that are signed for none
    #[arg(long, value_name = "REGION", env = "AWS_DEFAULT_REGION")]
    pub aws_region: Option<String>,

    /// A file of access keys, one a line: id, secret, account. Requests must then be signed with one of them, or with that of
    /// PASSO_ACCESS_KEY_ID and PASSO_SECRET_ACCESS_KEY
    #[arg(long, value_name = "FILE")]
    pub auth: Option<PathBuf>,

    /// A file with the token of whoever collects metrics: with --auth, `GET /metrics` takes `Authorization: Bearer TOKEN` as well
    #[arg(long, value_name = "FILE")]
    pub metrics_token: Option<PathBuf>,

    /// Sends traces to an OpenTelemetry collector that takes OTLP over HTTP
    #[cfg(feature = "otel")]
    #[arg(long, value_name = "URL", env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<String>,

    /// E-mails.
    #[command(flatten)]
    pub mail: MailArguments,

    /// The log.
    #[command(flatten)]
    pub log: LogArguments,
}

/// Serves until it is told to stop.
///
/// # Errors
/// When the server cannot be opened as wanted.
pub fn serve(arguments: &ServeArguments) -> Result<Exit, Problem> {
    logging::begin(&arguments.log)?;
    let configuration = configuration(arguments)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Problem::new("no threads can be had").why(error))?;
    let exit = runtime.block_on(session(configuration));
    // A second signal does not wait for what is still open.
    runtime.shutdown_background();
    exit
}

async fn session(configuration: Configuration) -> Result<Exit, Problem> {
    let no_signals = |error: std::io::Error| Problem::new("signals cannot be received").why(error);
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    let (port, data) = (configuration.port, configuration.data.clone());
    let server = Server::open(configuration)
        .await
        .map_err(|error| told(&error, port))?;
    let kept = match &data {
        Data::Directory(directory) => format!("data in {}", directory.display()),
        Data::Ephemeral => "nothing is kept".to_owned(),
    };
    anstream::eprintln!("passo listens on http://{} ({kept})", server.address());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = server.serve(async {
        // An end of the other side is a wish to stop, too.
        let _ = stopped.await;
    });
    tokio::pin!(serving);
    tokio::select! {
        () = &mut serving => return Ok(Exit::Ok),
        () = either(&mut interrupt, &mut terminate) => {}
    }
    let _ = stop.send(());
    tokio::select! {
        () = &mut serving => Ok(Exit::Ok),
        () = either(&mut interrupt, &mut terminate) => Ok(Exit::Interrupted),
    }
}

async fn either(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

fn configuration(arguments: &ServeArguments) -> Result<Configuration, Problem> {
    let data = if arguments.ephemeral {
        Data::Ephemeral
    } else {
        Data::Directory(arguments.data.clone())
    };
    Ok(Configuration {
        listen: arguments.listen,
        port: arguments.port,
        clock: arguments.clock.server_kind(),
        access_keys: access_keys(arguments.auth.as_deref())?,
        metrics_token: metrics_token(arguments.metrics_token.as_deref())?,
        mocks: arguments.mock.as_deref().map(mock_file).transpose()?,
        mock_path: arguments.mock.clone(),
        also_port: arguments.sfn_local_port,
        wait_scale: arguments.wait_time_scale,
        partitions: arguments.partitions.and_then(NonZero::new),
        home: home(arguments)?,
        mail: arguments.mail.server(),
        #[cfg(feature = "otel")]
        otlp_endpoint: arguments.otlp_endpoint.clone(),
        remotes: remotes(arguments.config.as_deref(), &arguments.endpoints)?,
        ..Configuration::new(data)
    })
}

/// The services that the configuration file and the endpoints place elsewhere.
///
/// # Errors
/// When the file cannot be read or used, or a service cannot be elsewhere.
pub fn remotes(config: Option<&Path>, endpoints: &EndpointArguments) -> Result<Remotes, Problem> {
    let file = match config {
        Some(path) => configuration_file(path)?,
        None => ConfigurationFile::default(),
    };
    let file = endpoints.put_into(file);
    let remotes = file.remotes(&Environment::of_process());
    remotes.map_err(|error| Problem::new("a service cannot be elsewhere").why(with_source(&error)))
}

fn configuration_file(path: &Path) -> Result<ConfigurationFile, Problem> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Problem::new(format!("the configuration file `{shown}` cannot be read")).why(error)
    })?;
    ConfigurationFile::parse(&text).map_err(|error| {
        Problem::new(format!("the configuration file `{shown}` cannot be used"))
            .why(with_source(&error))
    })
}

fn with_source(error: &RemotesError) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// Reads `--wait-time-scale`.
///
/// # Errors
/// When the text is no such number; the message is for people.
pub fn wait_scale(text: &str) -> Result<WaitScale, String> {
    let factor = text.parse().ok().and_then(WaitScale::new);
    factor.ok_or_else(|| "expected a number from 0 to 1000".to_owned())
}

/// Where callers belong who do not say. A variable that is set to nothing says nothing.
fn home(arguments: &ServeArguments) -> Result<Home, Problem> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let account = given(&arguments.aws_account)
        .map(|text| AccountId::parse(&text).map_err(|error| (text, error)))
        .transpose()
        .map_err(|(text, error)| Problem::new(format!("`{text}` is no account")).why(error))?;
    let region = given(&arguments.aws_region)
        .map(|text| Region::parse(&text).map_err(|error| (text, error)))
        .transpose()
        .map_err(|(text, error)| Problem::new(format!("`{text}` is no region")).why(error))?;
    Ok(Home { account, region })
}

/// The keys of the file and of the environment; none where neither is given.
fn access_keys(path: Option<&Path>) -> Result<Option<AccessKeys>, Problem> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let of_environment = (
        variable("PASSO_ACCESS_KEY_ID"),
        variable("PASSO_SECRET_ACCESS_KEY"),
    );
    let mut keys = match path {
        None => AccessKeys::default(),
        Some(path) => AccessKeys::read(path).map_err(|error| unusable(path, &error))?,
    };
    match of_environment {
        (None, None) => return Ok(path.map(|_| keys)),
        (Some(id), Some(secret)) => keys.add(&id, &secret, None).map_err(|error| {
            Problem::new("the access key of the environment cannot be used").why(error)
        })?,
        (Some(_), None) | (None, Some(_)) => {
            return Err(Problem::new(
                "PASSO_ACCESS_KEY_ID and PASSO_SECRET_ACCESS_KEY are set together or not at all",
            ));
        }
    }
    Ok(Some(keys))
}

fn unusable(path: &Path, error: &AccessKeysError) -> Problem {
    let shown = path.display();
    let problem = Problem::new(format!("the access keys of `{shown}` cannot be used"));
    match error {
        AccessKeysError::File(error) => not_own(problem, path, error),
        AccessKeysError::Line { .. } | AccessKeysError::Key(_) | AccessKeysError::Empty => problem
            .why(error)
            .next("write one key a line: its id, its secret and its account, with spaces between"),
    }
}

/// The token of whoever collects metrics.
fn metrics_token(path: Option<&Path>) -> Result<Option<MetricsToken>, Problem> {
    let Some(path) = path else {
        return Ok(None);
    };
    let token = MetricsToken::read(path).map_err(|error| {
        let shown = path.display();
        let problem = Problem::new(format!("the metrics token of `{shown}` cannot be used"));
        match &error {
            MetricsTokenError::File(error) => not_own(problem, path, error),
            MetricsTokenError::Token => problem
                .why(&error)
                .next(format!("openssl rand -hex 32 > {shown}")),
        }
    });
    token.map(Some)
}

/// The problem, with why a file of secrets is not taken.
fn not_own(problem: Problem, path: &Path, error: &OwnFileError) -> Problem {
    match error {
        OwnFileError::Read(source) => problem.why(source),
        OwnFileError::Readable(_) => {
            let mend = format!("chmod 600 {}", path.display());
            problem.why(error).next(mend)
        }
        OwnFileError::Size => problem.why(error),
    }
}

/// Reads a mock file.
///
/// # Errors
/// When it cannot be read, or is not right.
pub fn mock_file(path: &Path) -> Result<MockFile, Problem> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Problem::new(format!("the mock file `{shown}` cannot be read")).why(error)
    })?;
    MockFile::parse(&text).map_err(|error| {
        let problem = Problem::new(format!("the mock file `{shown}` cannot be used"));
        match error.offset {
            Some(offset) => problem.why(Located::new(&shown, &text, offset, &error.message)),
            None => problem.why(error),
        }
    })
}

/// The error with its causes, and what to do.
pub fn told(error: &OpenError, port: u16) -> Problem {
    let mut why = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let _ = write!(why, ": {cause}");
        source = cause.source();
    }
    let problem = Problem::new("the server cannot start").why(why);
    match error {
        OpenError::NotLoopback(_) => problem.next(
            "say with --auth FILE which keys requests must be signed with, or listen on 127.0.0.1",
        ),
        OpenError::Bind(bind) if bind.is_in_use() => problem.next(format!(
            "stop what listens on port {port}, or choose another one with --port"
        )),
        OpenError::Data { source, .. } => problem.next(match source {
            StoreError::InUse => {
                "stop the server that uses it, or choose another directory with --data"
            }
            StoreError::Version { .. } => {
                "use the version of passo that wrote it, or choose another directory with --data"
            }
            StoreError::Full => "make room on that disk, or choose another directory with --data",
            StoreError::Unavailable(_) | StoreError::Corrupt(_) => {
                "look at that disk, or choose another directory with --data"
            }
        }),
        #[cfg(feature = "otel")]
        OpenError::Traces(_) => problem,
        OpenError::Bind(_)
        | OpenError::Io { .. }
        | OpenError::Runtime(_)
        | OpenError::Service { .. }
        | OpenError::Lambda(_)
        | OpenError::S3(_)
        | OpenError::Sqs(_)
        | OpenError::Trust(_)
        | OpenError::Mail { .. }
        | OpenError::Functions(_) => problem,
    }
}
