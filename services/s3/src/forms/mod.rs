//! Forms of browsers: a POST to a bucket, whose fields say what a PUT says in its head, and whose file is the body.
//!
//! A form becomes a PUT and its answer that of a form, so there is one way in which objects are written. The file passes as a
//! stream. Entry point: [`S3::answer_form`](crate::S3). Source: "Browser-based uploads using POST" of the S3 API reference.

mod answer;
mod fields;
mod policy;

pub(crate) use answer::{ByForm, is_form, refused};
