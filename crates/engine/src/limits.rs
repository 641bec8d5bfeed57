//! AWS's quotas for one execution. Source: Step Functions Developer Guide, "Service quotas".

/// The bounds of one execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of any one payload: 262,144.
    pub payload_bytes_max: usize,
    /// Events in a history, as users count them: 25,000 for Standard, none for Express.
    pub history_events_max: Option<u64>,
    /// Bytes of one variable and of one `Assign`: 262,144.
    pub assign_bytes_max: usize,
    /// Bytes of all variables together: 10 MiB.
    pub variables_bytes_max: usize,
    /// Iterations of one inline Map that run at the same time: 40.
    pub inline_concurrency_max: u32,
    /// Children of one Map run that run at the same time: 10,000.
    pub distributed_concurrency_max: u32,
    /// Seconds that the execution may take when its definition does not say: a year for Standard (none kept), five minutes
    /// for Express.
    pub execution_seconds_max: Option<u64>,
}

impl Limits {
    /// What AWS sets for Standard executions.
    pub const STANDARD: Limits = Limits {
        payload_bytes_max: 256 * 1024,
        history_events_max: Some(25_000),
        assign_bytes_max: 256 * 1024,
        variables_bytes_max: 10 * 1024 * 1024,
        inline_concurrency_max: 40,
        distributed_concurrency_max: 10_000,
        execution_seconds_max: Some(366 * 24 * 3600),
    };

    /// What AWS sets for Express executions.
    pub const EXPRESS: Limits = Limits {
        history_events_max: None,
        execution_seconds_max: Some(300),
        ..Limits::STANDARD
    };
}
