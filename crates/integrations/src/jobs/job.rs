//! A kind of job: how to ask for it, and how to tell that it has ended.

use std::time::Duration;

use passo_engine::TaskUpdate;
use passo_json::{Json, Object, Payload};
use passo_vocab::{ErrorName, Failure};

use super::origin::{Members, picked};
use super::services;
use crate::sdk::{self, Operation};

/// Between the first two questions; each pause is twice as long as the one before.
pub(crate) const PAUSE_MIN: Duration = Duration::from_secs(1);
/// Between two questions, at most.
pub(crate) const PAUSE_MAX: Duration = Duration::from_secs(15);

/// A kind of job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// The service in a resource, `ecs`.
    pub(super) resource_type: &'static str,
    /// The action in a resource, `runTask`.
    pub(super) action: &'static str,
    /// The operation that tells how the job is.
    pub(super) question: &'static str,
    /// Its parameters.
    pub(super) asks: Members,
    /// Where in its answer, as tasks show it, the job is.
    pub(super) job: &'static str,
    /// Where in the job its state is.
    pub(super) state: &'static str,
    pub(super) succeeded: &'static [&'static str],
    pub(super) failed: &'static [&'static str],
    /// The operation that ends the job early, and its parameters.
    pub(super) stop: Option<(&'static str, Members)>,
    /// How the result shows the job.
    pub(super) shown: Shown,
    /// Whether the job is done once there is nothing to ask for any more.
    pub(super) is_deletion: bool,
}

/// How a result shows a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// Alone.
    Alone,
    /// As the only member.
    As(&'static str),
    /// Together with these members.
    With(Members),
}

impl Job {
    fn id(&self) -> &'static str {
        services::named(self.resource_type).map_or("", |service| service.id)
    }

    /// What to ask for its state: operation and parameters.
    pub(crate) fn question(&self, answer: &Json, given: &Json) -> (&'static str, Json) {
        let parameters = picked(self.asks, answer, given);
        (self.question, Json::from(parameters))
    }

    /// What ends it early.
    pub(crate) fn stop(&self, answer: &Json, given: &Json) -> Option<(&'static str, Json)> {
        let (operation, asks) = self.stop?;
        Some((operation, Json::from(picked(asks, answer, given))))
    }

    /// What the task is told, from the answer to the question; `None` while the job goes on. `begun` is the answer that it
    /// began with, `given` what it began with.
    pub(crate) fn ended(
        &self,
        description: &Json,
        begun: &Json,
        given: &Json,
    ) -> Option<TaskUpdate> {
        let operation = Operation {
            service: self.id(),
            name: self.question,
        };
        let described = sdk::described(description, operation);
        let job = described.pointer(self.job)?;
        let state = job.pointer(self.state).and_then(Json::as_str)?;
        let is_good = self.succeeded.contains(&state);
        if !is_good && !self.failed.contains(&state) {
            return None;
        }
        let shown = self.shown(job, begun, given);
        if is_good && exit_codes_are_zero(job) {
            return Some(TaskUpdate::Succeeded(Payload::from(shown)));
        }
        Some(TaskUpdate::Failed(Failure::new(
            ErrorName::TASK_FAILED,
            shown.to_text(),
        )))
    }

    /// What the task is told when its question failed so, if that is the end of the job: what is deleted cannot be asked
    /// for. The result is what the deletion was answered with.
    pub(crate) fn is_gone(&self, failure: &Failure, begun: &Json) -> Option<TaskUpdate> {
        let error = failure.error.as_ref().map(ErrorName::as_str)?;
        if !self.is_deletion || !error.ends_with(".ResourceNotFoundException") {
            return None;
        }
        let members = begun.as_object().into_iter().flat_map(Object::iter);
        let members = members.filter(|(name, _)| !name.starts_with("Sdk"));
        let members = members.map(|(name, value)| (&**name, value.clone()));
        let result = Json::from(members.collect::<Object>());
        Some(TaskUpdate::Succeeded(Payload::from(result)))
    }

    /// Why the job has not begun although the service has answered: ECS says so inside its answer.
    pub(crate) fn refusal(&self, shown: &Json) -> Option<Failure> {
        let failures = shown.get("Failures").and_then(Json::as_array)?;
        if self.resource_type != "ecs" || failures.is_empty() {
            return None;
        }
        let cause = shown.to_text();
        Some(Failure::new(ErrorName::new("AmazonECS.Unknown"), cause))
    }

    fn shown(&self, job: &Json, begun: &Json, given: &Json) -> Json {
        match (self.shown, job.as_object()) {
            (Shown::As(name), _) => Json::from(Object::default().with(name, job.clone())),
            (Shown::With(members), Some(object)) => {
                let added = picked(members, begun, given);
                let added = added.iter().map(|(name, value)| (&**name, value.clone()));
                let members = object.iter().map(|(name, value)| (&**name, value.clone()));
                Json::from(members.chain(added).collect::<Object>())
            }
            (Shown::Alone | Shown::With(_), _) => job.clone(),
        }
    }
}

/// A container that ended otherwise fails its task; other jobs have none.
fn exit_codes_are_zero(job: &Json) -> bool {
    let containers = job.get("Containers").and_then(Json::as_array);
    let mut containers = containers.into_iter().flat_map(|all| all.iter());
    containers.all(|container| container.get("ExitCode").and_then(Json::as_i64) == Some(0))
}
