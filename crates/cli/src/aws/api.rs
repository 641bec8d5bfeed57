//! One operation of one service: built, signed, sent, read.

use std::time::Duration;

use hyper::body::Bytes;
use hyper::{HeaderMap, Method, Request, Response};
use passo_json::Json;
use passo_net::client::{Client, ClientSettings, Connection};
use passo_net::{Remote, RemoteSettings};
use passo_service::{Call, Caller, RequestId, Service as _};
use passo_vocab::AccountId;

use super::sign::sign;
use super::{CallError, shaped, sts};
use crate::problem::Problem;
use crate::run::random_seed;

/// Longer than AWS's own longest wait: `GetActivityTask` answers after 60 seconds at the latest.
const TIMEOUT: Duration = Duration::from_secs(70);
/// A Lambda function or an Express execution may take this long.
const LONG_TIMEOUT: Duration = Duration::from_secs(16 * 60);
/// How often an operation that the server put off is tried.
const ATTEMPTS: u32 = 5;
/// The first of the waits between them; each is twice the one before.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// A service that speaks AWS JSON.
#[derive(Clone, Copy, Debug)]
pub struct JsonService {
    /// The name that requests are signed for.
    pub name: &'static str,
    /// What stands before an operation's name in `X-Amz-Target`.
    pub target: &'static str,
    /// `1.0` or `1.1`.
    pub version: &'static str,
}

/// AWS's API at one connection. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    connection: Connection,
}

impl Api {
    /// The API at `connection`.
    ///
    /// # Errors
    /// When the certificates it names cannot be read.
    pub fn new(connection: Connection) -> Result<Api, Problem> {
        let settings = ClientSettings {
            response_bytes_max: 64 << 20,
            trust: connection.trust.clone(),
            ..ClientSettings::default()
        };
        let client = Client::new(&settings)
            .map_err(|error| Problem::new("secure connections are not possible").why(error))?;
        Ok(Api { client, connection })
    }

