//! One case against an endpoint: call, repeat, compare, keep.

use std::time::Duration;

use passo_json::Json;

use super::binding::Bindings;
use super::case::{Case, Expect, Step, Until};
use super::compare::{Difference, compare};
use super::endpoint::{Answer, Call, Endpoint};
use crate::outcome::Verdict;

/// How long a call is repeated at most, and how often.
const TIME_MAX: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(50);

/// Plays `case` in `account`.
pub fn play(case: &Case, account: &str, endpoint: &dyn Endpoint) -> Verdict {
    let mut bindings = Bindings::new(account);
    for (number, step) in (1..).zip(&case.steps) {
        let params = bindings.fill(&step.params);
        let call = Call {
            account,
            service: &step.service,
            operation: &step.operation,
            params: &params,
        };
        let result = repeat(step, &call, endpoint).and_then(|answer| {
            judge(&step.expect, &answer)?;
            let keep = |(name, path): &(String, String)| bindings.keep(name, path, answer.json());
            step.bind.iter().try_for_each(keep)
        });
        if let Err(detail) = result {
            return Verdict::Failed(format!(
                "step {number}: {} {}\n  params: {params}\n{detail}",
                step.service, step.operation
            ));
        }
    }
    Verdict::Passed
}

/// The answer of a call that is repeated as its step says.
fn repeat(step: &Step, call: &Call<'_>, endpoint: &dyn Endpoint) -> Result<Answer, String> {
    let mut answer = endpoint.call(call)?;
    let Some(until) = &step.until else {
        return Ok(answer);
    };
    let mut waited = Duration::ZERO;
    while !is_reached(until, &step.expect, &answer) && waited < TIME_MAX {
        endpoint.pause(PAUSE);
        waited += PAUSE;
        answer = endpoint.call(call)?;
    }
    Ok(answer)
}

fn is_reached(until: &Until, expect: &Expect, answer: &Answer) -> bool {
    let Answer::Output(output) = answer else {
        // Asking again does not mend an expected refusal.
        return matches!(expect, Expect::Fault(_) | Expect::Whatever);
    };
    let events = output.get("events").and_then(Json::as_array);
    match until {
        Until::IsNot(pointer, value) => output.pointer(pointer).is_some_and(|it| it != value),
        Until::Exists(pointer) => output.pointer(pointer).is_some(),
        Until::LastEvent => events
            .and_then(|events| events.last())
            .is_some_and(ends_execution),
        Until::Events(count) => events.is_some_and(|events| events.len() >= *count),
        Until::Expected => judge(expect, answer).is_ok(),
        Until::Anything => true,
    }
}

fn ends_execution(event: &Json) -> bool {
    let kind = event.get("type").and_then(Json::as_str).unwrap_or_default();
    kind.starts_with("Execution") && kind != "ExecutionStarted"
}

fn judge(expect: &Expect, answer: &Answer) -> Result<(), String> {
    let compared =
        |expected: &Json, got: &Json| compare(expected, got).map_err(|it| it.to_string());
    match (expect, answer) {
        (Expect::Whatever, _) | (Expect::Success, Answer::Output(_)) => Ok(()),
        (Expect::Output(expected), Answer::Output(output)) => compared(expected, output),
        (Expect::Fault(expected), Answer::Fault(fault)) => {
            compared(expected, &only_fields_of(expected, fault))
        }
        (Expect::Success, Answer::Fault(fault)) => {
            Err(Difference::new("success", fault.to_text()).to_string())
        }
        (Expect::Output(expected), Answer::Fault(fault)) => {
            Err(Difference::new(expected.to_text(), format!("the fault {fault}")).to_string())
        }
        (Expect::Fault(expected), Answer::Output(output)) => {
            Err(Difference::new(format!("the fault {expected}"), output.to_text()).to_string())
        }
    }
}

