//! API Gateway: REST APIs (`apigateway`), HTTP and WebSocket APIs (`apigatewayv2`), kept as records and served.
//!
//! Entry points: [`ApiGateway`], the APIs of both generations and everything they hold; [`ApiGateway::serve`], which answers a
//! request to one of them; [`ApiGateway::connect`], which opens a [`WebSocket`]. The crate knows no socket: a request comes in as a [`WebRequest`] and goes out as a
//! [`WebResponse`]. It knows other services by name only, and speaks to them in memory.

#![forbid(unsafe_code)]

mod control;
mod document;
mod faults;
mod gateway;
mod http;
mod rest;
mod schema;
mod serve;
mod sockets;
mod table;
mod vtl;

pub use gateway::{ApiGateway, HttpApis, Ports, RestApis};
pub use serve::{Address, WebRequest, WebResponse};
pub use sockets::{Closing, Connections, Messages, Outgoing, WebSocket};
