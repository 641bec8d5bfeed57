//! AWS's metrics of Step Functions, namespace `AWS/States`.
//!
//! Source: Step Functions Developer Guide, "Monitoring Step Functions metrics using Amazon CloudWatch".

/// One metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(
    missing_docs,
    reason = "the names are AWS's, and `help` says what each is"
)]
pub enum Metric {
    ExecutionsStarted,
    ExecutionsSucceeded,
    ExecutionsFailed,
    ExecutionsTimedOut,
    ExecutionsAborted,
    ExecutionsRedriven,
    RedrivenExecutionsSucceeded,
    RedrivenExecutionsFailed,
    RedrivenExecutionsTimedOut,
    RedrivenExecutionsAborted,
    ExecutionThrottled,
    ExecutionTime,
    ActivitiesScheduled,
    ActivitiesStarted,
    ActivitiesSucceeded,
    ActivitiesFailed,
    ActivitiesTimedOut,
    ActivitiesHeartbeatTimedOut,
    ActivityScheduleTime,
    ActivityRunTime,
    ActivityTime,
    LambdaFunctionsScheduled,
    LambdaFunctionsStarted,
    LambdaFunctionsSucceeded,
    LambdaFunctionsFailed,
    LambdaFunctionsTimedOut,
    LambdaFunctionScheduleTime,
    LambdaFunctionRunTime,
    LambdaFunctionTime,
    ServiceIntegrationsScheduled,
    ServiceIntegrationsStarted,
    ServiceIntegrationsSucceeded,
    ServiceIntegrationsFailed,
    ServiceIntegrationsTimedOut,
    ServiceIntegrationScheduleTime,
    ServiceIntegrationRunTime,
    ServiceIntegrationTime,
}

/// What a metric is kept for: the name of its dimension at AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are AWS's")]
pub enum Dimension {
    StateMachineArn,
    ActivityArn,
    LambdaFunctionArn,
    ServiceIntegrationResourceArn,
}

/// What a metric is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// How many.
    Count,
    /// How long.
    Milliseconds,
}

impl Metric {
    /// Every metric.
    pub const ALL: [Metric; 37] = [
        Metric::ExecutionsStarted,
        Metric::ExecutionsSucceeded,
        Metric::ExecutionsFailed,
        Metric::ExecutionsTimedOut,
        Metric::ExecutionsAborted,
        Metric::ExecutionsRedriven,
        Metric::RedrivenExecutionsSucceeded,
        Metric::RedrivenExecutionsFailed,
        Metric::RedrivenExecutionsTimedOut,
        Metric::RedrivenExecutionsAborted,
        Metric::ExecutionThrottled,
        Metric::ExecutionTime,
        Metric::ActivitiesScheduled,
        Metric::ActivitiesStarted,
        Metric::ActivitiesSucceeded,
        Metric::ActivitiesFailed,
        Metric::ActivitiesTimedOut,
        Metric::ActivitiesHeartbeatTimedOut,
        Metric::ActivityScheduleTime,
        Metric::ActivityRunTime,
        Metric::ActivityTime,
        Metric::LambdaFunctionsScheduled,
        Metric::LambdaFunctionsStarted,
        Metric::LambdaFunctionsSucceeded,
        Metric::LambdaFunctionsFailed,
        Metric::LambdaFunctionsTimedOut,
        Metric::LambdaFunctionScheduleTime,
        Metric::LambdaFunctionRunTime,
        Metric::LambdaFunctionTime,
        Metric::ServiceIntegrationsScheduled,
        Metric::ServiceIntegrationsStarted,
        Metric::ServiceIntegrationsSucceeded,
        Metric::ServiceIntegrationsFailed,
        Metric::ServiceIntegrationsTimedOut,
        Metric::ServiceIntegrationScheduleTime,
        Metric::ServiceIntegrationRunTime,
        Metric::ServiceIntegrationTime,
    ];

    /// Its name at AWS.
    pub fn aws_name(self) -> String {
        format!("{self:?}")
    }

    /// What it is in.
    pub fn unit(self) -> Unit {
        match self {
            Metric::ExecutionTime
            | Metric::ActivityScheduleTime
            | Metric::ActivityRunTime
            | Metric::ActivityTime
            | Metric::LambdaFunctionScheduleTime
            | Metric::LambdaFunctionRunTime
            | Metric::LambdaFunctionTime
            | Metric::ServiceIntegrationScheduleTime
            | Metric::ServiceIntegrationRunTime
            | Metric::ServiceIntegrationTime => Unit::Milliseconds,
            _ => Unit::Count,
        }
    }

    /// What it is kept for.
    pub fn dimension(self) -> Dimension {
        match self {
            Metric::ExecutionsStarted
            | Metric::ExecutionsSucceeded
            | Metric::ExecutionsFailed
            | Metric::ExecutionsTimedOut
            | Metric::ExecutionsAborted
            | Metric::ExecutionsRedriven
            | Metric::RedrivenExecutionsSucceeded
            | Metric::RedrivenExecutionsFailed
            | Metric::RedrivenExecutionsTimedOut
            | Metric::RedrivenExecutionsAborted
            | Metric::ExecutionThrottled
            | Metric::ExecutionTime => Dimension::StateMachineArn,
            Metric::ActivitiesScheduled
            | Metric::ActivitiesStarted
            | Metric::ActivitiesSucceeded
            | Metric::ActivitiesFailed
            | Metric::ActivitiesTimedOut
            | Metric::ActivitiesHeartbeatTimedOut
            | Metric::ActivityScheduleTime
            | Metric::ActivityRunTime
            | Metric::ActivityTime => Dimension::ActivityArn,
            Metric::LambdaFunctionsScheduled
            | Metric::LambdaFunctionsStarted
            | Metric::LambdaFunctionsSucceeded
            | Metric::LambdaFunctionsFailed
            | Metric::LambdaFunctionsTimedOut
            | Metric::LambdaFunctionScheduleTime
            | Metric::LambdaFunctionRunTime
            | Metric::LambdaFunctionTime => Dimension::LambdaFunctionArn,
            Metric::ServiceIntegrationsScheduled
            | Metric::ServiceIntegrationsStarted
            | Metric::ServiceIntegrationsSucceeded
            | Metric::ServiceIntegrationsFailed
            | Metric::ServiceIntegrationsTimedOut
            | Metric::ServiceIntegrationScheduleTime
            | Metric::ServiceIntegrationRunTime
            | Metric::ServiceIntegrationTime => Dimension::ServiceIntegrationResourceArn,
        }
    }
}

impl Dimension {
    /// Its name at AWS.
    pub fn aws_name(self) -> String {
        format!("{self:?}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_metric_is_listed_once_and_times_are_in_milliseconds() {
        let all: BTreeSet<Metric> = Metric::ALL.into_iter().collect();
        assert_eq!(all.len(), Metric::ALL.len());
        for metric in Metric::ALL {
            let is_time = metric.aws_name().ends_with("Time");
            assert_eq!(metric.unit() == Unit::Milliseconds, is_time, "{metric:?}");
            let prefix = match metric.dimension() {
                Dimension::StateMachineArn => "xecution",
                Dimension::ActivityArn => "ctivit",
                Dimension::LambdaFunctionArn => "LambdaFunction",
                Dimension::ServiceIntegrationResourceArn => "ServiceIntegration",
            };
            assert!(metric.aws_name().contains(prefix), "{metric:?}");
        }
    }
}
