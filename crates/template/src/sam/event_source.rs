//! Events of a function that Lambda itself fetches: queues and streams.

use passo_asl::source::Node;

use super::expansion::{Expansion, Source};
use crate::tree::{object, reference};

/// Properties that a mapping has under the same name.
const SAME: [&str; 21] = [
    "BatchSize",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "FilterCriteria",
    "FunctionResponseTypes",
    "KmsKeyArn",
    "MaximumBatchingWindowInSeconds",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "MetricsConfig",
    "ParallelizationFactor",
    "ProvisionedPollerConfig",
    "Queues",
    "ScalingConfig",
    "SelfManagedEventSource",
    "SourceAccessConfigurations",
    "StartingPosition",
    "StartingPositionTimestamp",
    "Topics",
    "TumblingWindowInSeconds",
    "DocumentDBEventSourceConfig",
];

/// An event source mapping.
pub(super) fn expand(
    into: &mut Expansion<'_>,
    source: Source<'_>,
    alias: Option<&str>,
    name: &str,
    kind: &str,
    properties: &Node,
) {
    let span = properties.span;
    let from = match kind {
        "SQS" => "Queue",
        "DynamoDB" | "Kinesis" | "MSK" => "Stream",
        "MQ" => "Broker",
        _ => "Cluster",
    };
    let called = reference(span, alias.unwrap_or(source.id));
    let members = SAME.map(|name| (name, properties.get(name).cloned()));
    let mapping = object(
        span,
        members.into_iter().chain([
            ("EventSourceArn", properties.get(from).cloned()),
            ("FunctionName", Some(called)),
            ("Enabled", properties.get("Enabled").cloned()),
        ]),
    );
    let id = format!("{}{name}", source.id);
    into.comes_with(source, &id, "AWS::Lambda::EventSourceMapping", mapping);
}
