//! S3 over HTTP: requests as they come from the gateway, and responses that stream.
//!
//! Who calls was found out before, and signatures were checked where that is wanted: here they are taken off, and bodies
//! are taken out of their wrapping.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, HOST, RANGE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use hyper::body::Body as HttpBody;
use passo_service::{Caller, RequestId};
use passo_sigv4::{FormSigners, Pieces};
use s3s::host::{S3Host, VirtualHost};
use s3s::{Body, S3Result, StdError};

use crate::S3;
use crate::chunked::{Chunked, Hashed, Payload, Trailer};
use crate::cors::Asked;
use crate::faults;
use crate::forms::{self, is_form};
use crate::signed_pieces::SignedPieces;
use crate::sums::{Algorithm, hex};

/// What a head says of the sums of its body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared {
    pub(crate) algorithm: Option<Algorithm>,
    pub(crate) trailer: Trailer,
    pub(crate) payload: Payload,
}

/// How a head's hash begins where each piece of the body is signed.
const SIGNED_PIECES: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

/// Members of a query string that say who signed it.
const SIGNING: [&str; 10] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
    "X-Amz-Security-Token",
    "AWSAccessKeyId",
    "Signature",
    "Expires",
];

impl S3 {
    /// Answers one request of `caller`. The body of the response is a stream.
    pub async fn answer<B>(
        &self,
        request: Request<B>,
        caller: Caller,
        request_id: &RequestId,
    ) -> Response<Body>
    where
        B: HttpBody<Data = Bytes> + Send + Unpin + 'static,
        StdError: From<B::Error>,
    {
        let (head, body) = request.into_parts();
        let is_preflight = head.method == Method::OPTIONS;
        let asked = Asked::of(&head.method, &head.headers).filter(|_| !is_preflight);
        let asked = asked.zip(named(&head));
        // Only what the fields of a form say can be checked with these.
        let owners = head.extensions.get::<FormSigners>();
        let is_stranger = matches!(owners, Some(FormSigners::Owners(_)));
        let mut response = match is_form(&head) {
            _ if is_preflight => self.preflight(&head).await,
            true => self.answer_form((head, body), caller, request_id).await,
            false if is_stranger => forms::refused(&faults::denied()),
            false => {
                let request = Request::from_parts(head, body);
                self.answer_plain(request, caller, request_id).await
            }
        };
        if let Some((asked, (bucket, _))) = asked
            && let Some(more) = self.core.cors(bucket, asked).await
        {
            response.headers_mut().extend(more);
        }
        let id = request_id.as_str();
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(id) {
            headers.insert("x-amz-request-id", value);
        }
        if let Ok(value) = HeaderValue::from_str(&hex(id.as_bytes())) {
            headers.insert("x-amz-id-2", value);
        }
        response
    }

    async fn preflight(&self, head: &Parts) -> Response<Body> {
        let Some((bucket, _)) = named(head) else {
            return forms::refused(&faults::no_bucket());
        };
        let asked = Asked::of(&head.method, &head.headers);
        match self.core.preflight(bucket, asked).await {
            Ok(headers) => {
                let mut response = Response::new(Body::empty());
                *response.headers_mut() = headers;
                response
            }
            Err(error) => forms::refused(&error),
        }
    }

    /// Answers a request that says in its head what it is.
    pub(crate) async fn answer_plain<B>(
        &self,
        request: Request<B>,
        caller: Caller,
        request_id: &RequestId,
    ) -> Response<Body>
    where
        B: HttpBody<Data = Bytes> + Send + Unpin + 'static,
        StdError: From<B::Error>,
    {
        let (mut head, body) = request.into_parts();
        head.headers.remove(AUTHORIZATION);
        head.uri = unsigned(&head.uri);
        if !is_expected_owner(&head.headers, &caller) {
            return forms::refused(&faults::denied());
        }
        drop_unfit_range(&mut head.headers);
        let pieces = head.extensions.remove::<Pieces>();
        let (body, declared) = unwrapped(&mut head.headers, (body, pieces));
        head.extensions.insert(caller);
        head.extensions.insert(request_id.clone());
        head.extensions.insert(declared);
        let answer = self.service.call(Request::from_parts(head, body)).await;
        answer.unwrap_or_else(|_| {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        })
    }
}

/// Whether a bucket of the caller's can have the owner that the request expects: nobody may use another's.
fn is_expected_owner(headers: &HeaderMap, caller: &Caller) -> bool {
    let names = [
        "x-amz-expected-bucket-owner",
        "x-amz-source-expected-bucket-owner",
    ];
    let mut given = names.iter().filter_map(|name| headers.get(*name));
    given.all(|owner| owner.as_bytes() == caller.account.as_str().as_bytes())
}

/// A range that cannot be read, or that is several, counts as none.
fn drop_unfit_range(headers: &mut HeaderMap) {
    let range = headers.get(RANGE).and_then(|it| it.to_str().ok());
    let range = range.and_then(|it| it.trim().strip_prefix("bytes="));
    let fits = range
        .and_then(|it| it.split_once('-'))
        .is_some_and(|(first, last)| {
            let number = |text: &str| text.parse::<u64>().ok();
            match (first.is_empty(), last.is_empty()) {
                (true, true) => false,
                (true, false) => number(last).is_some(),
                (false, true) => number(first).is_some(),
                (false, false) => number(first)
                    .zip(number(last))
                    .is_some_and(|(one, two)| one <= two),
            }
        });
    if !fits {
        headers.remove(RANGE);
    }
}

