//! `@connections` under the address of an API: the service `apigatewaymanagementapi`, as its clients reach it there.

use std::time::Duration;

use passo_json::Object;

use super::aws_service::{self, Sent, Target, What};
use super::call::Multi;
use super::context::Context;
use super::{WebRequest, WebResponse, errors};
use crate::gateway::Shared;

/// How long a call may take: longer than a message waits for its client.
const TIMEOUT: Duration = Duration::from_secs(29);

/// Answers a call; `path` begins with `@connections`.
pub(crate) async fn serve(
    shared: &Shared,
    row: &Object,
    api: &str,
    path: &str,
    request: WebRequest,
) -> WebResponse {
    let context = Context::new(
        shared,
        row,
        (api, ""),
        Object::default(),
        &request.request_id,
    );
    let mut headers = Multi::default();
    if let Some(media) = request.header("content-type") {
        headers.add("Content-Type", media.to_owned());
    }
    let target = Target {
        region: &context.region,
        service: "apigatewaymanagementapi",
        what: What::Path(path),
    };
    let sent = Sent {
        method: &request.method,
        headers,
        query: Vec::new(),
        body: request.body,
    };
    match aws_service::call(&context, target, sent, TIMEOUT).await {
        Ok(answer) => WebResponse {
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
        },
        Err(_) => errors::internal(&WebRequest::default()),
    }
}
