//! WebSocket APIs: who is connected, what becomes of what they send, and what is sent to them.
//!
//! Entry points: [`WebSocket`], one connection as whoever carries its frames sees it; [`Connections`], the service
//! `apigatewaymanagementapi`. Connections are not kept: they end with the process. Frames are nobody's business here.

mod management;
mod open;
mod socket;

pub use management::Connections;
pub use open::{Closing, Outgoing};
pub(crate) use open::{Connection, Open, Opening};
pub use socket::{Messages, WebSocket};
