//! Conditional requests.
//!
//! Source: "Add preconditions to S3 operations with conditional requests" of the S3 user guide; RFC 9110, section 13.

use http::HeaderMap;
use s3s::dto::{ETag, ETagCondition, Timestamp};
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};

use crate::faults;
use crate::rows::{ObjectRow, seconds};

/// What must hold of an object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions {
    pub(crate) tag_is: Option<ETagCondition>,
    pub(crate) tag_is_not: Option<ETagCondition>,
    pub(crate) modified_after: Option<Timestamp>,
    pub(crate) not_modified_after: Option<Timestamp>,
    /// For ourselves: that it is still the version that was seen.
    pub(crate) sequence_is: Option<u64>,
}

fn fits(condition: &ETagCondition, row: &ObjectRow) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(tag) => tag.value() == row.etag,
    }
}

impl Conditions {
    /// Those of a request that writes: of what must not be there, S3 takes only that nothing is.
    ///
    /// # Errors
    /// `NotImplemented`.
    pub(crate) fn of_write(
        tag_is: Option<ETagCondition>,
        tag_is_not: Option<ETagCondition>,
    ) -> S3Result<Conditions> {
        if matches!(tag_is_not, Some(ETagCondition::ETag(_))) {
            return Err(s3_error!(
                NotImplemented,
                "A header you provided implies functionality that is not implemented"
            ));
        }
        Ok(Conditions {
            tag_is,
            tag_is_not,
            ..Conditions::default()
        })
    }

    /// Whether an object may be read.
    ///
    /// # Errors
    /// `NotModified` where the client has it already, `PreconditionFailed` where it is another one.
    pub(crate) fn check_read(&self, row: &ObjectRow) -> S3Result<()> {
        let modified = row.modified.div_euclid(1000);
        match (&self.tag_is, &self.not_modified_after) {
            (Some(tag), _) if !fits(tag, row) => return Err(faults::precondition()),
            (None, Some(time)) if modified > seconds(time) => return Err(faults::precondition()),
            _ => {}
        }
        match (&self.tag_is_not, &self.modified_after) {
            (Some(tag), _) if fits(tag, row) => Err(not_modified(row)),
            (None, Some(time)) if modified <= seconds(time) => Err(not_modified(row)),
            _ => Ok(()),
        }
    }

    /// Whether an object may be read in order to be copied: there is no answer but yes and no.
    ///
    /// # Errors
    /// `PreconditionFailed`.
    pub(crate) fn check_copy(&self, row: &ObjectRow) -> S3Result<()> {
        self.check_read(row).map_err(|_| faults::precondition())
    }

    /// Whether an object may take the place of `old`, or of nothing.
    ///
    /// # Errors
    /// `PreconditionFailed`; `NoSuchKey` where the one that is to be replaced is not there.
    pub(crate) fn check_write(&self, old: Option<&ObjectRow>) -> S3Result<()> {
        if let (Some(sequence), Some(old)) = (self.sequence_is, old)
            && sequence != old.sequence
        {
            return Err(faults::precondition());
        }
        match (&self.tag_is, old) {
            (Some(_), None) => return Err(faults::no_key()),
            (Some(tag), Some(old)) if !fits(tag, old) => return Err(faults::precondition()),
            _ => {}
        }
        match (&self.tag_is_not, old) {
            (Some(tag), Some(old)) if fits(tag, old) => Err(faults::precondition()),
            _ => Ok(()),
        }
    }
}

fn not_modified(row: &ObjectRow) -> S3Error {
    let mut error = S3Error::new(S3ErrorCode::NotModified);
    if let Ok(tag) = ETag::Strong(row.etag.clone()).to_http_header() {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::ETAG, tag);
        error.set_headers(headers);
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Attributes, time};

    fn row() -> ObjectRow {
        ObjectRow {
            segments: Vec::new(),
            size: 0,
            etag: "aa".to_owned(),
            modified: 10_500,
            sum: None,
            part_sums: Vec::new(),
            attributes: Attributes::default(),
            version: None,
            sequence: 0,
            is_marker: false,
        }
    }

    fn check(conditions: &Conditions, read: Option<&str>, write: Option<&str>) {
        let code = |done: S3Result<()>| done.err().map(|error| error.code().as_str().to_owned());
        assert_eq!(code(conditions.check_read(&row())).as_deref(), read);
        assert_eq!(code(conditions.check_write(Some(&row()))).as_deref(), write);
    }

    #[test]
    fn conditions_hold_or_do_not() {
        let tag = |text: &str| Some(ETagCondition::ETag(ETag::Strong(text.to_owned())));
        let (none, failed) = (Conditions::default, Some("PreconditionFailed"));
        check(&none(), None, None);
        check(
            &Conditions {
                tag_is: tag("aa"),
                ..none()
            },
            None,
            None,
        );
        check(
            &Conditions {
                tag_is: tag("bb"),
                ..none()
            },
            failed,
            failed,
        );
        let is_not = |tag_is_not| Conditions {
            tag_is_not,
            ..none()
        };
        check(&is_not(tag("aa")), Some("NotModified"), failed);
        check(&is_not(tag("bb")), None, None);
        check(
            &is_not(Some(ETagCondition::Any)),
            Some("NotModified"),
            failed,
        );
        let after = |modified_after| Conditions {
            modified_after,
            ..none()
        };
        check(&after(Some(time(9_000))), None, None);
        check(&after(Some(time(10_000))), Some("NotModified"), None);
        let not_after = |not_modified_after| Conditions {
            not_modified_after,
            ..none()
        };
        check(&not_after(Some(time(10_000))), None, None);
        check(&not_after(Some(time(9_000))), failed, None);
        let replaces = Conditions {
            tag_is: tag("aa"),
            ..none()
        };
        assert!(replaces.check_write(None).is_err());
        assert!(is_not(Some(ETagCondition::Any)).check_write(None).is_ok());
    }
}
