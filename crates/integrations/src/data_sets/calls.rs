//! Calls of S3 that are waited for, and what they fail with.

use passo_json::{Json, ObjectBuilder};
use passo_service::{Fault, RequestId};
use passo_vocab::{ErrorName, Failure};

use crate::plan::ErrorStyle;

/// The style of S3's errors in causes.
const STYLE: ErrorStyle = ErrorStyle::V2 { service: "s3" };

/// Makes calls of S3, and waits for their answers.
pub trait Calls: Send + Sync {
    /// Makes one.
    ///
    /// # Errors
    /// What S3 answers.
    fn call(&self, operation: &str, parameters: Json) -> Result<Json, Fault>;

    /// The id that the requests have.
    fn request_id(&self) -> RequestId;
}

/// Why an item reader fails, with a text of ours or AWS's.
pub(super) fn unreadable(cause: impl Into<String>) -> Failure {
    Failure::new(ErrorName::ITEM_READER_FAILED, cause.into())
}

/// Why an item reader fails where S3 has refused a call.
pub(super) fn refused(fault: &Fault, calls: &dyn Calls) -> Failure {
    of_call(fault, calls, ErrorName::ITEM_READER_FAILED)
}

/// Why a result writer fails where S3 has refused a call.
pub(super) fn unwritten(fault: &Fault, calls: &dyn Calls) -> Failure {
    of_call(fault, calls, ErrorName::RESULT_WRITER_FAILED)
}

fn of_call(fault: &Fault, calls: &dyn Calls, error: ErrorName) -> Failure {
    let failure = crate::failure::of_call(fault, STYLE, &calls.request_id());
    Failure {
        error: Some(error),
        ..failure
    }
}

/// Where an object is, and what else is said with every call for it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Address {
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) version: Option<String>,
    pub(super) owner: Option<String>,
}

impl Address {
    /// The parameters of a call for the object.
    pub(super) fn parameters(&self) -> ObjectBuilder {
        let mut parameters = ObjectBuilder::new();
        parameters
            .insert("Bucket", &*self.bucket)
            .insert("Key", &*self.key)
            .insert_some("VersionId", self.version.as_deref())
            .insert_some("ExpectedBucketOwner", self.owner.as_deref());
        parameters
    }

    /// As `Map.Item.Source` shows it.
    pub(super) fn source(&self) -> String {
        format!("S3://{}/{}", self.bucket, self.key)
    }
}
