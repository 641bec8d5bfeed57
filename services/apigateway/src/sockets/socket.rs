//! One connection, as whoever carries its frames sees it.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::open::{Closing, Connection, Outgoing};
use crate::gateway::ApiGateway;
use crate::serve::{Address, WebRequest, WebResponse, web_socket};

/// A connection that is open.
pub struct WebSocket {
    messages: Messages,
    queue: mpsc::Receiver<Outgoing>,
    /// The subprotocol that the API has chosen.
    pub protocol: Option<String>,
}

/// The way of a connection's messages to its API.
#[derive(Clone)]
pub struct Messages {
    gateway: ApiGateway,
    connection: Arc<Connection>,
}

impl ApiGateway {
    /// Whether the API at `address` is one of WebSockets.
    pub fn is_web_socket(&self, address: &Address) -> bool {
        let row = self.shared.table.find(&["api", address.api()]);
        let row = row.ok().flatten();
        let protocol = row
            .as_ref()
            .and_then(|row| row.get("api")?.get("ProtocolType"));
        protocol.and_then(passo_json::Json::as_str) == Some("WEBSOCKET")
    }

    /// Opens a connection, if `$connect` lets it.
    ///
    /// # Errors
    /// The answer to the request, where it does not.
    pub async fn connect(
        &self,
        address: &Address,
        request: WebRequest,
    ) -> Result<WebSocket, WebResponse> {
        let connected = web_socket::connect(&self.shared, address, request).await?;
        let (connection, queue) = connected.opening.connection(connected.authorizer);
        let connection = Arc::new(connection);
        if !self.shared.open.add(&connection) {
            return Err(web_socket::says(429, "Too Many Requests"));
        }
        Ok(WebSocket {
            messages: Messages {
                gateway: self.clone(),
                connection,
            },
            queue,
            protocol: connected.protocol,
        })
    }

    /// Closes every connection, and takes no more.
    pub fn stop(&self) {
        self.shared.open.stop();
    }
}

impl WebSocket {
    /// What goes to the client next. After a [`Outgoing::Close`] there is nothing.
    pub async fn next(&mut self) -> Outgoing {
        let next = self.queue.recv().await;
        next.unwrap_or_else(|| Outgoing::Close(Closing::going_away()))
    }

    /// Where its messages go.
    pub fn messages(&self) -> Messages {
        self.messages.clone()
    }
}

impl Messages {
    /// Something came from the client: the connection is not idle.
    pub fn heard(&self) {
        self.connection.is_active(self.gateway.shared.clock.now());
    }

    /// Carries out the route of a message.
    pub async fn receive(&self, message: Vec<u8>) {
        let shared = &self.gateway.shared;
        if let Some(answer) = web_socket::message(shared, &self.connection, message).await {
            self.connection.send(Outgoing::Message(answer)).await;
        }
    }

    /// The connection has ended: carries out `$disconnect`, unless the server stops.
    pub async fn close(&self, closing: &Closing) {
        let shared = &self.gateway.shared;
        if shared.open.remove(&self.connection.id) {
            web_socket::disconnect(shared, &self.connection, closing).await;
        }
    }
}
