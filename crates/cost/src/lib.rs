//! What executions would cost on AWS, at list prices.
//!
//! [`Run`] says what one execution used, read from its events; [`Usage`] adds runs up as AWS counts them; [`Bill`] is usage at
//! the [`Prices`] of a region. [`Estimate`] does the same for a definition that has not run. The crate knows no clock, no
//! store and no service: how much memory a function has is told by the caller.

#![forbid(unsafe_code)]

mod bill;
mod dollars;
mod estimate;
mod express;
mod prices;
mod run;
mod usage;

pub use bill::Bill;
pub use dollars::Dollars;
pub use estimate::Estimate;
pub use express::{Obstacle, billed_megabytes, billed_millis, obstacle};
pub use prices::{Prices, READ_ON, REGIONS, SOURCES};
pub use run::{Calls, Run};
pub use usage::{FREE_LAMBDA_REQUESTS, FREE_TRANSITIONS, Usage};
