//! A Task's `Resource`: what its syntax tells.
//!
//! Source: Developer Guide, "Task workflow state" and "Integrating services".

use std::sync::Arc;

use passo_vocab::Arn;

use crate::program::{IntegrationPattern, TaskResource};
use crate::source::Span;

/// A resource and where it is written.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) resource: TaskResource,
    pub(crate) location: String,
    pub(crate) span: Span,
}

/// Tells a resource apart; `None` where it is none.
pub(crate) fn parse(text: &str) -> Option<TaskResource> {
    let arn = Arn::parse(text).ok()?;
    match arn.service() {
        "lambda" => lambda(&arn, text),
        "states" if arn.region().is_empty() => integration(&arn, text),
        "states" => activity(&arn, text),
        _ => None,
    }
}

fn lambda(arn: &Arn, text: &str) -> Option<TaskResource> {
    let mut parts = arn.resource().split(':');
    let named =
        parts.next() == Some("function") && parts.next().is_some_and(|name| !name.is_empty());
    // A version or an alias may follow, and nothing else.
    let qualified = parts.next().is_none_or(|qualifier| !qualifier.is_empty());
    (named && qualified && parts.next().is_none()).then(|| TaskResource::LambdaFunction {
        arn: Arc::from(text),
    })
}

fn activity(arn: &Arn, text: &str) -> Option<TaskResource> {
    let name = arn.resource().strip_prefix("activity:")?;
    (!name.is_empty() && !name.contains(':')).then(|| TaskResource::Activity {
        arn: Arc::from(text),
    })
}

fn integration(arn: &Arn, text: &str) -> Option<TaskResource> {
    if !arn.account().is_empty() {
        return None;
    }
    let (resource_type, resource) = match arn.resource().strip_prefix("aws-sdk:") {
        Some(rest) => {
            let (service, action) = rest.split_once(':')?;
            (format!("aws-sdk:{service}"), action)
        }
        None => {
            let (service, action) = arn.resource().split_once(':')?;
            (service.to_owned(), action)
        }
    };
    let (action, pattern) = match resource.split_once('.') {
        None => (resource, IntegrationPattern::RequestResponse),
        Some((action, "sync" | "sync:2")) => (action, IntegrationPattern::Sync),
        Some((action, "waitForTaskToken")) => (action, IntegrationPattern::WaitForTaskToken),
        Some(_) => return None,
    };
    let word = |text: &str| {
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !text.is_empty() && text.bytes().all(legal)
    };
    let service = resource_type
        .strip_prefix("aws-sdk:")
        .unwrap_or(&resource_type);
    (word(service) && word(action)).then(|| TaskResource::Service {
        arn: Arc::from(text),
        resource_type: Arc::from(resource_type.as_str()),
        resource: Arc::from(resource),
        pattern,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        match parse(text) {
            None => "none".to_owned(),
            Some(TaskResource::LambdaFunction { .. }) => "lambda".to_owned(),
            Some(TaskResource::Activity { .. }) => "activity".to_owned(),
            Some(TaskResource::Service {
                resource_type,
                resource,
                pattern,
                ..
            }) => format!("{resource_type} {resource} {pattern:?}"),
        }
    }

    #[test]
    fn tells_resources_apart() {
        for (text, expect) in [
            ("arn:aws:lambda:us-east-1:123456789012:function:f", "lambda"),
            (
                "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST",
                "lambda",
            ),
            (
                "arn:aws:lambda:us-east-1:123456789012:function:f:1:2",
                "none",
            ),
            ("arn:aws:lambda:us-east-1:123456789012:layer:f", "none"),
            (
                "arn:aws:states:us-east-1:123456789012:activity:a",
                "activity",
            ),
            (
                "arn:aws:states:us-east-1:123456789012:stateMachine:a",
                "none",
            ),
            (
                "arn:aws:states:::lambda:invoke",
                "lambda invoke RequestResponse",
            ),
            (
                "arn:aws-cn:states:::sqs:sendMessage.waitForTaskToken",
                "sqs sendMessage.waitForTaskToken WaitForTaskToken",
            ),
            (
                "arn:aws:states:::states:startExecution.sync:2",
                "states startExecution.sync:2 Sync",
            ),
            (
                "arn:aws:states:::aws-sdk:dynamodb:putItem",
                "aws-sdk:dynamodb putItem RequestResponse",
            ),
            (
                "arn:aws:states:::http:invoke",
                "http invoke RequestResponse",
            ),
            (
                "arn:aws:states:::emr-serverless:startJobRun.sync",
                "emr-serverless startJobRun.sync Sync",
            ),
            ("arn:aws:states:::sqs:sendMessage.async", "none"),
            ("arn:aws:states:::aws-sdk:dynamodb", "none"),
            ("createToken", "none"),
            ("", "none"),
        ] {
            assert_eq!(told(text), expect, "{text}");
        }
    }
}
