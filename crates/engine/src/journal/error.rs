//! Why bytes are not a journal.

use std::fmt;

/// Bytes that cannot be read as records of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalError {
    /// The bytes end inside a record.
    Truncated,
    /// The journal was written by a version that this one does not know.
    UnknownVersion(u8),
    /// No kind of event has this tag.
    UnknownTag(u8),
    /// A number is larger than its place allows.
    Number,
    /// A text is not UTF-8.
    Text,
    /// A payload is not JSON.
    Payload,
    /// An event names a payload that no earlier one mentions.
    UnknownPayload(u32),
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JournalError::Truncated => f.write_str("a record ends too early"),
            JournalError::UnknownVersion(version) => write!(f, "unknown journal version {version}"),
            JournalError::UnknownTag(tag) => write!(f, "unknown kind of event {tag}"),
            JournalError::Number => f.write_str("a number is out of range"),
            JournalError::Text => f.write_str("a text is not UTF-8"),
            JournalError::Payload => f.write_str("a payload is not JSON"),
            JournalError::UnknownPayload(id) => write!(f, "payload {id} was never given"),
        }
    }
}

impl std::error::Error for JournalError {}
