//! Who hears of requests: metrics, logs, virtual time.

use std::any::Any;
use std::time::Duration;

use passo_service::{Call, RequestId};

/// Hears of requests. It is called on the way of each, so it must be quick.
pub trait Watch: Send + Sync {
    /// A call is about to be made. What is returned is dropped once it is answered.
    fn begun(&self, call: &Call) -> Option<Box<dyn Any + Send>>;

    /// A request is about to be answered.
    fn answered(&self, request: &Answered<'_>);
}

/// A request and what became of it: nothing of what it carried.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// The id that the request is known by.
    pub request_id: &'a RequestId,
    /// The name of the service, where a request came so far as to have one: `states`, `AWSStepFunctions`.
    pub service: Option<&'a str>,
    /// The operation as the caller named it, which need not be one.
    pub operation: Option<&'a str>,
    /// The code of the error that it is answered with.
    pub code: Option<&'a str>,
    /// The HTTP status.
    pub status: u16,
    /// From the end of the request's head to its answer.
    pub elapsed: Duration,
}

/// Hears nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoWatch;

impl Watch for NoWatch {
    fn begun(&self, _: &Call) -> Option<Box<dyn Any + Send>> {
        None
    }

    fn answered(&self, _: &Answered<'_>) {}
}
