//! AWS's protocols: HTTP messages to calls and back, for every service, from the public service models.
//!
//! [`Router`] is the server's side: it finds what a request is for, reads it into a [`Call`](passo_service::Call) and
//! writes the answer. [`client`] is the other side: it writes a call as a request and reads the answer. Both speak AWS
//! JSON 1.0 and 1.1, Query, EC2, REST-JSON, REST-XML and Smithy RPC v2 CBOR. No sockets, no signatures, no clock; it
//! does not know what an operation means.
//!
//! # The canonical form of parameters and answers
//!
//! A service takes `Call.parameters` and gives its answer as JSON in one form, whatever the protocol is. That form is
//! what `boto3` shows, written as JSON:
//!
//! | shape | JSON |
//! |---|---|
//! | structure | object; members are spelled as the model does (`stateMachineArn`, `FunctionName`), which is how the SDK for Python spells them. Names on the wire (`locationName`, headers, labels, query parameters) are gone. What was not given is not there |
//! | list | array |
//! | map | object |
//! | string | string, enumerations too |
//! | integer, long, float, double | number; `"NaN"`, `"Infinity"`, `"-Infinity"` as strings |
//! | boolean | `true`, `false` |
//! | timestamp | number: seconds since 1970, with a fraction where there is one. Answers may also hold an ISO 8601 string: it is written as the protocol wants it |
//! | blob | string: base64 |
//! | blob that is the whole body (the model's `payload`: Lambda's `Payload`, S3's `Body`, API Gateway's `body`) | string: the body itself where it is UTF-8; else `{"$base64": "…"}`. [`passo_service::body`] reads and makes both |
//! | document | any JSON |
//!
//! Members that the model does not know are dropped, except in AWS JSON, whose bodies are handed on as they came (its
//! wire form is the canonical form already, and services check their parameters themselves). Answers: members that are
//! null are left out in every protocol but AWS JSON; a member that the model gives a header, or the status, travels
//! there.
//!
//! A [`Fault`](passo_service::Fault) has as `code` the error's name in the model (`QueueDoesNotExist`) or its code on the
//! wire (`NoSuchEntity`); each protocol writes what its clients look for. Its status is the fault's own; where that is
//! the default, 400, the protocols other than AWS JSON take the model's.

#![forbid(unsafe_code)]

mod awsjson;
mod cbor;
pub mod client;
mod form;
mod jsonbody;
mod percent;
mod problem;
mod rest;
#[cfg(test)]
mod round_trip;
mod scalar;
mod scope;
mod server;
mod time;
mod xml;
mod xmlbody;

pub use problem::Problem;
pub use scope::Scope;
pub use server::{Destination, Exchange, Router};
