//! Whether a request is as the service's model and its documentation say.

use passo_json::Json;
use passo_records::Findings;
use passo_service::Fault;

use crate::faults;

/// Checks the parameters of an operation against the model: members that must be there, lengths, numbers, words.
///
/// # Errors
/// All that is wrong, in AWS's words.
pub(crate) fn parameters(operation: &str, given: &Json) -> Result<(), Fault> {
    done(Findings::of("scheduler", operation, given))
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
    done(findings)
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
    done(findings)
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
    done(findings)
}

fn done(findings: Findings) -> Result<(), Fault> {
    findings.told().map_err(faults::validation)
}

#[cfg(test)]
mod tests {
    use super::*;

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
