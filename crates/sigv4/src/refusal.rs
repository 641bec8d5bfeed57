//! Why a signature is not accepted, in AWS's words.

use std::fmt;

/// Why a request is not taken as the caller's. What code this has depends on the protocol.
///
/// [`fmt::Display`] gives AWS's text. No variant holds a secret, a signature or a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no signature at all.
    Missing,
    /// There is something, but not all that a signature needs. The text says what.
    Incomplete(String),
    /// Nobody has an access key of that name, or its session token is another one.
    UnknownKey,
    /// The session token of temporary credentials is over.
    ExpiredKey,
    /// The signature is for something else than this request: another scope, too few headers. The text says what.
    Unfitting(String),
    /// The signature is not what the key makes of this request.
    Mismatch,
    /// The body is not the one whose hash was signed.
    PayloadMismatch,
    /// The signature is too old. The text says by what clock.
    Expired(String),
    /// The signature is from the future. The text says by what clock.
    NotYetCurrent(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::Missing => "Missing Authentication Token",
            Refusal::UnknownKey => "The security token included in the request is invalid.",
            Refusal::ExpiredKey => "The security token included in the request is expired",
            Refusal::Mismatch => {
                "The request signature we calculated does not match the signature you provided. Check your AWS \
                 Secret Access Key and signing method. Consult the service documentation for details."
            }
            Refusal::PayloadMismatch => {
                "The provided 'x-amz-content-sha256' header does not match what was computed."
            }
            Refusal::Incomplete(text)
            | Refusal::Unfitting(text)
            | Refusal::Expired(text)
            | Refusal::NotYetCurrent(text) => text,
        })
    }
}

impl std::error::Error for Refusal {}
