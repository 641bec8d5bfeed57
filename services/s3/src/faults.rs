//! AWS's errors, in AWS's words.
//!
//! Source: "Error responses" of the S3 API reference.

use std::io;

use passo_sigv4::Refusal;
use passo_store::StoreError;
use s3s::{S3Error, s3_error};

/// The disk does not do what it should; its text may name files.
pub(crate) fn disk(error: &io::Error) -> S3Error {
    match error.kind() {
        io::ErrorKind::StorageFull => s3_error!(ServiceUnavailable, "There is no room left."),
        _ => broken(),
    }
}

pub(crate) fn store(error: &StoreError) -> S3Error {
    match error {
        StoreError::Full => s3_error!(ServiceUnavailable, "There is no room left."),
        StoreError::InUse
        | StoreError::Version { .. }
        | StoreError::Unavailable(_)
        | StoreError::Corrupt(_) => broken(),
    }
}

pub(crate) fn broken() -> S3Error {
    s3_error!(
        InternalError,
        "We encountered an internal error. Please try again."
    )
}

pub(crate) fn no_bucket() -> S3Error {
    s3_error!(NoSuchBucket, "The specified bucket does not exist")
}

pub(crate) fn no_key() -> S3Error {
    s3_error!(NoSuchKey, "The specified key does not exist.")
}

pub(crate) fn no_upload() -> S3Error {
    s3_error!(
        NoSuchUpload,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."
    )
}

pub(crate) fn malformed() -> S3Error {
    s3_error!(
        MalformedXML,
        "The XML you provided was not well-formed or did not validate against our published schema"
    )
}

pub(crate) fn no_uri() -> S3Error {
    s3_error!(InvalidURI, "Couldn't parse the specified URI.")
}

/// Who asks is not who it says.
pub(crate) fn refused(refusal: &Refusal) -> S3Error {
    match refusal {
        Refusal::UnknownKey => s3_error!(
            InvalidAccessKeyId,
            "The AWS Access Key Id you provided does not exist in our records."
        ),
        Refusal::ExpiredKey => s3_error!(ExpiredToken, "The provided token has expired."),
        Refusal::Mismatch | Refusal::PayloadMismatch => s3_error!(
            SignatureDoesNotMatch,
            "The request signature we calculated does not match the signature you provided. Check your key and signing method."
        ),
        Refusal::Expired(_)
        | Refusal::NotYetCurrent(_)
        | Refusal::Missing
        | Refusal::Incomplete(_)
        | Refusal::Unfitting(_) => denied(),
    }
}

/// Text as XML has it.
pub(crate) fn in_xml(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

pub(crate) fn denied() -> S3Error {
    s3_error!(AccessDenied, "Access Denied")
}

pub(crate) fn precondition() -> S3Error {
    s3_error!(
        PreconditionFailed,
        "At least one of the pre-conditions you specified did not hold"
    )
}
