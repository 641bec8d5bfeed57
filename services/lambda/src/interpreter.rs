//! Which programs of this machine run functions in Python, JavaScript and Java.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::sync::Mutex;

use crate::error::InvokeError;
use crate::function::{Runtime, RuntimeFamily};
use crate::settings::Settings;

const PYTHON_MINOR_MIN: u32 = 9;
const PYTHON_MINOR_MAX: u32 = 15;
const NODE_MAJOR_MIN: u32 = 18;
/// Older ones do not know `readNBytes`.
const JAVA_MAJOR_MIN: u32 = 11;
/// An interpreter that does not say its version within this time is not one.
const PROBE_WAIT: Duration = Duration::from_secs(10);
/// Prints major and minor version and the program itself: what is found first may be a launcher that needs the
/// user's environment, which functions do not get.
const PYTHON_PROBE: &str =
    "import sys; print(sys.version_info[0], sys.version_info[1], sys.executable)";
const NODE_PROBE: &str =
    "console.log(...process.versions.node.split('.').slice(0, 2), process.execPath)";

/// Finds interpreters and remembers them by runtime.
#[derive(Debug)]
pub(crate) struct Interpreters {
    python: Option<PathBuf>,
    node: Option<PathBuf>,
    search_path: String,
    found: Mutex<HashMap<String, PathBuf>>,
}

impl Interpreters {
    pub(crate) fn new(settings: &Settings, search_path: String) -> Interpreters {
        Interpreters {
            python: settings.python.clone(),
            node: settings.node.clone(),
            search_path,
            found: Mutex::default(),
        }
    }

    /// The program for a runtime; asked once for each runtime, unless it was missing.
    ///
    /// # Errors
    /// [`InvokeError::InterpreterMissing`] with everything that was tried.
    pub(crate) async fn find(&self, runtime: &Runtime) -> Result<PathBuf, InvokeError> {
        let mut found = self.found.lock().await;
        if let Some(program) = found.get(runtime.identifier()) {
            return Ok(program.clone());
        }
        let mut tried = Vec::new();
        for candidate in self.candidates(runtime) {
            match self.probe(runtime.family(), &candidate).await {
                Ok(program) => {
                    found.insert(runtime.identifier().to_owned(), program.clone());
                    return Ok(program);
                }
                Err(why) => tried.push(format!("`{}` ({why})", candidate.display())),
            }
        }
        Err(InvokeError::InterpreterMissing {
            runtime: runtime.identifier().to_owned(),
            looked_for: format!("{} in PATH `{}`", tried.join(", "), self.search_path),
        })
    }

    fn candidates(&self, runtime: &Runtime) -> Vec<PathBuf> {
        match runtime.family() {
            RuntimeFamily::Python => match &self.python {
                Some(given) => vec![given.clone()],
                None => {
                    let mut names = vec![runtime.identifier().to_owned()];
                    names.extend(["python3".to_owned(), "python".to_owned()]);
                    let others = (PYTHON_MINOR_MIN..=PYTHON_MINOR_MAX).rev();
                    names.extend(others.map(|minor| format!("python3.{minor}")));
                    names.dedup();
                    names.into_iter().map(PathBuf::from).collect()
                }
            },
            RuntimeFamily::NodeJs => match &self.node {
                Some(given) => vec![given.clone()],
                None => vec![PathBuf::from("node"), PathBuf::from("nodejs")],
            },
            RuntimeFamily::Java => vec![PathBuf::from("java")],
            RuntimeFamily::Provided => Vec::new(),
        }
    }

