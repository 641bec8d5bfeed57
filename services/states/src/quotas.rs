//! AWS's quotas of the API. Source: Step Functions Developer Guide, "Service quotas", unless said.

/// State machines of one account in one region.
pub(crate) const STATE_MACHINES_MAX: usize = 100_000;

/// Activities of one account in one region.
pub(crate) const ACTIVITIES_MAX: usize = 100_000;

/// Versions of one state machine.
pub(crate) const VERSIONS_MAX: usize = 1000;

/// Aliases of one state machine.
pub(crate) const ALIASES_MAX: usize = 100;

/// Tags of one resource.
pub(crate) const TAGS_MAX: usize = 50;

/// What a listing gives when the caller does not say, or says 0.
pub(crate) const PAGE_DEFAULT: usize = 100;

/// How long a page token lives.
pub(crate) const TOKEN_MILLIS_MAX: i64 = 24 * 3600 * 1000;

/// How long after its end an execution can be redriven: 14 days.
pub(crate) const REDRIVABLE_MILLIS_MAX: i64 = 14 * 24 * 3600 * 1000;

/// How long an execution may be open and still be redriven: a year.
pub(crate) const EXECUTION_MILLIS_MAX: i64 = 366 * 24 * 3600 * 1000;

/// Events beyond which an execution cannot be redriven (Developer Guide, "Redriving executions").
pub(crate) const REDRIVABLE_EVENTS_MAX: usize = 24_999;

/// Workers that may wait for tasks of one activity.
pub(crate) const ACTIVITY_POLLERS_MAX: usize = 1000;

/// How long a worker waits for a task before it is told that there is none: 60 seconds.
pub(crate) const ACTIVITY_POLL_SECONDS: u64 = 60;

/// The same in milliseconds.
pub(crate) const ACTIVITY_POLL_MILLIS: i64 = 60_000;

/// How long a `clientToken` of `RedriveExecution` is remembered: 15 minutes (API reference).
pub(crate) const REDRIVE_TOKEN_MILLIS_MAX: i64 = 15 * 60 * 1000;

/// How long after it was replaced a revision may still be asked for: an execution lasts a year, and is kept for 90 days.
pub(crate) const REVISION_MILLIS_MAX: i64 = (366 + 90) * 24 * 3600 * 1000;
