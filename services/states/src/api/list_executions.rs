//! `ListExecutions`

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_asl::program::{MapMode, StateKind};
use passo_json::{Json, ObjectBuilder};
use passo_runtime::{ExecutionStatus, Key, Summary};
use passo_service::Fault;

use crate::lists;
use crate::model::Owned;
use crate::request::Request;
use crate::resource::{self, Part};
use crate::service::StepFunctions;
use crate::{faults, map_runs, shapes};

/// What the executions of a listing have in common.
struct Filter {
    /// The state machine or Map run that they belong to.
    parent: Arc<str>,
    /// The version or alias that they were started by.
    started_by: Option<Arc<str>>,
    status: Option<ExecutionStatus>,
    is_redriven: Option<bool>,
}

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let filter = filter(service, request)?;
    lists::page(service, request, "executions", |after, take| {
        let after = after.map(place).transpose()?;
        let visited = service
            .runtime
            .executions(&filter.parent, after, &mut |summary| {
                if !filter.takes(&summary) {
                    return ControlFlow::Continue(());
                }
                let mut item = ObjectBuilder::new();
                shapes::execution(&mut item, &summary);
                if summary.map_run_arn.is_some() {
                    item.insert_some("itemCount", item_count(service, &summary));
                }
                take(&position(&summary), Json::Object(item.build()))
            });
        visited.map_err(|error| faults::store(&error))
    })
}

/// The place of an execution in a listing, for a token: it outlasts the execution.
fn position(summary: &Summary) -> Vec<u8> {
    let key = Key::of(&summary.execution_arn);
    let mut position = summary.order.to_be_bytes().to_vec();
    position.extend_from_slice(key.as_bytes());
    position
}

fn place(position: &[u8]) -> Result<(u64, Key), Fault> {
    let parts = position.split_first_chunk::<8>();
    let place = parts.and_then(|(order, key)| {
        let key = Key::from_bytes(key)?;
        Some((u64::from_be_bytes(*order), key))
    });
    place.ok_or_else(faults::invalid_token)
}

impl Filter {
    fn takes(&self, summary: &Summary) -> bool {
        let started_by = self.started_by.as_ref().is_none_or(|arn| {
            summary.state_machine_version_arn.as_ref() == Some(arn)
                || summary.state_machine_alias_arn.as_ref() == Some(arn)
        });
        started_by
            && self.status.is_none_or(|status| summary.status == status)
            && self
                .is_redriven
                .is_none_or(|wanted| (summary.redrive_count > 0) == wanted)
    }
}

fn filter(service: &StepFunctions, request: &Request) -> Result<Filter, Fault> {
    let status = request
        .text("statusFilter")
        .and_then(ExecutionStatus::from_name);
    let is_redriven = request
        .text("redriveFilter")
        .map(|filter| filter == "REDRIVEN");
    let (parent, started_by) = match (request.text("stateMachineArn"), request.text("mapRunArn")) {
        (Some(arn), None) => of_state_machine(service, request, arn)?,
        (None, Some(_)) => (map_runs::find(service, request)?.map_run_arn, None),
        _ => {
            return Err(faults::validation(
                "Exactly one of stateMachineArn or mapRunArn must be provided",
            ));
        }
    };
    let is_of_map_run = request.text("mapRunArn").is_some();
    if status == Some(ExecutionStatus::PendingRedrive) && !is_of_map_run {
        return Err(faults::validation(
            "The status filter PENDING_REDRIVE can only be used with a mapRunArn",
        ));
    }
    Ok(Filter {
        parent,
        started_by,
        status,
        is_redriven,
    })
}

fn of_state_machine(
    service: &StepFunctions,
    request: &Request,
    arn: &str,
) -> Result<(Arc<str>, Option<Arc<str>>), Fault> {
    let missing = || faults::state_machine_does_not_exist(arn);
    let reference = resource::state_machine_ref(arn)?;
    if !resource::is_of(arn, request.caller()) {
        return Err(missing());
    }
    let owned = Owned::new(request.caller(), &reference.name);
    let machine = service.tables.current(&owned)?.ok_or_else(missing)?.machine;
    if machine.workflow_type == passo_asl::WorkflowType::Express {
        return Err(faults::type_not_supported());
    }
    let started_by = match reference.part {
        Part::Whole => None,
        Part::Label(_) => return Err(faults::labelled_arn()),
        Part::Version(_) | Part::Alias(_) => Some(Arc::from(arn)),
    };
    Ok((machine.arn.clone(), started_by))
}

/// How many items a child of a Map run processes: those of its batch, or one. Absent where that cannot be told.
fn item_count(service: &StepFunctions, summary: &Summary) -> Option<u32> {
    let label = summary.state_machine_arn.rsplit_once('/')?.1;
    let definition = service.definition_of(summary.definition).ok()?;
    let mut states = definition.program.states().iter();
    let is_batched = states.find_map(|state| match &state.kind {
        StateKind::Map(map) => match &map.mode {
            MapMode::Distributed(map) if *map.label == *label => Some(map.item_batcher.is_some()),
            MapMode::Distributed(_) | MapMode::Inline => None,
        },
        _ => None,
    })?;
    if !is_batched {
        return Some(1);
    }
    let (_, header) = service
        .runtime
        .execution(Key::of(&summary.execution_arn))
        .ok()??;
    let items = header.input.json().get("Items").and_then(Json::as_array)?;
    u32::try_from(items.len()).ok()
}
