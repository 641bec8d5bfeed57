//! A Lambda function's configuration as a value.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use passo_vocab::Arn;

use crate::reference::FunctionReference;

/// The longest timeout AWS allows.
const TIMEOUT_SECONDS_MAX: u32 = 900;
const MEMORY_MEGABYTES: std::ops::RangeInclusive<u32> = 128..=10_240;
const HANDLER_BYTES_MAX: usize = 128;
/// Keys and values together.
const ENVIRONMENT_BYTES_MAX: usize = 4096;
/// Names a function's configuration must not set: Lambda sets them itself.
///
/// Source: Lambda Developer Guide, "Defined runtime environment variables", reserved.
const RESERVED_KEYS: [&str; 17] = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
];

/// Everything that decides how a function's processes look. Two equal values share warm processes; a value that
/// differs from the last one invoked under the same ARN and version drains the processes of the last one.
///
/// Source: Lambda API Reference, `FunctionConfiguration`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    arn: Arn,
    name: String,
    version: String,
    runtime: Runtime,
    handler: String,
    code_directory: PathBuf,
    code_revision: String,
    layers: Option<PathBuf>,
    environment: BTreeMap<String, String>,
    credentials: Option<Credentials>,
    timeout_seconds: u32,
    memory_megabytes: u32,
    reserved_concurrency: Option<u32>,
    log_group: String,
}

/// An identifier such as `python3.12`, `nodejs22.x` or `provided.al2023`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Runtime {
    identifier: String,
    family: RuntimeFamily,
}

/// How a runtime's processes are started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuntimeFamily {
    /// `python3.x`: our bootstrap, run by any Python 3.9 or later.
    Python,
    /// `nodejs*.x`: our bootstrap, run by any Node 18 or later.
    NodeJs,
    /// `java*`: our bootstrap, compiled when it is needed first, or the function's own; any Java 11 or later.
    Java,
    /// `provided.*`: the executable `bootstrap` of the code directory.
    Provided,
}

/// The AWS credentials that a function sees in its environment.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `AWS_ACCESS_KEY_ID`.
    pub access_key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: String,
    /// `AWS_SESSION_TOKEN`.
    pub session_token: Option<String>,
}

/// Why a configuration is not one that Lambda accepts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidFunction {
    /// The ARN is not that of a Lambda function.
    #[error("`{0}` is not the ARN of a Lambda function")]
    Arn(String),
    /// No such runtime, or none that can run here.
    #[error("`{0}` is not a supported runtime (python3.x, nodejs*.x, java* or provided.*)")]
    Runtime(String),
    /// The handler is empty, has spaces or is longer than 128 bytes.
    #[error("`{0}` is not a handler")]
    Handler(String),
    /// The timeout is not 1 to 900 seconds.
    #[error("timeout of `{0}` seconds is not between 1 and 900")]
    Timeout(u32),
    /// The memory is not 128 to 10,240 MB.
    #[error("memory of `{0}` MB is not between 128 and 10240")]
    Memory(u32),
    /// An environment key is not a letter followed by letters, digits and `_`.
    #[error("`{0}` is not the name of an environment variable")]
    EnvironmentKey(String),
    /// Keys that Lambda sets itself.
    #[error(
        "Lambda was unable to configure your environment variables because the environment variables you have \
         provided contains reserved keys that are currently not supported for modification. \
         Reserved keys used in this request: {0}"
    )]
    ReservedKeys(String),
    /// Keys and values are longer than 4 KB together.
    #[error(
        "Lambda was unable to configure your environment variables because the environment variables you have \
         provided exceeded the 4KB limit"
    )]
    EnvironmentTooLarge,
    /// A value has a NUL byte, which no environment can carry.
    #[error("the value of environment variable `{0}` has a NUL byte")]
    EnvironmentValue(String),
}

impl Function {
    /// A function with AWS's defaults: timeout 3 seconds, 128 MB, no environment, version `$LATEST`.
    ///
    /// `arn` is `arn:aws:lambda:<region>:<account>:function:<name>`, without a qualifier. `handler` is
    /// `module.function` (unused but required for `provided.*`).
    ///
    /// # Errors
    /// When the ARN, the runtime or the handler is not one.
    pub fn new(
        arn: &Arn,
        runtime: Runtime,
        handler: &str,
        code_directory: impl Into<PathBuf>,
    ) -> Result<Function, InvalidFunction> {
        let reference = FunctionReference::parse(arn.as_str())
            .filter(|reference| reference.qualifier().is_none())
            .ok_or_else(|| InvalidFunction::Arn(arn.to_string()))?;
        let printable = handler
            .chars()
            .all(|c| !c.is_whitespace() && !c.is_control());
        if handler.is_empty() || handler.len() > HANDLER_BYTES_MAX || !printable {
            return Err(InvalidFunction::Handler(handler.to_owned()));
        }
        Ok(Function {
            name: reference.name().to_owned(),
            log_group: format!("/aws/lambda/{}", reference.name()),
            arn: arn.clone(),
            version: "$LATEST".to_owned(),
            runtime,
            handler: handler.to_owned(),
            code_directory: code_directory.into(),
            code_revision: String::new(),
            layers: None,
            environment: BTreeMap::new(),
            credentials: None,
            timeout_seconds: 3,
            memory_megabytes: 128,
            reserved_concurrency: None,
        })
    }

