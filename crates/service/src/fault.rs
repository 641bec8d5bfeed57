//! Faults: what a service answers when it does not do what was asked.

use std::borrow::Cow;
use std::fmt;

use passo_json::Object;

/// Whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The caller's; asking again the same way gives the same answer.
    Caller,
    /// Ours; asking again may help.
    Service,
    /// That of the machine, which lacks something, such as an interpreter. Asking again does not help until somebody
    /// has changed the machine.
    Machine,
}

/// An AWS error.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The error's name as AWS spells it, e.g. `StateMachineDoesNotExist`.
    pub code: Cow<'static, str>,
    /// The text that AWS gives.
    pub message: String,
    /// Further members of the error's shape, e.g. `reason` of a `ValidationException`.
    pub members: Object,
    /// Whose fault it is.
    pub kind: FaultKind,
    /// The HTTP status that AWS answers with; 400 and 500 unless set.
    pub status: u16,
    /// The error's name in the Query protocol where that is another one, e.g. `AWS.SimpleQueueService.NonExistentQueue` for
    /// `QueueDoesNotExist` (the `awsQueryError` trait). AWS JSON answers carry it in the header `x-amzn-query-error`.
    pub query_code: Option<Cow<'static, str>>,
}

impl Fault {
    /// The caller's fault.
    pub fn caller(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Fault {
        Fault {
            code: code.into(),
            message: message.into(),
            members: Object::default(),
            kind: FaultKind::Caller,
            status: 400,
            query_code: None,
        }
    }

    /// Our fault. The message must not carry payloads, tokens or secrets.
    pub fn service(message: impl Into<String>) -> Fault {
        Fault {
            code: Cow::Borrowed("InternalServerError"),
            message: message.into(),
            members: Object::default(),
            kind: FaultKind::Service,
            status: 500,
            query_code: None,
        }
    }

    /// With another HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Fault {
        self.status = status;
        self
    }

    /// With another kind.
    #[must_use]
    pub fn with_kind(mut self, kind: FaultKind) -> Fault {
        self.kind = kind;
        self
    }

    /// With another name in the Query protocol.
    #[must_use]
    pub fn with_query_code(mut self, code: impl Into<Cow<'static, str>>) -> Fault {
        self.query_code = Some(code.into());
        self
    }

    /// With a further member.
    #[must_use]
    pub fn with(mut self, member: &str, value: &str) -> Fault {
        self.members = self.members.with(member, value);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Fault {}
