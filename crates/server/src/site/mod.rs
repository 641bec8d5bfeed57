//! The server's own site: health, metrics, and the administration under `/_passo/v1/`.
//!
//! It knows no AWS service. A new page is a line in [`Pages::page`]; the reference is `docs/reference/admin-api.md`.

mod clock;
mod duration;
mod facts;
mod mocks;

use std::sync::Arc;

use passo_json::{Json, ObjectBuilder, json};
use passo_metrics::Prometheus;
use passo_net::{Site, SiteAnswer, SiteHead, SiteRequest};
use passo_service::BoxFuture;
use passo_sns::Mailbox;

pub(crate) use clock::ClockPage;
pub(crate) use facts::Facts;
pub(crate) use mocks::MocksPage;

use crate::health::Health;
use crate::message_signer::{self, MessageSigner};

/// What every page of the administration begins with.
const ADMIN: &str = "/_passo/";

/// The pages of a server.
pub(crate) struct Pages {
    pub(crate) health: Arc<Health>,
    pub(crate) facts: Facts,
    pub(crate) clock: ClockPage,
    pub(crate) mocks: MocksPage,
    /// E-mails and text messages that were not sent on.
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) metrics: Arc<Prometheus>,
    /// Whose certificate anybody may see.
    pub(crate) signer: Arc<MessageSigner>,
}

/// Why a page does not do what was asked.
pub(crate) struct Refusal {
    status: u16,
    code: &'static str,
    message: String,
}

impl Refusal {
    /// The request makes no sense.
    pub(crate) fn invalid(message: impl Into<String>) -> Refusal {
        Refusal {
            status: 400,
            code: "invalid",
            message: message.into(),
        }
    }

    /// The server is not set up for it.
    pub(crate) fn conflict(message: impl Into<String>) -> Refusal {
        Refusal {
            status: 409,
            code: "conflict",
            message: message.into(),
        }
    }

    fn not_found(path: &str) -> Refusal {
        Refusal {
            status: 404,
            code: "not_found",
            message: format!("there is no page `{path}`"),
        }
    }

    fn method(method: &str, allowed: &str) -> Refusal {
        Refusal {
            status: 405,
            code: "method_not_allowed",
            message: format!("`{method}` is not among the methods of this page: {allowed}"),
        }
    }
}

impl Site for Pages {
    fn owns(&self, head: &SiteHead<'_>) -> bool {
        let is_page = head.method == "GET" && matches!(head.path, "/health" | "/metrics");
        is_page || head.path.starts_with(ADMIN) || is_certificate(head.method, head.path)
    }

    fn is_open(&self, head: &SiteHead<'_>) -> bool {
        let is_health = head.method == "GET" && head.path == "/health";
        is_health || is_certificate(head.method, head.path)
    }

    fn answer(&self, request: SiteRequest) -> BoxFuture<'_, SiteAnswer> {
        Box::pin(async move {
            if request.path == "/health" {
                let (status, report) = self.health.report();
                return told(status, &report);
            }
            if request.path == "/metrics" {
                let figures = self.health.figures();
                let text = self.metrics.text(figures.as_ref());
                return SiteAnswer::new(200, passo_metrics::CONTENT_TYPE, text);
            }
            if is_certificate(&request.method, &request.path) {
                return match self.signer.certificate(&request.path) {
                    Some(pem) => SiteAnswer::new(200, "application/x-pem-file", pem),
                    None => told(404, &json!({})),
                };
            }
            match self.page(&request).await {
                Ok(answer) => told(200, &answer),
                Err(refusal) => told(
                    refusal.status,
                    &json!({"error": {"code": refusal.code, "message": refusal.message}}),
                ),
            }
        })
    }
}

impl Pages {
    async fn page(&self, request: &SiteRequest) -> Result<Json, Refusal> {
        let method = request.method.as_str();
        match (request.path.as_str(), method) {
            ("/_passo/v1/server", "GET") => Ok(self.facts.answer(&self.clock, &self.health)),
            ("/_passo/v1/server", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/clock", "GET") => Ok(self.clock.answer()),
            ("/_passo/v1/clock", "POST") => self.clock.change(&object(&request.body)?).await,
            ("/_passo/v1/clock", _) => Err(Refusal::method(method, "GET, POST")),
            ("/_passo/v1/mocks", "GET") => Ok(self.mocks.answer()),
            ("/_passo/v1/mocks", "PUT") => self.mocks.replace(text(&request.body)?),
            ("/_passo/v1/mocks", "DELETE") => Ok(self.mocks.remove()),
            ("/_passo/v1/mocks", _) => Err(Refusal::method(method, "GET, PUT, DELETE")),
            ("/_passo/v1/outbox", "GET") => self.outbox(),
            ("/_passo/v1/outbox", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/reload", "POST") => self.mocks.reload(),
            ("/_passo/v1/reload", _) => Err(Refusal::method(method, "POST")),
            (path, _) => Err(Refusal::not_found(path)),
        }
    }
}

impl Pages {
    fn outbox(&self) -> Result<Json, Refusal> {
        let messages = self.mailbox.messages();
        let messages = messages.map_err(|fault| Refusal {
            status: 500,
            code: "unavailable",
            message: fault.message,
        })?;
        let mut answer = ObjectBuilder::new();
        answer.insert("messages", messages);
        Ok(Json::from(answer.build()))
    }
}

/// Whoever gets a message has to be able to verify it, key or none.
fn is_certificate(method: &str, path: &str) -> bool {
    method == "GET" && message_signer::is_certificate(path)
}

fn told(status: u16, body: &Json) -> SiteAnswer {
    SiteAnswer::new(status, "application/json", body.to_text())
}

fn text(body: &[u8]) -> Result<&str, Refusal> {
    std::str::from_utf8(body).map_err(|_| Refusal::invalid("the body is not UTF-8"))
}

fn object(body: &[u8]) -> Result<Json, Refusal> {
    let body = Json::parse(text(body)?)
        .map_err(|error| Refusal::invalid(format!("the body is not JSON: {error}")))?;
    if body.as_object().is_none() {
        return Err(Refusal::invalid("the body is not a JSON object"));
    }
    Ok(body)
}