/// The bucket and the key that an address names.
pub(crate) fn named(head: &Parts) -> Option<(String, String)> {
    let host = head.headers.get(HOST).and_then(|it| it.to_str().ok());
    let host = Hosts.parse_host_header(host.unwrap_or_default()).ok();
    let path = head.uri.path().strip_prefix('/')?;
    if let Some(bucket) = host.as_ref().and_then(|host| host.bucket()) {
        return Some((bucket.to_owned(), path.to_owned()));
    }
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    (!bucket.is_empty()).then(|| (bucket.to_owned(), key.to_owned()))
}

/// The address without what says who signed it.
fn unsigned(uri: &Uri) -> Uri {
    let Some(query) = uri.query() else {
        return uri.clone();
    };
    let signs = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        SIGNING.contains(&name)
    };
    let rest: Vec<&str> = query.split('&').filter(|pair| !signs(pair)).collect();
    let rest = match rest.is_empty() {
        true => uri.path().to_owned(),
        false => format!("{}?{}", uri.path(), rest.join("&")),
    };
    rest.parse().unwrap_or_else(|_| uri.clone())
}

/// The body that is meant.
fn unwrapped<B>(headers: &mut HeaderMap, (body, pieces): (B, Option<Pieces>)) -> (Body, Declared)
where
    B: HttpBody<Data = Bytes> + Send + Unpin + 'static,
    StdError: From<B::Error>,
{
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    let hash = text("x-amz-content-sha256").unwrap_or_default().to_owned();
    let trailers = text("x-amz-trailer").unwrap_or_default().split(',');
    let declared = Declared {
        algorithm: { trailers }.find_map(Algorithm::of_header),
        trailer: Trailer::default(),
        payload: Payload::default(),
    };
    let encoding = text("content-encoding").unwrap_or_default().to_owned();
    let parts: Vec<&str> = encoding.split(',').map(str::trim).collect();
    let length = text("x-amz-decoded-content-length").and_then(|it| it.parse::<u64>().ok());
    let is_chunked = hash.starts_with("STREAMING-") || parts.contains(&"aws-chunked");
    if let (true, Some(length)) = (is_chunked, length) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        headers.remove(CONTENT_ENCODING);
        let rest: Vec<&str> = parts
            .into_iter()
            .filter(|it| *it != "aws-chunked")
            .collect();
        let rest = HeaderValue::from_str(&rest.join(","));
        if let Some(rest) = rest.ok().filter(|rest| !rest.is_empty()) {
            headers.insert(CONTENT_ENCODING, rest);
        }
        let pieces = pieces.filter(|_| hash.starts_with(SIGNED_PIECES));
        let signed = pieces.map(|pieces| SignedPieces::new(pieces, hash.ends_with("-TRAILER")));
        let body = Chunked::new(body, length, (declared.trailer.clone(), signed));
        return (boxed(body), declared);
    }
    let body = match hash.len() == 64 {
        true => {
            declared.payload.declare(hash);
            boxed(Hashed::new(body, declared.payload.clone()))
        }
        false => Body::http_body_unsync(body),
    };
    (body, declared)
}

/// A body of any kind.
pub(crate) fn boxed(body: impl HttpBody<Data = Bytes, Error = StdError> + Send + 'static) -> Body {
    Body::http_body_unsync(body)
}

/// `bucket.localhost`, `bucket.s3.localhost` and `bucket.s3.eu-west-1.localhost` name buckets; other hosts do not.
pub(crate) struct Hosts;

impl S3Host for Hosts {
    fn parse_host_header<'a>(&'a self, host: &'a str) -> S3Result<VirtualHost<'a>> {
        let whole = VirtualHost::new(host);
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        };
        let Some(name) = name.strip_suffix(".localhost") else {
            return Ok(whole);
        };
        if name == "s3" || (name.starts_with("s3.") && name.split('.').count() == 2) {
            return Ok(whole);
        }
        let bucket = match name.split_once(".s3.") {
            Some((bucket, _)) => bucket,
            None => name.strip_suffix(".s3").unwrap_or(name),
        };
        Ok(whole.with_bucket(bucket))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_name_buckets() {
        for (host, expect) in [
            ("localhost:4566", None),
            ("127.0.0.1:80", None),
            ("s3.localhost:80", None),
            ("s3.eu-west-1.localhost", None),
            ("b.localhost:80", Some("b")),
            ("b.c.localhost", Some("b.c")),
            ("b.s3.localhost", Some("b")),
            ("b.s3.eu-west-1.localhost", Some("b")),
            ("example.com", None),
        ] {
            let found = Hosts.parse_host_header(host).unwrap();
            assert_eq!(found.bucket(), expect, "{host}");
        }
    }

    #[test]
    fn ranges_that_cannot_be_read_count_as_none() {
        for (range, expect) in [
            ("bytes=0-3", true),
            ("bytes=5-", true),
            ("bytes=-3", true),
            ("bytes=5-2", false),
            ("bytes=0-1,3-4", false),
            ("bytes=-", false),
            ("items=0-3", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RANGE, HeaderValue::from_static(range));
            drop_unfit_range(&mut headers);
            assert_eq!(headers.contains_key(RANGE), expect, "{range}");
        }
    }

    #[test]
    fn signatures_are_taken_off() {
        for (given, expect) in [
            (
                "/b/k?X-Amz-Signature=1&partNumber=2&X-Amz-Date=3",
                "/b/k?partNumber=2",
            ),
            ("/b/k?X-Amz-Signature=1", "/b/k"),
            ("/b?list-type=2", "/b?list-type=2"),
            ("/b/k%20l", "/b/k%20l"),
        ] {
            let uri = unsigned(&given.parse().unwrap());
            assert_eq!(uri.to_string(), expect);
        }
    }
}
