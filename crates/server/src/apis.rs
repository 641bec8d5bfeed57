//! The APIs of API Gateway, before the listener and before what sends HTTP requests.

use std::collections::BTreeMap;

use hyper::StatusCode;
use passo_apigateway::{Address, ApiGateway, WebRequest, WebResponse};
use passo_json::{Json, Object, ObjectBuilder};
use passo_net::{Site, SiteAnswer, SiteHead, SiteRequest};
use passo_runtime::{Clock as _, SystemClock};
use passo_service::{BoxFuture, Call, body};

use crate::web_sockets;

/// Bytes of a request's body. Source: API Gateway quotas, "Payload size".
const BODY_BYTES_MAX: usize = 10 << 20;
/// Headers that requests have under these names where nobody knows how they were sent: HTTP libraries show all names in small
/// letters.
const NAMES: [&str; 26] = [
    "Accept",
    "Accept-Charset",
    "Accept-Encoding",
    "Accept-Language",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Method",
    "Authorization",
    "Cache-Control",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "Date",
    "Host",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Unmodified-Since",
    "Origin",
    "Pragma",
    "Range",
    "Referer",
    "Upgrade-Insecure-Requests",
    "User-Agent",
    "X-Forwarded-For",
];

/// The APIs, as a site.
pub(crate) struct Apis(pub(crate) ApiGateway);

impl Site for Apis {
    fn owns(&self, head: &SiteHead<'_>) -> bool {
        Address::of(head.host, head.path).is_some()
    }

    /// An API asks for signatures itself, where its methods want them; not so the connections of a WebSocket API.
    fn is_open(&self, head: &SiteHead<'_>) -> bool {
        let address = Address::of(head.host, head.path);
        address.is_none_or(|address| !address.is_of_connection())
    }

    fn body_bytes_max(&self) -> Option<usize> {
        Some(BODY_BYTES_MAX)
    }

    fn answer(&self, request: SiteRequest) -> BoxFuture<'_, SiteAnswer> {
        Box::pin(async move {
            let Some(address) = Address::of(&request.host, &request.path) else {
                return SiteAnswer::new(404, "application/json", "{}");
            };
            let response = self.response(&address, request).await;
            let response = match response {
                Ok(answer) => return answer,
                Err(response) => response,
            };
            let headers = response.headers.iter();
            let headers = headers.map(|(name, value)| (name.as_str(), value.as_str()));
            SiteAnswer::with_headers(response.status, headers, response.body.clone())
        })
    }
}

impl Apis {
    /// The answer that makes a request a connection, or that ends it.
    async fn response(
        &self,
        address: &Address,
        mut request: SiteRequest,
    ) -> Result<SiteAnswer, WebResponse> {
        let asks = passo_net::handshake(&request.headers);
        match (asks, request.upgrade.take()) {
            (Some(accept), Some(upgrade)) if self.0.is_web_socket(address) => {
                let request = web_request(request);
                web_sockets::open(&self.0, address, request, (accept, upgrade)).await
            }
            _ => Err(self.0.serve(address, web_request(request)).await),
        }
    }
}

fn web_request(request: SiteRequest) -> WebRequest {
    let headers = request.headers.iter().map(|(name, value)| {
        let sent = request.header_names.iter().map(String::as_str);
        let mut names = sent.chain(NAMES);
        let known = names.find(|known| name.as_str().eq_ignore_ascii_case(known));
        let name = known.unwrap_or(name.as_str());
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.to_owned(), value.into_owned())
    });
    WebRequest {
        method: request.method,
        host: request.host,
        path: request.path,
        query: request.query,
        headers: headers.collect(),
        body: request.body.to_vec(),
        source_ip: request
            .source_ip
            .map_or_else(String::new, |ip| ip.to_string()),
        request_id: request.request_id.to_string(),
    }
}

/// The answer to a request that a task or a service sends to an API of this server, which needs no connection; none where it is
/// for somebody else. The parameters and the answer are those of `Send` of `passo-http`.
pub(crate) async fn inward(apis: &ApiGateway, call: &Call) -> Option<Json> {
    let text = |member: &str| call.parameters.get(member).and_then(Json::as_str);
    let url = text("Url")?;
    let address = Address::of_url(url).filter(|address| apis.has(address.api()))?;
    let (_, rest) = url.split_once("://")?;
    let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = match before.find('/') {
        Some(at) => before.split_at_checked(at)?,
        None => (before, "/"),
    };
    let mut headers = vec![("Host".to_owned(), host.to_owned())];
    let given = call.parameters.get("Headers").and_then(Json::as_object);
    for (name, values) in given.into_iter().flat_map(Object::iter) {
        let single = values.as_str().into_iter();
        let many = values.as_array().into_iter().flat_map(|list| list.iter());
        let values = single.chain(many.filter_map(Json::as_str));
        headers.extend(values.map(|value| (name.to_string(), value.to_owned())));
    }
    let body = call.parameters.get("Body").and_then(body::bytes);
    let request = WebRequest {
        method: text("Method").unwrap_or("GET").to_owned(),
        host: host.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: body.map(std::borrow::Cow::into_owned).unwrap_or_default(),
        source_ip: "127.0.0.1".to_owned(),
        request_id: String::new(),
    };
    let response = apis.serve(&address, request).await;
    Some(shown(&response))
}

fn shown(response: &WebResponse) -> Json {
    let mut headers: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    let length = response.body.len().to_string();
    let of_http = [("Connection", "keep-alive"), ("Content-Length", &length)];
    let of_http = of_http.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let date = SystemClock.now().to_http_date();
    let date = ("Date".to_owned(), date);
    for (name, value) in response.headers.iter().chain(&of_http).chain([&date]) {
        headers
            .entry(name.clone())
            .or_default()
            .push(Json::from(value.as_str()));
    }
    let headers: Object = headers
        .into_iter()
        .map(|(name, values)| (name, Json::from(values)))
        .collect();
    let status = StatusCode::from_u16(response.status).ok();
    let text = status.and_then(|status| status.canonical_reason());
    let mut shown = ObjectBuilder::new();
    shown
        .insert("Status", i64::from(response.status))
        .insert("StatusText", text.unwrap_or_default())
        .insert("Headers", headers)
        .insert("Body", body::of_bytes(&response.body));
    Json::from(shown.build())
}
