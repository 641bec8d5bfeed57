//! The journal: events as bytes, versioned.
//!
//! The first record is the header with the version byte; every record after it is one event. A payload's text stands
//! where an event first mentions it, later events name it by its id, and the execution's input stands in the header.
//! Times are differences to the event before. Knows bytes only, no storage: who keeps them may cut between records.
//!
//! Changing what is written means a new version: old bytes stay readable, and a golden file of each version is tested.
//! Entry points: [`encode_header`] and [`Encoder`], [`decode_header`] and [`Decoder`].

mod decode;
mod encode;
mod error;
mod header;
mod map_run;
mod reader;
mod tag;
mod writer;

pub use decode::Decoder;
pub use encode::Encoder;
pub use error::JournalError;
pub use header::{decode_header, encode_header};
pub use map_run::{decode_map_run_event, encode_map_run_event};

/// The version that is written.
pub const VERSION: u8 = 1;
