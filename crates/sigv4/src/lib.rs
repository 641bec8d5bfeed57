//! AWS Signature Version 4: signing requests, in headers and in presigned query strings, and verifying such signatures.
//!
//! Pure: the caller brings the time, the keys and the request as values. It knows neither HTTP libraries nor services,
//! only that some services encode paths once (S3) and the others twice.
//!
//! To sign, start at [`Signer`]; to verify, at [`Keys`], or at [`Claim::read`] where keys are found otherwise.
//!
//! Source: "AWS Signature Version 4 for API requests" in the IAM user guide, and "Authenticating Requests" in the S3
//! API reference.

#![forbid(unsafe_code)]

mod canonical;
mod claim;
mod credentials;
mod digest;
mod form;
mod keys;
mod percent;
mod pieces;
mod refusal;
mod request;
mod rules;
mod sign;
mod temporary;
mod time;
mod verify;

pub use claim::{Claim, ClaimedIn, Scope};
pub use credentials::{Credentials, Secret};
pub use digest::equal;
pub use form::{FormSigners, SignedForm};
pub use keys::{Claimed, Keys};
pub use pieces::Pieces;
pub use refusal::Refusal;
pub use request::{Payload, Request};
pub use rules::Rules;
pub use sign::Signer;
pub use temporary::TemporaryKeys;
pub use verify::{EXPIRES_SECONDS_MAX, SKEW_MINUTES};
