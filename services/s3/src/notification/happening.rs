//! What happens to objects, by its names.
//!
//! Source: "Event notification types and destinations" and "EventBridge event message structure" of the S3 user guide.

/// Something that happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    Put,
    Posted,
    Copied,
    Completed,
    Deleted,
    Marked,
    Tagged,
    Untagged,
    Expired,
    ExpiredMarked,
}

/// Every event that a configuration may name, without those that stand for several.
const NAMES: [&str; 22] = [
    "s3:ObjectCreated:Put",
    "s3:ObjectCreated:Post",
    "s3:ObjectCreated:Copy",
    "s3:ObjectCreated:CompleteMultipartUpload",
    "s3:ObjectRemoved:Delete",
    "s3:ObjectRemoved:DeleteMarkerCreated",
    "s3:ObjectRestore:Post",
    "s3:ObjectRestore:Completed",
    "s3:ObjectRestore:Delete",
    "s3:ReducedRedundancyLostObject",
    "s3:Replication:OperationFailedReplication",
    "s3:Replication:OperationNotTracked",
    "s3:Replication:OperationMissedThreshold",
    "s3:Replication:OperationReplicatedAfterThreshold",
    "s3:LifecycleExpiration:Delete",
    "s3:LifecycleExpiration:DeleteMarkerCreated",
    "s3:LifecycleTransition",
    "s3:IntelligentTiering",
    "s3:ObjectTagging:Put",
    "s3:ObjectTagging:Delete",
    "s3:ObjectAcl:Put",
    "s3:TestEvent",
];

/// Whether `pattern`, such as `s3:ObjectCreated:*`, stands for `name`.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(begin) => begin.ends_with(':') && name.starts_with(begin),
        None => pattern == name,
    }
}

/// Whether there is an event that `pattern` stands for.
pub(crate) fn is_known(pattern: &str) -> bool {
    pattern != "s3:*" && NAMES.iter().any(|name| fits(pattern, name))
}

/// Whether an event exists that both stand for.
pub(crate) fn overlap(one: &str, other: &str) -> bool {
    let mut names = NAMES.iter();
    names.any(|name| fits(one, name) && fits(other, name))
}

impl Happening {
    /// As a record has it; configurations put `s3:` before it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Happening::Put => "ObjectCreated:Put",
            Happening::Posted => "ObjectCreated:Post",
            Happening::Copied => "ObjectCreated:Copy",
            Happening::Completed => "ObjectCreated:CompleteMultipartUpload",
            Happening::Deleted => "ObjectRemoved:Delete",
            Happening::Marked => "ObjectRemoved:DeleteMarkerCreated",
            Happening::Tagged => "ObjectTagging:Put",
            Happening::Untagged => "ObjectTagging:Delete",
            Happening::Expired => "LifecycleExpiration:Delete",
            Happening::ExpiredMarked => "LifecycleExpiration:DeleteMarkerCreated",
        }
    }

    /// What it is where a delete marker is made, and nothing goes.
    pub(crate) fn by_marker(self) -> Happening {
        match self {
            Happening::Deleted => Happening::Marked,
            Happening::Expired => Happening::ExpiredMarked,
            Happening::Put
            | Happening::Posted
            | Happening::Copied
            | Happening::Completed
            | Happening::Marked
            | Happening::Tagged
            | Happening::Untagged
            | Happening::ExpiredMarked => self,
        }
    }

    /// Whether nothing is left of the version that it tells of.
    pub(crate) fn is_end(self) -> bool {
        matches!(self, Happening::Deleted | Happening::Expired)
    }

    /// The version of the record's form.
    pub(crate) fn record_version(self) -> &'static str {
        match self {
            Happening::Put
            | Happening::Posted
            | Happening::Copied
            | Happening::Completed
            | Happening::Deleted
            | Happening::Marked => "2.1",
            Happening::Tagged
            | Happening::Untagged
            | Happening::Expired
            | Happening::ExpiredMarked => "2.3",
        }
    }

    /// Whether news of it says its place in the order of what happens to the object.
    pub(crate) fn is_in_sequence(self) -> bool {
        !matches!(self, Happening::Tagged | Happening::Untagged)
    }

    /// Whether an object has come of it.
    pub(crate) fn is_creation(self) -> bool {
        matches!(
            self,
            Happening::Put | Happening::Posted | Happening::Copied | Happening::Completed
        )
    }

    /// EventBridge's `detail-type`.
    pub(crate) fn detail_type(self) -> &'static str {
        match self {
            Happening::Put | Happening::Posted | Happening::Copied | Happening::Completed => {
                "Object Created"
            }
            Happening::Deleted
            | Happening::Marked
            | Happening::Expired
            | Happening::ExpiredMarked => "Object Deleted",
            Happening::Tagged => "Object Tags Added",
            Happening::Untagged => "Object Tags Deleted",
        }
    }

    /// EventBridge's `reason`.
    pub(crate) fn reason(self) -> Option<&'static str> {
        match self {
            Happening::Put => Some("PutObject"),
            Happening::Posted => Some("PostObject"),
            Happening::Copied => Some("CopyObject"),
            Happening::Completed => Some("CompleteMultipartUpload"),
            Happening::Deleted | Happening::Marked => Some("DeleteObject"),
            Happening::Expired | Happening::ExpiredMarked => Some("Lifecycle Expiration"),
            Happening::Tagged | Happening::Untagged => None,
        }
    }

    /// EventBridge's `deletion-type`.
    pub(crate) fn deletion_type(self) -> Option<&'static str> {
        match self {
            Happening::Deleted | Happening::Expired => Some("Permanently Deleted"),
            Happening::Marked | Happening::ExpiredMarked => Some("Delete Marker Created"),
            Happening::Put
            | Happening::Posted
            | Happening::Copied
            | Happening::Completed
            | Happening::Tagged
            | Happening::Untagged => None,
        }
    }

    /// Whether a lifecycle rule did it, and nobody's request.
    pub(crate) fn is_of_lifecycle(self) -> bool {
        matches!(self, Happening::Expired | Happening::ExpiredMarked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stand_for_names() {
        for (pattern, name, expect) in [
            ("s3:ObjectCreated:*", "s3:ObjectCreated:Put", true),
            ("s3:ObjectCreated:Put", "s3:ObjectCreated:Put", true),
            ("s3:ObjectCreated:Post", "s3:ObjectCreated:Put", false),
            ("s3:ObjectRemoved:*", "s3:ObjectCreated:Put", false),
        ] {
            assert_eq!(fits(pattern, name), expect, "{pattern} {name}");
        }
        for (pattern, expect) in [
            ("s3:ObjectTagging:*", true),
            ("s3:LifecycleTransition", true),
            ("s3:Object*", false),
            ("s3:*", false),
            ("ObjectCreated:Put", false),
        ] {
            assert_eq!(is_known(pattern), expect, "{pattern}");
        }
        assert!(overlap("s3:ObjectCreated:*", "s3:ObjectCreated:Put"));
        assert!(!overlap("s3:ObjectCreated:Copy", "s3:ObjectCreated:Put"));
    }
}
