//! Deploying the project, and again whenever its files change.

use std::path::{Path, PathBuf};

use passo_template::{Code, Deployment};

use super::snapshot::{Snapshot, changed};
use super::{DevArguments, say};
use crate::aws::Api;
use crate::deploy::{Known, apply, deployment, resources};
use crate::project::{self, LoadedProject};

/// Follows the project for ever.
pub(super) async fn follow(arguments: &DevArguments, api: &Api, endpoint: &str) {
    let deployment = match deployment(api, &arguments.template).await {
        Ok(deployment) => deployment,
        Err(problem) => {
            problem.print();
            return;
        }
    };
    let mut follower = Follower {
        arguments,
        api,
        endpoint,
        deployment,
        known: Known::default(),
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
    deployment: Deployment,
    /// What this server has. It is ours, and nobody else is expected to deploy to it.
    known: Known,
    roots: Vec<PathBuf>,
    has_begun: bool,
    was_broken: bool,
}

impl Follower<'_> {
    async fn deploy(&mut self) {
        let project = match project::load_all(&self.arguments.path, &self.deployment) {
            Ok(project) => project,
            Err(problem) => {
                problem.print();
                self.broken();
                return;
            }
        };
        self.roots = roots(&self.arguments.path, &project);
        let (resources, problems) = resources(&project);
        let reports = apply(self.api, &resources, &mut self.known).await;
        if !self.has_begun {
            say::notes(&project.notes);
        }
        say::reports(&reports, self.has_begun);
        for problem in &problems {
            problem.print();
        }
        let is_broken =
            !problems.is_empty() || reports.iter().any(|report| report.outcome.is_err());
        if is_broken {
            self.broken();
        } else if self.was_broken {
            say::mended();
            self.was_broken = false;
        }
        if !self.has_begun && !is_broken {
            let region = self.api.connection().region.as_str();
            say::commands(&project, self.endpoint, region);
            self.has_begun = true;
        }
    }

    fn broken(&mut self) {
        say::broken(self.has_begun);
        self.was_broken = true;
    }
}

/// Where the project's files are: its directory, and the code that lies elsewhere.
fn roots(path: &Path, project: &LoadedProject) -> Vec<PathBuf> {
    let root = root(path);
    let mut roots = vec![root.clone()];
    for function in &project.functions {
        if let Code::Path(code) = &function.code {
            let code = project.directory.join(code);
            let is_inside = match (code.canonicalize(), root.canonicalize()) {
                (Ok(code), Ok(root)) => code.starts_with(root),
                _ => false,
            };
            if !is_inside {
                roots.push(code);
            }
        }
    }
    let files = project.state_machines.iter();
    roots.extend(files.filter_map(|machine| machine.definition.file.clone()));
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
