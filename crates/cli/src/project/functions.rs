//! The template's functions as what the Lambda service runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use passo_lambda::{Function, Runtime};
use passo_template::Code;
use passo_vocab::Arn;

use super::LoadedProject;
use crate::problem::Problem;

/// Every function of the project. Inline code is written to files under `scratch`.
///
/// # Errors
/// When Lambda would not accept a function, or its code is not there.
pub fn lambda_functions(project: &LoadedProject, scratch: &Path) -> Result<Vec<Function>, Problem> {
    let functions = project.functions.iter();
    functions
        .map(|function| {
            let refuse = |why: String| {
                let file = project.file.display();
                Problem::new(format!(
                    "the function `{}` of `{file}` cannot be run",
                    function.logical_id
                ))
                .why(why)
            };
            lambda_function(function, &project.directory, scratch).map_err(refuse)
        })
        .collect()
}

fn lambda_function(
    function: &passo_template::Function,
    directory: &Path,
    scratch: &Path,
) -> Result<Function, String> {
    let arn = Arn::parse(&function.arn).map_err(|error| error.to_string())?;
    let runtime = Runtime::parse(&function.runtime).map_err(|error| error.to_string())?;
    let code = code_directory(function, directory, scratch)?;
    let environment: BTreeMap<String, String> = function
        .environment
        .iter()
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .collect();
    Function::new(&arn, runtime, &function.handler, code)
        .and_then(|made| made.with_timeout_seconds(function.timeout_seconds))
        .and_then(|made| made.with_memory_megabytes(function.memory_megabytes))
        .and_then(|made| made.with_environment(environment))
        .map_err(|error| error.to_string())
}

fn code_directory(
    function: &passo_template::Function,
    directory: &Path,
    scratch: &Path,
) -> Result<PathBuf, String> {
    match &function.code {
        Code::Path(path) => {
            let path = directory.join(path);
            if path.is_dir() {
                // Functions run in their own directory, so a relative path would not be found from there.
                return path.canonicalize().map_err(|error| error.to_string());
            }
            let path = path.display();
            Err(format!("its code `{path}` is not a directory"))
        }
        Code::Inline(text) => {
            let path = scratch.join(&*function.logical_id);
            let is_node = function.runtime.starts_with("nodejs");
            let file = path.join(if is_node { "index.js" } else { "index.py" });
            std::fs::create_dir_all(&path)
                .and_then(|()| std::fs::write(file, text.as_bytes()))
                .map_err(|error| error.to_string())?;
            Ok(path)
        }
    }
}
