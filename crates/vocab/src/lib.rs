//! Words shared by everything AWS-shaped: ARNs, ids, timestamps, error names, entropy,
//! the calendar, the type of a state machine.
//!
//! Knows no service, no wire format and no clock: a [`Timestamp`] and an [`Entropy`] are values
//! that the caller brings.
#![forbid(unsafe_code)]

mod arn;
pub mod calendar;
mod entropy;
mod error_name;
mod failure;
mod http_date;
mod names;
mod timestamp;
mod workflow_type;

pub use arn::{Arn, ArnError};
pub use entropy::Entropy;
pub use error_name::ErrorName;
pub use failure::Failure;
pub use names::{AccountId, NameError, Region, StateName};
pub use timestamp::{Timestamp, TimestampError};
pub use workflow_type::WorkflowType;
