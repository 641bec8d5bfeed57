//! From a request to its answer: the server's own site, or a call of a service.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{CONNECTION, EXPECT, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use passo_json::Json;
use passo_service::{Directory, Fault, RequestId};
use passo_sigv4::{Keys, Refusal};
use passo_wire::{Destination, Exchange, Router, Scope};
use tokio::sync::SemaphorePermit;
use tokio::sync::watch::Receiver;

use crate::authentication::{self, Begun};
use crate::home::Home;
use crate::objects::{self, Objects, Streamed};
use crate::request_id::RequestIds;
use crate::room::Room;
use crate::server::Settings;
use crate::site::{NoSite, Site, SiteHead, SiteRequest};
use crate::watch::{Answered, NoWatch, Watch};

/// Bytes of a body that a client must send in a second, once its patience is over.
const BYTES_PER_SECOND: usize = 256 << 10;

/// What requests are answered with.
pub struct Gateway {
    /// The services. Calls wait until they are there: while a server recovers, its site answers already.
    pub services: Receiver<Option<Directory>>,
    /// The server's own paths.
    pub site: Arc<dyn Site>,
    /// What users serve, once the services are there: the first site that owns a request answers it.
    pub web: Arc<OnceLock<Vec<Arc<dyn Site>>>>,
    /// Who hears of requests.
    pub watch: Arc<dyn Watch>,
    /// Where callers belong who do not say.
    pub home: Home,
    /// Keys that requests must be signed with; without them everybody is believed.
    pub keys: Option<Arc<Keys>>,
    /// Who answers for S3, once the services are there. Without anybody there is no S3.
    pub objects: Arc<OnceLock<Arc<dyn Objects>>>,
}

impl Gateway {
    /// The services of `directory`, and nothing else.
    pub fn of(directory: Directory) -> Gateway {
        let (_, services) = tokio::sync::watch::channel(Some(directory));
        Gateway {
            services,
            site: Arc::new(NoSite),
            web: Arc::default(),
            watch: Arc::new(NoWatch),
            home: Home::default(),
            keys: None,
            objects: Arc::default(),
        }
    }
}

/// A gateway at work.
pub(crate) struct Answering {
    gateway: Gateway,
    pub(crate) settings: Settings,
    /// Made once the services are there.
    router: OnceLock<Router>,
    request_ids: RequestIds,
    room: Room,
}

/// What a call came to, and how far its request came.
struct Called {
    outcome: Result<Json, Fault>,
    operation: Option<Arc<str>>,
}

impl Called {
    fn refused(refusal: &Refusal, exchange: &Exchange) -> Called {
        Called {
            outcome: Err(authentication::fault(refusal, exchange.protocol())),
            operation: None,
        }
    }
}

impl Answering {
    pub(crate) fn new(gateway: Gateway, settings: Settings) -> Answering {
        Answering {
            gateway,
            room: Room::new(&settings),
            settings,
            router: OnceLock::new(),
            request_ids: RequestIds::new(),
        }
    }

    /// Answers one request.
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Response<Streamed> {
        let begun = Instant::now();
        let request_id = self.request_ids.next();
        let (head, body) = request.into_parts();
        if self.gateway.site.owns(&SiteHead::of(&head)) {
            return self.site(&*self.gateway.site, head, body, request_id).await;
        }
        let Some(router) = self.router().await else {
            let stops = Fault::service("the server stops").with_status(503);
            return full(Exchange::unknown().answer(&Err(stops), &request_id));
        };
        if let Some(site) = self.web_site(&head) {
            return self.site(site, head, body, request_id).await;
        }
        let signed = self.signed(self.gateway.keys.as_deref(), &head);
        let mut exchange = match router.route(&head) {
            Destination::Service(exchange) => exchange,
            Destination::ObjectStorage => match self.gateway.objects.get() {
                Some(objects) => {
                    let request = Request::from_parts(head, body);
                    return self.object(&**objects, request, signed, request_id).await;
                }
                None => Exchange::unknown(),
            },
        };
        // Strangers are sent away before their bodies are read.
        let signed = match signed {
            Ok(signed) => signed,
            Err(refusal) => {
                let called = Called::refused(&refusal, &exchange);
                return self.answered(&called, &exchange, &request_id, begun);
            }
        };
        let limit = if exchange.carries_code() {
            self.settings.code_body_bytes_max
        } else {
            self.settings.body_bytes_max
        };
        let (body, room) = match self.body(body, limit).await {
            Ok(body) => body,
            Err(refusal) => return refused(refusal, &exchange, &request_id),
        };
        let called = self
            .call(
                router,
                &mut exchange,
                signed,
                (&head, body, room),
                &request_id,
            )
            .await;
        self.answered(&called, &exchange, &request_id, begun)
    }

