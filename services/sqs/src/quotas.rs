//! Limits. Source: SQS Developer Guide, "Amazon SQS quotas" (message size as of August 2025).

/// Messages of one batch, or of one receive.
pub(crate) const BATCH_MAX: usize = 10;
/// Bytes of a message with its attributes, and of a whole batch.
pub(crate) const MESSAGE_BYTES_MAX: usize = 1 << 20;
/// Letters of a queue's name.
pub(crate) const NAME_MAX: usize = 80;
/// Letters of ids of batch entries.
pub(crate) const ENTRY_ID_MAX: usize = 80;
/// Attributes of one message.
pub(crate) const MESSAGE_ATTRIBUTES_MAX: usize = 10;
/// Letters of a message attribute's name and type.
pub(crate) const ATTRIBUTE_NAME_MAX: usize = 256;
/// Letters of ids of deduplication, of groups and of receive attempts.
pub(crate) const TOKEN_MAX: usize = 128;
/// Messages of one queue that are received and not yet deleted.
pub(crate) const IN_FLIGHT_MAX: usize = 120_000;
/// Seconds that a message may be invisible, and delayed.
pub(crate) const VISIBILITY_SECONDS_MAX: i64 = 43_200;
pub(crate) const DELAY_SECONDS_MAX: i64 = 900;
/// Seconds of a long poll.
pub(crate) const WAIT_SECONDS_MAX: i64 = 20;
/// For how long equal messages are taken for one, and an attempt to receive is remembered.
pub(crate) const DEDUPLICATION_MILLIS: i64 = 300_000;
/// Between two purges of a queue.
pub(crate) const PURGE_MILLIS: i64 = 60_000;
/// Queues, and tasks, in one page of a listing.
pub(crate) const PAGE_MAX: usize = 1000;
/// Tags of one queue.
pub(crate) const TAGS_MAX: usize = 50;
/// Tasks that move messages and are remembered, for one queue.
pub(crate) const MOVE_TASKS_MAX: usize = 10;
/// Messages a second that a task may be told to move.
pub(crate) const MOVE_RATE_MAX: i64 = 500;
