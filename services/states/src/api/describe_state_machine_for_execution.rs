//! `DescribeStateMachineForExecution`

use std::ops::ControlFlow;

use passo_json::{Json, ObjectBuilder};
use passo_runtime::{Key, Summary};
use passo_service::Fault;

use crate::model::{Owned, Revision};
use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;
use crate::{executions, faults, shapes};

/// The state machine as it was when the execution was started, however it was changed since.
pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (summary, header) = executions::find(service, request)?;
    let label = header
        .state_machine_name
        .split_once('/')
        .map(|(_, label)| label);
    let owned = Owned::new(request.caller(), executions::machine_name(&header));
    let mut revision = revision_of(service, &owned, &summary, &header.role_arn)?;
    let definition = service
        .definitions
        .get(revision.definition_key, &revision.definition);
    let definition = definition.map_err(Fault::service)?;
    if let Some(label) = label {
        let map = definition.labels.iter().find(|map| *map.label == *label);
        let map = map.ok_or_else(|| Fault::service("the Map state of an execution is missing"))?;
        revision.definition = map.definition.to_text().into();
    }
    let mut answer = ObjectBuilder::new();
    answer
        .insert("stateMachineArn", summary.state_machine_arn.clone())
        .insert("name", header.state_machine_name.clone())
        .insert("updateDate", epoch_seconds(revision.updated_at))
        .insert_some("mapRunArn", summary.map_run_arn)
        .insert_some("label", label);
    let shown = label.is_none().then_some(definition.as_ref());
    shapes::revision(&mut answer, &revision, shown, request.wants_metadata_only());
    Ok(Json::Object(answer.build()))
}

/// The last revision before the execution began that has its definition and its role.
fn revision_of(
    service: &StepFunctions,
    owned: &Owned,
    summary: &Summary,
    role_arn: &str,
) -> Result<Revision, Fault> {
    let mut found = None;
    service.tables.view()?.revisions(owned, &mut |revision| {
        let fits = revision.updated_at <= summary.started_at
            && Key::of(&revision.definition) == summary.definition
            && &*revision.role_arn == role_arn;
        if fits {
            found = Some(revision);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    found.ok_or_else(|| faults::execution_does_not_exist(&summary.execution_arn))
}