    /// Who makes a request, as far as its head tells; without `keys` everybody is believed.
    fn signed(&self, keys: Option<&Keys>, head: &Parts) -> Result<Begun, Refusal> {
        if keys.is_some()
            && !authentication::is_signed(head)
            && let Some(account) = self.gateway.site.signed_in(&SiteHead::of(head))
        {
            return Ok(Begun::SignedIn(account));
        }
        Begun::of(keys, head)
    }

    /// Answers a request for S3, whose bodies pass as streams.
    async fn object(
        &self,
        objects: &dyn Objects,
        request: Request<Incoming>,
        signed: Result<Begun, Refusal>,
        request_id: RequestId,
    ) -> Response<Streamed> {
        let begun = Instant::now();
        let (mut head, body) = request.into_parts();
        let signed = match authentication::is_signed(&head) {
            true => signed,
            false => objects::signed_otherwise(&mut head, self.gateway.keys.as_ref(), signed),
        };
        let asks = head.headers.contains_key(EXPECT);
        let is_empty = body.is_end_stream();
        let mut answer = match objects::caller(&head, signed, &self.gateway.home) {
            Ok((caller, pieces)) => {
                let mut request = Request::from_parts(head, body);
                if let Some(pieces) = pieces {
                    request.extensions_mut().insert(pieces);
                }
                objects.answer(request, caller, request_id.clone()).await
            }
            Err(refusal) => objects::refused(&refusal, &request_id),
        };
        // A client that asked whether to send its body and was not told so may not know any more where answers begin:
        // boto3 gives the next one this one's status.
        if asks && (is_empty || !answer.status().is_success()) {
            let close = HeaderValue::from_static("close");
            answer.headers_mut().insert(CONNECTION, close);
        }
        self.gateway.watch.answered(&Answered {
            request_id: &request_id,
            service: Some("s3"),
            operation: None,
            code: None,
            status: answer.status().as_u16(),
            elapsed: begun.elapsed(),
        });
        answer
    }

    fn answered(
        &self,
        called: &Called,
        exchange: &Exchange,
        request_id: &RequestId,
        begun: Instant,
    ) -> Response<Streamed> {
        let response = exchange.answer(&called.outcome, request_id);
        let operation = called.operation.as_deref();
        self.gateway.watch.answered(&Answered {
            request_id,
            service: operation.and_then(|_| exchange.service()),
            operation,
            code: called.outcome.as_ref().err().map(|fault| &*fault.code),
            status: response.status().as_u16(),
            elapsed: begun.elapsed(),
        });
        full(response)
    }

