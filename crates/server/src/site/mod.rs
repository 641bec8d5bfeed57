//! The server's own site: health, metrics, the console, and the administration under `/_passo/v1/`.
//!
//! It knows no AWS service but Step Functions, and that only through its API. A new page is a line in [`Pages::page`]; the
//! reference is `docs/reference/admin-api.md`.

mod activities;
mod answer;
mod asked_of;
mod backstage;
mod clock;
mod console;
mod convert;
mod cost;
mod duration;
#[cfg(feature = "console")]
mod embedded;
mod evaluate;
mod executions;
mod facts;
mod family;
mod figures;
mod format;
mod graph;
mod insights;
mod journal;
mod logs;
mod map_runs;
mod mocks;
mod properties;
mod query;
mod session;
mod stream;
mod tasks;

use std::sync::Arc;

use hyper::header::{CONTENT_TYPE, HeaderMap, ORIGIN};
use passo_json::{Json, ObjectBuilder, json};
use passo_metrics::Prometheus;
use passo_net::{Site, SiteAnswer, SiteHead, SiteRequest};
use passo_runtime::Entropy;
use passo_service::BoxFuture;
use passo_sns::Mailbox;
use passo_vocab::AccountId;

pub(crate) use answer::Refusal;
pub(crate) use backstage::Backstage;
pub(crate) use clock::ClockPage;
pub(crate) use facts::Facts;
pub(crate) use mocks::MocksPage;
pub(crate) use session::Sessions;
pub(crate) use stream::Streams;
pub(crate) use tasks::TasksPage;

use crate::audience::Audience;
use crate::health::Health;
use crate::message_signer::{self, MessageSigner};
use crate::metrics_token::MetricsToken;
use answer::{told, told_with};
use backstage::Asked;
use query::Query;

/// What every page of the administration begins with.
const ADMIN: &str = "/_passo/";

/// Where one signs in, and out.
const SESSION: &str = "/_passo/v1/session";

/// The pages of a server.
pub(crate) struct Pages {
    pub(crate) health: Arc<Health>,
    pub(crate) facts: Facts,
    pub(crate) clock: ClockPage,
    pub(crate) mocks: MocksPage,
    /// E-mails and text messages that were not sent on.
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) metrics: Arc<Prometheus>,
    /// What opens them, where requests must be signed.
    pub(crate) metrics_token: Option<MetricsToken>,
    /// Whose certificate anybody may see.
    pub(crate) signer: Arc<MessageSigner>,
    pub(crate) sessions: Sessions,
    pub(crate) audience: Audience,
    pub(crate) streams: Streams,
    pub(crate) tasks: TasksPage,
    pub(crate) entropy: Arc<dyn Entropy>,
}

impl Site for Pages {
    fn owns(&self, head: &SiteHead<'_>) -> bool {
        let is_page = head.method == "GET" && matches!(head.path, "/health" | "/metrics");
        is_page
            || head.path.starts_with(ADMIN)
            || is_certificate(head.method, head.path)
            || console::owns(head)
    }

    fn is_open(&self, head: &SiteHead<'_>) -> bool {
        let is_health = head.method == "GET" && head.path == "/health";
        is_health
            || head.path == SESSION
            || is_certificate(head.method, head.path)
            || console::owns(head)
            || self.is_for_collector(head)
    }

    fn signed_in(&self, head: &SiteHead<'_>) -> Option<AccountId> {
        let is_here = is_from_here(head.host, head.headers);
        is_here
            .then(|| self.sessions.account(head.headers))
            .flatten()
    }

    fn answer(&self, request: SiteRequest) -> BoxFuture<'_, SiteAnswer> {
        Box::pin(async move {
            match request.path.as_str() {
                "/health" => {
                    let (status, report) = self.health.report();
                    told_with(status, &report)
                }
                "/metrics" => {
                    let figures = self.health.figures();
                    let text = self.metrics.text(figures.as_ref());
                    SiteAnswer::new(200, passo_metrics::CONTENT_TYPE, text)
                }
                path if is_certificate(&request.method, path) => {
                    match self.signer.certificate(path) {
                        Some(pem) => SiteAnswer::new(200, "application/x-pem-file", pem),
                        None => told_with(404, &json!({})),
                    }
                }
                path if !path.starts_with(ADMIN) => console::answer(&request),
                _ if !is_from_here(&request.host, &request.headers) => {
                    let message = "requests of other sites' pages are not answered";
                    told(Err(Refusal::forbidden(message)))
                }
                SESSION => self.session(&request),
                "/_passo/v1/events" => {
                    let stream = self.stream(&request);
                    stream.unwrap_or_else(|refusal| told(Err(refusal)))
                }
                "/_passo/v1/graph" => {
                    let drawing = self.graph(&request).await;
                    drawing.unwrap_or_else(|refusal| told(Err(refusal)))
                }
                _ => told(self.page(&request).await),
            }
        })
    }
}

