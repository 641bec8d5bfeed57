//! Limits. Source: SNS API Reference and "Amazon SNS endpoints and quotas".

/// Bytes of a message with its attributes, and of a batch.
pub(crate) const MESSAGE_BYTES_MAX: usize = 256 << 10;
/// Messages of one batch.
pub(crate) const BATCH_MAX: usize = 10;
/// Letters of a topic's name.
pub(crate) const NAME_MAX: usize = 256;
/// Letters of a subject.
pub(crate) const SUBJECT_MAX: usize = 100;
/// Topics, subscriptions and the like in one page.
pub(crate) const PAGE_MAX: usize = 100;
/// Tags of one topic.
pub(crate) const TAGS_MAX: usize = 50;
/// For how long equal messages to a FIFO topic are taken for one.
pub(crate) const DEDUPLICATION_MILLIS: i64 = 300_000;
/// Deliveries at the same time.
pub(crate) const AT_WORK_MAX: usize = 64;
/// E-mails and text messages that are kept; the oldest go.
pub(crate) const MAILBOX_MAX: usize = 10_000;
