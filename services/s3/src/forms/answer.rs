//! A form becomes a PUT, and its answer that of a form.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, HOST, LOCATION};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Body as HttpBody;
use passo_service::{Caller, RequestId};
use passo_sigv4::{FormSigners, SignedForm};
use passo_vocab::{AccountId, Region, Timestamp};
use s3s::{Body, S3Error, S3Result, StdError, s3_error};

use super::fields::{self, Fields};
use super::policy::Policy;
use crate::http_face::{boxed, named};
use crate::tags;
use crate::{S3, faults};

/// A request that puts what a form has brought.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByForm;

/// Fields that mean what the header of that name means, beside metadata and sums.
const HEADERS: [&str; 11] = [
    "cache-control",
    "content-type",
    "content-disposition",
    "content-encoding",
    "content-language",
    "expires",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
    "x-amz-server-side-encryption",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-tagging",
];

/// Whether a request brings a form to a bucket.
pub(crate) fn is_form(head: &Parts) -> bool {
    let kind = head
        .headers
        .get(CONTENT_TYPE)
        .and_then(|it| it.to_str().ok());
    let is_form =
        kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data"));
    is_form && head.method == Method::POST && bucket_of(head).is_some()
}

/// The bucket that an address names, without a key.
fn bucket_of(head: &Parts) -> Option<String> {
    let (bucket, key) = named(head)?;
    key.is_empty().then_some(bucket)
}

impl S3 {
    /// Answers a form.
    pub(crate) async fn answer_form<B>(
        &self,
        (head, body): (Parts, B),
        caller: Caller,
        request_id: &RequestId,
    ) -> Response<Body>
    where
        B: HttpBody<Data = Bytes> + Send + Unpin + 'static,
        StdError: From<B::Error>,
    {
        match self.put_form((head, body), caller, request_id).await {
            Ok(response) => response,
            Err(error) => refused(&error),
        }
    }

    async fn put_plain(
        &self,
        put: Request<Body>,
        caller: Caller,
        request_id: &RequestId,
    ) -> Response<Body> {
        self.answer_plain(put, caller, request_id).await
    }

    async fn put_form<B>(
        &self,
        (mut head, body): (Parts, B),
        mut caller: Caller,
        request_id: &RequestId,
    ) -> S3Result<Response<Body>>
    where
        B: HttpBody<Data = Bytes> + Send + Unpin + 'static,
        StdError: From<B::Error>,
    {
        let bucket = bucket_of(&head).ok_or_else(faults::broken)?;
        let now = self.core.clock.now();
        let signers = head.extensions.remove::<FormSigners>();
        let kind = head
            .headers
            .get(CONTENT_TYPE)
            .and_then(|it| it.to_str().ok());
        let mut form = fields::read(kind.unwrap_or_default(), body).await?;
        let fields = &form.fields;
        let key = fields.get("key").ok_or_else(|| {
            s3_error!(
                InvalidArgument,
                "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields."
            )
        })?;
        let key = key.replace("${filename}", &fields.file_name);
        signer(fields, signers.as_ref(), now, &mut caller)?;
        if let Some(policy) = fields.get("policy") {
            let policy = Policy::read(policy)?;
            form.file.bounds = policy.check(now, (&bucket, &key), fields)?;
        } else if matches!(signers, Some(FormSigners::Owners(_))) {
            return Err(faults::denied());
        }
        let path = format!(
            "{}/{}",
            head.uri.path().trim_end_matches('/'),
            tags::escaped(&key)
        );
        let headers = headers(&head.headers, fields)?;
        let mut put = Request::new(boxed(form.file));
        *put.method_mut() = Method::PUT;
        *put.uri_mut() = path.parse().map_err(|_| faults::no_uri())?;
        *put.headers_mut() = headers;
        put.extensions_mut().insert(ByForm);
        let response = self.put_plain(put, caller, request_id).await;
        if response.status() != StatusCode::OK {
            return Ok(response);
        }
        Ok(answered(&head, fields, (&bucket, &key), response.headers()))
    }
}

