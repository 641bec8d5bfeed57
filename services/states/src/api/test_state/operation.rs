//! Which operation's answer a Task state has as its result.

use passo_asl::program::{IntegrationPattern, TaskResource};

/// An operation as the table of outputs names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Operation {
    pub service: String,
    pub name: String,
    /// A member that the integration turns into what it says: any value.
    pub free: Option<&'static str>,
}

/// Optimized integrations: name in the `Resource`, name of the service.
///
/// Source: Developer Guide, "Integrating optimized services". `apigateway`, `http` and EKS's calls have no model.
const OPTIMIZED: [(&str, &str); 19] = [
    ("athena", "athena"),
    ("batch", "batch"),
    ("bedrock", "bedrockruntime"),
    ("codebuild", "codebuild"),
    ("databrew", "databrew"),
    ("dynamodb", "dynamodb"),
    ("ecs", "ecs"),
    ("elasticmapreduce", "emr"),
    ("emr-containers", "emrcontainers"),
    ("emr-serverless", "emrserverless"),
    ("events", "eventbridge"),
    ("glue", "glue"),
    ("kms", "kms"),
    ("lambda", "lambda"),
    ("mediaconvert", "mediaconvert"),
    ("sagemaker", "sagemaker"),
    ("sns", "sns"),
    ("sqs", "sqs"),
    ("states", "sfn"),
];

/// What `.sync` asks for the end of what was begun: service, beginning, question.
///
/// Source: Developer Guide, "Testing state machines with TestState API".
const POLLED: [(&str, &str, &str); 20] = [
    ("athena", "StartQueryExecution", "GetQueryExecution"),
    ("batch", "SubmitJob", "DescribeJobs"),
    (
        "bedrock",
        "CreateModelCustomizationJob",
        "GetModelCustomizationJob",
    ),
    ("codebuild", "StartBuild", "BatchGetBuilds"),
    ("codebuild", "StartBuildBatch", "BatchGetBuildBatches"),
    ("databrew", "StartJobRun", "DescribeJobRun"),
    ("ecs", "RunTask", "DescribeTasks"),
    ("emr", "AddStep", "DescribeStep"),
    ("emr", "CreateCluster", "DescribeCluster"),
    ("emr", "TerminateCluster", "DescribeCluster"),
    ("emrcontainers", "StartJobRun", "DescribeJobRun"),
    ("emrserverless", "StartJobRun", "GetJobRun"),
    ("glue", "StartJobRun", "GetJobRun"),
    ("mediaconvert", "CreateJob", "GetJob"),
    (
        "sagemaker",
        "CreateHyperParameterTuningJob",
        "DescribeHyperParameterTuningJob",
    ),
    ("sagemaker", "CreateLabelingJob", "DescribeLabelingJob"),
    ("sagemaker", "CreateProcessingJob", "DescribeProcessingJob"),
    ("sagemaker", "CreateTrainingJob", "DescribeTrainingJob"),
    ("sagemaker", "CreateTransformJob", "DescribeTransformJob"),
    ("sfn", "StartExecution", "DescribeExecution"),
];

impl Operation {
    /// The operation, where the result is the answer of one: what answers a task token is free.
    pub fn of(resource: &TaskResource) -> Option<Operation> {
        let TaskResource::Service {
            resource_type,
            resource,
            pattern,
            ..
        } = resource
        else {
            return None;
        };
        let call = resource.split('.').next().unwrap_or_default();
        let name = capitalized(call);
        let service = match resource_type.strip_prefix("aws-sdk:") {
            Some(service) => {
                return Some(Operation {
                    service: service.to_owned(),
                    name,
                    free: None,
                });
            }
            None => {
                OPTIMIZED
                    .iter()
                    .find(|(named, _)| *named == &**resource_type)?
                    .1
            }
        };
        match pattern {
            IntegrationPattern::WaitForTaskToken => None,
            IntegrationPattern::Sync => {
                let polled = POLLED
                    .iter()
                    .find(|(of, begun, _)| *of == service && *begun == name);
                Some(Operation {
                    service: service.to_owned(),
                    name: polled?.2.to_owned(),
                    free: None,
                })
            }
            IntegrationPattern::RequestResponse => Some(Operation {
                service: service.to_owned(),
                // The integration reads what the function or the model gave.
                free: match (service, name.as_str()) {
                    ("lambda", "Invoke") => Some("Payload"),
                    ("bedrockruntime", "InvokeModel") => Some("Body"),
                    _ => None,
                },
                name,
            }),
        }
    }
}

/// With a capital.
pub(super) fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => format!("{}{}", first.to_ascii_uppercase(), letters.as_str()),
        None => String::new(),
    }
}
