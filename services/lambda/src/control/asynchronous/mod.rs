//! Asynchronous invocations: an event is accepted once it is durable, tried until the function has taken it, and what came
//! of it goes to destinations.
//!
//! Entry points: [`accept`](accept::accept) for `Invoke`; [`Events`], which makes the attempts; [`EventJudge`], which says
//! what comes next. How long an event is kept, and why it is tried again, is the outbox's business.
//!
//! Source: Lambda Developer Guide, "Asynchronous invocation".

mod accept;
mod attempt;
mod judge;
mod outcome;
mod settings;

pub(super) use accept::accept;
pub use attempt::Events;
pub(super) use judge::EventJudge;
pub(super) use outcome::addressed;
pub(super) use settings::{EventSetting, EventSettings};

/// Members of a delivery's parameters: what an attempt needs to know.
mod member {
    pub(super) const FUNCTION_NAME: &str = "FunctionName";
    pub(super) const QUALIFIER: &str = "Qualifier";
    pub(super) const PAYLOAD: &str = "Payload";
    pub(super) const CLIENT_CONTEXT: &str = "ClientContext";
    pub(super) const REQUEST_ID: &str = "RequestId";
    /// When the event may not be tried any more, in milliseconds since 1970.
    pub(super) const UNTIL: &str = "Until";
}