    async fn call(
        &self,
        router: &Router,
        exchange: &mut Exchange,
        signed: Begun,
        (head, body, room): (&Parts, Bytes, SemaphorePermit<'_>),
        request_id: &RequestId,
    ) -> Called {
        let identity = match signed.finish(head, &body) {
            Ok(identity) => identity,
            Err(refusal) => return Called::refused(&refusal, exchange),
        };
        let read = router.read(exchange, head, &body, request_id.clone());
        // The parameters hold what is needed of it.
        drop((body, room));
        match read {
            Ok((service, mut call)) => {
                self.gateway.home.fill(head, &mut call.caller);
                if let Err(refusal) = identity.check_service(exchange.signing_name()) {
                    return Called::refused(&refusal, exchange);
                }
                if let Some(account) = identity.account() {
                    call.caller.account = account.clone();
                }
                let operation = Some(call.operation.clone());
                let _watched = self.gateway.watch.begun(&call);
                Called {
                    outcome: service.call(call).await,
                    operation,
                }
            }
            Err(fault) => Called {
                outcome: Err(fault),
                operation: None,
            },
        }
    }

    /// The way to the services, once there are any; none where there never will be.
    async fn router(&self) -> Option<&Router> {
        if let Some(router) = self.router.get() {
            return Some(router);
        }
        let mut services = self.gateway.services.clone();
        let ready = services.wait_for(Option::is_some).await;
        let directory = ready.ok().and_then(|directory| directory.clone())?;
        Some(self.router.get_or_init(|| Router::new(directory)))
    }

    /// Who of the users' sites answers the request with this head.
    fn web_site(&self, head: &Parts) -> Option<&dyn Site> {
        let mut sites = self.gateway.web.get()?.iter();
        let site = sites.find(|site| site.owns(&SiteHead::of(head)))?;
        Some(&**site)
    }

    async fn site(
        &self,
        site: &dyn Site,
        head: Parts,
        body: Incoming,
        request_id: RequestId,
    ) -> Response<Streamed> {
        let stranger = |refusal: &Refusal| {
            let exchange = Exchange::unknown();
            let called = Called::refused(refusal, &exchange);
            full(exchange.answer(&called.outcome, &request_id))
        };
        let keys = match site.is_open(&SiteHead::of(&head)) {
            true => None,
            false => self.gateway.keys.as_deref(),
        };
        let signed = match self.signed(keys, &head) {
            Ok(signed) => signed,
            Err(refusal) => return stranger(&refusal),
        };
        let bytes_max = site
            .body_bytes_max()
            .unwrap_or(self.settings.body_bytes_max);
        let (body, _room) = match self.body(body, bytes_max).await {
            Ok(body) => body,
            Err(refusal) => return refused(refusal, &Exchange::unknown(), &request_id),
        };
        let identity = match signed.finish(&head, &body) {
            Ok(identity) => identity,
            Err(refusal) => return stranger(&refusal),
        };
        let scope = Scope::of(&head.headers, head.uri.query().unwrap_or_default());
        let Some(mut caller) = scope.caller() else {
            return stranger(&Refusal::Missing);
        };
        self.gateway.home.fill(&head, &mut caller);
        if let Some(account) = identity.account() {
            caller.account = account.clone();
        }
        let request = SiteRequest::new(head, body, caller, request_id);
        site.answer(request).await.into_response()
    }

    /// The whole body, and the room that it takes.
    async fn body(
        &self,
        body: Incoming,
        bytes_max: usize,
    ) -> Result<(Bytes, SemaphorePermit<'_>), StatusCode> {
        // What does not say how long it is may be as long as it may be.
        let bytes = match body.size_hint().upper() {
            Some(bytes) => usize::try_from(bytes).unwrap_or(usize::MAX),
            None => bytes_max,
        };
        if bytes > bytes_max {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let patience = self.settings.read_timeout;
        let room = tokio::time::timeout(patience, self.room.reserve(bytes));
        let Ok(Some(room)) = room.await else {
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        };
        let more = Duration::from_secs(u64::try_from(bytes / BYTES_PER_SECOND).unwrap_or(0));
        let limited = Limited::new(body, bytes_max);
        match tokio::time::timeout(patience.saturating_add(more), limited.collect()).await {
            Ok(Ok(body)) => Ok((body.to_bytes(), room)),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
            // The client broke off, or sent no HTTP.
            Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
            Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
        }
    }
}

/// The answer to a request whose body is not taken.
fn refused(status: StatusCode, exchange: &Exchange, request_id: &RequestId) -> Response<Streamed> {
    let fault = match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Fault::caller("RequestEntityTooLargeException", "Request entity too large")
        }
        StatusCode::BAD_REQUEST => {
            Fault::caller("SerializationException", "The body could not be read")
        }
        StatusCode::SERVICE_UNAVAILABLE => Fault {
            code: "ServiceUnavailable".into(),
            ..Fault::service("Service is unable to handle request.")
        },
        _ => Fault::caller(
            "RequestTimeoutException",
            "The request took too long to arrive",
        ),
    };
    let fault = fault.with_status(status.as_u16());
    let mut response = full(exchange.answer(&Err(fault), request_id));
    // What follows is the rest of a body that nobody reads.
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

fn full(response: Response<Bytes>) -> Response<Streamed> {
    response.map(objects::whole)
}
