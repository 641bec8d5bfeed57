//! Objects: put, got, copied, described and removed, each version of them.

mod answers;
mod copy;
mod delete;
mod get;
mod put;
mod tagging;
mod upload;

pub(crate) use answers::{encryption, etag, owner, set_sums};
pub(crate) use copy::{Source, copy, copying};
pub(crate) use delete::{delete, delete_many};
pub(crate) use get::{acl_of, attributes_of, get, head};
pub(crate) use put::put;
pub(crate) use tagging::{delete_tags, get_tags, put_tags};
pub(crate) use upload::{Upload, attributes, given_sum};
