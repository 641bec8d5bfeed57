//! The only crate that knows HTTP: as a server, with sockets, limits and the way from a request to a call, and as a
//! client, with pooled connections, TLS and where AWS is.
//!
//! It does not know what an operation means, nor whether a service is local. Start at [`Server`] and [`client::Client`].

#![forbid(unsafe_code)]

mod authentication;
pub mod client;
mod gateway;
mod home;
mod objects;
mod remote;
mod request_id;
mod room;
mod server;
mod signing;
mod site;
mod spelling;
mod stalling;
mod watch;
mod web_socket;

pub use gateway::Gateway;
pub use home::Home;
pub use objects::{Objects, Streamed};
pub use remote::{Remote, RemoteSettings};
pub use server::{BindError, Server, Settings};
pub use signing::sign;
pub use site::{NoSite, Site, SiteAnswer, SiteHead, SiteRequest};
pub use watch::{Answered, NoWatch, Watch};
pub use web_socket::{Received, WebSocket, WebSocketLimits, handshake};