/// `fault` without the fields that the recording does not give.
fn only_fields_of(expected: &Json, fault: &Json) -> Json {
    match (expected.as_object(), fault.as_object()) {
        (Some(expected), Some(fault)) => {
            let given = fault.iter().filter(|(key, _)| expected.contains_key(key));
            given
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect::<passo_json::Object>()
                .into()
        }
        _ => fault.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use passo_json::json;

    /// Answers in order, the last one for ever, and notes what it was asked.
    struct Script {
        answers: Mutex<Vec<Answer>>,
        asked: Mutex<Vec<String>>,
        paused: Mutex<Duration>,
    }

    impl Script {
        fn new(mut answers: Vec<Answer>) -> Self {
            answers.reverse();
            Self {
                answers: answers.into(),
                asked: Mutex::default(),
                paused: Mutex::default(),
            }
        }
    }

    impl Endpoint for Script {
        fn call(&self, call: &Call<'_>) -> Result<Answer, String> {
            self.asked
                .lock()
                .unwrap()
                .push(format!("{} {}", call.operation, call.params));
            let mut answers = self.answers.lock().unwrap();
            let last = answers.last().cloned().ok_or("the script is empty")?;
            if answers.len() > 1 {
                answers.pop();
            }
            Ok(last)
        }

        fn pause(&self, time: Duration) {
            *self.paused.lock().unwrap() += time;
        }
    }

    fn run(steps: &str, script: &Script) -> Verdict {
        let line = format!(r#"{{"id": "x", "steps": {steps}}}"#);
        play(&Case::parse("area", &line).unwrap(), "123456789012", script)
    }

    fn output(json: Json) -> Answer {
        Answer::Output(json)
    }

    #[test]
    fn steps_use_what_earlier_ones_kept() {
        let script = Script::new(vec![output(json!({"arn": "A"})), output(json!({"n": 1}))]);
        let verdict = run(
            r#"[{"service": "s", "operation": "Create", "params": {"role": "000000000000"}, "bind": {"v0": "/arn"}},
                {"service": "s", "operation": "Describe", "params": {"arn": "{{v0}}"}, "expect": {"n": 1}}]"#,
            &script,
        );
        assert_eq!(verdict, Verdict::Passed);
        let asked = script.asked.lock().unwrap();
        assert_eq!(
            *asked,
            [
                r#"Create {"role":"123456789012"}"#,
                r#"Describe {"arn":"A"}"#
            ]
        );
    }

    #[test]
    fn a_difference_names_the_step_and_the_place() {
        let script = Script::new(vec![output(json!({"n": [2]}))]);
        let verdict = run(
            r#"[{"service": "s", "operation": "Describe", "params": {}, "expect": {"n": [1]}}]"#,
            &script,
        );
        let Verdict::Failed(detail) = verdict else {
            panic!("{verdict:?}")
        };
        assert!(detail.starts_with("step 1: s Describe"), "{detail}");
        assert!(
            detail.contains("at: /n/0\nexpected: 1\n     got: 2"),
            "{detail}"
        );
    }

    #[test]
    fn a_call_is_repeated_until_its_condition_holds() {
        let running =
            output(json!({"status": "RUNNING", "events": [{"type": "ExecutionStarted"}]}));
        let done = output(json!({
            "status": "SUCCEEDED", "events": [{"type": "ExecutionStarted"}, {"type": "ExecutionSucceeded"}]
        }));
        for until in [
            r#"{"pointer": "/status", "not": "RUNNING"}"#,
            r#"{"pointer": "/events/1", "exists": true}"#,
            r#"{"last_event": true}"#,
            r#"{"events": 2}"#,
            r#"{"expect": true}"#,
        ] {
            let script = Script::new(vec![running.clone(), running.clone(), done.clone()]);
            let step = format!(
                r#"[{{"service": "s", "operation": "D", "params": {{}}, "until": {until}, "expect":
                     {{"status": "SUCCEEDED", "events": [{{"type": "ExecutionStarted"}}, {{"type": "ExecutionSucceeded"}}]}}}}]"#
            );
            assert_eq!(run(&step, &script), Verdict::Passed, "{until}");
            assert_eq!(script.asked.lock().unwrap().len(), 3, "{until}");
        }
    }

    #[test]
    fn a_condition_that_never_holds_ends_after_its_time() {
        let script = Script::new(vec![output(json!({"status": "RUNNING"}))]);
        let step = r#"[{"service": "s", "operation": "D", "params": {}, "expect": {"status": "DONE"},
                        "until": {"pointer": "/status", "not": "RUNNING"}}]"#;
        assert!(matches!(run(step, &script), Verdict::Failed(_)));
        assert_eq!(*script.paused.lock().unwrap(), TIME_MAX);
    }

    #[test]
    fn faults_are_compared_in_the_fields_given() {
        let fault = || {
            Script::new(vec![Answer::Fault(
                json!({"code": "Bad", "message": "no `x`", "more": 1}),
            )])
        };
        let step =
            |rest: &str| format!(r#"[{{"service": "s", "operation": "D", "params": {{}}{rest}}}]"#);
        assert_eq!(
            run(&step(r#", "expect_error": {"code": "Bad"}"#), &fault()),
            Verdict::Passed
        );
        assert_eq!(
            run(
                &step(r#", "expect_error": {"code": "Bad", "message": "no `x`"}"#),
                &fault()
            ),
            Verdict::Passed
        );
        assert_eq!(
            run(&step(r#", "may_fail": true"#), &fault()),
            Verdict::Passed
        );
        for rest in [
            r#", "expect_error": {"code": "Worse"}"#,
            r#", "expect_error": {"code": "Bad", "gone": 1}"#,
            r#", "expect": {}"#,
            "",
        ] {
            assert!(
                matches!(run(&step(rest), &fault()), Verdict::Failed(_)),
                "{rest}"
            );
        }
        let success = Script::new(vec![output(json!({}))]);
        let refused = run(&step(r#", "expect_error": {"code": "Bad"}"#), &success);
        assert!(matches!(refused, Verdict::Failed(_)));
    }
}
