//! Waiting for the end of a job, by asking.

use std::collections::BTreeMap;

use passo_engine::TaskUpdate;
use passo_json::{Json, Object};
use passo_vocab::{ErrorName, Failure};

use crate::kubernetes::{self, KubernetesJob};
use crate::run::{Run, Wait};
use crate::{Job, jobs};

/// Questions about a job that may fail one after another.
const UNANSWERED_MAX: u32 = 4;

/// What is asked for.
pub(crate) enum Watched<'a> {
    /// A job of a service of AWS, and the answer that it began with.
    Job(&'a Job, &'a Json),
    /// A job of a cluster.
    Kubernetes(KubernetesJob<'a>),
}

impl Run<'_> {
    /// Asks for the state of a job until it has ended, and reports that. A question that is not answered is asked again
    /// some times: the job does not depend on it.
    pub(crate) async fn watch(&self, watched: &Watched<'_>) {
        let given = &self.plan.parameters;
        let (operation, parameters) = match watched {
            Watched::Job(job, begun) => job.question(begun, given),
            Watched::Kubernetes(job) => job.question(),
        };
        let mut pause = jobs::PAUSE_MIN;
        let mut unanswered = 0;
        loop {
            if self.host.pause(pause).await == Wait::Cancelled {
                let stop = match watched {
                    Watched::Job(job, begun) => job.stop(begun, given),
                    Watched::Kubernetes(job) => Some(job.stop()),
                };
                if let Some((operation, parameters)) = stop {
                    // A courtesy: it may have ended meanwhile.
                    let _ = self.call(operation, parameters).await;
                }
                return;
            }
            pause = pause.saturating_mul(2).min(jobs::PAUSE_MAX);
            let answer = self.call(operation, parameters.clone()).await;
            match self.ended(watched, answer).await {
                Ok(Some(update)) => return self.host.report(update),
                Ok(None) => unanswered = 0,
                Err(failure) if unanswered >= UNANSWERED_MAX => {
                    return self.host.report(TaskUpdate::Failed(failure));
                }
                Err(_) => unanswered += 1,
            }
        }
    }

    /// What the task is told after this answer; nothing while the job goes on.
    async fn ended(
        &self,
        watched: &Watched<'_>,
        answer: Result<Json, Failure>,
    ) -> Result<Option<TaskUpdate>, Failure> {
        match (watched, answer) {
            (Watched::Job(job, begun), Ok(answer)) => {
                Ok(job.ended(&answer, begun, &self.plan.parameters))
            }
            (Watched::Job(job, begun), Err(failure)) => {
                let gone = job.is_gone(&failure, begun);
                gone.map_or(Err(failure), |update| Ok(Some(update)))
            }
            (Watched::Kubernetes(job), answer) => {
                let ended = answer.and_then(|answer| job.ended(&answer));
                match ended {
                    Ok(None) => Ok(None),
                    Ok(Some((is_complete, shown))) => {
                        let logs = self.logs(job).await;
                        Ok(Some(kubernetes::told(is_complete, &shown, logs)))
                    }
                    Err(failure) if is_lost(&failure) => Ok(Some(TaskUpdate::Failed(failure))),
                    Err(failure) => Err(failure),
                }
            }
        }
    }

    /// The logs of a job's containers, by pod; nothing where none are wanted.
    async fn logs(&self, job: &KubernetesJob<'_>) -> Option<Object> {
        let (operation, parameters) = job.pods()?;
        let pods = self.call(operation, parameters).await;
        let mut found: BTreeMap<String, Object> = BTreeMap::new();
        for (pod, container, operation, parameters) in job.logs(&pods.unwrap_or(Json::Null)) {
            let log = job.log(self.call(operation, parameters).await);
            let containers = found.remove(&pod).unwrap_or_default();
            found.insert(pod, containers.with(container, log));
        }
        let pods = found.into_iter();
        Some(
            pods.map(|(pod, containers)| (pod, Object::default().with("containers", containers)))
                .map(|(pod, shown)| (pod, Json::from(shown)))
                .collect(),
        )
    }
}

/// Whether a job is not there any more, or not to be seen.
fn is_lost(failure: &Failure) -> bool {
    let error = failure.error.as_ref().map(ErrorName::as_str);
    matches!(error, Some("EKS.401" | "EKS.403" | "EKS.404"))
}
