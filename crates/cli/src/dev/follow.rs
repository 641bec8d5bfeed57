//! Deploying the project, and again whenever its files change.

use std::path::{Path, PathBuf};

use super::snapshot::{Snapshot, changed};
use super::{DevArguments, say};
use crate::aws::Api;
use crate::deploy::Deploying;

/// Follows the project for ever.
pub(super) async fn follow(arguments: &DevArguments, api: &Api, endpoint: &str) {
    let mut follower = Follower {
        arguments,
        api,
        endpoint,
        roots: vec![root(&arguments.path)],
        has_begun: false,
        was_broken: false,
    };
    loop {
        let before = Snapshot::take(&follower.roots);
        let roots = follower.roots.clone();
        follower.deploy().await;
        // Roots that are new have been looked at for the first time just now.
        let before = if roots == follower.roots {
            before
        } else {
            Snapshot::take(&follower.roots)
        };
        changed(follower.roots.clone(), before).await;
    }
}

struct Follower<'a> {
    arguments: &'a DevArguments,
    api: &'a Api,
    endpoint: &'a str,
    roots: Vec<PathBuf>,
    has_begun: bool,
    was_broken: bool,
}

impl Follower<'_> {
    async fn deploy(&mut self) {
        let DevArguments { path, template, .. } = self.arguments;
        let deploying = match Deploying::prepare(self.api, path, template).await {
            Ok(deploying) => deploying,
            Err(problem) => {
                problem.print();
                self.broken();
                return;
            }
        };
        self.roots = roots(path, &deploying);
        let applied = deploying.apply(self.api).await;
        if !self.has_begun {
            say::notes(&deploying.source.notes);
        }
        say::reports(&applied.reports, self.has_begun);
        let problems = deploying.problems();
        for problem in &problems {
            problem.print();
        }
        let is_broken =
            !problems.is_empty() || applied.reports.iter().any(|report| report.outcome.is_err());
        if is_broken {
            self.broken();
        } else if self.was_broken {
            say::mended();
            self.was_broken = false;
        }
        if !self.has_begun && !is_broken {
            let region = self.api.connection().region.as_str();
            say::outputs(&applied.outputs, self.endpoint);
            say::commands(&deploying, self.endpoint, region);
            self.has_begun = true;
        }
    }

    fn broken(&mut self) {
        say::broken(self.has_begun);
        self.was_broken = true;
    }
}

/// Where the project's files are: its directory, and the code that lies elsewhere.
fn roots(path: &Path, deploying: &Deploying) -> Vec<PathBuf> {
    let root = root(path);
    let mut roots = vec![root.clone()];
    for file in deploying.source.files.used() {
        let is_inside = match (file.canonicalize(), root.canonicalize()) {
            (Ok(file), Ok(root)) => root.is_dir() && file.starts_with(root),
            _ => false,
        };
        if !is_inside {
            roots.push(file);
        }
    }
    roots.sort();
    roots.dedup();
    roots
}

/// The directory of a template; a definition is by itself.
fn root(path: &Path) -> PathBuf {
    let name = path.file_name().and_then(|name| name.to_str());
    let is_definition = name.is_some_and(|name| name.contains(".asl."));
    match path.parent() {
        Some(parent) if path.is_file() && !is_definition => {
            if parent.as_os_str().is_empty() {
                PathBuf::from(".")
            } else {
                parent.to_owned()
            }
        }
        _ => path.to_owned(),
    }
}
