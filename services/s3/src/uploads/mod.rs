//! Uploads in parts. A part is a file; the object that they become names these files.

mod begin;
mod complete;
mod lists;
mod part;

pub(crate) use begin::{abort, create};
pub(crate) use complete::complete;
pub(crate) use lists::{parts, uploads};
pub(crate) use part::{copy_part, put_part};