/// Whether a request does not come from a page of another site: browsers say where theirs come from.
fn is_from_here(host: &str, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let origin = origin.to_str().unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, own)| own == host)
}

/// Whoever gets a message has to be able to verify it, key or none.
fn is_certificate(method: &str, path: &str) -> bool {
    method == "GET" && message_signer::is_certificate(path)
}

impl Pages {
    /// Whether metrics are asked for with their own token.
    fn is_for_collector(&self, head: &SiteHead<'_>) -> bool {
        let token = self.metrics_token.as_ref();
        let is_asked = head.method == "GET" && head.path == "/metrics";
        is_asked && token.is_some_and(|token| token.is_borne(head.headers))
    }

    // tidy: long, because it is a table with rows for each page.
    async fn page(&self, request: &SiteRequest) -> Result<Json, Refusal> {
        let (method, body) = (request.method.as_str(), &request.body);
        let query = Query::of(&request.query);
        let asked = Asked {
            caller: request.caller.clone(),
            request_id: request.request_id.clone(),
        };
        match (request.path.as_str(), method) {
            ("/_passo/v1/server", "GET") => Ok(self.facts.answer(&self.clock, &self.health)),
            ("/_passo/v1/server", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/clock", "GET") => Ok(self.clock.answer()),
            ("/_passo/v1/clock", "POST") => self.clock.change(&object(body)?).await,
            ("/_passo/v1/clock", _) => Err(Refusal::method(method, "GET, POST")),
            ("/_passo/v1/mocks", "GET") => Ok(self.mocks.answer()),
            ("/_passo/v1/mocks", "PUT") => self.mocks.replace(text(body)?),
            ("/_passo/v1/mocks", "DELETE") => Ok(self.mocks.remove()),
            ("/_passo/v1/mocks", _) => Err(Refusal::method(method, "GET, PUT, DELETE")),
            ("/_passo/v1/outbox", "GET") => self.outbox(),
            ("/_passo/v1/outbox", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/reload", "POST") => self.mocks.reload(),
            ("/_passo/v1/reload", _) => Err(Refusal::method(method, "POST")),
            ("/_passo/v1/executions", "GET") => {
                executions::answer(&self.audience.backstage, &query, &asked).await
            }
            ("/_passo/v1/executions", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/evaluate", "POST") => {
                let body = typed_object(request)?;
                let (now, chance) = (self.clock.clock.now(), self.entropy.seed());
                let evaluating =
                    tokio::task::spawn_blocking(move || evaluate::answer(&body, now, chance));
                evaluating.await.map_err(|_| Refusal::unavailable())?
            }
            ("/_passo/v1/evaluate", _) => Err(Refusal::method(method, "POST")),
            ("/_passo/v1/convert", "POST") => {
                let body = typed_object(request)?;
                let converting = tokio::task::spawn_blocking(move || convert::answer(&body));
                converting.await.map_err(|_| Refusal::unavailable())?
            }
            ("/_passo/v1/format", "POST") => {
                let body = typed_object(request)?;
                let formatting = tokio::task::spawn_blocking(move || format::answer(&body));
                formatting.await.map_err(|_| Refusal::unavailable())?
            }
            ("/_passo/v1/format", _) => Err(Refusal::method(method, "POST")),
            ("/_passo/v1/convert", _) => Err(Refusal::method(method, "POST")),
            ("/_passo/v1/layout", "POST") => self.layout(request).await,
            ("/_passo/v1/layout", _) => Err(Refusal::method(method, "POST")),
            ("/_passo/v1/metrics", "GET") => {
                let (now, started_at) = (self.clock.clock.now(), self.facts.started_at);
                insights::metrics(&self.audience, &query, &asked, now, started_at).await
            }
            ("/_passo/v1/metrics", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/failures", "GET") => {
                insights::failures(&self.audience, &query, &asked).await
            }
            ("/_passo/v1/failures", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/cost", "GET") => {
                cost::answer(&self.audience, &query, &asked, self.clock.clock.now()).await
            }
            ("/_passo/v1/cost", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/execution", "GET") => family::answer(&self.audience, &query, &asked).await,
            ("/_passo/v1/execution", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/figures", "GET") => {
                let now = self.clock.clock.now();
                figures::answer(&self.audience, &query, &asked, now).await
            }
            ("/_passo/v1/figures", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/logs", "GET") => logs::answer(&self.audience, &query, &asked).await,
            ("/_passo/v1/logs", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/map-runs", "GET") => {
                map_runs::answer(&self.audience.backstage, &query, &asked).await
            }
            ("/_passo/v1/map-runs", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/tasks", "GET") => {
                self.tasks
                    .list(&self.audience.backstage, &query, &asked)
                    .await
            }
            ("/_passo/v1/activities", "GET") => {
                activities::answer(&self.audience.backstage, &self.tasks, &asked).await
            }
            ("/_passo/v1/activities", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/decisions", "GET") => self.tasks.decided(&query, &asked),
            ("/_passo/v1/decisions", _) => Err(Refusal::method(method, "GET")),
            ("/_passo/v1/tasks", _) => Err(Refusal::method(method, "GET")),
            (path, method) => match path.strip_prefix("/_passo/v1/tasks/") {
                Some(task) => self.task(task, method, request, &asked).await,
                None => Err(Refusal::not_found(path)),
            },
        }
    }

    /// One decision: `ID`, or `ID/approve`, `ID/reject`, `ID/heartbeat`.
    async fn task(
        &self,
        task: &str,
        method: &str,
        request: &SiteRequest,
        asked: &Asked,
    ) -> Result<Json, Refusal> {
        match (task.split_once('/'), method) {
            (None, "GET") => self.tasks.one(&self.audience.backstage, task, asked).await,
            (None, _) => Err(Refusal::method(method, "GET")),
            (Some((id, action)), "POST") => {
                let body = typed_object(request)?;
                let by = self.who(request);
                let whose = (asked, &*by, self.clock.clock.now());
                let backstage = &self.audience.backstage;
                self.tasks
                    .decide(backstage, (id, action), &body, whose)
                    .await
            }
            (Some(_), _) => Err(Refusal::method(method, "POST")),
        }
    }

    /// Who asks: the key of the session, the account of who signed, or whoever is at this machine.
    fn who(&self, request: &SiteRequest) -> String {
        if !self.sessions.is_required() {
            return "local".to_owned();
        }
        match self.sessions.signed_in(&request.headers) {
            Some(found) => format!("{} ({})", found.account, found.access_key_id),
            None => request.caller.account.to_string(),
        }
    }

    fn session(&self, request: &SiteRequest) -> SiteAnswer {
        let headers = &request.headers;
        match request.method.as_str() {
            "GET" => told(Ok(self.sessions.shown(headers))),
            "POST" => match typed_object(request) {
                Ok(body) => self.sessions.begin(headers, &body),
                Err(refusal) => told(Err(refusal)),
            },
            "DELETE" => self.sessions.end(headers),
            method => told(Err(Refusal::method(method, "GET, POST, DELETE"))),
        }
    }

    /// The events of one execution, as they come.
    fn stream(&self, request: &SiteRequest) -> Result<SiteAnswer, Refusal> {
        let query = Query::of(&request.query);
        let arn = query.required("execution")?;
        let seen = request
            .headers
            .get("last-event-id")
            .and_then(|id| id.to_str().ok());
        let seen = seen.and_then(|id| id.parse().ok());
        let after = seen.map_or_else(|| query.number("after", 0, u64::MAX), Ok)?;
        let runtime = self.audience.backstage.runtime()?;
        let missing = || Refusal::missing(format!("there is no execution `{arn}`"));
        if !is_of(arn, &request.caller.account) {
            return Err(missing());
        }
        let found = runtime.execution(passo_runtime::Key::of(arn));
        found
            .map_err(|error| Refusal::store(&error))?
            .ok_or_else(missing)?;
        Ok(self.streams.open(runtime, arn, after))
    }

    fn outbox(&self) -> Result<Json, Refusal> {
        let mut answer = ObjectBuilder::new();
        answer.insert("messages", self.mailbox.messages()?);
        Ok(Json::from(answer.build()))
    }
}

/// Whether an ARN is one of the account's.
fn is_of(arn: &str, account: &AccountId) -> bool {
    passo_vocab::Arn::parse(arn).is_ok_and(|arn| arn.account() == account.as_str())
}

fn text(body: &[u8]) -> Result<&str, Refusal> {
    std::str::from_utf8(body).map_err(|_| Refusal::invalid("the body is not UTF-8"))
}

/// A body that a browser sends only where the page that it comes from may.
fn typed_object(request: &SiteRequest) -> Result<Json, Refusal> {
    let content_type = request.headers.get(CONTENT_TYPE);
    if !content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/json")) {
        return Err(Refusal::invalid("the body must be application/json"));
    }
    object(&request.body)
}

fn object(body: &[u8]) -> Result<Json, Refusal> {
    let body = Json::parse(text(body)?)
        .map_err(|error| Refusal::invalid(format!("the body is not JSON: {error}")))?;
    if body.as_object().is_none() {
        return Err(Refusal::invalid("the body is not a JSON object"));
    }
    Ok(body)
}
