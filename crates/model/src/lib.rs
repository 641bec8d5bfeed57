//! AWS's services as their public models describe them: how each is addressed, its operations, their shapes.
//!
//! [`services`] lists them all, [`find`] finds one by any of its names. The list itself is small and always there; what
//! [`Listed::model`] gives is unpacked when it is first asked for, and then kept, so that a process pays for the
//! services that it speaks to. Everything is `'static`. This crate knows no protocol.
//!
//! `data/services.bin` is made by `cargo xtask service-model` from the models that botocore carries (Apache-2.0,
//! <https://github.com/boto/botocore>).

#![forbid(unsafe_code)]

mod list;
mod operation;
mod reader;
mod shape;

pub use list::{Listed, Protocol, by_id, by_signing_name, by_target, find, services};
pub use operation::{Model, Operation};
pub use shape::{
    Bounds, ErrorTraits, List, Location, Map, Member, Number, Shape, ShapeId, Structure,
    TimestampFormat,
};
