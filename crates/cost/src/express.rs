//! What is particular to Express: how memory and duration are billed, and what Express workflows cannot do.

use std::sync::Arc;

use passo_asl::program::{IntegrationPattern, MapMode, Program, StateKind, TaskResource};

/// Duration is billed in steps of this length.
const STEP_MILLIS: u64 = 100;
/// Memory is billed in steps of this size.
const STEP_MEGABYTES: u64 = 64;
/// What every execution takes.
const BASE_BYTES: u64 = 50_000_000;
const MEGABYTE: u64 = 1_000_000;
/// How long an Express execution may take.
pub(crate) const MILLIS_MAX: u64 = 5 * 60 * 1000;

/// Milliseconds that are billed for an execution that took `millis`: at least one step.
pub fn billed_millis(millis: u64) -> u64 {
    millis
        .max(1)
        .div_ceil(STEP_MILLIS)
        .saturating_mul(STEP_MILLIS)
}

/// Megabytes that are billed, by the formula of AWS's page of prices: 50 MB, the definition's size, and the size of the
/// execution's data times the number of Parallel or Map steps.
pub fn billed_megabytes(definition_bytes: u64, data_bytes: u64, steps: u64) -> u64 {
    let data = data_bytes.saturating_mul(steps.max(1));
    let bytes = BASE_BYTES
        .saturating_add(definition_bytes)
        .saturating_add(data);
    let megabytes = bytes.div_ceil(MEGABYTE);
    megabytes
        .div_ceil(STEP_MEGABYTES)
        .saturating_mul(STEP_MEGABYTES)
}

/// Why a workflow cannot be an Express one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A state waits for the end of a job (`.sync`).
    Sync(Arc<str>),
    /// A state waits for a task token.
    Token(Arc<str>),
    /// A state is an activity's.
    Activity(Arc<str>),
    /// A state is a Distributed Map.
    DistributedMap(Arc<str>),
    /// An execution took longer than five minutes.
    Duration,
}

impl Obstacle {
    /// One word for it: `sync`, `token`, `activity`, `distributedMap`, `duration`.
    pub fn name(&self) -> &'static str {
        match self {
            Obstacle::Sync(_) => "sync",
            Obstacle::Token(_) => "token",
            Obstacle::Activity(_) => "activity",
            Obstacle::DistributedMap(_) => "distributedMap",
            Obstacle::Duration => "duration",
        }
    }

    /// The state that it is about.
    pub fn state(&self) -> Option<&Arc<str>> {
        match self {
            Obstacle::Sync(state)
            | Obstacle::Token(state)
            | Obstacle::Activity(state)
            | Obstacle::DistributedMap(state) => Some(state),
            Obstacle::Duration => None,
        }
    }
}

/// What keeps a definition from being an Express workflow's; the first such state. `longest_millis` is how long its longest
/// execution took, where that is known.
pub fn obstacle(program: &Program, longest_millis: u64) -> Option<Obstacle> {
    let of_state = program.states().iter().find_map(|state| {
        let name = || state.name.shared();
        match &state.kind {
            StateKind::Task(task) => match &task.resource {
                TaskResource::Activity { .. } => Some(Obstacle::Activity(name())),
                TaskResource::Service { pattern, .. } => match pattern {
                    IntegrationPattern::RequestResponse => None,
                    IntegrationPattern::Sync => Some(Obstacle::Sync(name())),
                    IntegrationPattern::WaitForTaskToken => Some(Obstacle::Token(name())),
                },
                TaskResource::LambdaFunction { .. } => None,
            },
            StateKind::Map(map) => match map.mode {
                MapMode::Distributed(_) => Some(Obstacle::DistributedMap(name())),
                MapMode::Inline => None,
            },
            StateKind::Pass(_)
            | StateKind::Choice(_)
            | StateKind::Wait(_)
            | StateKind::Succeed(_)
            | StateKind::Fail(_)
            | StateKind::Parallel(_) => None,
        }
    });
    of_state.or((longest_millis > MILLIS_MAX).then_some(Obstacle::Duration))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duration_and_memory_are_billed_in_steps() {
        for (millis, expect) in [(0, 100), (1, 100), (100, 100), (101, 200)] {
            assert_eq!(billed_millis(millis), expect, "{millis}");
        }
        // The examples of AWS's page: 50 KB of definition, and 400 Map steps of 32 KB or 4 branches of 256 KB.
        assert_eq!(billed_megabytes(50_000, 32_000, 400), 64);
        assert_eq!(billed_megabytes(50_000, 256_000, 100), 128);
        assert_eq!(billed_megabytes(0, 0, 0), 64);
        assert_eq!(billed_megabytes(u64::MAX, u64::MAX, u64::MAX) % 64, 0);
    }
}
