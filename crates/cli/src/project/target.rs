//! A project as it is on disk, and the state machine that is wanted of it.

use std::path::PathBuf;
use std::sync::Arc;

use passo_engine::WorkflowType;

use super::Definition;
use crate::problem::Problem;

/// What a path stands for.
#[derive(Clone, Debug)]
pub struct LoadedProject {
    /// The file that says so: a template or a definition.
    pub file: PathBuf,
    /// The directory that the template's paths are relative to.
    pub directory: PathBuf,
    /// At least one.
    pub state_machines: Vec<StateMachine>,
    /// The functions of the template.
    pub functions: Vec<passo_template::Function>,
    /// Things that will be missing, for people.
    pub notes: Vec<String>,
}

/// A state machine of a project.
#[derive(Clone, Debug)]
pub struct StateMachine {
    /// Its name in the template, or the file's.
    pub logical_id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Its ARN.
    pub arn: Arc<str>,
    /// The role it runs with.
    pub role_arn: Arc<str>,
    /// Standard or Express.
    pub workflow_type: WorkflowType,
    /// Its definition.
    pub definition: Definition,
}

impl LoadedProject {
    /// The state machine that `wanted` names, by its name or its name in the template; the only one where nothing is
    /// wanted.
    ///
    /// # Errors
    /// When there is none of that name, or several to choose from.
    pub fn state_machine(&self, wanted: Option<&str>) -> Result<&StateMachine, Problem> {
        let Some(wanted) = wanted else {
            return match &self.state_machines[..] {
                [only] => Ok(only),
                _ => Err(self
                    .choice("which state machine?")
                    .next("name one with --state-machine NAME")),
            };
        };
        let named =
            |machine: &&StateMachine| &*machine.name == wanted || &*machine.logical_id == wanted;
        let what = format!("`{}` has no state machine `{wanted}`", self.file.display());
        self.state_machines
            .iter()
            .find(named)
            .ok_or_else(|| self.choice(&what))
    }

    fn choice(&self, what: &str) -> Problem {
        let names: Vec<String> = self
            .state_machines
            .iter()
            .map(|machine| format!("`{}`", machine.name))
            .collect();
        Problem::new(what).why(format!(
            "`{}` has {}",
            self.file.display(),
            names.join(", ")
        ))
    }
}
