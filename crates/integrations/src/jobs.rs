//! Optimised integrations of services that run jobs: one call, and with `.sync` questions until the job has ended.
//!
//! Source: Developer Guide, "Integrating optimized services"; the states of jobs are those of the services' API
//! references. How long AWS waits between two questions is not published.

use std::time::Duration;

use passo_engine::TaskUpdate;
use passo_json::{Json, ObjectBuilder, Payload};
use passo_vocab::{ErrorName, Failure};

use crate::sdk::{self, Operation};
use crate::{Completion, ErrorStyle, Plan, Shape};

/// Between the first two questions; each pause is twice as long as the one before.
pub(crate) const PAUSE_MIN: Duration = Duration::from_secs(1);
/// Between two questions, at most.
pub(crate) const PAUSE_MAX: Duration = Duration::from_secs(15);

/// A kind of job: how to ask for it, and how to tell that it has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// The service in a resource, `ecs`.
    resource_type: &'static str,
    /// The action in a resource, `runTask`.
    action: &'static str,
    /// The operation that tells how the job is.
    question: &'static str,
    /// Its parameters.
    asks: &'static [(&'static str, Origin)],
    /// Where in its answer, as tasks show it, the job is.
    job: &'static str,
    /// Where in the job its state is.
    state: &'static str,
    succeeded: &'static [&'static str],
    failed: &'static [&'static str],
    /// The operation that ends the job early, and its parameters.
    stop: Option<(&'static str, &'static [(&'static str, Origin)])>,
}

/// Where a parameter comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// This place in the answer that the job began with, as tasks show it.
    Answer(&'static str),
    /// The same, as the only item of a list.
    AnswerList(&'static str),
    /// The member of the parameters that the job began with.
    Given(&'static str),
}

use Origin::{Answer, AnswerList, Given};

/// A service that runs jobs, or is asked by optimised integrations in the same way.
struct Optimized {
    /// In a resource.
    resource_type: &'static str,
    /// In the public models.
    id: &'static str,
    /// In names of errors.
    prefix: &'static str,
    /// In causes.
    service: &'static str,
}

const fn optimized(
    resource_type: &'static str,
    id: &'static str,
    prefix: &'static str,
    service: &'static str,
) -> Optimized {
    Optimized {
        resource_type,
        id,
        prefix,
        service,
    }
}

#[rustfmt::skip]
const SERVICES: [Optimized; 12] = [
    optimized("ecs", "ecs", "ECS", "AmazonECS"),
    optimized("batch", "batch", "Batch", "AWSBatch"),
    optimized("glue", "glue", "Glue", "AWSGlue"),
    optimized("databrew", "databrew", "DataBrew", "AWSGlueDataBrew"),
    optimized("sagemaker", "sagemaker", "SageMaker", "AmazonSageMaker"),
    optimized("athena", "athena", "Athena", "AmazonAthena"),
    optimized("codebuild", "codebuild", "CodeBuild", "AWSCodeBuild"),
    optimized("emr-serverless", "emrserverless", "EmrServerless", "EMRServerless"),
    optimized("emr-containers", "emrcontainers", "EmrContainers", "AmazonEMRContainers"),
    optimized("mediaconvert", "mediaconvert", "MediaConvert", "AWSMediaConvert"),
    optimized("eks", "eks", "EKS", "AmazonEKS"),
    optimized("bedrock", "bedrock", "Bedrock", "AmazonBedrock"),
];

const fn sagemaker(
    action: &'static str,
    question: &'static str,
    asks: &'static [(&'static str, Origin)],
    state: &'static str,
    stop: &'static str,
) -> Job {
    Job {
        resource_type: "sagemaker",
        action,
        question,
        asks,
        job: "",
        state,
        succeeded: &["Completed"],
        failed: &["Failed", "Stopped"],
        stop: Some((stop, asks)),
    }
}

#[rustfmt::skip]
const JOBS: &[Job] = &[
    Job {
        resource_type: "ecs", action: "runTask", question: "DescribeTasks",
        asks: &[("cluster", Answer("/Tasks/0/ClusterArn")), ("tasks", AnswerList("/Tasks/0/TaskArn"))],
        job: "/Tasks/0", state: "/LastStatus", succeeded: &["STOPPED"], failed: &[],
        stop: Some(("StopTask", &[("cluster", Answer("/Tasks/0/ClusterArn")), ("task", Answer("/Tasks/0/TaskArn"))])),
    },
    Job {
        resource_type: "batch", action: "submitJob", question: "DescribeJobs",
        asks: &[("jobs", AnswerList("/JobId"))],
        job: "/Jobs/0", state: "/Status", succeeded: &["SUCCEEDED"], failed: &["FAILED"],
        stop: Some(("TerminateJob", &[("jobId", Answer("/JobId")), ("reason", Answer("/JobName"))])),
    },
    Job {
        resource_type: "glue", action: "startJobRun", question: "GetJobRun",
        asks: &[("JobName", Given("JobName")), ("RunId", Answer("/JobRunId"))],
        job: "/JobRun", state: "/JobRunState",
        succeeded: &["SUCCEEDED"], failed: &["FAILED", "STOPPED", "TIMEOUT", "ERROR", "EXPIRED"],
        stop: Some(("BatchStopJobRun", &[("JobName", Given("JobName")), ("JobRunIds", AnswerList("/JobRunId"))])),
    },
    Job {
        resource_type: "databrew", action: "startJobRun", question: "DescribeJobRun",
        asks: &[("Name", Given("Name")), ("RunId", Answer("/RunId"))],
        job: "", state: "/State", succeeded: &["SUCCEEDED"], failed: &["FAILED", "STOPPED", "TIMEOUT"],
        stop: Some(("StopJobRun", &[("Name", Given("Name")), ("RunId", Answer("/RunId"))])),
    },
    sagemaker("createTrainingJob", "DescribeTrainingJob", &[("TrainingJobName", Given("TrainingJobName"))],
        "/TrainingJobStatus", "StopTrainingJob"),
    sagemaker("createTransformJob", "DescribeTransformJob", &[("TransformJobName", Given("TransformJobName"))],
        "/TransformJobStatus", "StopTransformJob"),
    sagemaker("createProcessingJob", "DescribeProcessingJob", &[("ProcessingJobName", Given("ProcessingJobName"))],
        "/ProcessingJobStatus", "StopProcessingJob"),
    sagemaker("createLabelingJob", "DescribeLabelingJob", &[("LabelingJobName", Given("LabelingJobName"))],
        "/LabelingJobStatus", "StopLabelingJob"),
    sagemaker("createHyperParameterTuningJob", "DescribeHyperParameterTuningJob",
        &[("HyperParameterTuningJobName", Given("HyperParameterTuningJobName"))],
        "/HyperParameterTuningJobStatus", "StopHyperParameterTuningJob"),
    Job {
        resource_type: "athena", action: "startQueryExecution", question: "GetQueryExecution",
        asks: &[("QueryExecutionId", Answer("/QueryExecutionId"))],
        job: "", state: "/QueryExecution/Status/State", succeeded: &["SUCCEEDED"], failed: &["FAILED", "CANCELLED"],
        stop: Some(("StopQueryExecution", &[("QueryExecutionId", Answer("/QueryExecutionId"))])),
    },
    Job {
        resource_type: "codebuild", action: "startBuild", question: "BatchGetBuilds",
        asks: &[("ids", AnswerList("/Build/Id"))],
        job: "/Builds/0", state: "/BuildStatus",
        succeeded: &["SUCCEEDED"], failed: &["FAILED", "FAULT", "TIMED_OUT", "STOPPED"],
        stop: Some(("StopBuild", &[("id", Answer("/Build/Id"))])),
    },
    Job {
        resource_type: "emr-serverless", action: "startJobRun", question: "GetJobRun",
        asks: &[("applicationId", Given("applicationId")), ("jobRunId", Answer("/JobRunId"))],
        job: "/JobRun", state: "/State", succeeded: &["SUCCESS"], failed: &["FAILED", "CANCELLED"],
        stop: Some(("CancelJobRun", &[("applicationId", Given("applicationId")), ("jobRunId", Answer("/JobRunId"))])),
    },
    Job {
        resource_type: "emr-containers", action: "startJobRun", question: "DescribeJobRun",
        asks: &[("virtualClusterId", Given("virtualClusterId")), ("id", Answer("/Id"))],
        job: "/JobRun", state: "/State", succeeded: &["COMPLETED"], failed: &["FAILED", "CANCELLED"],
        stop: Some(("CancelJobRun", &[("virtualClusterId", Given("virtualClusterId")), ("id", Answer("/Id"))])),
    },
    Job {
        resource_type: "mediaconvert", action: "createJob", question: "GetJob",
        asks: &[("Id", Answer("/Job/Id"))],
        job: "", state: "/Job/Status", succeeded: &["COMPLETE"], failed: &["ERROR", "CANCELED"],
        stop: Some(("CancelJob", &[("Id", Answer("/Job/Id"))])),
    },
    Job {
        resource_type: "eks", action: "createCluster", question: "DescribeCluster",
        asks: &[("name", Given("name"))],
        job: "", state: "/Cluster/Status", succeeded: &["ACTIVE"], failed: &["FAILED", "DELETING"],
        stop: None,
    },
    Job {
        resource_type: "eks", action: "createNodegroup", question: "DescribeNodegroup",
        asks: &[("clusterName", Given("clusterName")), ("nodegroupName", Given("nodegroupName"))],
        job: "", state: "/Nodegroup/Status", succeeded: &["ACTIVE"], failed: &["CREATE_FAILED", "DEGRADED", "DELETING"],
        stop: None,
    },
    Job {
        resource_type: "eks", action: "createFargateProfile", question: "DescribeFargateProfile",
        asks: &[("clusterName", Given("clusterName")), ("fargateProfileName", Given("fargateProfileName"))],
        job: "", state: "/FargateProfile/Status", succeeded: &["ACTIVE"], failed: &["CREATE_FAILED", "DELETING"],
        stop: None,
    },
    Job {
        resource_type: "bedrock", action: "createModelCustomizationJob", question: "GetModelCustomizationJob",
        asks: &[("jobIdentifier", Answer("/JobArn"))],
        job: "", state: "/Status", succeeded: &["Completed"], failed: &["Failed", "Stopped"],
        stop: Some(("StopModelCustomizationJob", &[("jobIdentifier", Answer("/JobArn"))])),
    },
];

/// The plan of `{resource_type}:{action}`, to its answer or, with `is_sync`, to the end of the job; `None` where there is
/// no such integration.
pub(crate) fn call(
    resource_type: &str,
    action: &str,
    is_sync: bool,
    parameters: &Payload,
) -> Option<Result<Plan, Failure>> {
    let mut services = SERVICES.iter();
    let service = services.find(|service| service.resource_type == resource_type)?;
    let mut jobs = JOBS.iter();
    let job = jobs.find(|job| job.resource_type == resource_type && job.action == action);
    let completion = match (is_sync, job) {
        (true, Some(job)) => Completion::Job(job),
        (true, None) => return None,
        (false, _) => Completion::Answer,
    };
    // Of Bedrock, models are asked in another place than jobs.
    let id = match (service.id, action) {
        ("bedrock", "invokeModel") => "bedrockruntime",
        (id, _) => id,
    };
    let planned = sdk::call(id, action, parameters, completion)?;
    Some(planned.map(|plan| Plan {
        shape: Shape::Optimized,
        errors: ErrorStyle::V1 {
            prefix: service.prefix,
            service: service.service,
        },
        ..plan
    }))
}

impl Job {
    fn id(&self) -> &'static str {
        let mut services = SERVICES.iter();
        let found = services.find(|service| service.resource_type == self.resource_type);
        found.map_or("", |service| service.id)
    }

    /// What to ask for its state: operation and parameters.
    pub(crate) fn question(&self, answer: &Json, given: &Json) -> (&'static str, Json) {
        (self.question, parameters(self.asks, answer, given))
    }

    /// What ends it early.
    pub(crate) fn stop(&self, answer: &Json, given: &Json) -> Option<(&'static str, Json)> {
        let (operation, asks) = self.stop?;
        Some((operation, parameters(asks, answer, given)))
    }

    /// What the task is told, from the answer to the question; `None` while the job goes on.
    pub(crate) fn ended(&self, description: &Json) -> Option<TaskUpdate> {
        let operation = Operation {
            service: self.id(),
            name: self.question,
        };
        let shown = sdk::described(description, operation);
        let job = shown.pointer(self.job)?;
        let state = job.pointer(self.state).and_then(Json::as_str)?;
        let succeeded = self.succeeded.contains(&state) && exit_codes_are_zero(job);
        if !succeeded && !self.failed.contains(&state) && !self.succeeded.contains(&state) {
            return None;
        }
        if succeeded {
            return Some(TaskUpdate::Succeeded(Payload::from(job.clone())));
        }
        Some(TaskUpdate::Failed(Failure::new(
            ErrorName::TASK_FAILED,
            job.to_text(),
        )))
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
}

/// A container that ended otherwise fails its task; other jobs have none.
fn exit_codes_are_zero(job: &Json) -> bool {
    let containers = job.get("Containers").and_then(Json::as_array);
    let mut containers = containers.into_iter().flat_map(|all| all.iter());
    containers.all(|container| container.get("ExitCode").and_then(Json::as_i64) == Some(0))
}

fn parameters(asks: &[(&'static str, Origin)], answer: &Json, given: &Json) -> Json {
    let mut out = ObjectBuilder::new();
    for (name, from) in asks {
        let value = match from {
            Answer(place) => answer.pointer(place).cloned(),
            AnswerList(place) => answer
                .pointer(place)
                .map(|item| Json::from(vec![item.clone()])),
            Given(name) => given.get(name).cloned(),
        };
        out.insert_some(*name, value);
    }
    Json::from(out.build())
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;
    use crate::naming::{First, letter};

    #[test]
    fn every_row_names_operations_and_members_that_there_are() {
        for job in JOBS {
            let model = passo_model::by_id(job.id()).unwrap().model();
            let action = letter(job.action, First::Upper);
            let begun = model.operation(&action).unwrap();
            let question = model.operation(job.question).unwrap();
            let has = |of: &passo_model::Operation, name: &str| {
                let input = model.structure(of.input.unwrap()).unwrap();
                assert!(input.member(name).is_some(), "{} {name}", of.name);
            };
            for (name, from) in job.asks {
                has(question, name);
                if let Given(name) = from {
                    has(begun, name);
                }
            }
            if let Some((operation, asks)) = job.stop {
                let stop = model.operation(operation).unwrap();
                asks.iter().for_each(|(name, _)| has(stop, name));
            }
        }
    }

    #[test]
    fn jobs_are_asked_for_until_they_end() {
        let given = Payload::from_text(r#"{"JobName":"j","Arguments":{"--a":1}}"#).unwrap();
        let plan = call("glue", "startJobRun", true, &given).unwrap().unwrap();
        assert_eq!(
            plan.parameters,
            json!({"JobName": "j", "Arguments": {"--a": "1"}})
        );
        let Completion::Job(job) = plan.completion else {
            panic!("no job")
        };
        let (operation, parameters) = job.question(&json!({"JobRunId": "r"}), &plan.parameters);
        assert_eq!(operation, "GetJobRun");
        assert_eq!(parameters, json!({"JobName": "j", "RunId": "r"}));
        assert!(
            job.ended(&json!({"JobRun": {"JobRunState": "RUNNING"}}))
                .is_none()
        );
        let done = json!({"JobRun": {"JobRunState": "SUCCEEDED", "StartedOn": 1.5}});
        let Some(TaskUpdate::Succeeded(result)) = job.ended(&done) else {
            panic!("no result")
        };
        assert_eq!(
            *result.json(),
            json!({"JobRunState": "SUCCEEDED", "StartedOn": 1500})
        );
        let failed = json!({"JobRun": {"JobRunState": "TIMEOUT"}});
        let Some(TaskUpdate::Failed(failure)) = job.ended(&failed) else {
            panic!("no failure")
        };
        assert_eq!(
            failure.cause.as_deref(),
            Some(r#"{"JobRunState":"TIMEOUT"}"#)
        );
        assert!(call("glue", "startCrawler", true, &given).is_none());
        assert!(call("quantum", "leap", false, &given).is_none());
    }

    #[test]
    fn a_container_that_fails_fails_its_task() {
        let ecs = JOBS.iter().find(|job| job.resource_type == "ecs").unwrap();
        let task = |code: i64| json!({"tasks": [{"lastStatus": "STOPPED", "containers": [{"exitCode": code}]}]});
        assert!(matches!(
            ecs.ended(&task(0)),
            Some(TaskUpdate::Succeeded(_))
        ));
        assert!(matches!(ecs.ended(&task(1)), Some(TaskUpdate::Failed(_))));
        let refused = json!({"Tasks": [], "Failures": [{"Reason": "AGENT"}]});
        assert!(ecs.refusal(&refused).is_some());
        assert!(ecs.refusal(&json!({"Failures": []})).is_none());
    }
}
