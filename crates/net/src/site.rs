//! Requests for no AWS operation: the server's own pages, and what users serve under hosts and paths of their own.

use std::net::IpAddr;

use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::upgrade::OnUpgrade;
use hyper::{Response, StatusCode};
use passo_service::{BoxFuture, Caller, RequestId};
use passo_vocab::AccountId;

use crate::objects::{self, Streamed};
use crate::spelling::Spelling;

/// Answers requests that are no calls.
pub trait Site: Send + Sync {
    /// Whether a request is for this site rather than for another or for an AWS service. Asked for every request: it looks at
    /// nothing but the head.
    fn owns(&self, head: &SiteHead<'_>) -> bool;

    /// Whether it answers such a request although it is not signed, where others must be.
    fn is_open(&self, head: &SiteHead<'_>) -> bool;

    /// The account in whose name a request without a signature is made: one that has signed in before. Asked for
    /// AWS's APIs as well, and only where requests must be signed.
    fn signed_in(&self, head: &SiteHead<'_>) -> Option<AccountId> {
        let _ = head;
        None
    }

    /// Bytes of a body that it takes; as many as any request may have, unless it says.
    fn body_bytes_max(&self) -> Option<usize> {
        None
    }

    /// The answer to a request that it owns.
    fn answer(&self, request: SiteRequest) -> BoxFuture<'_, SiteAnswer>;
}

/// The head of a request, as far as it says whose it is.
#[derive(Clone, Copy, Debug)]
pub struct SiteHead<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The host that is asked, as it was sent, with its port.
    pub host: &'a str,
    /// The path, as it was sent.
    pub path: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
}

impl<'a> SiteHead<'a> {
    pub(crate) fn of(head: &'a Parts) -> SiteHead<'a> {
        SiteHead {
            method: head.method.as_str(),
            host: host(head),
            path: head.uri.path(),
            headers: &head.headers,
        }
    }
}

fn host(head: &Parts) -> &str {
    let asked = head.uri.authority().map(|authority| authority.as_str());
    let sent = || head.headers.get(HOST).and_then(|host| host.to_str().ok());
    asked.or_else(sent).unwrap_or_default()
}

/// A request for a site.
#[derive(Clone, Debug)]
pub struct SiteRequest {
    /// The method, in capitals.
    pub method: String,
    /// The host that is asked, as it was sent, with its port.
    pub host: String,
    /// The path, as it was sent.
    pub path: String,
    /// What follows the path's question mark, as it was sent; empty without one.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// Their names as they were sent, as far as that is known.
    pub header_names: Vec<String>,
    /// The connection itself, where the request wants it for another protocol: it is had once the answer, whose status is 101,
    /// is sent.
    pub upgrade: Option<OnUpgrade>,
    /// The body, as large as the site takes.
    pub body: Bytes,
    /// Who asks: the account and region that a call of a service would be made for.
    pub caller: Caller,
    /// Where the request comes from.
    pub source_ip: Option<IpAddr>,
    /// The id that the request is known by.
    pub request_id: RequestId,
}

/// From where a request comes, as the listener tells the gateway.
#[derive(Clone)]
pub(crate) struct Peer {
    pub(crate) ip: IpAddr,
    /// The request's head as it was sent.
    pub(crate) spelling: Spelling,
}

impl SiteRequest {
    pub(crate) fn new(
        mut head: Parts,
        body: Bytes,
        caller: Caller,
        request_id: RequestId,
    ) -> SiteRequest {
        let peer = head.extensions.remove::<Peer>();
        let spelling = peer.as_ref().map(|peer| &peer.spelling);
        SiteRequest {
            header_names: spelling.map_or_else(Vec::new, |spelling| spelling.names(&head)),
            upgrade: head.extensions.remove(),
            method: head.method.as_str().to_owned(),
            host: host(&head).to_owned(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            source_ip: peer.map(|peer| peer.ip),
            headers: head.headers,
            body,
            caller,
            request_id,
        }
    }
}

/// What a site answers.
#[derive(Debug)]
pub struct SiteAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The headers, several of one name where a header has several values.
    pub headers: HeaderMap,
    /// The body, which may be on its way.
    pub body: Streamed,
}

impl SiteAnswer {
    /// A whole body of that type.
    pub fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> SiteAnswer {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        SiteAnswer {
            status,
            headers,
            body: objects::whole(body.into()),
        }
    }

    /// A whole body with these headers; those that HTTP cannot carry are left out.
    pub fn with_headers<'h>(
        status: u16,
        headers: impl IntoIterator<Item = (&'h str, &'h str)>,
        body: impl Into<Bytes>,
    ) -> SiteAnswer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = HeaderName::try_from(name);
            if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
                map.append(name, value);
            }
        }
        SiteAnswer {
            status,
            headers: map,
            body: objects::whole(body.into()),
        }
    }

    /// The same, with a further header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> SiteAnswer {
        self.headers.append(name, value);
        self
    }

    pub(crate) fn into_response(self) -> Response<Streamed> {
        let mut response = Response::new(self.body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = self.headers;
        response
    }
}

/// A server without paths of its own.
#[derive(Clone, Copy, Debug)]
pub struct NoSite;

impl Site for NoSite {
    fn owns(&self, _: &SiteHead<'_>) -> bool {
        false
    }

    fn is_open(&self, _: &SiteHead<'_>) -> bool {
        false
    }

    fn answer(&self, _: SiteRequest) -> BoxFuture<'_, SiteAnswer> {
        let nothing = SiteAnswer::new(404, "text/plain", Bytes::new());
        Box::pin(std::future::ready(nothing))
    }
}