    /// Sets how long an invocation may take.
    ///
    /// # Errors
    /// When it is not 1 to 900 seconds.
    pub fn with_timeout_seconds(mut self, seconds: u32) -> Result<Function, InvalidFunction> {
        if !(1..=TIMEOUT_SECONDS_MAX).contains(&seconds) {
            return Err(InvalidFunction::Timeout(seconds));
        }
        self.timeout_seconds = seconds;
        Ok(self)
    }

    /// Sets how much memory the function's processes may use, resident, all together.
    ///
    /// # Errors
    /// When it is not 128 to 10,240.
    pub fn with_memory_megabytes(mut self, megabytes: u32) -> Result<Function, InvalidFunction> {
        if !MEMORY_MEGABYTES.contains(&megabytes) {
            return Err(InvalidFunction::Memory(megabytes));
        }
        self.memory_megabytes = megabytes;
        Ok(self)
    }

    /// Sets the function's environment variables.
    ///
    /// # Errors
    /// When a key is not a name or reserved, a value has a NUL byte, or all are longer than 4 KB.
    pub fn with_environment(
        mut self,
        environment: BTreeMap<String, String>,
    ) -> Result<Function, InvalidFunction> {
        let reserved: Vec<&str> = environment
            .keys()
            .map(String::as_str)
            .filter(|key| RESERVED_KEYS.contains(key))
            .collect();
        if !reserved.is_empty() {
            return Err(InvalidFunction::ReservedKeys(reserved.join(", ")));
        }
        if let Some(key) = environment.keys().find(|key| !is_environment_key(key)) {
            return Err(InvalidFunction::EnvironmentKey(key.clone()));
        }
        if let Some((key, _)) = environment.iter().find(|(_, value)| value.contains('\0')) {
            return Err(InvalidFunction::EnvironmentValue(key.clone()));
        }
        let bytes: usize = environment
            .iter()
            .map(|(key, value)| key.len() + value.len())
            .sum();
        if bytes > ENVIRONMENT_BYTES_MAX {
            return Err(InvalidFunction::EnvironmentTooLarge);
        }
        self.environment = environment;
        Ok(self)
    }

    /// Sets the credentials in the function's environment. Without them the access key is the account id,
    /// which local AWS servers take for the account, and the secret is `test`.
    pub fn with_credentials(mut self, credentials: Credentials) -> Function {
        self.credentials = Some(credentials);
        self
    }

    /// Sets the directory that stands for AWS's `/opt`: the files of the function's layers.
    pub fn with_layers(mut self, directory: impl Into<PathBuf>) -> Function {
        self.layers = Some(directory.into());
        self
    }

    /// Marks a state of the code directory (a hash or a counter): another mark drains the processes that run the
    /// old code.
    pub fn with_code_revision(mut self, revision: impl Into<String>) -> Function {
        self.code_revision = revision.into();
        self
    }

    /// Bounds concurrent invocations of all versions together; what is beyond it is refused at once, and with zero all is.
    /// Without it, [`Settings::concurrency_max`](crate::Settings) applies, and who is beyond it waits.
    pub fn with_reserved_concurrency(mut self, concurrency: u32) -> Function {
        self.reserved_concurrency = Some(concurrency);
        self
    }

    /// Sets the published version that `ExecutedVersion` and the context object show (default `$LATEST`).
    pub fn with_version(mut self, version: impl Into<String>) -> Function {
        self.version = version.into();
        self
    }

    /// Sets the log group (default `/aws/lambda/<name>`).
    pub fn with_log_group(mut self, log_group: impl Into<String>) -> Function {
        self.log_group = log_group.into();
        self
    }

    /// The unqualified ARN.
    pub fn arn(&self) -> &Arn {
        &self.arn
    }

    /// The bare name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version that runs.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The runtime.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// `module.function`.
    pub fn handler(&self) -> &str {
        &self.handler
    }

    /// Where the function's files are on this machine.
    pub fn code_directory(&self) -> &Path {
        &self.code_directory
    }

    /// Where the files of the function's layers are, if it has any.
    pub fn layers(&self) -> Option<&Path> {
        self.layers.as_deref()
    }

    /// The function's own environment variables.
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    /// How long an invocation may take.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(u64::from(self.timeout_seconds))
    }

    /// How much memory the function may use, in MB (1,048,576 bytes).
    pub fn memory_megabytes(&self) -> u32 {
        self.memory_megabytes
    }

    /// The bound on concurrent invocations, if the function has its own.
    pub fn reserved_concurrency(&self) -> Option<u32> {
        self.reserved_concurrency
    }

    /// The log group.
    pub fn log_group(&self) -> &str {
        &self.log_group
    }

    pub(crate) fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }
}

