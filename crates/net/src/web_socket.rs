//! WebSockets (RFC 6455): a connection that was HTTP, as messages. Entry points: [`handshake`] and [`WebSocket::of`].

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::header::{CONNECTION, HeaderMap, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use sha1::{Digest as _, Sha1};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

/// What follows a key before it is hashed. Source: RFC 6455, section 1.3.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// Bytes that are read and written at once.
const BUFFER_BYTES: usize = 8 << 10;

/// What a connection takes.
#[derive(Clone, Copy, Debug)]
pub struct WebSocketLimits {
    /// Bytes of a message.
    pub message_bytes_max: usize,
    /// Bytes of a frame.
    pub frame_bytes_max: usize,
}

/// What comes from a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// A message, text or not.
    Message(Vec<u8>),
    /// A sign of life. It has been answered.
    Ping,
    /// The end: the code and the reason. 1005 where the client gave none, 1006 where it is just gone.
    Closed(u16, String),
}

/// A connection.
#[derive(Debug)]
pub struct WebSocket {
    stream: WebSocketStream<TokioIo<Upgraded>>,
}

/// The value of `Sec-WebSocket-Accept` for a request that opens a WebSocket; none where it does not.
pub fn handshake(headers: &HeaderMap) -> Option<String> {
    let has = |name, wanted: &str| {
        let values = headers.get_all(name).iter();
        let mut words = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        words.any(|word| word.trim().eq_ignore_ascii_case(wanted))
    };
    let is_one =
        has(UPGRADE, "websocket") && has(CONNECTION, "upgrade") && has(SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(SEC_WEBSOCKET_KEY).filter(|_| is_one)?;
    let hash = Sha1::new()
        .chain_update(key.as_bytes())
        .chain_update(GUID)
        .finalize();
    Some(STANDARD.encode(hash))
}

impl WebSocket {
    /// The connection, once the answer to its handshake is sent; none where the client did not wait for it.
    pub async fn of(upgrade: OnUpgrade, limits: WebSocketLimits) -> Option<WebSocket> {
        let upgraded = upgrade.await.ok()?;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER_BYTES)
            .write_buffer_size(BUFFER_BYTES)
            .max_message_size(Some(limits.message_bytes_max))
            .max_frame_size(Some(limits.frame_bytes_max));
        let stream = TokioIo::new(upgraded);
        let stream = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
        Some(WebSocket { stream })
    }

    /// What comes next. After [`Received::Closed`] there is nothing. May be dropped while it waits.
    pub async fn next(&mut self) -> Received {
        match self.stream.next().await {
            Some(Ok(Message::Text(text))) => Received::Message(text.as_bytes().to_vec()),
            Some(Ok(Message::Binary(bytes))) => Received::Message(bytes.to_vec()),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Received::Ping,
            Some(Ok(Message::Close(Some(frame)))) => {
                Received::Closed(frame.code.into(), frame.reason.to_string())
            }
            Some(Ok(Message::Close(None))) => {
                Received::Closed(1005, "Client-side close frame status not set".to_owned())
            }
            Some(Err(Error::Capacity(CapacityError::MessageTooLong { .. }))) => {
                self.refuse(CloseCode::Size, "Message too big").await
            }
            Some(Err(Error::Utf8(_))) => self.refuse(CloseCode::Invalid, "Not UTF-8").await,
            Some(Err(Error::Protocol(error)))
                if error != ProtocolError::ResetWithoutClosingHandshake =>
            {
                self.refuse(CloseCode::Protocol, "Protocol error").await
            }
            Some(Err(_)) | None => {
                Received::Closed(1006, "Connection closed abnormally".to_owned())
            }
        }
    }

    async fn refuse(&mut self, code: CloseCode, reason: &'static str) -> Received {
        self.close(code.into(), reason).await;
        Received::Closed(code.into(), reason.to_owned())
    }

    /// Sends a message: as text where it is text. False where the client is gone.
    pub async fn send(&mut self, message: Vec<u8>) -> bool {
        let message = match String::from_utf8(message) {
            Ok(text) => Message::text(text),
            Err(error) => Message::binary(error.into_bytes()),
        };
        self.stream.send(message).await.is_ok()
    }

    /// Says why it is over.
    pub async fn close(&mut self, code: u16, reason: &str) {
        let frame = CloseFrame {
            code: code.into(),
            reason: reason.into(),
        };
        // Whoever is gone needs no farewell.
        let _ = self.stream.send(Message::Close(Some(frame))).await;
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::{HeaderName, HeaderValue};

    use super::*;

    fn check(headers: &[(&'static str, &'static str)], expect: Option<&str>) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        assert_eq!(handshake(&map).as_deref(), expect, "{headers:?}");
    }

    #[test]
    fn keys_are_answered() {
        let key = ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        let version = ("sec-websocket-version", "13");
        let upgrade = ("upgrade", "WebSocket");
        let connection = ("connection", "keep-alive, Upgrade");
        // The example of RFC 6455, section 1.3.
        let accept = Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        check(&[key, version, upgrade, connection], accept);
        check(&[version, upgrade, connection], None);
        check(&[key, upgrade, connection], None);
        check(&[key, version, connection], None);
        check(&[key, version, upgrade], None);
    }
}
