//! Whether a request is as the service's model and its documentation say.

use passo_json::Json;
use passo_model::{Bounds, Model, Shape, ShapeId};
use passo_service::Fault;

use crate::faults;

/// Levels of nesting that are looked at; the model's structures have far fewer.
const DEPTH_MAX: usize = 16;

/// Checks the parameters of an operation against the model: members that must be there, lengths, numbers, words.
///
/// # Errors
/// All that is wrong, in AWS's words.
pub(crate) fn parameters(operation: &str, given: &Json) -> Result<(), Fault> {
    let Some(listed) = passo_model::find("scheduler") else {
        return Ok(());
    };
    let model = listed.model();
    let mut findings = Findings::default();
    if let Some(input) = model.operation(operation).and_then(|found| found.input) {
        findings.value(model, input, given, "", DEPTH_MAX);
    }
    findings.done()
}

/// Checks that a name consists of what names consist of.
///
/// # Errors
/// In AWS's words.
pub(crate) fn name(name: &str, member: &str) -> Result<(), Fault> {
    let legal = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let mut findings = Findings::default();
    if !name.chars().all(legal) {
        findings.pattern(name, member, "^[0-9a-zA-Z-_.]+$");
    }
    findings.done()
}

/// Checks that a role's ARN is one.
///
/// # Errors
/// In AWS's words.
pub(crate) fn role(arn: &str) -> Result<(), Fault> {
    let mut findings = Findings::default();
    let mut parts = arn.splitn(6, ':');
    let role = (parts.next(), parts.next(), parts.next(), parts.next());
    let account = parts.next().unwrap_or_default();
    let role_name = parts.next().and_then(|rest| rest.strip_prefix("role/"));
    let is_partition = |part: &str| part == "aws" || part.starts_with("aws-");
    let is_role = matches!(role, (Some("arn"), Some(partition), Some("iam"), Some("")) if is_partition(partition));
    let legal = |c: char| c.is_ascii_alphanumeric() || "_+=,.@/-".contains(c);
    let is_name = role_name.is_some_and(|name| !name.is_empty() && name.chars().all(legal));
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if !(is_role && is_name && is_account) {
        findings.pattern(
            arn,
            "target.roleArn",
            r"^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@\/-]+$",
        );
    }
    findings.done()
}

/// Checks that a dead-letter queue is a standard queue.
///
/// # Errors
/// In AWS's words.
pub(crate) fn queue(arn: &str) -> Result<(), Fault> {
    let mut findings = Findings::default();
    let parsed = passo_vocab::Arn::parse(arn).ok();
    let legal = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let is_queue =
        parsed.is_some_and(|queue| queue.service() == "sqs" && queue.resource().chars().all(legal));
    if !is_queue {
        findings.pattern(
            arn,
            "target.deadLetterConfig.arn",
            r"^arn:aws(-[a-z]+)?:sqs:[a-z0-9\-]+:\d{12}:[a-zA-Z0-9\-_]+$",
        );
    }
    findings.done()
}

