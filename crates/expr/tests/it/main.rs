//! Properties of the public seams: nothing that a user writes makes them panic.

mod no_panic;
mod round_trip;
