//! What a box says below its name.

use passo_json::Json;

use crate::definition::{State, StateType};
use crate::rule::shortened;

/// Characters at most.
const CHARACTERS_MAX: usize = 34;

impl State<'_> {
    /// What distinguishes the state from others of its type, in a few characters.
    pub fn subtitle(&self) -> String {
        let text = match self.kind {
            StateType::Task => self.text("Resource").map(short_resource),
            StateType::Choice => {
                let otherwise = usize::from(self.text("Default").is_some());
                let rules = self.objects("Choices").len() + otherwise;
                Some(format!("Choice · {rules}"))
            }
            StateType::Wait => self
                .fields
                .get("Seconds")
                .and_then(Json::as_f64)
                .map(|seconds| format!("Wait · {seconds} s")),
            StateType::Fail => self.text("Error").map(str::to_owned),
            StateType::Map => self
                .fields
                .get("MaxConcurrency")
                .and_then(Json::as_i64)
                .filter(|most| *most > 0)
                .map(|most| format!("Map · ≤ {most}")),
            StateType::Pass | StateType::Succeed | StateType::Parallel | StateType::Unknown => None,
        };
        let text = text.filter(|text| !text.is_empty());
        shortened(
            &text.unwrap_or_else(|| self.kind.name().to_owned()),
            CHARACTERS_MAX,
        )
    }
}

/// A `Resource` in the words that one speaks of it: `lambda:invoke`, `sqs:sendMessage`, `activity:review`.
fn short_resource(resource: &str) -> String {
    let parts: Vec<&str> = resource.splitn(7, ':').collect();
    match parts.as_slice() {
        ["arn", _, "states", "", "", service, action] => {
            let action = action
                .trim_end_matches(".waitForTaskToken")
                .trim_end_matches(".sync:2")
                .trim_end_matches(".sync");
            format!("{service}:{action}")
        }
        ["arn", _, "lambda", _, _, "function", name] => format!("λ {name}"),
        ["arn", _, "states", _, _, "activity", name] => format!("activity:{name}"),
        _ => resource.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_told_in_short() {
        for (resource, expect) in [
            ("arn:aws:states:::lambda:invoke", "lambda:invoke"),
            (
                "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "sqs:sendMessage",
            ),
            (
                "arn:aws:states:::states:startExecution.sync:2",
                "states:startExecution",
            ),
            (
                "arn:aws:states:::aws-sdk:s3:getObject",
                "aws-sdk:s3:getObject",
            ),
            (
                "arn:aws:lambda:us-east-1:123456789012:function:Pay:live",
                "λ Pay:live",
            ),
            (
                "arn:aws:states:us-east-1:123456789012:activity:review",
                "activity:review",
            ),
            ("anything", "anything"),
        ] {
            assert_eq!(short_resource(resource), expect, "{resource}");
        }
    }
}
