//! What the ARN of a target means: the call of a service that rules and schedules make alike.
//!
//! Source: EventBridge User Guide, "Event bus targets"; EventBridge Scheduler User Guide, "Using templated targets".

use passo_json::{Json, Object, ObjectBuilder};
use passo_vocab::Arn;

use crate::Retry;

/// The most retries that a policy may ask for. Source: `MaximumRetryAttempts` of `RetryPolicy`.
const RETRIES_MAX: u32 = 185;

/// A target, and what it gets.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Its ARN.
    pub arn: &'a Arn,
    /// What a rule or a schedule says of it.
    pub given: &'a Object,
    /// What it gets.
    pub input: &'a str,
    /// The id of what leads to this call: the same for a second delivery.
    pub id: &'a str,
    /// The name of an execution that it starts: the same for a second delivery.
    pub execution: &'a str,
}

/// A call of a service.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetCall {
    /// The service's name in the directory.
    pub service: &'static str,
    /// The operation.
    pub operation: &'static str,
    /// Its parameters.
    pub parameters: Json,
}

impl TargetCall {
    /// The call of an operation with these parameters.
    pub fn new(
        service: &'static str,
        operation: &'static str,
        parameters: &mut ObjectBuilder,
    ) -> TargetCall {
        TargetCall {
            service,
            operation,
            parameters: Json::from(parameters.build()),
        }
    }
}

impl Target<'_> {
    /// A member of one of the groups that the target has for its service, such as `SqsParameters`.
    pub fn part(&self, group: &str, member: &str) -> Option<Json> {
        self.given.get(group)?.get(member).cloned()
    }

    /// What the target is called with; nothing for a service that rules and schedules call in different ways, or not at all.
    pub fn call(&self) -> Option<TargetCall> {
        let mut parameters = ObjectBuilder::new();
        let (service, operation) = match self.arn.service() {
            "lambda" => {
                parameters
                    .insert("FunctionName", self.arn.as_str())
                    .insert("InvocationType", "Event")
                    .insert("Payload", self.input);
                ("lambda", "Invoke")
            }
            "states" => {
                parameters
                    .insert("stateMachineArn", self.arn.as_str())
                    .insert("name", self.execution)
                    .insert("input", self.input);
                ("states", "StartExecution")
            }
            "sqs" => {
                let (account, name) = (self.arn.account(), self.arn.resource());
                parameters
                    .insert("QueueUrl", format!("http://localhost/{account}/{name}"))
                    .insert("MessageBody", self.input)
                    .insert_some(
                        "MessageGroupId",
                        self.part("SqsParameters", "MessageGroupId"),
                    );
                if name.ends_with(".fifo") {
                    parameters.insert("MessageDeduplicationId", self.id);
                }
                ("sqs", "SendMessage")
            }
            "sns" => {
                parameters
                    .insert("TopicArn", self.arn.as_str())
                    .insert("Message", self.input);
                ("sns", "Publish")
            }
            _ => return self.elsewhere(),
        };
        Some(TargetCall::new(service, operation, &mut parameters))
    }

    /// Services that are not built in, but may be elsewhere.
    fn elsewhere(&self) -> Option<TargetCall> {
        let resource = self.arn.resource();
        let mut parameters = ObjectBuilder::new();
        let (service, operation) = match self.arn.service() {
            "firehose" => {
                let stream = resource.strip_prefix("deliverystream/")?;
                parameters
                    .insert("DeliveryStreamName", stream)
                    .insert("Record", Object::default().with("Data", self.input));
                ("firehose", "PutRecord")
            }
            "codebuild" => {
                parameters.insert("projectName", resource.strip_prefix("project/")?);
                ("codebuild", "StartBuild")
            }
            "codepipeline" => {
                parameters.insert("name", resource);
                ("codepipeline", "StartPipelineExecution")
            }
            "sagemaker" => {
                let list = self.part("SageMakerPipelineParameters", "PipelineParameterList");
                parameters
                    .insert("PipelineName", resource.strip_prefix("pipeline/")?)
                    .insert("ClientRequestToken", self.id)
                    .insert_some("PipelineParameters", list);
                ("sagemaker", "StartPipelineExecution")
            }
            "ecs" => {
                parameters.insert("cluster", self.arn.as_str());
                let given = self.given.get("EcsParameters").and_then(Json::as_object);
                for (name, value) in given.into_iter().flat_map(Object::iter) {
                    parameters.insert(of_ecs(name), value.clone());
                }
                ("ecs", "RunTask")
            }
            _ => return None,
        };
        Some(TargetCall::new(service, operation, &mut parameters))
    }
}

