//! Limits. Source: EventBridge Scheduler User Guide, "Quotas", and its API Reference.

/// Groups of an account in a region.
pub(crate) const GROUPS_MAX: usize = 500;
/// Bytes of a target's input.
pub(crate) const INPUT_BYTES_MAX: usize = 256 << 10;
/// Tags of a group.
pub(crate) const TAGS_MAX: usize = 50;
/// How long before now a `StartDate` may be, in milliseconds.
pub(crate) const START_AGE_MAX_MILLIS: i64 = 300_000;
/// How late a schedule may be fired and still be on time, in milliseconds: that of AWS's clock.
pub(crate) const PRECISION_MILLIS: i64 = 60_000;
/// Deliveries at the same time.
pub(crate) const AT_WORK_MAX: usize = 256;
