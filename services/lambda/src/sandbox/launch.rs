//! Starting a sandbox: which program, in which surroundings.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tokio::time::Instant;

use super::Job;
use super::output::Output;
use super::owner::{Owner, Parts};
use super::process::{Launch, Process, not_executable};
use crate::entropy;
use crate::environment::{Surroundings, variables};
use crate::error::InvokeError;
use crate::fault::Fault;
use crate::function::{Function, RuntimeFamily};
use crate::logs::LogSource;
use crate::logs::journal::Journal;
use crate::logs::report;
use crate::pool::{Platform, Pool, Room};
use crate::runtime_api::RuntimeApi;

/// Whose time loading the function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InitBudget {
    /// The platform's: 10 seconds on AWS, then the process is given up.
    Platform,
    /// The function's timeout, after the platform's time was not enough.
    Function,
}

/// What came of a start.
pub(crate) enum Started {
    /// The sandbox runs and has taken the job.
    Running,
    /// The function itself cannot be started; the job has been answered.
    Failed,
}

/// Starts a process for `job`. The sandbox goes on living in the pool afterwards.
///
/// # Errors
/// When this machine, not the function, is the reason that there is no process.
pub(crate) async fn start(
    platform: &Arc<Platform>,
    pool: &Arc<Pool>,
    room: Room,
    budget: InitBudget,
    job: Job,
) -> Result<Started, InvokeError> {
    let function = Arc::clone(pool.function());
    let started = Instant::now();
    let task_root = canonical(function.code_directory())?;
    let layers = match function.layers() {
        Some(layers) => Some(canonical(layers)?),
        None => None,
    };
    let source = log_source(&function);
    let journal = Journal::new(Arc::clone(&platform.log), source.clone());
    let api = RuntimeApi::open()
        .await
        .map_err(|error| InvokeError::start("the Runtime API", error))?;
    let (program, arguments) = program(platform, &function, &task_root, layers.as_deref()).await?;
    if function.runtime().family() == RuntimeFamily::Provided && !program.is_file() {
        Owner::refuse(journal, &function, job, &Fault::no_bootstrap(), started);
        return Ok(Started::Failed);
    }
    let around = Surroundings {
        task_root: &task_root,
        layers: layers.as_deref(),
        runtime_directory: platform.bootstraps.path(),
        address: api.address(),
        source: &source,
        search_path: &platform.search_path,
        common: &platform.settings.environment,
        credentials: platform.settings.credentials.as_ref(),
    };
    let environment = variables(&function, around);
    let launch = Launch {
        program,
        arguments,
        directory: task_root,
        environment,
    };
    let pipes = Output::open().map_err(|error| InvokeError::start("a pipe", error))?;
    let (output, stdout, stderr) = pipes;
    let process =
        match Process::start(&launch, api.address(), (stdout, stderr), &platform.guard).await {
            Ok(process) => process,
            Err(error) => {
                return refuse(&launch, error, &function, journal, job, started);
            }
        };
    let parts = Parts {
        platform: Arc::clone(platform),
        pool: Arc::clone(pool),
        process,
        output,
        api,
        journal,
        live: room.live,
        loading: Some(room.loading),
    };
    Owner::begin(parts, budget, started, job);
    Ok(Started::Running)
}

fn canonical(directory: &Path) -> Result<PathBuf, InvokeError> {
    let found = directory.canonicalize();
    found.map_err(|source| InvokeError::Code {
        path: directory.to_owned(),
        source: Arc::new(source),
    })
}

async fn program(
    platform: &Platform,
    function: &Function,
    task_root: &Path,
    layers: Option<&Path>,
) -> Result<(PathBuf, Vec<OsString>), InvokeError> {
    let bootstraps = &platform.bootstraps;
    match function.runtime().family() {
        RuntimeFamily::Python => {
            let mut cache = OsString::from("pycache_prefix=");
            cache.push(bootstraps.python_cache());
            let options = ["-u", "-X", "utf8", "-X"].map(OsString::from);
            let mut arguments = Vec::from(options);
            arguments.extend([cache, bootstraps.python().into_os_string()]);
            Ok((
                platform.interpreters.find(function.runtime()).await?,
                arguments,
            ))
        }
        RuntimeFamily::NodeJs => {
            let arguments = vec![bootstraps.node().into_os_string()];
            Ok((
                platform.interpreters.find(function.runtime()).await?,
                arguments,
            ))
        }
        RuntimeFamily::Java => {
            let java = platform.interpreters.find(function.runtime()).await?;
            let places = (task_root, layers);
            let directory = bootstraps.path();
            let arguments = platform.java.arguments(&java, directory, function, places);
            let arguments = arguments.await?;
            Ok((java, arguments))
        }
        RuntimeFamily::Provided => {
            let own = task_root.join("bootstrap");
            let of_layers = layers.map(|layers| layers.join("bootstrap"));
            let of_layers = of_layers.filter(|bootstrap| bootstrap.is_file() && !own.is_file());
            Ok((of_layers.unwrap_or(own), Vec::new()))
        }
    }
}

fn refuse(
    launch: &Launch,
    error: io::Error,
    function: &Arc<Function>,
    journal: Journal,
    job: Job,
    started: Instant,
) -> Result<Started, InvokeError> {
    let provided = function.runtime().family() == RuntimeFamily::Provided;
    match not_executable(&launch.program, &error) {
        Some(reason) if provided => {
            let fault = Fault::bootstrap_not_executable(reason);
            Owner::refuse(journal, function, job, &fault, started);
            Ok(Started::Failed)
        }
        Some(_) | None => Err(InvokeError::start(
            launch.program.display().to_string(),
            error,
        )),
    }
}

fn log_source(function: &Function) -> LogSource {
    let unique = entropy::random_hex();
    let stream = report::log_stream(SystemTime::now(), function.version(), &unique);
    LogSource {
        function_arn: function.arn().as_str().into(),
        function_name: Arc::from(function.name()),
        log_group: Arc::from(function.log_group()),
        log_stream: Arc::from(stream),
    }
}