    async fn probe(&self, family: RuntimeFamily, candidate: &Path) -> Result<PathBuf, String> {
        let program = self.resolve(candidate).ok_or("not found")?;
        let (flag, script) = match family {
            RuntimeFamily::Python => ("-c", PYTHON_PROBE),
            RuntimeFamily::NodeJs => ("-e", NODE_PROBE),
            RuntimeFamily::Java => ("-XshowSettings:properties", "-version"),
            RuntimeFamily::Provided => return Err("needs no interpreter".to_owned()),
        };
        let asked = Command::new(program)
            .args([flag, script])
            .env("PATH", &self.search_path)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let output = tokio::time::timeout(PROBE_WAIT, asked)
            .await
            .map_err(|_| "no answer".to_owned())?
            .map_err(|error| error.to_string())?;
        let answer = match family {
            RuntimeFamily::Java => java_answer(&String::from_utf8_lossy(&output.stderr)),
            RuntimeFamily::Python | RuntimeFamily::NodeJs | RuntimeFamily::Provided => {
                String::from_utf8_lossy(&output.stdout).into_owned()
            }
        };
        accept(family, answer.trim())
    }

    /// The file of a program, as a shell would find it.
    fn resolve(&self, candidate: &Path) -> Option<PathBuf> {
        if candidate.components().count() > 1 {
            return candidate.is_file().then(|| candidate.to_owned());
        }
        std::env::split_paths(&self.search_path)
            .map(|directory| directory.join(candidate))
            .find(|file| file.is_file())
    }
}

/// What Java says of itself, in the form of the others: `17 0 <home>/bin/java`.
fn java_answer(settings: &str) -> String {
    let property = |name: &str| {
        let mut lines = settings.lines();
        lines.find_map(|line| line.trim().strip_prefix(name)?.trim().strip_prefix("= "))
    };
    let (version, home) = (
        property("java.specification.version"),
        property("java.home"),
    );
    match (version, home) {
        // Java 8 calls itself 1.8.
        (Some(version), Some(home)) if !version.contains('.') => {
            format!("{version} 0 {home}/bin/java")
        }
        (Some(version), Some(_)) => version.replace('.', " "),
        (None, _) | (_, None) => String::new(),
    }
}

/// Reads `<major> <minor> <path>`.
fn accept(family: RuntimeFamily, answer: &str) -> Result<PathBuf, String> {
    let mut parts = answer.splitn(3, ' ');
    let mut number = || parts.next().and_then(|part| part.parse::<u32>().ok());
    let (Some(major), Some(minor)) = (number(), number()) else {
        return Err("does not run".to_owned());
    };
    let new_enough = match family {
        RuntimeFamily::Python => major == 3 && minor >= PYTHON_MINOR_MIN,
        RuntimeFamily::NodeJs => major >= NODE_MAJOR_MIN,
        RuntimeFamily::Java => major >= JAVA_MAJOR_MIN,
        RuntimeFamily::Provided => false,
    };
    let program = parts
        .next()
        .filter(|path| !path.is_empty())
        .map(PathBuf::from);
    match program {
        Some(program) if new_enough => Ok(program),
        Some(_) | None => Err(format!("is version {major}.{minor}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_broken_interpreters_are_refused() {
        let python = |answer| accept(RuntimeFamily::Python, answer);
        assert_eq!(
            python("3 11 /usr/bin/python3.11"),
            Ok(PathBuf::from("/usr/bin/python3.11"))
        );
        assert_eq!(
            python("3 8 /usr/bin/python3"),
            Err("is version 3.8".to_owned())
        );
        assert_eq!(
            python("2 7 /usr/bin/python"),
            Err("is version 2.7".to_owned())
        );
        assert_eq!(python(""), Err("does not run".to_owned()));
        let java = |settings| accept(RuntimeFamily::Java, &java_answer(settings));
        assert_eq!(
            java("Property settings:\n    java.home = /jvm\n    java.specification.version = 17\n"),
            Ok(PathBuf::from("/jvm/bin/java"))
        );
        let old = "    java.home = /jvm\n    java.specification.version = 1.8\n";
        assert_eq!(java(old), Err("is version 1.8".to_owned()));
        assert!(accept(RuntimeFamily::NodeJs, "20 1 /usr/bin/node").is_ok());
        assert!(accept(RuntimeFamily::NodeJs, "16 1 /usr/bin/node").is_err());
    }
}
