//! The types of resource that can be deployed. A new one is a line in [`find`], and a file where a description is not enough.

mod api_gateway;
mod bucket;
mod bucket_settings;
mod events;
mod function;
mod http_api;
mod iam;
mod lambda;
mod logs;
mod nothing;
mod queue;
mod rest_api;
mod rule;
mod scheduler;
mod state_machine;
mod states;
mod stored;
mod table;
mod topic;

use super::kind::Kind;

/// Those with files of their own.
const SPECIAL: &[&dyn Kind] = &[
    &function::FUNCTION,
    &lambda::LAYER_VERSION,
    &state_machine::STATE_MACHINE,
    &states::ALIAS,
    &table::TABLE,
    &queue::QUEUE,
    &queue::QUEUE_POLICY,
    &topic::TOPIC,
    &topic::SUBSCRIPTION,
    &topic::TOPIC_POLICY,
    &bucket::BUCKET,
    &bucket::BUCKET_POLICY,
    &rule::RULE,
    &logs::LOG_GROUP,
    &iam::ROLE,
    &iam::POLICY,
    &iam::MANAGED_POLICY,
    &stored::PARAMETER,
    &stored::SECRET,
    &rest_api::REST_API,
    &rest_api::METHOD,
    &rest_api::STAGE,
    &http_api::HTTP_API,
    &nothing::METADATA,
    &nothing::WAIT_HANDLE,
];

/// Those that a table describes.
const DESCRIBED: &[&[super::described::Described]] = &[
    lambda::DESCRIBED,
    states::DESCRIBED,
    events::DESCRIBED,
    scheduler::DESCRIBED,
    logs::DESCRIBED,
    api_gateway::DESCRIBED,
];

/// The kind of that type; none where it cannot be deployed.
pub(super) fn find(resource_type: &str) -> Option<&'static dyn Kind> {
    let special = SPECIAL.iter().copied();
    let described = DESCRIBED.iter().flat_map(|table| table.iter());
    let described = described.map(|one| one as &dyn Kind);
    special
        .chain(described)
        .find(|kind| kind.resource_type() == resource_type)
}
