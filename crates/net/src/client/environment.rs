//! What the surroundings of a process say about AWS: variables and the files in `~/.aws`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Variables and files, as values: what reads them can be tried without a process of its own.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    home: Option<PathBuf>,
}

impl Environment {
    /// That of this process: its `AWS_*` variables and its user's home folder.
    pub fn of_process() -> Environment {
        let variables = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.starts_with("AWS_"));
        Environment {
            variables: variables.collect(),
            home: env::home_dir(),
        }
    }

    /// One with these variables; `home` is where `.aws` would be.
    pub fn of<const N: usize>(variables: [(&str, &str); N], home: Option<&Path>) -> Environment {
        Environment {
            variables: variables.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            home: home.map(Path::to_owned),
        }
    }

    /// A variable; an empty one counts as not set, as it does for AWS's clients.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    /// `AWS_CONFIG_FILE`, or `~/.aws/config`.
    pub fn config_file(&self) -> Option<PathBuf> {
        self.aws_file("AWS_CONFIG_FILE", "config")
    }

    /// `AWS_SHARED_CREDENTIALS_FILE`, or `~/.aws/credentials`.
    pub fn credentials_file(&self) -> Option<PathBuf> {
        self.aws_file("AWS_SHARED_CREDENTIALS_FILE", "credentials")
    }

    fn aws_file(&self, variable: &str, name: &str) -> Option<PathBuf> {
        let Some(path) = self.variable(variable) else {
            return Some(self.home.as_ref()?.join(".aws").join(name));
        };
        match (path.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => Some(home.join(rest)),
            _ => Some(PathBuf::from(path)),
        }
    }
}

/// A file's text; none where there is no such file.
pub(super) fn text_of(path: Option<&Path>) -> Result<Option<String>, (PathBuf, io::Error)> {
    let Some(path) = path else { return Ok(None) };
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err((path.to_owned(), error)),
    }
}
