//! HTTP requests that services send to endpoints of their users, as calls of a service of its own, so that deliveries to web
//! servers are calls like all others.

use std::time::Duration;

use hyper::body::Bytes;
use hyper::{Request, StatusCode};
use passo_json::{Json, Object, ObjectBuilder};
use passo_net::client::Client;
use passo_service::{BoxFuture, Call, Fault, Service};

/// How long an endpoint may take: SNS's figure. Source: SNS Developer Guide, "Amazon SNS message delivery retries".
const TIMEOUT: Duration = Duration::from_secs(15);

/// Sends requests: operation `Post` with `Url`, `Headers` and `Body`; the answer has `Status`.
pub(crate) struct HttpOut {
    pub(crate) client: Client,
}

impl HttpOut {
    async fn post(&self, parameters: &Json) -> Result<Json, Fault> {
        let text = |member: &str| parameters.get(member).and_then(Json::as_str);
        let url = text("Url").unwrap_or_default();
        let mut request = Request::post(url);
        let headers = parameters.get("Headers").and_then(Json::as_object);
        for (name, value) in headers.into_iter().flat_map(Object::iter) {
            request = request.header(&**name, value.as_str().unwrap_or_default());
        }
        let body = Bytes::from(text("Body").unwrap_or_default().to_owned());
        let request = request.body(body);
        let request =
            request.map_err(|error| Fault::caller("InvalidRequest", error.to_string()))?;
        let answer = self.client.send(request, TIMEOUT).await;
        let status = answer
            .map_err(|error| Fault::service(error.to_string()))?
            .status();
        let said = format!("the endpoint answered {}", status.as_u16());
        if status.is_success() {
            let mut answer = ObjectBuilder::new();
            answer.insert("Status", i64::from(status.as_u16()));
            return Ok(Json::from(answer.build()));
        }
        if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS {
            let code = format!("Http{}", status.as_u16());
            return Err(Fault::caller(code, said).with_status(status.as_u16()));
        }
        Err(Fault::service(said))
    }
}

impl Service for HttpOut {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            match &*call.operation {
                "Post" => self.post(&call.parameters).await,
                other => {
                    let message = format!("The operation {other} is not supported.");
                    Err(Fault::caller("InvalidAction", message))
                }
            }
        })
    }
}
