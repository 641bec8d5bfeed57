//! The services, and what each can be asked for.

use passo_json::Payload;
use passo_vocab::Failure;

use super::origin::{Members, Origin};
use super::{emr, table};
use crate::sdk;
use crate::{Completion, ErrorStyle, Plan, Shape};

/// A service that runs jobs, or is asked by optimised integrations in the same way.
pub(super) struct Optimized {
    /// In a resource.
    pub(super) resource_type: &'static str,
    /// In the public models.
    pub(super) id: &'static str,
    /// In names of errors.
    prefix: &'static str,
    /// In causes.
    service: &'static str,
    /// What AWS lists as optimised.
    pub(super) actions: &'static [&'static str],
}

const fn optimized(
    resource_type: &'static str,
    id: &'static str,
    prefix: &'static str,
    service: &'static str,
    actions: &'static [&'static str],
) -> Optimized {
    Optimized {
        resource_type,
        id,
        prefix,
        service,
        actions,
    }
}

/// Of EKS, `call` and `runJob` ask another server: that of the cluster.
#[rustfmt::skip]
pub(super) const SERVICES: [Optimized; 13] = [
    optimized("ecs", "ecs", "ECS", "AmazonECS", &["runTask"]),
    optimized("batch", "batch", "Batch", "AWSBatch", &["submitJob"]),
    optimized("glue", "glue", "Glue", "AWSGlue", &["startJobRun"]),
    optimized("databrew", "databrew", "DataBrew", "AWSGlueDataBrew", &["startJobRun"]),
    optimized("sagemaker", "sagemaker", "SageMaker", "AmazonSageMaker", &[
        "createTrainingJob", "createTransformJob", "createProcessingJob", "createLabelingJob",
        "createHyperParameterTuningJob", "createModel", "createEndpointConfig", "createEndpoint", "updateEndpoint",
    ]),
    optimized("athena", "athena", "Athena", "AmazonAthena", &[
        "startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults",
    ]),
    optimized("codebuild", "codebuild", "CodeBuild", "AWSCodeBuild", &[
        "startBuild", "stopBuild", "batchDeleteBuilds", "batchGetReports",
        "startBuildBatch", "stopBuildBatch", "retryBuildBatch", "deleteBuildBatch",
    ]),
    optimized("elasticmapreduce", "emr", "ElasticMapReduce", "AmazonElasticMapReduce", &[
        "createCluster", "setClusterTerminationProtection", "terminateCluster", "addStep", "cancelStep",
        "modifyInstanceFleetByName", "modifyInstanceGroupByName",
    ]),
    optimized("emr-serverless", "emrserverless", "EmrServerless", "EMRServerless", &[
        "createApplication", "startApplication", "stopApplication", "deleteApplication", "startJobRun", "cancelJobRun",
    ]),
    optimized("emr-containers", "emrcontainers", "EmrContainers", "AmazonEMRContainers", &[
        "createVirtualCluster", "deleteVirtualCluster", "startJobRun",
    ]),
    optimized("mediaconvert", "mediaconvert", "MediaConvert", "AWSMediaConvert", &["createJob"]),
    optimized("eks", "eks", "EKS", "AmazonEKS", &[
        "createCluster", "deleteCluster", "createNodegroup", "deleteNodegroup",
        "createFargateProfile", "deleteFargateProfile",
    ]),
    optimized("bedrock", "bedrock", "Bedrock", "AmazonBedrock", &["invokeModel", "createModelCustomizationJob"]),
];

/// What can wait for a task token. Source: as above, the table of integrations.
const WITH_TOKEN: [(&str, &str); 2] = [("ecs", "runTask"), ("bedrock", "invokeModel")];

/// The service with that name in a resource.
pub(super) fn named(resource_type: &str) -> Option<&'static Optimized> {
    SERVICES
        .iter()
        .find(|service| service.resource_type == resource_type)
}

/// How an action is answered with members of other names than the service's, or of what was given.
fn told(resource_type: &str, action: &str) -> Option<Members> {
    const APPLICATION: Members = &[("ApplicationId", Origin::Given("/applicationId"))];
    Some(match (resource_type, action) {
        ("glue", "startJobRun") => &[
            ("JobName", Origin::Given("/JobName")),
            ("JobRunId", Origin::Answer("/JobRunId")),
        ],
        ("elasticmapreduce", "createCluster") => &[
            ("ClusterArn", Origin::Answer("/ClusterArn")),
            ("ClusterId", Origin::Answer("/JobFlowId")),
        ],
        ("elasticmapreduce", "addStep") => &[("StepId", Origin::Answer("/StepIds/0"))],
        ("elasticmapreduce", "cancelStep") => {
            &[("CancelStepsInfo", Origin::Answer("/CancelStepsInfoList/0"))]
        }
        ("emr-serverless", "startApplication" | "stopApplication" | "deleteApplication") => {
            APPLICATION
        }
        _ => return None,
    })
}

/// The plan of `{resource_type}:{action}`, to its answer, a token, or, with `is_sync`, to the end of the job; `None` where
/// there is no such integration.
pub(crate) fn call(
    resource_type: &str,
    action: &str,
    is_sync: bool,
    completion: Completion,
    parameters: &Payload,
) -> Option<Result<Plan, Failure>> {
    let service = named(resource_type)?;
    let has_token = completion == Completion::Token;
    if !service.actions.contains(&action)
        || (has_token && !WITH_TOKEN.contains(&(resource_type, action)))
    {
        return None;
    }
    let completion = match is_sync {
        true => Completion::Job(table::of(resource_type, action)?),
        false => completion,
    };
    let asked = match emr::asked(resource_type, action, parameters) {
        Some(Err(failure)) => return Some(Err(failure)),
        Some(Ok(asked)) => asked,
        None => emr::Asked::as_it_is(action, parameters),
    };
    // Of Bedrock, models are asked in another place than jobs.
    let id = match (service.id, action) {
        ("bedrock", "invokeModel") => "bedrockruntime",
        (id, _) => id,
    };
    let planned = sdk::call(id, asked.action, &asked.parameters, completion)?;
    Some(planned.map(|plan| Plan {
        shape: told(resource_type, action).map_or(Shape::Optimized, Shape::OptimizedMembers),
        errors: ErrorStyle::V1 {
            prefix: service.prefix,
            service: service.service,
        },
        lookup: asked.lookup,
        ..plan
    }))
}
