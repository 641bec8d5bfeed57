//! A start that was made before: a crash between the start of an execution and the report of it leaves the execution, and
//! a task that starts it again.
//!
//! While that execution runs, Step Functions answers the same start as before. Once it has ended, the start is refused;
//! this is what tells such a refusal from one that the workflow has to see.

use passo_json::{Json, json};
use passo_vocab::Arn;

/// The ARN of the execution that `StartExecution` with these parameters starts.
pub(crate) fn execution_arn(parameters: &Json) -> Option<String> {
    let machine = Arn::parse(parameters.get("stateMachineArn")?.as_str()?).ok()?;
    let name = parameters.get("name")?.as_str()?;
    // A version or an alias may follow the state machine's name.
    let of_machine = machine.resource().split(':').nth(1)?;
    Some(format!(
        "arn:{}:states:{}:{}:execution:{of_machine}:{name}",
        machine.partition(),
        machine.region(),
        machine.account()
    ))
}

/// What `StartExecution` with these parameters answered before, from `DescribeExecution`; `None` where that execution
/// had another input.
pub(crate) fn answer(parameters: &Json, description: &Json) -> Option<Json> {
    let input = |of: &Json| Json::parse(of.get("input").and_then(Json::as_str).unwrap_or("{}"));
    if input(parameters).ok()? != input(description).ok()? {
        return None;
    }
    Some(json!({
        "executionArn": description.get("executionArn")?.clone(),
        "startDate": description.get("startDate")?.clone()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arn_is_that_of_the_start() {
        for (machine, expect) in [
            (
                "arn:aws:states:eu-west-1:123456789012:stateMachine:m",
                Some("arn:aws:states:eu-west-1:123456789012:execution:m:n"),
            ),
            (
                "arn:aws:states:eu-west-1:123456789012:stateMachine:m:live",
                Some("arn:aws:states:eu-west-1:123456789012:execution:m:n"),
            ),
            ("m", None),
        ] {
            let parameters = json!({"stateMachineArn": machine, "name": "n"});
            assert_eq!(execution_arn(&parameters).as_deref(), expect, "{machine}");
        }
    }

    #[test]
    fn only_the_same_input_is_the_same_start() {
        let description = json!({"executionArn": "e", "startDate": 1.5, "input": "{\"a\": 1}", "status": "FAILED"});
        for (input, is_same) in [
            (json!({"input": "{\"a\":1}"}), true),
            (json!({"input": "{\"a\":2}"}), false),
            (json!({}), false),
        ] {
            let answered = answer(&input, &description);
            let expect = is_same.then(|| json!({"executionArn": "e", "startDate": 1.5}));
            assert_eq!(answered, expect, "{input}");
        }
    }
}
