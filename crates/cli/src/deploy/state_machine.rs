//! State machines.

use passo_json::{Json, json};
use passo_service::BoxFuture;

use super::fingerprint::{Fingerprint, TAG};
use super::resource::{Deployed, Resource};
use crate::aws::{Api, CallError};
use crate::check;
use crate::problem::Problem;
use crate::project::{self, StateMachine};

/// A state machine whose definition is right.
pub(super) struct StateMachineResource {
    machine: StateMachine,
    /// JSON, which is all that AWS takes.
    definition: String,
    fingerprint: Fingerprint,
}

impl StateMachineResource {
    /// Takes a state machine of a project.
    ///
    /// # Errors
    /// When its definition is not right; the problem shows where.
    pub(super) fn read(machine: &StateMachine) -> Result<StateMachineResource, Problem> {
        if let Err(problem) = project::compile(machine) {
            // The file itself shows places better than its text after substitution.
            let shown = machine
                .definition
                .file
                .as_deref()
                .and_then(check::errors_in);
            let name = &machine.name;
            return Err(match shown {
                Some(shown) => {
                    Problem::new(format!("the definition of `{name}` is not right")).shows(shown)
                }
                None => problem,
            });
        }
        let definition = machine.definition.json()?;
        let fingerprint = Fingerprint::of(&[
            definition.as_bytes(),
            machine.role_arn.as_bytes(),
            machine.workflow_type.name().as_bytes(),
        ]);
        Ok(StateMachineResource {
            machine: machine.clone(),
            definition,
            fingerprint,
        })
    }

    fn refused(&self, error: CallError) -> Problem {
        error.problem(format!(
            "the state machine `{}` was not deployed",
            self.machine.name
        ))
    }

    fn tags(&self) -> Json {
        json!([{"key": TAG, "value": self.fingerprint.as_str()}])
    }
}

impl Resource for StateMachineResource {
    fn kind(&self) -> &'static str {
        "state machine"
    }

    fn name(&self) -> &str {
        &self.machine.name
    }

    fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    fn deployed<'a>(&'a self, api: &'a Api) -> BoxFuture<'a, Result<Deployed, Problem>> {
        Box::pin(async move {
            let parameters = json!({"stateMachineArn": &*self.machine.arn});
            match api.states("DescribeStateMachine", &parameters).await {
                Ok(_) => {}
                Err(error) if error.is_not_found() => return Ok(Deployed::Nothing),
                Err(error) => return Err(self.refused(error)),
            }
            let parameters = json!({"resourceArn": &*self.machine.arn});
            let tags = api.states("ListTagsForResource", &parameters).await;
            let tags = tags.map_err(|error| self.refused(error))?;
            let tags = tags.get("tags").and_then(Json::as_array);
            let ours = tags
                .into_iter()
                .flat_map(|tags| tags.iter())
                .find(|tag| tag.get("key").and_then(Json::as_str) == Some(TAG));
            Ok(Deployed::of_tag(ours.and_then(|tag| tag.get("value"))))
        })
    }

    fn create<'a>(&'a self, api: &'a Api) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let parameters = json!({
                "name": &*self.machine.name,
                "definition": self.definition.as_str(),
                "roleArn": &*self.machine.role_arn,
                "type": self.machine.workflow_type.name(),
                "tags": self.tags(),
            });
            let created = api.states("CreateStateMachine", &parameters).await;
            created.map(drop).map_err(|error| self.refused(error))
        })
    }

    fn update<'a>(&'a self, api: &'a Api) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let parameters = json!({
                "stateMachineArn": &*self.machine.arn,
                "definition": self.definition.as_str(),
                "roleArn": &*self.machine.role_arn,
            });
            let updated = api.states("UpdateStateMachine", &parameters).await;
            updated.map_err(|error| self.refused(error))?;
            let parameters = json!({"resourceArn": &*self.machine.arn, "tags": self.tags()});
            let tagged = api.states("TagResource", &parameters).await;
            tagged.map(drop).map_err(|error| self.refused(error))
        })
    }
}
