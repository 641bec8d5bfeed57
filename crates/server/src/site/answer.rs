//! What pages answer with: JSON, or why not.

use hyper::header::{CACHE_CONTROL, HeaderValue};
use passo_json::{Json, json};
use passo_net::SiteAnswer;
use passo_service::Fault;

/// Why a page does not do what was asked.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: u16,
    code: String,
    message: String,
}

impl Refusal {
    fn new(status: u16, code: &str, message: impl Into<String>) -> Refusal {
        Refusal {
            status,
            code: code.to_owned(),
            message: message.into(),
        }
    }

    /// Whether it is of this kind.
    pub(crate) fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// The request makes no sense.
    pub(crate) fn invalid(message: impl Into<String>) -> Refusal {
        Refusal::new(400, "invalid", message)
    }

    /// The server is not set up for it.
    pub(crate) fn conflict(message: impl Into<String>) -> Refusal {
        Refusal::new(409, "conflict", message)
    }

    /// The request comes from somewhere else, or from nobody.
    pub(crate) fn forbidden(message: impl Into<String>) -> Refusal {
        Refusal::new(403, "forbidden", message)
    }

    /// The server recovers, or stops.
    pub(crate) fn unavailable() -> Refusal {
        Refusal::new(
            503,
            "unavailable",
            "the server is not ready; ask again in a moment",
        )
    }

    /// There is no such page.
    pub(crate) fn not_found(path: &str) -> Refusal {
        Refusal::missing(format!("there is no page `{path}`"))
    }

    /// What is asked for is not there.
    pub(crate) fn missing(message: impl Into<String>) -> Refusal {
        Refusal::new(404, "not_found", message)
    }

    /// The page has other methods.
    pub(crate) fn method(method: &str, allowed: &str) -> Refusal {
        let message = format!("`{method}` is not among the methods of this page: {allowed}");
        Refusal::new(405, "method_not_allowed", message)
    }

    /// What a store that cannot be read comes to.
    pub(crate) fn store(error: &passo_store::StoreError) -> Refusal {
        Refusal::new(
            500,
            "unavailable",
            format!("the store cannot be read: {error}"),
        )
    }
}

/// A service that a page has asked has refused: its own words are handed on.
impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Refusal {
        Refusal::new(fault.status, &fault.code, fault.message)
    }
}

/// An answer in JSON.
pub(super) fn told(outcome: Result<Json, Refusal>) -> SiteAnswer {
    match outcome {
        Ok(body) => told_with(200, &body),
        Err(refusal) => {
            let error = json!({"error": {"code": refusal.code, "message": refusal.message}});
            told_with(refusal.status, &error)
        }
    }
}

/// An answer in JSON, with its status, which no browser keeps.
pub(super) fn told_with(status: u16, body: &Json) -> SiteAnswer {
    let answer = SiteAnswer::new(status, "application/json", body.to_text());
    answer.with(CACHE_CONTROL, HeaderValue::from_static("no-store"))
}