impl Runtime {
    /// Reads a runtime identifier. Any `python3.<n>`, `nodejs<n>.x`, `java<n>` and `provided` or `provided.<os>` is one.
    ///
    /// # Errors
    /// When the identifier has another form; .NET and Ruby are not served.
    pub fn parse(identifier: &str) -> Result<Runtime, InvalidFunction> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let python = identifier.strip_prefix("python3.").is_some_and(digits);
        let node = identifier
            .strip_prefix("nodejs")
            .and_then(|rest| rest.strip_suffix(".x"))
            .is_some_and(digits);
        let java = identifier
            .strip_prefix("java")
            .map(|rest| rest.strip_suffix(".al2").unwrap_or(rest))
            .is_some_and(digits);
        let family = if java {
            RuntimeFamily::Java
        } else if python {
            RuntimeFamily::Python
        } else if node {
            RuntimeFamily::NodeJs
        } else if identifier == "provided" || identifier.starts_with("provided.") {
            RuntimeFamily::Provided
        } else {
            return Err(InvalidFunction::Runtime(identifier.to_owned()));
        };
        Ok(Runtime {
            identifier: identifier.to_owned(),
            family,
        })
    }

    /// The identifier as AWS writes it.
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// How it is run.
    pub fn family(&self) -> RuntimeFamily {
        self.family
    }
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.identifier)
    }
}

/// Without the secrets.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({})", self.access_key_id)
    }
}

fn is_environment_key(key: &str) -> bool {
    let mut bytes = key.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
        && key.len() > 1
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function() -> Function {
        let arn = Arn::parse("arn:aws:lambda:us-east-1:123456789012:function:f").unwrap();
        Function::new(&arn, Runtime::parse("python3.12").unwrap(), "a.b", "/code").unwrap()
    }

    #[test]
    fn runtimes_that_can_run_are_told_from_others() {
        for (identifier, family) in [
            ("python3.9", RuntimeFamily::Python),
            ("python3.14", RuntimeFamily::Python),
            ("nodejs18.x", RuntimeFamily::NodeJs),
            ("provided.al2023", RuntimeFamily::Provided),
            ("java21", RuntimeFamily::Java),
            ("java8.al2", RuntimeFamily::Java),
            ("provided", RuntimeFamily::Provided),
        ] {
            assert_eq!(
                Runtime::parse(identifier).unwrap().family(),
                family,
                "{identifier}"
            );
        }
        for identifier in [
            "",
            "python2.7",
            "python3.x",
            "nodejs",
            "nodejs20",
            "java",
            "javascript",
            "providedx",
        ] {
            assert!(Runtime::parse(identifier).is_err(), "{identifier}");
        }
    }

    #[test]
    fn limits_are_those_of_aws() {
        assert_eq!(
            function().with_timeout_seconds(0).unwrap_err(),
            InvalidFunction::Timeout(0)
        );
        assert_eq!(
            function().with_timeout_seconds(901).unwrap_err(),
            InvalidFunction::Timeout(901)
        );
        assert_eq!(
            function().with_memory_megabytes(127).unwrap_err(),
            InvalidFunction::Memory(127)
        );
        assert_eq!(
            function()
                .with_memory_megabytes(10_240)
                .unwrap()
                .memory_megabytes(),
            10_240
        );
        assert_eq!(function().timeout(), Duration::from_secs(3));
    }

    #[test]
    fn environments_are_checked() {
        let with = |key: &str, value: &str| {
            function().with_environment(BTreeMap::from([(key.to_owned(), value.to_owned())]))
        };
        assert!(with("TABLE_1", "orders").is_ok());
        assert!(matches!(
            with("1T", ""),
            Err(InvalidFunction::EnvironmentKey(_))
        ));
        assert!(matches!(
            with("A=B", ""),
            Err(InvalidFunction::EnvironmentKey(_))
        ));
        assert!(matches!(
            with("AWS_REGION", "x"),
            Err(InvalidFunction::ReservedKeys(_))
        ));
        assert!(matches!(
            with("AB", "a\0b"),
            Err(InvalidFunction::EnvironmentValue(_))
        ));
        assert_eq!(
            with("AB", &"v".repeat(4095)).unwrap_err(),
            InvalidFunction::EnvironmentTooLarge
        );
    }

    #[test]
    fn a_qualified_arn_or_an_empty_handler_is_no_function() {
        let runtime = Runtime::parse("python3.12").unwrap();
        let arn = Arn::parse("arn:aws:lambda:us-east-1:123456789012:function:f:1").unwrap();
        assert!(matches!(
            Function::new(&arn, runtime.clone(), "a.b", "/"),
            Err(InvalidFunction::Arn(_))
        ));
        let arn = Arn::parse("arn:aws:lambda:us-east-1:123456789012:function:f").unwrap();
        assert!(matches!(
            Function::new(&arn, runtime, "a b", "/"),
            Err(InvalidFunction::Handler(_))
        ));
    }
}
