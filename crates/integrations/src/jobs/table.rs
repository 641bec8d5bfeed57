//! The jobs that `.sync` waits for.

use super::job::{Job, Shown};
use super::origin::Members;
use super::origin::Origin::{Answer, AnswerList, Given};

/// What most jobs have: they are shown alone, and nothing ends them early.
const JOB: Job = Job {
    resource_type: "",
    action: "",
    question: "",
    asks: &[],
    job: "",
    state: "",
    succeeded: &[],
    failed: &[],
    stop: None,
    shown: Shown::Alone,
    is_deletion: false,
};

const CLUSTER: Job = Job {
    resource_type: "elasticmapreduce",
    question: "DescribeCluster",
    state: "/Cluster/Status/State",
    ..JOB
};

/// A batch of builds.
const fn batch(action: &'static str) -> Job {
    Job {
        resource_type: "codebuild",
        action,
        question: "BatchGetBuildBatches",
        asks: &[("ids", AnswerList("/BuildBatch/Id"))],
        job: "/BuildBatches/0",
        state: "/BuildBatchStatus",
        succeeded: &["SUCCEEDED"],
        failed: &["FAILED", "FAULT", "TIMED_OUT", "STOPPED"],
        stop: Some(("StopBuildBatch", &[("id", Answer("/BuildBatch/Id"))])),
        shown: Shown::As("BuildBatch"),
        ..JOB
    }
}

/// An application of EMR Serverless on its way to a state.
const fn application(action: &'static str, succeeded: &'static [&'static str]) -> Job {
    Job {
        resource_type: "emr-serverless",
        action,
        question: "GetApplication",
        asks: &[("applicationId", Given("/applicationId"))],
        job: "/Application",
        state: "/State",
        succeeded,
        failed: &["TERMINATED"],
        ..JOB
    }
}

const fn sagemaker(
    action: &'static str,
    question: &'static str,
    asks: Members,
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
        ..JOB
    }
}