    /// Where it connects to.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The account that requests belong to.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn account(&self) -> Result<String, CallError> {
        sts::account(self).await
    }

    /// An operation of any service, by its model: `parameters` may be spelled as CloudFormation spells them.
    ///
    /// # Errors
    /// When it is not carried out.
    pub async fn call(
        &self,
        service: &str,
        operation: &str,
        parameters: &Json,
    ) -> Result<Json, CallError> {
        let unknown = || CallError::Answer {
            operation: operation.to_owned(),
            why: format!("no service is called `{service}`"),
        };
        let listed = passo_model::find(service).ok_or_else(unknown)?;
        let is_aws = self.connection.is_aws(listed.signing_name);
        let settings = RemoteSettings {
            endpoint: (!is_aws).then(|| self.connection.endpoint(listed.signing_name)),
            region: Some(self.connection.region.clone()),
            credentials: Some(self.connection.credentials.clone()),
        };
        let account = AccountId::parse("000000000000").map_err(|_| unknown())?;
        let call = Call {
            operation: operation.into(),
            parameters: shaped(service, operation, parameters),
            caller: Caller {
                account,
                region: self.connection.region.clone(),
            },
            request_id: RequestId::new(token()),
        };
        let remote = Remote::new(listed, settings, self.client.clone());
        let answer = remote.call(call).await;
        answer.map_err(|fault| CallError::Fault {
            code: fault.code.into_owned(),
            message: fault.message,
            status: fault.status,
        })
    }

    /// An operation of Step Functions.
    ///
    /// # Errors
    /// When it is not carried out.
    pub async fn states(&self, operation: &str, parameters: &Json) -> Result<Json, CallError> {
        const STATES: JsonService = JsonService {
            name: "states",
            target: "AWSStepFunctions",
            version: "1.0",
        };
        self.json(STATES, operation, parameters).await
    }

    /// An operation of CloudWatch Logs.
    ///
    /// # Errors
    /// When it is not carried out.
    pub async fn logs(&self, operation: &str, parameters: &Json) -> Result<Json, CallError> {
        const LOGS: JsonService = JsonService {
            name: "logs",
            target: "Logs_20140328",
            version: "1.1",
        };
        self.json(LOGS, operation, parameters).await
    }

    /// An operation of a service that speaks AWS JSON.
    ///
    /// # Errors
    /// When it is not carried out.
    pub async fn json(
        &self,
        service: JsonService,
        operation: &str,
        parameters: &Json,
    ) -> Result<Json, CallError> {
        let mut headers = HeaderMap::new();
        let content = format!("application/x-amz-json-{}", service.version);
        let target = format!("{}.{operation}", service.target);
        for (name, value) in [("content-type", content), ("x-amz-target", target)] {
            if let Ok(value) = value.parse() {
                headers.insert(name, value);
            }
        }
        let url = format!("{}/", self.endpoint(service.name, operation));
        let body = Bytes::from(parameters.to_text());
        let request = (Method::POST, url, headers, body);
        let answer = self.send(service.name, operation, request).await?;
        read(operation, answer.body())
    }

    /// Asks Passo's own API, which AWS does not have; `path` is what follows `/_passo/v1`. With a body it is a `POST`.
    ///
    /// # Errors
    /// When the server does not do it: not Passo, or its reason.
    pub async fn own(&self, path: &str, body: Option<&Json>) -> Result<Json, CallError> {
        let mut headers = HeaderMap::new();
        if let Ok(value) = "application/json".parse() {
            headers.insert("content-type", value);
        }
        let method = if body.is_some() {
            Method::POST
        } else {
            Method::GET
        };
        let url = format!("{}/_passo/v1{path}", self.connection.endpoint("states"));
        let body = Bytes::from(body.map(Json::to_text).unwrap_or_default());
        let answer = self.send("states", path, (method, url, headers, body));
        read(path, answer.await?.body())
    }

    /// An operation of a service that speaks the Query protocol: the text of its XML answer. `form` is encoded.
    ///
    /// # Errors
    /// When it is not carried out.
    pub async fn query(
        &self,
        service: &'static str,
        operation: &str,
        form: String,
    ) -> Result<String, CallError> {
        let mut headers = HeaderMap::new();
        if let Ok(value) = "application/x-www-form-urlencoded; charset=utf-8".parse() {
            headers.insert("content-type", value);
        }
        let url = format!("{}/", self.endpoint(service, operation));
        let request = (Method::POST, url, headers, Bytes::from(form));
        let answer = self.send(service, operation, request).await?;
        Ok(String::from_utf8_lossy(answer.body()).into_owned())
    }

    fn endpoint(&self, service: &str, operation: &str) -> String {
        let endpoint = self.connection.endpoint(service);
        // The two operations that wait have a host of their own at AWS. Source: AWS's public service model.
        let waits = matches!(operation, "StartSyncExecution" | "TestState");
        if waits && self.connection.is_aws(service) {
            return endpoint.replacen("https://", "https://sync-", 1);
        }
        endpoint
    }

    /// Sends it; again only where the server says that it has not looked at it.
    async fn send(
        &self,
        service: &str,
        operation: &str,
        (method, url, headers, body): (Method, String, HeaderMap, Bytes),
    ) -> Result<Response<Bytes>, CallError> {
        let mut wait = FIRST_WAIT;
        for attempt in 1_u32.. {
            let request = Request::builder().method(method.clone()).uri(url.as_str());
            let request = request.body(body.clone());
            let mut request = request.map_err(|error| CallError::Answer {
                operation: operation.to_owned(),
                why: error.to_string(),
            })?;
            *request.headers_mut() = headers.clone();
            sign(&mut request, &self.connection, service);
            let error = match self.exchange(operation, service, request).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if !error.is_throttled() || attempt >= ATTEMPTS {
                return Err(error);
            }
            tokio::time::sleep(wait).await;
            wait = wait.saturating_mul(2);
        }
        Err(CallError::Answer {
            operation: operation.to_owned(),
            why: "no attempt was made".to_owned(),
        })
    }

    async fn exchange(
        &self,
        operation: &str,
        service: &str,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, CallError> {
        let timeout = match operation {
            "StartSyncExecution" | "Invoke" | "TestState" => LONG_TIMEOUT,
            _ => TIMEOUT,
        };
        let answer = self.client.send(request, timeout).await;
        let answer = answer.map_err(|error| CallError::Send {
            error,
            is_aws: self.connection.is_aws(service),
        })?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let header = answer.headers().get("x-amzn-errortype");
        let header = header.and_then(|value| value.to_str().ok());
        let status = answer.status().as_u16();
        Err(CallError::fault(status, header, answer.body()))
    }
}

fn read(operation: &str, body: &[u8]) -> Result<Json, CallError> {
    let wrong = |why: String| CallError::Answer {
        operation: operation.to_owned(),
        why,
    };
    let text = std::str::from_utf8(body).map_err(|error| wrong(error.to_string()))?;
    if text.is_empty() {
        return Ok(Json::from(passo_json::Object::default()));
    }
    Json::parse(text).map_err(|error| wrong(error.to_string()))
}

/// An id that no other request has.
fn token() -> String {
    let (high, low) = (random_seed(), random_seed());
    let text = format!("{high:016x}{low:016x}");
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let (variant, last) = (part(17, 20), part(20, 32));
    format!(
        "{}-{}-4{}-8{variant}-{last}",
        part(0, 8),
        part(8, 12),
        part(13, 16)
    )
}
