//! A service that is elsewhere: at AWS, or at any other endpoint that speaks its protocol.

use std::time::Duration;

use hyper::body::Bytes;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Uri};
use passo_json::Json;
use passo_model::{Listed, Operation};
use passo_service::{BoxFuture, Call, Caller, Fault, Service};
use passo_sigv4::{Credentials, Secret, Signer};
use passo_vocab::Region;
use passo_wire::client::{self as wire, Outgoing, Place};

use crate::client::{Client, SendError};
use crate::sign;

/// How often a request is sent at most, as the SDKs do.
const ATTEMPTS_MAX: u32 = 3;
/// How long to wait before the second attempt; twice as long before the third.
const PAUSE: Duration = Duration::from_millis(100);
/// How long an answer may take. Some questions wait for news for a minute.
const TIMEOUT: Duration = Duration::from_secs(75);
/// How long an answer may take that waits for a function: its own limit of 15 minutes, and some time around it.
const INVOKE_TIMEOUT: Duration = Duration::from_secs(910);
/// The code of faults that the service had no part in.
const UNREACHABLE: &str = "SdkClientException";
/// Codes that ask for another attempt. Source: "Retry behavior" of the AWS SDKs and Tools reference guide.
const THROTTLED: [&str; 9] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "SlowDown",
];

/// Where a remote service is, and as whom it is asked.
#[derive(Clone, Debug)]
pub struct RemoteSettings {
    /// `http://host:port`, perhaps with a path; none is AWS itself.
    pub endpoint: Option<String>,
    /// The region that requests are signed for; none is the caller's own.
    pub region: Option<Region>,
    /// What requests are signed with; none signs with the caller's account as the key, which another Passo takes.
    pub credentials: Option<crate::client::Credentials>,
}

/// A service that is reached over HTTP.
pub struct Remote {
    listed: &'static Listed,
    settings: RemoteSettings,
    credentials: Option<Credentials>,
    client: Client,
}

impl Remote {
    /// The service at that place.
    pub fn new(listed: &'static Listed, settings: RemoteSettings, client: Client) -> Remote {
        let credentials = settings.credentials.as_ref().map(|given| {
            let mut made = Credentials::new(&*given.access_key_id, &*given.secret_access_key);
            made.session_token = given.session_token.as_deref().map(Secret::new);
            made
        });
        Remote {
            listed,
            settings,
            credentials,
            client,
        }
    }

    async fn answer(&self, call: Call) -> Result<Json, Fault> {
        let Some(operation) = self.listed.model().operation(&call.operation) else {
            return Err(Fault::caller("UnknownOperationException", ""));
        };
        let token = call.request_id.as_str();
        let outgoing = wire::write(self.listed, operation, &call.parameters, token)
            .map_err(|problem| Fault::caller("ValidationException", problem.to_string()))?;
        let mut pause = PAUSE;
        let mut attempt = 1;
        loop {
            let outcome = self.attempt(&outgoing, operation, &call.caller).await;
            let again = outcome.as_ref().is_err_and(Attempted::may_repeat);
            if !again || attempt >= ATTEMPTS_MAX {
                return outcome.map_err(Attempted::fault);
            }
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(2);
            attempt += 1;
        }
    }

    async fn attempt(
        &self,
        outgoing: &Outgoing,
        operation: &'static Operation,
        caller: &Caller,
    ) -> Result<Json, Attempted> {
        let request = self.request(outgoing, caller).map_err(Attempted::Refused)?;
        let timeout = match operation.name {
            "Invoke" => INVOKE_TIMEOUT,
            _ => TIMEOUT,
        };
        let response = self.client.send(request, timeout).await;
        let (head, body) = response.map_err(Attempted::Unsent)?.into_parts();
        let status = head.status.as_u16();
        wire::read(self.listed, operation, status, &head.headers, &body).map_err(Attempted::Refused)
    }

    fn request(&self, outgoing: &Outgoing, caller: &Caller) -> Result<Request<Bytes>, Fault> {
        let region = self.settings.region.as_ref().unwrap_or(&caller.region);
        let place = match &self.settings.endpoint {
            Some(endpoint) => Place {
                endpoint: endpoint.trim_end_matches('/').to_owned(),
                region: region.as_str().to_owned(),
            },
            None => {
                let mut place = Place::of_aws(self.listed, region.as_str());
                let prefix = format!("https://{}", outgoing.host_prefix);
                place.endpoint = place.endpoint.replacen("https://", &prefix, 1);
                place
            }
        };
        let mut target = format!("{}{}", place.endpoint, outgoing.path);
        if !outgoing.query.is_empty() {
            target.push('?');
            target.push_str(&outgoing.query);
        }
        let broken = || Fault::service("The endpoint is no URL.").with_status(500);
        let uri: Uri = target.parse().map_err(|_| broken())?;
        let host = uri.authority().ok_or_else(broken)?.as_str();
        let host = HeaderValue::from_str(host).map_err(|_| broken())?;
        let mut request = Request::new(Bytes::copy_from_slice(&outgoing.body));
        *request.method_mut() = outgoing.method.parse().map_err(|_| broken())?;
        *request.uri_mut() = uri;
        *request.headers_mut() = outgoing.headers.clone();
        request.headers_mut().insert(HOST, host);
        if !outgoing.is_unsigned {
            self.sign(&mut request, &place.region, caller);
        }
        Ok(request)
    }

    fn sign(&self, request: &mut Request<Bytes>, region: &str, caller: &Caller) {
        let credentials = match &self.credentials {
            Some(credentials) => credentials.clone(),
            None => Credentials::new(caller.account.as_str(), "test"),
        };
        let signer = Signer::new(credentials, region, self.listed.signing_name);
        sign(request, &signer);
    }
}

impl Service for Remote {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(self.answer(call))
    }
}

/// Why an attempt came to nothing.
enum Attempted {
    Unsent(SendError),
    Refused(Fault),
}

impl Attempted {
    fn may_repeat(&self) -> bool {
        match self {
            Attempted::Unsent(error) => error.is_unsent(),
            Attempted::Refused(fault) => {
                matches!(fault.status, 500 | 502 | 503 | 504) || THROTTLED.contains(&&*fault.code)
            }
        }
    }

    fn fault(self) -> Fault {
        match self {
            Attempted::Refused(fault) => fault,
            Attempted::Unsent(error) => {
                let mut fault = Fault::service(error.to_string()).with_status(503);
                fault.code = UNREACHABLE.into();
                fault
            }
        }
    }
}