/// The name that `RunTask` has for a member of `EcsParameters`.
fn of_ecs(name: &str) -> String {
    let name = match name {
        "TaskDefinitionArn" => "TaskDefinition",
        "TaskCount" => "Count",
        other => other,
    };
    let mut small = name.to_owned();
    if let Some(first) = small.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    small
}

impl Retry {
    /// As the `RetryPolicy` of a target says; what it does not say is as usual.
    pub fn of_target(target: &Object) -> Retry {
        let policy = target.get("RetryPolicy");
        let number = |member: &str| policy.and_then(|policy| policy.get(member)?.as_i64());
        let mut retry = Retry::default();
        if let Some(retries) = number("MaximumRetryAttempts") {
            retry.retries_max = u32::try_from(retries).unwrap_or(0).min(RETRIES_MAX);
        }
        if let Some(seconds) = number("MaximumEventAgeInSeconds") {
            retry.age_max_millis = seconds.clamp(60, 86_400).saturating_mul(1000);
        }
        retry
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn check(arn: &str, given: &Json, expect: Option<&(&str, &str, Json)>) {
        let parsed = Arn::parse(arn).unwrap();
        let target = Target {
            arn: &parsed,
            given: given.as_object().unwrap(),
            input: "x",
            id: "i",
            execution: "e",
        };
        let call = target.call();
        let call = call.map(|call| (call.service, call.operation, call.parameters));
        assert_eq!(call.as_ref(), expect, "{arn}");
    }

    #[test]
    fn targets_are_calls() {
        check(
            "arn:aws:sqs:us-east-1:000000000000:q.fifo",
            &json!({"SqsParameters": {"MessageGroupId": "g"}}),
            Some(&(
                "sqs",
                "SendMessage",
                json!({"QueueUrl": "http://localhost/000000000000/q.fifo", "MessageBody": "x", "MessageGroupId": "g",
                    "MessageDeduplicationId": "i"}),
            )),
        );
        let machine = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
        check(
            machine,
            &json!({}),
            Some(&(
                "states",
                "StartExecution",
                json!({"stateMachineArn": machine, "name": "e", "input": "x"}),
            )),
        );
        let cluster = "arn:aws:ecs:us-east-1:000000000000:cluster/c";
        check(
            cluster,
            &json!({"EcsParameters": {"TaskDefinitionArn": "t", "TaskCount": 2, "LaunchType": "FARGATE"}}),
            Some(&(
                "ecs",
                "RunTask",
                json!({"cluster": cluster, "taskDefinition": "t", "count": 2, "launchType": "FARGATE"}),
            )),
        );
        check(
            "arn:aws:codebuild:us-east-1:000000000000:project/p",
            &json!({}),
            Some(&("codebuild", "StartBuild", json!({"projectName": "p"}))),
        );
        check(
            "arn:aws:codebuild:us-east-1:000000000000:build/p",
            &json!({}),
            None,
        );
        check("arn:aws:iam::000000000000:role/r", &json!({}), None);
    }

    #[test]
    fn policies_of_retries_are_kept_within_bounds() {
        let policy =
            json!({"RetryPolicy": {"MaximumRetryAttempts": 900, "MaximumEventAgeInSeconds": 1}});
        let retry = Retry::of_target(policy.as_object().unwrap());
        assert_eq!((retry.retries_max, retry.age_max_millis), (185, 60_000));
        assert_eq!(Retry::of_target(&Object::default()), Retry::default());
    }
}
