//! AWS's errors, in AWS's words.
//!
//! Source: "Error responses" of the S3 API reference.

use std::io;

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

pub(crate) fn denied() -> S3Error {
    s3_error!(AccessDenied, "Access Denied")
}

pub(crate) fn precondition() -> S3Error {
    s3_error!(
        PreconditionFailed,
        "At least one of the pre-conditions you specified did not hold"
    )
}
