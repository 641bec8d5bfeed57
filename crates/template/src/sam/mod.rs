//! What SAM's resource types stand for, in CloudFormation's.
//!
//! Entry point: [`expand`]. What SAM makes here has the logical ids that SAM gives it, so that templates may refer to it.
//! Source: SAM specification and "Generated CloudFormation resources" in the SAM Developer Guide.

mod api;
mod authorizer;
mod cors;
mod event;
mod event_source;
mod expansion;
mod function;
mod invocation;
mod other;
mod policy;
mod role;
mod route;
mod schedule;
mod state_machine;

pub(crate) use expansion::expand;
