//! Lambda functions as recorded cases create them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context, Result};
use passo_json::Json;
use passo_lambda::{Function, Functions, LogSink, LogSource, LogStream, Runtime, Settings};
use passo_vocab::Arn;
use tempfile::TempDir;

/// Sources of functions, and the processes that run them.
pub struct FunctionHost {
    sources: PathBuf,
    code: TempDir,
    /// The processes.
    pub processes: Functions,
}

impl FunctionHost {
    /// A host for functions whose sources are in the folder `sources`. Call it within a runtime.
    ///
    /// # Errors
    /// When there is no place for their code.
    pub fn new(sources: PathBuf) -> Result<Self> {
        let code = TempDir::new().context("failed to make a folder for functions")?;
        let processes = Functions::new(Settings::default(), Arc::new(NoLogs))?;
        Ok(Self {
            sources,
            code,
            processes,
        })
    }

    /// Makes what `CreateFunction` asks for with `params`.
    ///
    /// # Errors
    /// When Lambda would not accept it, or its source is not there.
    pub fn create(&self, account: &str, params: &Json) -> Result<Function> {
        let text = |key: &str| {
            let text = params.get(key).and_then(Json::as_str);
            text.with_context(|| format!("no `{key}`"))
        };
        let name = text("FunctionName")?;
        let source = params.pointer("/Code/$function").and_then(Json::as_str);
        let source = self
            .sources
            .join(source.context("the code is no `$function`")?);
        let arn = Arn::parse(&format!(
            "arn:aws:lambda:us-east-1:{account}:function:{name}"
        ))?;
        let code = self.code.path().join(account).join(name);
        copy_code(&source, &code)?;
        let function = Function::new(
            &arn,
            Runtime::parse(text("Runtime")?)?,
            text("Handler")?,
            code,
        )?;
        let timeout = params.get("Timeout").and_then(Json::as_i64).unwrap_or(3);
        let variables = params
            .pointer("/Environment/Variables")
            .and_then(Json::as_object);
        let variables: BTreeMap<String, String> = variables
            .into_iter()
            .flat_map(|object| object.iter())
            .map(|(key, value)| {
                (
                    key.to_string(),
                    value.as_str().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        Ok(function
            .with_timeout_seconds(u32::try_from(timeout)?)?
            .with_environment(variables)?)
    }
}

fn copy_code(source: &Path, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::copy(source, folder.join("handler.py")))
        .with_context(|| format!("failed to copy `{}`", source.display()))?;
    Ok(())
}

struct NoLogs;

impl LogSink for NoLogs {
    fn write(&self, _: &LogSource, _: LogStream, _: &str, _: SystemTime) {}
}
