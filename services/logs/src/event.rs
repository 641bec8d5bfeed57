//! One event of a log stream.

use passo_vocab::Timestamp;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub message: String,
}

/// An event as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptEvent {
    pub(crate) at: i64,
    /// Tells events of the same time apart, in the order of their arrival.
    pub(crate) sequence: u64,
    pub(crate) ingested_at: i64,
    pub(crate) message: String,
}

impl KeptEvent {
    /// The id that clients see: 56 digits, in the order of events.
    pub(crate) fn id(&self) -> String {
        format!("{:020}{:036}", self.at.max(0), self.sequence)
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut value = self.ingested_at.to_be_bytes().to_vec();
        value.extend_from_slice(self.message.as_bytes());
        value
    }

    /// The event of a row whose key ends with time and sequence.
    pub(crate) fn decode(key: &[u8], value: &[u8]) -> Option<KeptEvent> {
        let place = key.get(key.len().checked_sub(16)?..)?;
        let (at, sequence) = place.split_at_checked(8)?;
        let (ingested_at, message) = value.split_at_checked(8)?;
        Some(KeptEvent {
            at: crate::keys::time(at)?,
            sequence: u64::from_be_bytes(sequence.try_into().ok()?),
            ingested_at: i64::from_be_bytes(ingested_at.try_into().ok()?),
            message: String::from_utf8_lossy(message).into_owned(),
        })
    }
}