#[rustfmt::skip]
const JOBS: &[Job] = &[
    Job {
        resource_type: "ecs", action: "runTask", question: "DescribeTasks",
        asks: &[("cluster", Answer("/Tasks/0/ClusterArn")), ("tasks", AnswerList("/Tasks/0/TaskArn"))],
        job: "/Tasks/0", state: "/LastStatus", succeeded: &["STOPPED"], failed: &[],
        stop: Some(("StopTask", &[("cluster", Answer("/Tasks/0/ClusterArn")), ("task", Answer("/Tasks/0/TaskArn"))])), ..JOB
    },
    Job {
        resource_type: "batch", action: "submitJob", question: "DescribeJobs",
        asks: &[("jobs", AnswerList("/JobId"))],
        job: "/Jobs/0", state: "/Status", succeeded: &["SUCCEEDED"], failed: &["FAILED"],
        stop: Some(("TerminateJob", &[("jobId", Answer("/JobId")), ("reason", Answer("/JobName"))])), ..JOB
    },
    Job {
        resource_type: "glue", action: "startJobRun", question: "GetJobRun",
        asks: &[("JobName", Given("/JobName")), ("RunId", Answer("/JobRunId"))],
        job: "/JobRun", state: "/JobRunState",
        succeeded: &["SUCCEEDED"], failed: &["FAILED", "STOPPED", "TIMEOUT", "ERROR", "EXPIRED"],
        stop: Some(("BatchStopJobRun", &[("JobName", Given("/JobName")), ("JobRunIds", AnswerList("/JobRunId"))])), ..JOB
    },
    Job {
        resource_type: "databrew", action: "startJobRun", question: "DescribeJobRun",
        asks: &[("Name", Given("/Name")), ("RunId", Answer("/RunId"))],
        state: "/State", succeeded: &["SUCCEEDED"], failed: &["FAILED", "STOPPED", "TIMEOUT"],
        stop: Some(("StopJobRun", &[("Name", Given("/Name")), ("RunId", Answer("/RunId"))])), ..JOB
    },
    sagemaker("createTrainingJob", "DescribeTrainingJob", &[("TrainingJobName", Given("/TrainingJobName"))],
        "/TrainingJobStatus", "StopTrainingJob"),
    sagemaker("createTransformJob", "DescribeTransformJob", &[("TransformJobName", Given("/TransformJobName"))],
        "/TransformJobStatus", "StopTransformJob"),
    sagemaker("createProcessingJob", "DescribeProcessingJob", &[("ProcessingJobName", Given("/ProcessingJobName"))],
        "/ProcessingJobStatus", "StopProcessingJob"),
    sagemaker("createLabelingJob", "DescribeLabelingJob", &[("LabelingJobName", Given("/LabelingJobName"))],
        "/LabelingJobStatus", "StopLabelingJob"),
    sagemaker("createHyperParameterTuningJob", "DescribeHyperParameterTuningJob",
        &[("HyperParameterTuningJobName", Given("/HyperParameterTuningJobName"))],
        "/HyperParameterTuningJobStatus", "StopHyperParameterTuningJob"),
    Job {
        resource_type: "athena", action: "startQueryExecution", question: "GetQueryExecution",
        asks: &[("QueryExecutionId", Answer("/QueryExecutionId"))],
        state: "/QueryExecution/Status/State", succeeded: &["SUCCEEDED"], failed: &["FAILED", "CANCELLED"],
        stop: Some(("StopQueryExecution", &[("QueryExecutionId", Answer("/QueryExecutionId"))])), ..JOB
    },
    Job {
        resource_type: "codebuild", action: "startBuild", question: "BatchGetBuilds",
        asks: &[("ids", AnswerList("/Build/Id"))],
        job: "/Builds/0", state: "/BuildStatus", shown: Shown::As("Build"),
        succeeded: &["SUCCEEDED"], failed: &["FAILED", "FAULT", "TIMED_OUT", "STOPPED"],
        stop: Some(("StopBuild", &[("id", Answer("/Build/Id"))])), ..JOB
    },
    batch("startBuildBatch"),
    batch("retryBuildBatch"),
    Job {
        resource_type: "emr-serverless", action: "startJobRun", question: "GetJobRun",
        asks: &[("applicationId", Given("/applicationId")), ("jobRunId", Answer("/JobRunId"))],
        job: "/JobRun", state: "/State", succeeded: &["SUCCESS"], failed: &["FAILED", "CANCELLED"],
        stop: Some(("CancelJobRun", &[("applicationId", Given("/applicationId")), ("jobRunId", Answer("/JobRunId"))])), ..JOB
    },
    Job {
        action: "cancelJobRun", asks: &[("applicationId", Given("/applicationId")), ("jobRunId", Given("/jobRunId"))],
        question: "GetJobRun", job: "/JobRun", state: "/State", succeeded: &["CANCELLED"], failed: &["SUCCESS", "FAILED"],
        resource_type: "emr-serverless", ..JOB
    },
    Job { asks: &[("applicationId", Answer("/ApplicationId"))], ..application("createApplication", &["CREATED", "STARTED"]) },
    application("startApplication", &["STARTED"]),
    application("stopApplication", &["STOPPED"]),
    Job { failed: &[], is_deletion: true, ..application("deleteApplication", &["TERMINATED"]) },
    Job {
        resource_type: "emr-containers", action: "startJobRun", question: "DescribeJobRun",
        asks: &[("virtualClusterId", Given("/virtualClusterId")), ("id", Answer("/Id"))],
        job: "/JobRun", state: "/State", succeeded: &["COMPLETED"], failed: &["FAILED", "CANCELLED"],
        stop: Some(("CancelJobRun", &[("virtualClusterId", Given("/virtualClusterId")), ("id", Answer("/Id"))])), ..JOB
    },
    Job {
        resource_type: "emr-containers", action: "deleteVirtualCluster", question: "DescribeVirtualCluster",
        asks: &[("id", Answer("/Id"))],
        job: "/VirtualCluster", state: "/State", succeeded: &["TERMINATED"], is_deletion: true, ..JOB
    },
    Job {
        resource_type: "elasticmapreduce", action: "addStep", question: "DescribeStep",
        asks: &[("ClusterId", Given("/JobFlowId")), ("StepId", Answer("/StepId"))],
        state: "/Step/Status/State", succeeded: &["COMPLETED"], failed: &["CANCELLED", "FAILED", "INTERRUPTED"],
        shown: Shown::With(&[("StepId", Answer("/StepId"))]),
        stop: Some(("CancelSteps", &[("ClusterId", Given("/JobFlowId")), ("StepIds", AnswerList("/StepId"))])), ..JOB
    },
    // Clusters go on when nobody waits for them any more.
    Job {
        action: "createCluster", asks: &[("ClusterId", Answer("/ClusterId"))],
        succeeded: &["WAITING"], failed: &["TERMINATING", "TERMINATED", "TERMINATED_WITH_ERRORS"],
        shown: Shown::With(&[("ClusterId", Answer("/ClusterId"))]), ..CLUSTER
    },
    Job {
        action: "terminateCluster", asks: &[("ClusterId", Given("/JobFlowIds/0"))],
        succeeded: &["TERMINATED", "TERMINATED_WITH_ERRORS"],
        shown: Shown::With(&[("ClusterId", Given("/JobFlowIds/0"))]), ..CLUSTER
    },
    Job {
        resource_type: "mediaconvert", action: "createJob", question: "GetJob",
        asks: &[("Id", Answer("/Job/Id"))],
        state: "/Job/Status", succeeded: &["COMPLETE"], failed: &["ERROR", "CANCELED"],
        stop: Some(("CancelJob", &[("Id", Answer("/Job/Id"))])), ..JOB
    },
    Job {
        resource_type: "eks", action: "createCluster", question: "DescribeCluster",
        asks: &[("name", Given("/name"))],
        state: "/Cluster/Status", succeeded: &["ACTIVE"], failed: &["FAILED", "DELETING"],
        ..JOB
    },
    Job {
        resource_type: "eks", action: "createNodegroup", question: "DescribeNodegroup",
        asks: &[("clusterName", Given("/clusterName")), ("nodegroupName", Given("/nodegroupName"))],
        state: "/Nodegroup/Status", succeeded: &["ACTIVE"], failed: &["CREATE_FAILED", "DEGRADED", "DELETING"],
        ..JOB
    },
    Job {
        resource_type: "eks", action: "createFargateProfile", question: "DescribeFargateProfile",
        asks: &[("clusterName", Given("/clusterName")), ("fargateProfileName", Given("/fargateProfileName"))],
        state: "/FargateProfile/Status", succeeded: &["ACTIVE"], failed: &["CREATE_FAILED", "DELETING"],
        ..JOB
    },
    Job {
        resource_type: "eks", action: "deleteCluster", question: "DescribeCluster",
        asks: &[("name", Given("/name"))],
        state: "/Cluster/Status", failed: &["FAILED"], is_deletion: true, ..JOB
    },
    Job {
        resource_type: "eks", action: "deleteNodegroup", question: "DescribeNodegroup",
        asks: &[("clusterName", Given("/clusterName")), ("nodegroupName", Given("/nodegroupName"))],
        state: "/Nodegroup/Status", failed: &["DELETE_FAILED"], is_deletion: true, ..JOB
    },
    Job {
        resource_type: "eks", action: "deleteFargateProfile", question: "DescribeFargateProfile",
        asks: &[("clusterName", Given("/clusterName")), ("fargateProfileName", Given("/fargateProfileName"))],
        state: "/FargateProfile/Status", failed: &["DELETE_FAILED"], is_deletion: true, ..JOB
    },
    Job {
        resource_type: "bedrock", action: "createModelCustomizationJob", question: "GetModelCustomizationJob",
        asks: &[("jobIdentifier", Answer("/JobArn"))],
        state: "/Status", succeeded: &["Completed"], failed: &["Failed", "Stopped"],
        stop: Some(("StopModelCustomizationJob", &[("jobIdentifier", Answer("/JobArn"))])), ..JOB
    },
];

