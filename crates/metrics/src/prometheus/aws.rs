//! AWS's metrics under Prometheus' names: `aws_states_executions_started_total`, `aws_states_execution_time_seconds`.

use std::collections::BTreeMap;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::labels::{Value, Values};
use crate::{Dimension, Metric, Observation, Unit};

/// Upper bounds in seconds: workflows take from a millisecond to a year.
const SECONDS: [f64; 14] = [
    0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1_800.0, 7_200.0, 86_400.0,
    604_800.0,
];

/// AWS's metrics.
pub(super) struct AwsMetrics {
    values: Values,
    machines: Families<OfMachine>,
    activities: Families<OfActivity>,
    functions: Families<OfFunction>,
    integrations: Families<OfIntegration>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfMachine {
    state_machine_arn: Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfActivity {
    activity_arn: Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfFunction {
    lambda_function_arn: Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfIntegration {
    service_integration_resource_arn: Value,
}

type Times<L> = Family<L, Histogram, fn() -> Histogram>;

/// The metrics of one dimension.
struct Families<L> {
    counts: BTreeMap<Metric, Family<L, Counter>>,
    times: BTreeMap<Metric, Times<L>>,
}

impl AwsMetrics {
    pub(super) fn new(registry: &mut Registry) -> AwsMetrics {
        AwsMetrics {
            values: Values::default(),
            machines: Families::new(Dimension::StateMachineArn, registry),
            activities: Families::new(Dimension::ActivityArn, registry),
            functions: Families::new(Dimension::LambdaFunctionArn, registry),
            integrations: Families::new(Dimension::ServiceIntegrationResourceArn, registry),
        }
    }

    pub(super) fn observe(&self, observations: &[Observation]) {
        for observation in observations {
            let value = self.values.of(&observation.of);
            match observation.metric.dimension() {
                Dimension::StateMachineArn => {
                    let labels = OfMachine {
                        state_machine_arn: value,
                    };
                    // Nothing is ever throttled here, which a series that is there says better than none.
                    if observation.metric == Metric::ExecutionsStarted {
                        self.machines.touch(Metric::ExecutionThrottled, &labels);
                    }
                    self.machines.take(observation, &labels);
                }
                Dimension::ActivityArn => self.activities.take(
                    observation,
                    &OfActivity {
                        activity_arn: value,
                    },
                ),
                Dimension::LambdaFunctionArn => self.functions.take(
                    observation,
                    &OfFunction {
                        lambda_function_arn: value,
                    },
                ),
                Dimension::ServiceIntegrationResourceArn => self.integrations.take(
                    observation,
                    &OfIntegration {
                        service_integration_resource_arn: value,
                    },
                ),
            }
        }
    }
}

impl<L: Clone + std::hash::Hash + Eq + EncodeLabelSet + std::fmt::Debug + Send + Sync + 'static>
    Families<L>
{
    fn new(dimension: Dimension, registry: &mut Registry) -> Families<L> {
        let mut families = Families {
            counts: BTreeMap::new(),
            times: BTreeMap::new(),
        };
        let of = Metric::ALL.into_iter();
        for metric in of.filter(|metric| metric.dimension() == dimension) {
            let name = format!("aws_states_{}", snake(&metric.aws_name()));
            let help = format!(
                "{} of AWS/States by {}",
                metric.aws_name(),
                dimension.aws_name()
            );
            match metric.unit() {
                Unit::Count => {
                    let family = Family::default();
                    registry.register(name, help, family.clone());
                    families.counts.insert(metric, family);
                }
                Unit::Milliseconds => {
                    let family: Times<L> = Family::new_with_constructor(|| Histogram::new(SECONDS));
                    registry.register(format!("{name}_seconds"), help, family.clone());
                    families.times.insert(metric, family);
                }
            }
        }
        families
    }

    fn take(&self, observation: &Observation, labels: &L) {
        if let Some(counter) = self.counts.get(&observation.metric) {
            counter.get_or_create(labels).inc();
        }
        if let Some(times) = self.times.get(&observation.metric) {
            let seconds = observation.value / 1000.0;
            times.get_or_create(labels).observe(seconds);
        }
    }

    fn touch(&self, metric: Metric, labels: &L) {
        if let Some(counter) = self.counts.get(&metric) {
            drop(counter.get_or_create(labels));
        }
    }
}

/// `ExecutionsTimedOut` as `executions_timed_out`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (index, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_prometheus_way() {
        assert_eq!(snake("ExecutionsTimedOut"), "executions_timed_out");
        assert_eq!(snake("LambdaFunctionRunTime"), "lambda_function_run_time");
    }
}