/// Puts in who signed the form's policy, where nobody has found that out.
fn signer(
    fields: &Fields,
    signers: Option<&FormSigners>,
    now: Timestamp,
    caller: &mut Caller,
) -> S3Result<()> {
    let field = |name: &str| fields.get(name).unwrap_or_default();
    let credential = field("x-amz-credential");
    let mut scope = credential.split('/');
    let (key, region) = (scope.next().unwrap_or_default(), scope.nth(1));
    match signers {
        None => return Ok(()),
        Some(FormSigners::Anybody) => {
            // The older signatures name a key only. One of twelve digits is the account.
            let old = field("awsaccesskeyid");
            let key = if key.is_empty() { old } else { key };
            if let Ok(account) = AccountId::parse(key) {
                caller.account = account;
            }
        }
        Some(FormSigners::Owners(keys)) => {
            let form = SignedForm {
                algorithm: field("x-amz-algorithm"),
                credential,
                date: field("x-amz-date"),
                signature: field("x-amz-signature"),
                session_token: fields.get("x-amz-security-token"),
                policy: field("policy"),
            };
            let account = keys.check_form(&form, now);
            caller.account = account.map_err(|refusal| faults::refused(&refusal))?;
        }
    }
    if let Some(Ok(region)) = region.map(Region::parse) {
        caller.region = region;
    }
    Ok(())
}

/// The head of the PUT.
fn headers(given: &HeaderMap, fields: &Fields) -> S3Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    if let Some(host) = given.get(HOST) {
        headers.insert(HOST, host.clone());
    }
    for (name, value) in &fields.values {
        let is_meant = HEADERS.contains(&name.as_str())
            || name.starts_with("x-amz-meta-")
            || name.starts_with("x-amz-checksum-");
        let (name, value) = match name.as_str() {
            "tagging" => ("x-amz-tagging", tags::of_document(value)?),
            name if is_meant => (name, value.clone()),
            _ => continue,
        };
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_str(&value);
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.insert(name, value);
        }
    }
    Ok(headers)
}

/// What a form is answered with once its file is in its place.
fn answered(
    head: &Parts,
    fields: &Fields,
    (bucket, key): (&str, &str),
    put: &HeaderMap,
) -> Response<Body> {
    let etag = put.get(ETAG).and_then(|it| it.to_str().ok());
    let etag = etag.unwrap_or_default();
    let host = head.headers.get(HOST).and_then(|it| it.to_str().ok());
    let base = head.uri.path().trim_end_matches('/');
    let location = format!(
        "http://{}{base}/{}",
        host.unwrap_or_default(),
        tags::escaped(key)
    );
    let mut response = Response::new(Body::empty());
    *response.headers_mut() = put.clone();
    response.headers_mut().remove(CONTENT_LENGTH);
    let redirect = fields
        .get("success_action_redirect")
        .or(fields.get("redirect"));
    let redirect = redirect.filter(|to| to.starts_with("http://") || to.starts_with("https://"));
    let (status, location) = match (redirect, fields.get("success_action_status")) {
        (Some(to), _) => {
            let sign = if to.contains('?') { '&' } else { '?' };
            let (bucket, key) = (tags::escaped(bucket), tags::escaped(key));
            let etag = tags::escaped(etag);
            let to = format!("{to}{sign}bucket={bucket}&key={key}&etag={etag}");
            (StatusCode::SEE_OTHER, to)
        }
        (None, Some("200")) => (StatusCode::OK, location),
        (None, Some("201")) => {
            let text = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PostResponse><Location>{}</Location><Bucket>{}</Bucket><Key>{}</Key><ETag>{}</ETag></PostResponse>",
                faults::in_xml(&location),
                faults::in_xml(bucket),
                faults::in_xml(key),
                faults::in_xml(etag)
            );
            *response.body_mut() = Body::from(text);
            let kind = HeaderValue::from_static("application/xml");
            response.headers_mut().insert(CONTENT_TYPE, kind);
            (StatusCode::CREATED, location)
        }
        (None, _) => (StatusCode::NO_CONTENT, location),
    };
    *response.status_mut() = status;
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// An error as an answer.
pub(crate) fn refused(error: &S3Error) -> Response<Body> {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message></Error>",
        error.code().as_str(),
        faults::in_xml(error.message().unwrap_or_default())
    );
    let mut response = Response::new(Body::from(text));
    let status = error.status_code().or_else(|| error.code().status_code());
    *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = HeaderValue::from_static("application/xml");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    // What follows is a file that nobody reads.
    let close = HeaderValue::from_static("close");
    response
        .headers_mut()
        .insert(http::header::CONNECTION, close);
    response
}