/// The job that this action begins.
pub(super) fn of(resource_type: &str, action: &str) -> Option<&'static Job> {
    JOBS.iter()
        .find(|job| job.resource_type == resource_type && job.action == action)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::origin::Origin;
    use crate::jobs::services::SERVICES;
    use crate::naming::{First, letter};

    /// The operation behind an action of EMR clusters; others have the same name.
    fn operation(job: &Job) -> String {
        match (job.resource_type, job.action) {
            ("elasticmapreduce", "createCluster") => "RunJobFlow".to_owned(),
            ("elasticmapreduce", "terminateCluster") => "TerminateJobFlows".to_owned(),
            ("elasticmapreduce", "addStep") => "AddJobFlowSteps".to_owned(),
            (_, action) => letter(action, First::Upper),
        }
    }

    #[test]
    fn every_row_names_operations_and_members_that_there_are() {
        for job in JOBS {
            let mut services = SERVICES.iter();
            let service = services.find(|service| service.resource_type == job.resource_type);
            let service = service.unwrap();
            assert!(service.actions.contains(&job.action), "{}", job.action);
            let model = passo_model::by_id(service.id).unwrap().model();
            let begun = model.operation(&operation(job)).unwrap();
            let question = model.operation(job.question).unwrap();
            let has = |of: &passo_model::Operation, name: &str| {
                let input = model.structure(of.input.unwrap()).unwrap();
                assert!(input.member(name).is_some(), "{} {name}", of.name);
            };
            let given = |from: &Origin| {
                if let Given(place) = from {
                    has(begun, place.split('/').nth(1).unwrap());
                }
            };
            for (name, from) in job.asks {
                has(question, name);
                given(from);
            }
            if let Some((operation, asks)) = job.stop {
                let stop = model.operation(operation).unwrap();
                for (name, from) in asks {
                    has(stop, name);
                    given(from);
                }
            }
        }
    }
}
