//! The environment that a function's process sees: Lambda's variables, the function's own, and nothing of ours.
//!
//! Source: Lambda Developer Guide, "Working with Lambda environment variables", defined runtime variables.

use std::collections::BTreeMap;
use std::path::Path;

use crate::function::{Function, RuntimeFamily};
use crate::logs::LogSource;
use crate::settings::CredentialsSource;

/// What a process's environment is made of, besides the function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings<'a> {
    /// The code directory without symbolic links.
    pub task_root: &'a Path,
    /// The directory of the layers without symbolic links, if the function has any.
    pub layers: Option<&'a Path>,
    pub runtime_directory: &'a Path,
    /// Host and port of the sandbox's Runtime API.
    pub address: &'a str,
    pub source: &'a LogSource,
    pub search_path: &'a str,
    /// Variables for every function.
    pub common: &'a BTreeMap<String, String>,
    pub credentials: Option<&'a CredentialsSource>,
}

/// All variables of a function's process. Later ones win: defaults, common ones, the function's own, and last what
/// Lambda reserves.
pub(crate) fn variables(function: &Function, around: Surroundings<'_>) -> BTreeMap<String, String> {
    let task_root = around.task_root.to_string_lossy().into_owned();
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let mut set = |key: &str, value: &str| {
        all.insert(key.to_owned(), value.to_owned());
    };
    set("LANG", "en_US.UTF-8");
    set("TZ", ":UTC");
    set("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
    let layers = around.layers.map(|layers| layers.to_string_lossy());
    set_search_paths(
        function,
        (&task_root, layers.as_deref()),
        around.search_path,
        &mut set,
    );
    for (key, value) in around.common.iter().chain(function.environment()) {
        set(key, value);
    }
    set("_HANDLER", function.handler());
    set("LAMBDA_TASK_ROOT", &task_root);
    set(
        "LAMBDA_RUNTIME_DIR",
        &around.runtime_directory.to_string_lossy(),
    );
    set("AWS_REGION", function.arn().region());
    set("AWS_DEFAULT_REGION", function.arn().region());
    match function.runtime().family() {
        RuntimeFamily::Python | RuntimeFamily::NodeJs | RuntimeFamily::Java => {
            set(
                "AWS_EXECUTION_ENV",
                &format!("AWS_Lambda_{}", function.runtime()),
            );
        }
        // AWS does not set it for runtimes of the function's own.
        RuntimeFamily::Provided => {}
    }
    set("AWS_LAMBDA_FUNCTION_NAME", function.name());
    set("AWS_LAMBDA_FUNCTION_VERSION", function.version());
    set(
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        &function.memory_megabytes().to_string(),
    );
    set("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    set("AWS_LAMBDA_LOG_GROUP_NAME", &around.source.log_group);
    set("AWS_LAMBDA_LOG_STREAM_NAME", &around.source.log_stream);
    set("AWS_LAMBDA_RUNTIME_API", around.address);
    set_credentials(function, around.credentials, set);
    all
}

/// Where programs, libraries and modules are looked for: in the function and its layers, in AWS's order.
///
/// Source: Lambda Developer Guide, "Layer paths for each Lambda runtime".
fn set_search_paths(
    function: &Function,
    (task_root, layers): (&str, Option<&str>),
    search_path: &str,
    set: &mut impl FnMut(&str, &str),
) {
    let identifier = function.runtime().identifier();
    let of_layers = |places: &[&str]| -> Vec<String> {
        let places = places.iter();
        layers
            .iter()
            .flat_map(|layers| places.clone().map(move |place| format!("{layers}/{place}")))
            .collect()
    };
    let joined = |places: Vec<String>| places.join(":");
    let mut path = of_layers(&["bin"]);
    path.insert(0, search_path.to_owned());
    set("PATH", &joined(path));
    let mut libraries = vec![task_root.to_owned(), format!("{task_root}/lib")];
    libraries.extend(of_layers(&["lib"]));
    set("LD_LIBRARY_PATH", &joined(libraries));
    match function.runtime().family() {
        RuntimeFamily::Python => {
            let packages = format!("python/lib/{identifier}/site-packages");
            let mut modules = vec![task_root.to_owned()];
            modules.extend(of_layers(&[&packages, "python"]));
            set("PYTHONPATH", &joined(modules));
        }
        RuntimeFamily::NodeJs => {
            let version = identifier
                .trim_start_matches("nodejs")
                .trim_end_matches(".x");
            let versioned = format!("nodejs/node{version}/node_modules");
            let mut modules = of_layers(&[&versioned, "nodejs/node_modules"]);
            modules.push(format!("{task_root}/node_modules"));
            set("NODE_PATH", &joined(modules));
        }
        // Java's is an argument.
        RuntimeFamily::Java | RuntimeFamily::Provided => {}
    }
}

fn set_credentials(
    function: &Function,
    source: Option<&CredentialsSource>,
    mut set: impl FnMut(&str, &str),
) {
    let issued = source.and_then(|source| source.issue(function.arn().account()));
    let (key, secret, token) = match function.credentials().or(issued.as_ref()) {
        Some(given) => (
            given.access_key_id.as_str(),
            given.secret_access_key.as_str(),
            given.session_token.as_deref(),
        ),
        // An access key of twelve digits is an account id to local AWS servers.
        None => (function.arn().account(), "test", Some("test")),
    };
    let key = if key.is_empty() { "test" } else { key };
    set("AWS_ACCESS_KEY_ID", key);
    set("AWS_SECRET_ACCESS_KEY", secret);
    if let Some(token) = token {
        set("AWS_SESSION_TOKEN", token);
    }
}
