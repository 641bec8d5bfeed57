//! Shapes that several answers share.

use passo_json::{Json, ObjectBuilder, json};
use passo_runtime::Summary;
use passo_vocab::{ErrorName, Failure};

use crate::definitions::Definition;
use crate::model::Revision;
use crate::times::epoch_seconds;

/// The members that describe what a revision is; `metadata_only` leaves out what it does.
pub(crate) fn revision(
    answer: &mut ObjectBuilder,
    revision: &Revision,
    definition: Option<&Definition>,
    metadata_only: bool,
) {
    let text: &str = if metadata_only {
        "{}"
    } else {
        &revision.definition
    };
    answer
        .insert("definition", text)
        .insert("roleArn", revision.role_arn.clone())
        .insert("loggingConfiguration", revision.logging.clone())
        .insert(
            "tracingConfiguration",
            json!({"enabled": revision.tracing_enabled}),
        )
        .insert("encryptionConfiguration", revision.encryption.clone())
        .insert_some("revisionId", revision.id.clone());
    let references = definition.and_then(|it| it.variable_references.clone());
    if !metadata_only {
        answer.insert_some("variableReferences", references);
    }
}

/// The members of an execution that `DescribeExecution` and `ListExecutions` both show.
pub(crate) fn execution(answer: &mut ObjectBuilder, summary: &Summary) {
    answer
        .insert("executionArn", summary.execution_arn.clone())
        .insert("stateMachineArn", summary.state_machine_arn.clone())
        .insert("name", summary.name.clone())
        .insert("status", summary.status.name())
        .insert("startDate", epoch_seconds(summary.started_at))
        .insert_some("stopDate", summary.stopped_at.map(epoch_seconds))
        .insert_some("mapRunArn", summary.map_run_arn.clone())
        .insert_some(
            "stateMachineVersionArn",
            summary.state_machine_version_arn.clone(),
        )
        .insert_some(
            "stateMachineAliasArn",
            summary.state_machine_alias_arn.clone(),
        )
        .insert("redriveCount", summary.redrive_count)
        .insert_some("redriveDate", summary.redriven_at.map(epoch_seconds));
}

/// `inputDetails` and `outputDetails` of an answer, which never truncates.
pub(crate) fn details(included: bool) -> Json {
    json!({"included": included})
}

/// `error` and `cause`, as far as there are any.
pub(crate) fn failure(answer: &mut ObjectBuilder, failure: &Failure) {
    answer
        .insert_some("error", failure.error.as_ref().map(ErrorName::as_str))
        .insert_some("cause", failure.cause.clone());
}
