//! API Gateway: REST APIs (`apigateway`) and HTTP APIs (`apigatewayv2`), kept as records and served.
//!
//! Entry points: [`ApiGateway`], the APIs of both generations and everything they hold; [`ApiGateway::serve`], which answers a
//! request to one of them. The crate knows no socket: a request comes in as a [`WebRequest`] and goes out as a
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
mod table;
mod vtl;

pub use gateway::{ApiGateway, HttpApis, Ports, RestApis};
pub use serve::{Address, WebRequest, WebResponse};
