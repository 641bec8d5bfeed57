//! Event patterns: which events a rule wants.
//!
//! EventBridge's rules, SNS's filter policies and Lambda's filter criteria are written in one language: an object whose
//! members are those of the event, down to lists of what a value may be. Source: EventBridge User Guide, "Comparison
//! operators for use in event patterns"; SNS Developer Guide, "Subscription filter policies".
//!
//! Entry point: [`Pattern::parse`], then [`Pattern::matches`]. It knows neither where events come from nor where they go.

#![forbid(unsafe_code)]

mod cidr;
mod matcher;
mod parse;
mod pattern;
mod wildcard;

pub use parse::PatternError;
pub use pattern::Pattern;
