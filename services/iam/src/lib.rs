//! IAM and STS as records: roles and policies are kept and shown, and nobody is kept from anything by them.
//!
//! Just enough for deployments that create what they reference. Entry points: [`Iam`] and [`Sts`].

#![forbid(unsafe_code)]

mod faults;
mod iam;
mod policies;
mod record;
mod request;
mod role_policies;
mod roles;
mod sts;
mod table;

pub use iam::Iam;
pub use sts::Sts;