/// What is wrong so far.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    fn done(self) -> Result<(), Fault> {
        let Findings(found) = self;
        if found.is_empty() {
            return Ok(());
        }
        let errors = if found.len() == 1 { "error" } else { "errors" };
        Err(faults::validation(format!(
            "{} validation {errors} detected: {}",
            found.len(),
            found.join("; ")
        )))
    }

    fn add(&mut self, value: &str, member: &str, constraint: &str) {
        self.0.push(format!(
            "Value {value} at '{member}' failed to satisfy constraint: Member must {constraint}"
        ));
    }

    fn pattern(&mut self, value: &str, member: &str, pattern: &str) {
        let constraint = format!("satisfy regular expression pattern: {pattern}");
        self.add(&format!("'{value}'"), member, &constraint);
    }

    fn value(&mut self, model: &Model, shape: ShapeId, given: &Json, at: &str, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        match model.shape(shape) {
            Shape::Structure(structure) => {
                for member in &structure.members {
                    let at = joined(at, member.name);
                    match given.get(member.name).filter(|value| !value.is_null()) {
                        Some(value) => self.value(model, member.shape, value, &at, depth),
                        None if member.is_required => self.add("null", &at, "not be null"),
                        None => {}
                    }
                }
            }
            Shape::List(list) => {
                let items = given.as_array();
                self.length(items.map_or(0, |items| items.len()), list.bounds, given, at);
                for (number, item) in items.into_iter().flat_map(|items| items.iter()).enumerate() {
                    let at = format!("{at}.{}.member", number.saturating_add(1));
                    self.value(model, list.item, item, &at, depth);
                }
            }
            Shape::Text { words, bounds } => {
                let text = given.as_str().unwrap_or_default();
                if words.is_empty() {
                    self.length(text.chars().count(), *bounds, given, at);
                } else if !words.contains(&text) {
                    let constraint = format!("satisfy enum value set: [{}]", words.join(", "));
                    self.add(&format!("'{text}'"), at, &constraint);
                }
            }
            Shape::Number { bounds, .. } => {
                let value = given.as_i64().unwrap_or(0);
                let shown = format!("'{value}'");
                if let Some(min) = bounds.min.filter(|min| value < *min) {
                    self.add(
                        &shown,
                        at,
                        &format!("have value greater than or equal to {min}"),
                    );
                }
                if let Some(max) = bounds.max.filter(|max| value > *max) {
                    self.add(
                        &shown,
                        at,
                        &format!("have value less than or equal to {max}"),
                    );
                }
            }
            Shape::Map(_)
            | Shape::Boolean
            | Shape::Timestamp(_)
            | Shape::Blob { .. }
            | Shape::Document => {}
        }
    }

    fn length(&mut self, length: usize, bounds: Bounds, given: &Json, at: &str) {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let shown = || {
            given
                .as_str()
                .map_or_else(|| given.to_text(), str::to_owned)
        };
        if let Some(min) = bounds.min.filter(|min| length < *min) {
            let constraint = format!("have length greater than or equal to {min}");
            self.add(&format!("'{}'", shown()), at, &constraint);
        }
        if let Some(max) = bounds.max.filter(|max| length > *max) {
            let constraint = format!("have length less than or equal to {max}");
            self.add(&format!("'{}'", shown()), at, &constraint);
        }
    }
}

/// Names of members begin with a small letter in messages.
fn joined(at: &str, member: &str) -> String {
    let mut name = member.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    match at {
        "" => name,
        at => format!("{at}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn check(found: Result<(), Fault>, expect: &str) {
        let message = found.err().map(|fault| fault.message).unwrap_or_default();
        assert_eq!(message, expect);
    }

    #[test]
    fn requests_are_as_the_model_says() {
        let whole = json!({"Name": "n", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": "a", "RoleArn": "r"}});
        check(parameters("CreateSchedule", &whole), "");
        let without = whole.as_object().unwrap().without("ScheduleExpression");
        check(
            parameters("CreateSchedule", &Json::from(without)),
            "1 validation error detected: Value null at 'scheduleExpression' failed to satisfy constraint: Member must not be null",
        );
        let window = whole.as_object().unwrap().clone().with(
            "FlexibleTimeWindow",
            json!({"Mode": "SOME", "MaximumWindowInMinutes": 0}),
        );
        check(
            parameters("CreateSchedule", &Json::from(window)),
            "2 validation errors detected: Value '0' at 'flexibleTimeWindow.maximumWindowInMinutes' failed to satisfy constraint: Member must have value greater than or equal to 1; Value 'SOME' at 'flexibleTimeWindow.mode' failed to satisfy constraint: Member must satisfy enum value set: [OFF, FLEXIBLE]",
        );
        check(
            name("a b", "name"),
            "1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$",
        );
    }

    #[test]
    fn arns_name_what_they_have_to() {
        assert!(role("arn:aws:iam::123456789012:role/a/b").is_ok());
        for wrong in [
            "role",
            "arn:aws:iam::1:role/a",
            "arn:aws:iam::123456789012:user/a",
        ] {
            assert!(role(wrong).is_err(), "{wrong}");
        }
        assert!(queue("arn:aws:sqs:us-east-1:123456789012:q").is_ok());
        for wrong in [
            "q",
            "arn:aws:sns:us-east-1:123456789012:q",
            "arn:aws:sqs:us-east-1:123456789012:q.fifo",
        ] {
            assert!(queue(wrong).is_err(), "{wrong}");
        }
    }
}
