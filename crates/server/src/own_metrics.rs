//! AWS's own metrics: what executions and functions do, counted for CloudWatch.

use std::sync::Arc;

use passo_cloudwatch::{Figure, Measure, Tally};
use passo_lambda::{InvocationWatch, InvokeError, InvokeOutcome};
use passo_metrics::{Metric, Observation, Sink, Unit};
use passo_runtime::Clock;

/// Metrics of functions: name and unit. Source: Lambda Developer Guide, "Viewing metrics for Lambda functions".
const OF_FUNCTIONS: [(&str, &str); 4] = [
    ("Invocations", "Count"),
    ("Errors", "Count"),
    ("Duration", "Milliseconds"),
    ("Throttles", "Count"),
];

/// What is counted: first the metrics of executions, then those of functions.
pub(crate) fn tally() -> Tally {
    let of_executions = Metric::ALL.into_iter().map(|metric| Measure {
        namespace: "AWS/States",
        name: metric.aws_name(),
        dimension: metric.dimension().aws_name(),
        unit: match metric.unit() {
            Unit::Count => "Count",
            Unit::Milliseconds => "Milliseconds",
        },
        has_arn: true,
    });
    let of_functions = OF_FUNCTIONS.into_iter().map(|(name, unit)| Measure {
        namespace: "AWS/Lambda",
        name: name.to_owned(),
        dimension: "FunctionName".to_owned(),
        unit,
        has_arn: false,
    });
    Tally::new(of_executions.chain(of_functions).collect())
}

/// Counts what executions do.
pub(crate) struct OwnMetrics(pub(crate) Arc<Tally>);

impl Sink for OwnMetrics {
    fn observe(&self, observations: &[Observation]) {
        self.0.add(observations.iter().filter_map(|observation| {
            let place = Metric::ALL.binary_search(&observation.metric).ok()?;
            // The ARN of an integration, `arn:aws:states:::sqs:sendMessage`, is nobody's.
            let is_shared = observation.of.contains(":::");
            let owner = is_shared.then(|| Arc::clone(&observation.state_machine));
            Some(Figure {
                measure: place,
                of: Arc::clone(&observation.of),
                owner,
                at: observation.at.epoch_millis(),
                value: observation.value,
            })
        }));
    }
}

/// Counts what functions do.
pub(crate) fn of_functions(tally: Arc<Tally>, clock: Arc<dyn Clock>) -> InvocationWatch {
    InvocationWatch::new(move |function, outcome| {
        let (at, of): (i64, Arc<str>) = (clock.now().epoch_millis(), function.as_str().into());
        let figure = |place: usize, value: f64| Figure {
            measure: Metric::ALL.len() + place,
            of: Arc::clone(&of),
            owner: None,
            at,
            value,
        };
        tally.add(figures(outcome).map(|(place, value)| figure(place, value)));
    })
}

/// The places in [`OF_FUNCTIONS`] with their values. What was never begun is no invocation.
fn figures(
    outcome: &Result<InvokeOutcome, InvokeError>,
) -> impl Iterator<Item = (usize, f64)> + use<> {
    let (ran, throttled) = match outcome {
        Ok(outcome) => (Some(outcome), false),
        Err(error) => (None, matches!(error, InvokeError::TooManyRequests)),
    };
    let failed = ran.is_some_and(|outcome| outcome.function_error.is_some());
    let duration = ran.map(|outcome| outcome.report.duration.as_secs_f64() * 1000.0);
    let flag = |is_so: bool| if is_so { 1.0 } else { 0.0 };
    [
        ran.map(|_| (0, 1.0)),
        ran.map(|_| (1, flag(failed))),
        duration.map(|duration| (2, duration)),
        throttled.then_some((3, 1.0)),
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_found_where_the_tally_has_them() {
        assert!(Metric::ALL.is_sorted());
    }

    #[test]
    fn what_was_refused_is_a_throttle_and_no_invocation() {
        let refused: Vec<_> = figures(&Err(InvokeError::TooManyRequests)).collect();
        assert_eq!(refused, [(3, 1.0)]);
        assert_eq!(figures(&Err(InvokeError::ShutDown)).count(), 0);
    }
}
