//! HTTP requests that services send to endpoints of their users, as calls of a service of its own, so that deliveries to web
//! servers are calls like all others.

use std::collections::BTreeMap;
use std::time::Duration;

use hyper::body::Bytes;
use hyper::{Request, Response, StatusCode};
use passo_apigateway::ApiGateway;
use passo_json::{Json, Object, ObjectBuilder};
use passo_net::client::{Client, SendError};
use passo_service::{BoxFuture, Call, Fault, Service, body};

use crate::apis;

/// How long an endpoint may take that `Post` calls: SNS's figure. Source: SNS Developer Guide, "Amazon SNS message
/// delivery retries".
const POST_TIMEOUT: Duration = Duration::from_secs(15);
/// How long an endpoint may take that `Send` calls: that of HTTP tasks. Source: Step Functions quotas.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);

/// Sends requests.
///
/// `Post` takes `Url`, `Headers` and `Body`; its answer has `Status`, and an answer of failure is a fault.
///
/// `Send` takes also a `Method`, and headers may be lists of texts. Every answer is an answer: `Status`, `StatusText`,
/// `Headers` (lists of texts) and `Body` (as in [`passo_service::body`]). Its faults are `InvalidRequest`, `Timeout`,
/// `ResponseTooLarge` and `Unreachable`.
pub(crate) struct HttpOut {
    pub(crate) client: Client,
    /// APIs of this server, which are asked without a connection.
    pub(crate) apis: ApiGateway,
}

impl HttpOut {
    async fn post(&self, parameters: &Json) -> Result<Json, Fault> {
        let request = request("POST", parameters)?;
        let answer = self.client.send(request, POST_TIMEOUT).await;
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

    async fn send(&self, call: &Call) -> Result<Json, Fault> {
        if let Some(answer) = apis::inward(&self.apis, call).await {
            return Ok(answer);
        }
        let parameters = &call.parameters;
        let method = parameters.get("Method").and_then(Json::as_str);
        let request = request(method.unwrap_or("GET"), parameters)?;
        let answer = self.client.send(request, SEND_TIMEOUT).await;
        let answer = answer.map_err(|error| unsent(&error))?;
        Ok(shown(&answer))
    }
}

pub(crate) fn request(method: &str, parameters: &Json) -> Result<Request<Bytes>, Fault> {
    let url = parameters.get("Url").and_then(Json::as_str);
    let mut request = Request::builder()
        .method(method)
        .uri(url.unwrap_or_default());
    let headers = parameters.get("Headers").and_then(Json::as_object);
    for (name, values) in headers.into_iter().flat_map(Object::iter) {
        let single = values.as_str().into_iter();
        let many = values.as_array().into_iter().flat_map(|list| list.iter());
        for value in single.chain(many.filter_map(Json::as_str)) {
            request = request.header(&**name, value);
        }
    }
    let bytes = parameters.get("Body").and_then(body::bytes);
    let bytes = bytes.map_or_else(Bytes::new, |bytes| Bytes::from(bytes.into_owned()));
    let request = request.body(bytes);
    request.map_err(|error| Fault::caller("InvalidRequest", error.to_string()))
}

pub(crate) fn unsent(error: &SendError) -> Fault {
    let code = match error {
        SendError::Url => return Fault::caller("InvalidRequest", error.to_string()),
        SendError::Timeout { .. } => "Timeout",
        SendError::TooLarge { .. } => "ResponseTooLarge",
        SendError::Connect { .. } | SendError::Broken { .. } => "Unreachable",
    };
    let mut fault = Fault::service(error.to_string());
    fault.code = code.into();
    fault
}

pub(crate) fn shown(answer: &Response<Bytes>) -> Json {
    let status = answer.status();
    let mut headers: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
    for (name, value) in answer.headers() {
        let value = String::from_utf8_lossy(value.as_bytes());
        let values = headers.entry(name.as_str()).or_default();
        values.push(Json::from(value.into_owned()));
    }
    let headers = headers.into_iter();
    let headers: Object = headers
        .map(|(name, values)| (name, Json::from(values)))
        .collect();
    let mut shown = ObjectBuilder::new();
    shown
        .insert("Status", i64::from(status.as_u16()))
        .insert("StatusText", status.canonical_reason().unwrap_or_default())
        .insert("Headers", headers)
        .insert("Body", body::of_bytes(answer.body()));
    Json::from(shown.build())
}

impl Service for HttpOut {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            match &*call.operation {
                "Post" => self.post(&call.parameters).await,
                "Send" => self.send(&call).await,
                other => {
                    let message = format!("The operation {other} is not supported.");
                    Err(Fault::caller("InvalidAction", message))
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn requests_and_answers_keep_all_values_of_a_header() {
        let sent = request(
            "PUT",
            &json!({"Url": "http://a/b", "Headers": {"x": ["1", "2"], "y": "3"}, "Body": "t"}),
        )
        .unwrap();
        let values: Vec<_> = sent.headers().get_all("x").iter().collect();
        assert_eq!(values, ["1", "2"]);
        assert_eq!(
            (sent.method().as_str(), &sent.body()[..]),
            ("PUT", &b"t"[..])
        );
        let answer = Response::builder().status(404);
        let answer = answer.header("x", "1").header("x", "2");
        assert_eq!(
            shown(&answer.body(Bytes::from_static(b"\xff")).unwrap()),
            json!({"Status": 404, "StatusText": "Not Found", "Headers": {"x": ["1", "2"]},
                "Body": {"$base64": "/w=="}})
        );
        assert_eq!(
            request("GET", &json!({"Url": "not a url"}))
                .unwrap_err()
                .code,
            "InvalidRequest"
        );
    }
}
