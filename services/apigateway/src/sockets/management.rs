//! The service `apigatewaymanagementapi`: sending to connections, looking at them, closing them.
//!
//! Source: API Gateway Developer Guide, "Use @connections commands in your backend service".

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use passo_json::{Json, Object, json};
use passo_records::Parameters;
use passo_service::{BoxFuture, Call, Fault, Service, body};

use super::open::{Closing, Connection, Outgoing};
use crate::control::nothing;
use crate::faults;
use crate::gateway::{ApiGateway, Shared};

/// Bytes of a message. Source: API Gateway quotas for WebSocket APIs, "Message payload size".
const MESSAGE_BYTES_MAX: usize = 128 << 10;
/// How long a client may not take what waits for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// The service `apigatewaymanagementapi`.
pub struct Connections(ApiGateway);

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connections").field(&self.0).finish()
    }
}

impl ApiGateway {
    /// The service `apigatewaymanagementapi` over it.
    pub fn connections(&self) -> Connections {
        Connections(self.clone())
    }
}

impl Service for Connections {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            let given = Parameters { call: &call };
            let shared = &self.0.shared;
            let connection = find(shared, &given)?;
            match &*call.operation {
                "PostToConnection" => post(shared, &connection, &given).await,
                "GetConnection" => Ok(shown(&connection)),
                "DeleteConnection" => {
                    let closing = Closing {
                        code: 1000,
                        reason: "Connection Closed Normally".to_owned(),
                    };
                    let closed = connection.send(Outgoing::Close(closing));
                    patiently(closed).await.map(|()| nothing())
                }
                other => Err(faults::unknown_operation(other)),
            }
        })
    }
}

fn gone() -> Fault {
    Fault::caller("GoneException", "Gone").with_status(410)
}

fn find(shared: &Shared, given: &Parameters<'_>) -> Result<Arc<Connection>, Fault> {
    let id = given.text("ConnectionId").unwrap_or_default();
    let found = shared.open.find(id);
    let mine = found.filter(|connection| {
        connection.account == given.account() && connection.region == given.region()
    });
    mine.ok_or_else(gone)
}

async fn post(
    shared: &Shared,
    connection: &Connection,
    given: &Parameters<'_>,
) -> Result<Json, Fault> {
    let data = given.get("Data").and_then(body::bytes);
    let data = data.unwrap_or_default().into_owned();
    if data.len() > MESSAGE_BYTES_MAX {
        let fault = Fault::caller("PayloadTooLargeException", "Message too long");
        return Err(fault.with_status(413));
    }
    connection.is_active(shared.clock.now());
    patiently(connection.send(Outgoing::Message(data))).await?;
    Ok(nothing())
}

async fn patiently(sent: impl Future<Output = bool>) -> Result<(), Fault> {
    match tokio::time::timeout(PATIENCE, sent).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(gone()),
        Err(_) => Err(Fault::caller("LimitExceededException", "Limit exceeded").with_status(429)),
    }
}

fn shown(connection: &Connection) -> Json {
    let agent = connection.request.header("user-agent").unwrap_or_default();
    let identity = Object::default()
        .with("SourceIp", connection.request.source_ip.as_str())
        .with("UserAgent", agent);
    json!({
        "ConnectedAt": (connection.begun.to_string()),
        "Identity": identity,
        "LastActiveAt": (connection.active().to_string())
    })
}
