//! Lambda functions as child processes that speak the Lambda Runtime API.
//!
//! Entry point: [`Functions::invoke`] with a [`Function`] (configuration as a value), a payload and
//! [`InvokeOptions`]. Each function has a pool of warm processes; one process serves one invocation at a time.
//! A process is a small bootstrap of ours (Python, Node) or the function's own `bootstrap` (`provided.*`).
//!
//! What a function does wrong is a value ([`InvokeOutcome::function_error`]), in AWS's words; what the caller or
//! this machine does wrong is an [`InvokeError`].
//!
//! [`Lambda`] is Lambda's API over it, as a [`Service`](passo_service::Service): functions that are created, kept in a
//! store, and invoked by name; events that are kept until a function has taken them; queues whose messages it gets.
//!
//! This crate reaches other services through the service port only. It knows no state machine and no AWS wire protocol
//! except the Runtime API.
//! It isolates functions from accidents (own process group, environment, deadline, memory watch), not from
//! malice: functions run as the user who runs Passo.
//!
//! ```no_run
//! use std::sync::Arc;
//! use std::time::SystemTime;
//!
//! use passo_lambda::{Function, Functions, InvokeOptions, LogSink, LogSource, LogStream, Runtime, Settings};
//! use passo_vocab::Arn;
//!
//! struct Terminal;
//!
//! impl LogSink for Terminal {
//!     fn write(&self, source: &LogSource, _: LogStream, line: &str, _: SystemTime) {
//!         println!("{} | {line}", source.function_name);
//!     }
//! }
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let arn = Arn::parse("arn:aws:lambda:us-east-1:123456789012:function:ValidateOrder")?;
//! let runtime = Runtime::parse("python3.12")?;
//! let function = Function::new(&arn, runtime, "app.handler", "functions/validate")?;
//! let functions = Functions::new(Settings::default(), Arc::new(Terminal))?;
//! let event = r#"{"orderId": "12345"}"#.into();
//! let outcome = functions.invoke(&function, event, InvokeOptions::default()).await?;
//! match outcome.function_error {
//!     None => println!("result: {:?}", outcome.payload),
//!     Some(_) => println!("error document: {:?}", outcome.payload),
//! }
//! functions.shutdown().await;
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod bootstrap;
mod control;
mod entropy;
mod environment;
mod error;
mod fault;
mod function;
mod functions;
mod guard;
mod interpreter;
mod invocation;
mod logs;
mod pool;
mod reference;
mod runtime_api;
mod sandbox;
mod settings;

pub use control::{
    Events, FixedFunctions, FunctionUrls, Lambda, OpenError, Ports, UrlAnswer, UrlRequest,
};
pub use error::InvokeError;
pub use function::{Credentials, Function, InvalidFunction, Runtime, RuntimeFamily};
pub use functions::Functions;
pub use invocation::{
    FunctionError, InvocationReport, InvokeOptions, InvokeOutcome, LogType, RequestId,
};
pub use logs::{LogSink, LogSource, LogStream};
pub use reference::FunctionReference;
pub use settings::{CredentialsSource, InvocationWatch, Settings};
