//! What many executions used, as AWS counts it.

use passo_json::{Json, json};
use passo_vocab::WorkflowType;

use crate::{Bill, Prices, Run};

/// State transitions that cost nothing in a month, for ever.
pub const FREE_TRANSITIONS: u64 = 4_000;
/// Invocations of functions that cost nothing in a month, for ever.
pub const FREE_LAMBDA_REQUESTS: u64 = 1_000_000;
/// Duration of functions that costs nothing in a month: 400,000 GB-seconds.
const FREE_LAMBDA_MEGABYTE_MILLIS: u128 = 400_000 * 1024 * 1000;

/// What is paid for. Counts that are too large stay at the largest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// State transitions of Standard executions, retries included.
    pub transitions: u64,
    /// Express executions.
    pub express_requests: u64,
    /// Their billed duration times their billed memory, in milliseconds and megabytes.
    pub express_megabyte_millis: u128,
    /// Invocations of functions by tasks.
    pub lambda_requests: u64,
    /// Their duration times their functions' memory, in milliseconds and megabytes.
    pub lambda_megabyte_millis: u128,
}

impl Usage {
    /// What one run used as an execution of a Standard or an Express workflow. `memory` says how many megabytes a function has.
    pub fn of(run: &Run, workflow_type: WorkflowType, memory: &dyn Fn(&str) -> u64) -> Usage {
        let mut usage = Usage::default();
        match workflow_type {
            WorkflowType::Standard => usage.transitions = run.transitions,
            WorkflowType::Express => {
                usage.express_requests = 1;
                usage.express_megabyte_millis = u128::from(crate::billed_millis(run.millis))
                    .saturating_mul(run.megabytes.into());
            }
        }
        for (function, calls) in &run.functions {
            usage.lambda_requests = usage.lambda_requests.saturating_add(calls.requests);
            let megabyte_millis = u128::from(calls.millis).saturating_mul(memory(function).into());
            usage.lambda_megabyte_millis =
                usage.lambda_megabyte_millis.saturating_add(megabyte_millis);
        }
        usage
    }

    /// Both together.
    #[must_use]
    pub fn and(&self, other: &Usage) -> Usage {
        self.each(other, u64::saturating_add, u128::saturating_add)
    }

    /// What `total` things use, where this is what `counted` of them have used.
    #[must_use]
    pub fn scaled(&self, total: u64, counted: u64) -> Usage {
        if counted == 0 || total == counted {
            return *self;
        }
        let (total, counted) = (u128::from(total), u128::from(counted));
        let scale = |value: u128| value.saturating_mul(total).saturating_add(counted / 2) / counted;
        self.each(
            self,
            |value, _| u64::try_from(scale(value.into())).unwrap_or(u64::MAX),
            |value, _| scale(value),
        )
    }

    /// What is left to pay for of a month's usage, where nothing else used the free tier. Express executions have none.
    #[must_use]
    pub fn after_free_tier(&self) -> Usage {
        let free = Usage {
            transitions: FREE_TRANSITIONS,
            lambda_requests: FREE_LAMBDA_REQUESTS,
            lambda_megabyte_millis: FREE_LAMBDA_MEGABYTE_MILLIS,
            ..Usage::default()
        };
        self.each(&free, u64::saturating_sub, u128::saturating_sub)
    }

    /// What it costs.
    pub fn bill(&self, prices: &Prices) -> Bill {
        Bill::of(self, prices)
    }

    fn each(
        &self,
        other: &Usage,
        counts: impl Fn(u64, u64) -> u64,
        products: impl Fn(u128, u128) -> u128,
    ) -> Usage {
        Usage {
            transitions: counts(self.transitions, other.transitions),
            express_requests: counts(self.express_requests, other.express_requests),
            express_megabyte_millis: products(
                self.express_megabyte_millis,
                other.express_megabyte_millis,
            ),
            lambda_requests: counts(self.lambda_requests, other.lambda_requests),
            lambda_megabyte_millis: products(
                self.lambda_megabyte_millis,
                other.lambda_megabyte_millis,
            ),
        }
    }
}

/// Counts, and durations in GB-seconds.
impl From<&Usage> for Json {
    fn from(usage: &Usage) -> Json {
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        json!({
            "transitions": count(usage.transitions),
            "expressRequests": count(usage.express_requests),
            "expressGbSeconds": gb_seconds(usage.express_megabyte_millis),
            "lambdaRequests": count(usage.lambda_requests),
            "lambdaGbSeconds": gb_seconds(usage.lambda_megabyte_millis)
        })
    }
}

/// GB-seconds with six digits after the point.
fn gb_seconds(megabyte_millis: u128) -> Json {
    const PER_MILLIONTH: u128 = 1024 * 1000;
    let millionths = megabyte_millis.saturating_mul(1_000_000) / PER_MILLIONTH;
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    Json::parse(text.trim_end_matches('0').trim_end_matches('.')).unwrap_or(Json::Null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Calls;

    fn run() -> Run {
        Run {
            transitions: 5,
            millis: 1_201,
            megabytes: 64,
            functions: [(
                "f".into(),
                Calls {
                    requests: 2,
                    millis: 30,
                },
            )]
            .into(),
        }
    }

    #[test]
    fn a_run_is_counted_as_its_type_is() {
        let standard = Usage::of(&run(), WorkflowType::Standard, &|_| 128);
        assert_eq!((standard.transitions, standard.express_requests), (5, 0));
        assert_eq!(standard.lambda_megabyte_millis, 30 * 128);
        let express = Usage::of(&run(), WorkflowType::Express, &|_| 128);
        assert_eq!((express.transitions, express.express_requests), (0, 1));
        assert_eq!(express.express_megabyte_millis, 1_300 * 64);
        assert_eq!(express.lambda_requests, 2);
    }

    #[test]
    fn samples_stand_for_the_whole() {
        let usage = Usage::of(&run(), WorkflowType::Standard, &|_| 128);
        assert_eq!(usage.scaled(10, 2).transitions, 25);
        assert_eq!(usage.scaled(3, 0), usage);
        assert_eq!(usage.and(&usage).lambda_requests, 4);
    }

    #[test]
    fn the_free_tier_is_taken_off() {
        let usage = Usage {
            transitions: 4_100,
            lambda_requests: 7,
            ..Usage::default()
        };
        let left = usage.after_free_tier();
        assert_eq!((left.transitions, left.lambda_requests), (100, 0));
    }

    #[test]
    fn durations_are_shown_in_gb_seconds() {
        assert_eq!(gb_seconds(1024 * 1000).to_text(), "1");
        assert_eq!(gb_seconds(64 * 100).to_text(), "0.00625");
        assert_eq!(gb_seconds(0).to_text(), "0");
    }
}
