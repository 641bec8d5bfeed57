//! Plans: what a task is going to do, as a value.

use passo_asl::program::{IntegrationPattern, TaskResource};
use passo_json::{Json, Payload};
use passo_vocab::{ErrorName, Failure};

use crate::{
    Job, Lookup, Origin, WebServer, api_gateway, dynamodb, events, http, jobs, kubernetes, lambda,
    sdk, sns, sqs, step_functions,
};

/// What a task does: one call, and what follows its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The name of the service.
    pub service: &'static str,
    /// The operation, as AWS spells it.
    pub operation: String,
    /// Its parameters, as the service takes them.
    pub parameters: Json,
    /// What its answer is made into.
    pub shape: Shape,
    /// How its fault is worded.
    pub errors: ErrorStyle,
    /// What follows the answer.
    pub completion: Completion,
    /// What has to be found out before the call.
    pub lookup: Option<Lookup>,
}

/// What an answer is made into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The function's answer alone: Lambda tasks by ARN.
    LambdaPayload,
    /// The function's answer inside what the SDK tells of the call: `lambda:invoke`.
    LambdaInvoke,
    /// The service's answer with what the SDK tells of the call: optimised integrations.
    Optimized,
    /// The same, with only these members of the answer and of the parameters.
    OptimizedMembers(&'static [(&'static str, Origin)]),
    /// The same of a service that answers in XML.
    OptimizedXml {
        /// The namespace of its answers.
        namespace: &'static str,
        /// The operation, which names the elements of an answer.
        operation: &'static str,
    },
    /// The item or attributes with what the SDK tells of the call: `dynamodb:getItem` and its like.
    DynamoDb,
    /// The service's answer, in which an entry may have failed: `events:putEvents`.
    Events,
    /// Status, headers and body of a web server's answer: `http:invoke`, `apigateway:invoke`.
    Http(WebServer),
    /// The service's answer alone: `aws-sdk`.
    Sdk(sdk::Operation),
}

/// How faults are worded: as version 1 of the SDK for Java does, or version 2, or as HTTP tasks do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorStyle {
    /// Optimised integrations.
    V1 {
        /// `Lambda` in `Lambda.ResourceNotFoundException`.
        prefix: &'static str,
        /// `AWSLambda`, the service's name in causes.
        service: &'static str,
    },
    /// `aws-sdk`.
    V2 {
        /// The service's id in the public models.
        service: &'static str,
    },
    /// Requests to web servers.
    Http(WebServer),
}

/// What follows an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// It is the result.
    Answer,
    /// Somebody sends the result with the task's token.
    Token,
    /// The end of the execution that was started is the result.
    Execution(OutputForm),
    /// The end of the job that was begun is the result.
    Job(&'static Job),
    /// The end of the job that a cluster has begun is the result.
    KubernetesJob,
}

/// How input and output of a started execution are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputForm {
    /// As text: `.sync`.
    Text,
    /// As JSON: `.sync:2`.
    Parsed,
}

/// What a task with this resource and these parameters does.
///
/// # Errors
/// The failure of the task where there is no such integration here, or the parameters do not fit.
pub fn plan(resource: &TaskResource, parameters: &Payload) -> Result<Plan, Failure> {
    let (arn, resource_type, action, pattern) = match resource {
        TaskResource::LambdaFunction { arn } => return Ok(lambda::function(arn, parameters)),
        TaskResource::Activity { arn } => return Err(unsupported(arn)),
        TaskResource::Service {
            arn,
            resource_type,
            resource,
            pattern,
        } => (arn, &**resource_type, &**resource, *pattern),
    };
    let completion = match pattern {
        IntegrationPattern::RequestResponse => Completion::Answer,
        IntegrationPattern::WaitForTaskToken => Completion::Token,
        IntegrationPattern::Sync if action.ends_with(":2") => {
            Completion::Execution(OutputForm::Parsed)
        }
        IntegrationPattern::Sync => Completion::Execution(OutputForm::Text),
    };
    let action = action.split('.').next().unwrap_or_default();
    match (resource_type, action, completion) {
        ("lambda", "invoke", Completion::Answer | Completion::Token) => {
            lambda::invoke(parameters, completion)
        }
        ("states", "startExecution", _) => step_functions::start_execution(parameters, completion),
        ("dynamodb", _, Completion::Answer) => {
            dynamodb::item(action, parameters).ok_or_else(|| unsupported(arn))
        }
        ("events", "putEvents", Completion::Answer | Completion::Token) => {
            events::put_events(parameters, completion)
        }
        ("http", "invoke", Completion::Answer) => http::invoke(parameters),
        ("apigateway", "invoke", Completion::Answer | Completion::Token) => {
            api_gateway::invoke(parameters, completion)
        }
        ("sqs", "sendMessage", Completion::Answer | Completion::Token) => {
            sqs::send_message(parameters, completion)
        }
        ("sns", "publish", Completion::Answer | Completion::Token) => {
            sns::publish(parameters, completion)
        }
        ("eks", "call" | "runJob", _) => {
            let completion = match completion {
                Completion::Execution(OutputForm::Text) => Completion::KubernetesJob,
                other => other,
            };
            let planned = kubernetes::plan(action, completion, parameters);
            planned.unwrap_or_else(|| Err(unsupported(arn)))
        }
        (_, _, Completion::Answer | Completion::Token) => {
            let service = resource_type.strip_prefix("aws-sdk:");
            let planned = match service {
                Some(service) => sdk::call(service, action, parameters, completion),
                None => jobs::call(resource_type, action, false, completion, parameters),
            };
            planned.unwrap_or_else(|| Err(unsupported(arn)))
        }
        (_, _, Completion::Execution(OutputForm::Text)) => {
            let planned = jobs::call(resource_type, action, true, completion, parameters);
            planned.unwrap_or_else(|| Err(unsupported(arn)))
        }
        (
            _,
            _,
            Completion::Execution(OutputForm::Parsed)
            | Completion::Job(_)
            | Completion::KubernetesJob,
        ) => Err(unsupported(arn)),
    }
}

/// What integrations there are, for those who ask for another one.
const SUPPORTED: &str = "the ARN of a Lambda function, arn:aws:states:::lambda:invoke, \
     arn:aws:states:::states:startExecution, arn:aws:states:::sqs:sendMessage, arn:aws:states:::sns:publish, \
     arn:aws:states:::events:putEvents, arn:aws:states:::http:invoke, arn:aws:states:::apigateway:invoke, dynamodb, ecs, batch, glue, databrew, sagemaker, athena, codebuild, \
     elasticmapreduce, emr-serverless, emr-containers, mediaconvert, eks and bedrock, and arn:aws:states:::aws-sdk:SERVICE:ACTION";

fn unsupported(arn: &str) -> Failure {
    let cause = format!(
        "The resource '{arn}' is not supported here. Supported are {SUPPORTED}; mock the state to run without it."
    );
    Failure::new(ErrorName::RUNTIME, cause)
}

/// A required parameter is not there. The text is AWS's, as recorded.
pub(crate) fn missing(field: &str, parameters: &Payload) -> Failure {
    let problem = format!("The field '{field}' is required but was missing");
    unfit(&problem, parameters)
}

/// The parameters are not such as the task can have.
pub(crate) fn unfit(problems: &str, parameters: &Payload) -> Failure {
    let cause = format!(
        "The Parameters '{}' could not be used to start the Task: [{problems}]",
        parameters.text()
    );
    Failure::new(ErrorName::RUNTIME, cause)
}
