//! Why an operation was not carried out, and what the user is told about it.

use std::fmt;

use passo_json::Json;
use passo_net::client::SendError;

use crate::exit::Exit;
use crate::problem::Problem;

/// An operation that was not carried out.
#[derive(Debug)]
pub enum CallError {
    /// The server could not be asked.
    Send {
        /// Why.
        error: SendError,
        /// Whether it would have been AWS.
        is_aws: bool,
    },
    /// The server refused.
    Fault {
        /// The error's name, such as `StateMachineDoesNotExist`.
        code: String,
        /// The server's text.
        message: String,
        /// The HTTP status.
        status: u16,
    },
    /// What came is no answer of this API.
    Answer {
        /// The operation.
        operation: String,
        /// What is wrong with it.
        why: String,
    },
}

impl CallError {
    /// Reads the body of a refusal, in any of AWS's JSON forms.
    pub(super) fn fault(status: u16, header: Option<&str>, body: &[u8]) -> CallError {
        let text = String::from_utf8_lossy(body);
        let json = Json::parse(&text).unwrap_or(Json::Null);
        // Passo's own API puts both into a member.
        let json = json.get("error").unwrap_or(&json);
        let member = |names: &[&str]| {
            let mut found = names.iter().filter_map(|name| json.get(name)?.as_str());
            found.next().map(str::to_owned)
        };
        let code = header
            .map(str::to_owned)
            .or_else(|| member(&["__type", "code", "Code"]))
            .unwrap_or_else(|| format!("HTTP{status}"));
        // `com.amazonaws.states#Name` and `Name:http://…` are both in use.
        let code = code.rsplit('#').next().unwrap_or_default();
        let code = code.split(':').next().unwrap_or_default().to_owned();
        CallError::Fault {
            code,
            message: member(&["message", "Message"]).unwrap_or_default(),
            status,
        }
    }

    /// The name of the fault; none where the server did not answer.
    pub fn code(&self) -> Option<&str> {
        match self {
            CallError::Fault { code, .. } => Some(code),
            CallError::Send { .. } | CallError::Answer { .. } => None,
        }
    }

    /// Whether what was named is not there.
    pub fn is_not_found(&self) -> bool {
        self.code().is_some_and(|code| {
            code.ends_with("DoesNotExist")
                || code.ends_with("NotFound")
                || code.ends_with("NotFoundException")
                || code == "NoSuchEntity"
                || code == "not_found"
                || code == "NoSuchBucket"
                || code == "NonExistentQueue"
        })
    }

    /// Whether something of that name is there already.
    pub fn is_conflict(&self) -> bool {
        self.code().is_some_and(|code| {
            code.contains("AlreadyExists")
                || code.contains("AlreadyOwnedByYou")
                || code.ends_with("NameExists")
                || matches!(
                    code,
                    "ResourceConflictException"
                        | "ResourceInUseException"
                        | "ResourceExistsException"
                        | "ConflictException"
                )
        })
    }

    /// Whether the operation was not tried, only put off.
    pub(super) fn is_throttled(&self) -> bool {
        matches!(
            self.code(),
            Some(
                "ThrottlingException"
                    | "Throttling"
                    | "TooManyRequestsException"
                    | "RequestLimitExceeded"
            )
        )
    }

    /// As a problem: `what` could not be done.
    pub fn problem(self, what: impl Into<String>) -> Problem {
        let exit = self.exit();
        let problem = Problem::new(what).exit(exit);
        match &self {
            CallError::Send { error, is_aws } => {
                let problem = problem.why(error);
                match is_aws {
                    true => problem.next("passo doctor"),
                    false => problem
                        .next("start a server with `passo dev`, or name one with --endpoint URL"),
                }
            }
            CallError::Fault { code, .. } if is_about_the_key(code) => problem
                .why(&self)
                .next("passo doctor tells which key and endpoint are used"),
            CallError::Fault { .. } | CallError::Answer { .. } => problem.why(&self),
        }
    }

    fn exit(&self) -> Exit {
        match self {
            CallError::Send {
                error: SendError::Timeout { .. },
                ..
            } => Exit::TimedOut,
            CallError::Send { .. } => Exit::Unreachable,
            CallError::Fault { .. } if self.is_not_found() => Exit::NotFound,
            CallError::Fault { code, status, .. } => match status {
                400 if is_about_the_request(code) && !is_about_the_key(code) => Exit::Usage,
                _ => Exit::Failed,
            },
            CallError::Answer { .. } => Exit::Failed,
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::Send { error, .. } => write!(f, "{error}"),
            CallError::Fault { code, message, .. } if message.is_empty() => f.write_str(code),
            CallError::Fault { code, message, .. } => write!(f, "{code}: {message}"),
            CallError::Answer { operation, why } => {
                write!(
                    f,
                    "the answer to {operation} cannot be read, as from a server of another kind: {why}"
                )
            }
        }
    }
}

/// Faults of what was asked, rather than of the state of things.
fn is_about_the_request(code: &str) -> bool {
    code.starts_with("Invalid") || code.starts_with("Validation") || code.starts_with("Missing")
}

fn is_about_the_key(code: &str) -> bool {
    matches!(
        code,
        "UnrecognizedClientException"
            | "InvalidClientTokenId"
            | "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "ExpiredTokenException"
            | "ExpiredToken"
            | "IncompleteSignature"
            | "MissingAuthenticationTokenException"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: Option<&str>, body: &str, expect: &str) {
        let error = CallError::fault(400, header, body.as_bytes());
        assert_eq!(error.to_string(), expect, "{body}");
    }

    #[test]
    fn faults_are_read_in_every_form() {
        check(None, r#"{"__type":"A","message":"b"}"#, "A: b");
        check(None, r#"{"__type":"com.x#A","Message":"b"}"#, "A: b");
        check(
            Some("A:http://internal.amazon.com/"),
            r#"{"message":"b"}"#,
            "A: b",
        );
        check(
            None,
            r#"{"error":{"code":"not_found","message":"b"}}"#,
            "not_found: b",
        );
        check(None, "<html>", "HTTP400");
    }

    #[test]
    fn exits_follow_the_code() {
        for (code, expect) in [
            ("ExecutionDoesNotExist", Exit::NotFound),
            ("ResourceNotFoundException", Exit::NotFound),
            ("InvalidArn", Exit::Usage),
            ("ValidationException", Exit::Usage),
            ("AccessDeniedException", Exit::Failed),
            ("InvalidSignatureException", Exit::Failed),
        ] {
            let error = CallError::fault(400, Some(code), b"{}");
            assert_eq!(error.problem("x").exit_code(), expect, "{code}");
        }
    }
}
