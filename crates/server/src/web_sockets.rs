//! WebSocket APIs before the listener: frames in, frames out, until one side has had enough.

use std::time::Duration;

use hyper::header::{CONNECTION, HeaderValue, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use hyper::upgrade::OnUpgrade;
use passo_apigateway::{Address, ApiGateway, Closing, Outgoing, WebRequest, WebResponse};
use passo_net::{Received, SiteAnswer, WebSocketLimits};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// Source: API Gateway quotas for WebSocket APIs: "Message payload size" and "WebSocket frame size".
const LIMITS: WebSocketLimits = WebSocketLimits {
    message_bytes_max: 128 << 10,
    frame_bytes_max: 32 << 10,
};
/// Source: as above, "Idle Connection Timeout" and "Connection duration for WebSocket API".
const IDLE_MAX: Duration = Duration::from_secs(10 * 60);
const DURATION_MAX: Duration = Duration::from_secs(2 * 60 * 60);
/// Messages of one connection whose routes are carried out at once; further ones wait to be read.
const ROUTES_MAX: usize = 32;

/// Opens a connection to a WebSocket API, and serves it once the answer is sent.
///
/// # Errors
/// The answer to a request that opens none.
pub(crate) async fn open(
    apis: &ApiGateway,
    address: &Address,
    request: WebRequest,
    (accept, upgrade): (String, OnUpgrade),
) -> Result<SiteAnswer, WebResponse> {
    let socket = apis.connect(address, request).await?;
    let mut answer = SiteAnswer::with_headers(101, [("sec-websocket-accept", &*accept)], "")
        .with(CONNECTION, HeaderValue::from_static("Upgrade"))
        .with(UPGRADE, HeaderValue::from_static("websocket"));
    let protocol = socket.protocol.as_deref().map(HeaderValue::from_str);
    if let Some(Ok(protocol)) = protocol {
        answer = answer.with(SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    // It ends with its client, at the latest after `DURATION_MAX`, or when the server stops.
    tokio::spawn(async move {
        let messages = socket.messages();
        let closing = match passo_net::WebSocket::of(upgrade, LIMITS).await {
            Some(frames) => pass(socket, frames).await,
            None => gone(),
        };
        messages.close(&closing).await;
    });
    Ok(answer)
}

/// Passes messages both ways: how it ended.
async fn pass(
    mut socket: passo_apigateway::WebSocket,
    mut frames: passo_net::WebSocket,
) -> Closing {
    let messages = socket.messages();
    let mut routes = JoinSet::new();
    let end = Instant::now() + DURATION_MAX;
    let mut idle = Instant::now() + IDLE_MAX;
    let closing = loop {
        tokio::select! {
            received = frames.next(), if routes.len() < ROUTES_MAX => {
                idle = Instant::now() + IDLE_MAX;
                match received {
                    Received::Message(message) => {
                        messages.heard();
                        let messages = messages.clone();
                        routes.spawn(async move { messages.receive(message).await });
                    }
                    Received::Ping => {}
                    Received::Closed(code, reason) => break Closing { code, reason },
                }
            }
            outgoing = socket.next() => match outgoing {
                Outgoing::Message(message) => {
                    idle = Instant::now() + IDLE_MAX;
                    if !frames.send(message).await {
                        break gone();
                    }
                }
                Outgoing::Close(closing) => {
                    frames.close(closing.code, &closing.reason).await;
                    break closing;
                }
            },
            Some(_) = routes.join_next(), if !routes.is_empty() => {}
            () = sleep_until(idle.min(end)) => {
                let closing = Closing::going_away();
                frames.close(closing.code, &closing.reason).await;
                break closing;
            }
        }
    };
    // What has been sent is carried out, whether or not somebody waits for it.
    routes.detach_all();
    closing
}

/// A client that has left without a word.
fn gone() -> Closing {
    Closing {
        code: 1006,
        reason: "Connection closed abnormally".to_owned(),
    }
}
