//! Lambda functions behind the task port.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use passo_asl::program::{IntegrationPattern, TaskResource};
use passo_engine::TaskUpdate;
use passo_json::Payload;
use passo_lambda::{Function, Functions, InvokeOptions, RequestId};
use passo_vocab::{ErrorName, Failure, Timestamp};

use super::failure;
use super::request::InvokeRequest;
use super::response::Response;
use crate::{TaskAnswer, TaskCall, TaskHandler};

/// What can be done without a mock.
const SUPPORTED: &str = "the ARN of a Lambda function and arn:aws:states:::lambda:invoke";

/// Does Lambda tasks with the functions that it is given; every other task fails with `States.Runtime`.
pub struct LambdaTasks {
    /// None where there is no function to run.
    functions: Option<Functions>,
    /// By bare name: local functions are found whatever account and region an ARN names.
    by_name: Arc<BTreeMap<String, Function>>,
    /// The ARN of a function that does not exist starts with this.
    arn_prefix: Arc<str>,
}

/// Whether the result is wrapped as `lambda:invoke` does.
#[derive(Clone, Copy)]
enum Shape {
    Plain,
    Wrapped,
}

impl LambdaTasks {
    /// Tasks for `known`, run by `functions`. `region` and `account` show in the ARN of a missing function.
    pub fn new(
        functions: Option<Functions>,
        known: impl IntoIterator<Item = Function>,
        region: &str,
        account: &str,
    ) -> LambdaTasks {
        let by_name = known
            .into_iter()
            .map(|function| (function.name().to_owned(), function))
            .collect();
        LambdaTasks {
            functions,
            by_name: Arc::new(by_name),
            arn_prefix: format!("arn:aws:lambda:{region}:{account}:function:").into(),
        }
    }

    fn invoke(&self, request: InvokeRequest, shape: Shape, call: &TaskCall) -> TaskAnswer {
        let known = self.by_name.get(request.function.name()).cloned();
        let (Some(function), Some(functions)) = (known, self.functions.clone()) else {
            let qualifier = request.qualifier.as_deref().unwrap_or("$LATEST");
            let arn = format!("{}{}:{qualifier}", self.arn_prefix, request.function.name());
            let failure = failure::not_found(&arn, &call.request_id);
            return TaskAnswer::now(TaskUpdate::Failed(failure));
        };
        let options = InvokeOptions {
            request_id: RequestId::parse(&call.request_id),
            client_context: request.client_context,
            log_type: request.log_type,
            qualifier: request.qualifier,
            ..InvokeOptions::default()
        };
        let payload = Bytes::copy_from_slice(request.payload.as_bytes());
        let now = call.now;
        let request_id = call.request_id.clone();
        TaskAnswer::later(async move {
            match functions.invoke(&function, payload, options).await {
                Ok(outcome) => update(&outcome, shape, now),
                Err(error) => TaskUpdate::Failed(failure::of_invocation(&error, &request_id)),
            }
        })
    }
}

impl TaskHandler for LambdaTasks {
    fn start(&self, call: TaskCall) -> TaskAnswer {
        let parameters = &call.task.parameters;
        let (request, shape) = match &call.task.resource {
            TaskResource::LambdaFunction { arn } => {
                (InvokeRequest::of_function(arn, parameters), Shape::Plain)
            }
            TaskResource::Service {
                resource_type,
                pattern: IntegrationPattern::RequestResponse,
                resource,
                ..
            } if &**resource_type == "lambda" && &**resource == "invoke" => {
                (InvokeRequest::of_service(parameters), Shape::Wrapped)
            }
            TaskResource::Service { arn, .. } | TaskResource::Activity { arn } => {
                return TaskAnswer::now(TaskUpdate::Failed(unsupported(arn, &call)));
            }
        };
        match request {
            Ok(request) => self.invoke(request, shape, &call),
            Err(failure) => TaskAnswer::now(TaskUpdate::Failed(failure)),
        }
    }
}

fn update(outcome: &passo_lambda::InvokeOutcome, shape: Shape, now: Timestamp) -> TaskUpdate {
    let payload = String::from_utf8_lossy(&outcome.payload);
    if outcome.function_error.is_some() {
        return TaskUpdate::Failed(failure::of_function(&payload));
    }
    let log_result = outcome.log_result();
    let result = match shape {
        Shape::Wrapped => {
            let response = Response {
                executed_version: &outcome.executed_version,
                payload: &payload,
                log_result: log_result.as_deref(),
                request_id: outcome.request_id.as_str(),
                now,
            };
            Payload::from(response.to_json())
        }
        Shape::Plain => match Payload::from_text(&*payload) {
            Ok(result) => result,
            Err(_) => Payload::from(passo_json::Json::from(&*payload)),
        },
    };
    TaskUpdate::Succeeded(result)
}

fn unsupported(arn: &str, call: &TaskCall) -> Failure {
    let cause = format!(
        "The resource '{arn}' of the state '{}' is not supported here. Supported are {SUPPORTED}; mock the state to run without it.",
        call.task.state_name
    );
    Failure::new(ErrorName::RUNTIME, cause)
}
