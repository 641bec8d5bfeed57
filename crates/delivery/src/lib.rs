//! The durable outbox: calls that one service makes of another, kept until they have arrived.
//!
//! A service puts a [`Delivery`] into the batch that records what led to it, so that both become durable together, and
//! lets it go once that batch is committed. It is then tried until it arrives, with growing pauses, or goes to a
//! dead-letter queue: at least once, also over a crash. Deliveries of one group arrive in order. What the calls mean is the
//! service's business. Entry point: [`Outbox::open`]. What rules and schedules call is a [`Target`].

#![forbid(unsafe_code)]

mod clock;
mod delivery;
mod index;
mod judge;
mod outbox;
mod row;
mod target;

pub use clock::sleep_until;
pub use delivery::{DeadLetter, Delivery, Retry};
pub use judge::{Judge, Plain, Verdict};
pub use outbox::{Outbox, Ports, Ticket};
pub use target::{Target, TargetCall};
