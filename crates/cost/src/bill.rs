//! Usage at a region's prices.

use passo_json::{Json, json};

use crate::{Dollars, Prices, Usage};

/// What usage costs, by what it is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// State transitions of Standard executions.
    pub transitions: Dollars,
    /// Express executions.
    pub express_requests: Dollars,
    /// Their duration and memory.
    pub express_duration: Dollars,
    /// Invocations of functions.
    pub lambda_requests: Dollars,
    /// Their duration and memory.
    pub lambda_duration: Dollars,
}

impl Bill {
    /// What `usage` costs, as if nothing else were used in the month.
    pub(crate) fn of(usage: &Usage, prices: &Prices) -> Bill {
        Bill {
            transitions: prices.transition.times(usage.transitions),
            express_requests: prices.express_request.times(usage.express_requests),
            express_duration: prices.express_duration(usage.express_megabyte_millis),
            lambda_requests: prices.lambda_request.times(usage.lambda_requests),
            lambda_duration: prices.lambda_duration(usage.lambda_megabyte_millis),
        }
    }

    /// What is paid for Step Functions alone.
    pub fn step_functions(&self) -> Dollars {
        self.transitions + self.express_requests + self.express_duration
    }

    /// Everything.
    pub fn total(&self) -> Dollars {
        self.step_functions() + self.lambda_requests + self.lambda_duration
    }
}

impl From<&Bill> for Json {
    fn from(bill: &Bill) -> Json {
        json!({
            "transitions": Json::from(bill.transitions),
            "expressRequests": Json::from(bill.express_requests),
            "expressDuration": Json::from(bill.express_duration),
            "lambdaRequests": Json::from(bill.lambda_requests),
            "lambdaDuration": Json::from(bill.lambda_duration),
            "stepFunctions": Json::from(bill.step_functions()),
            "total": Json::from(bill.total())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_use_has_its_price() {
        let usage = Usage {
            transitions: 1_000,
            express_requests: 1_000_000,
            express_megabyte_millis: 0,
            lambda_requests: 1_000_000,
            lambda_megabyte_millis: 1024 * 1000,
        };
        let bill = usage.bill(&Prices::of("us-east-1"));
        assert_eq!(bill.transitions.to_string(), "0.025");
        assert_eq!(bill.express_requests.to_string(), "1");
        assert_eq!(bill.lambda_requests.to_string(), "0.2");
        assert_eq!(bill.lambda_duration.to_string(), "0.0000166667");
        assert_eq!(bill.total().to_string(), "1.2250166667");
    }
}
