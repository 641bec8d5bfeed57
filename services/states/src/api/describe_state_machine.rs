//! `DescribeStateMachine`

use std::sync::Arc;

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::model::{Owned, Version, type_name};
use crate::request::Request;
use crate::resource::{self, Part};
use crate::service::StepFunctions;
use crate::tables::View;
use crate::times::epoch_seconds;
use crate::{deletion, faults, shapes};

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (arn, caller) = (request.required_text("stateMachineArn"), request.caller());
    let missing = || faults::state_machine_does_not_exist(arn);
    let reference = resource::state_machine_ref(arn)?;
    if !resource::is_of(arn, caller) {
        return Err(missing());
    }
    let owned = Owned::new(caller, &reference.name);
    let view = service.tables.view()?;
    let machine = deletion::existing(service, &view, &owned)?.ok_or_else(missing)?;
    let (number, version, label) = match reference.part {
        Part::Whole => (machine.revision, None, None),
        Part::Label(label) => (machine.revision, None, Some(label)),
        Part::Version(number) => of_version(&view, &owned, number)?.ok_or_else(missing)?,
        // An alias is described by the version that it names first.
        Part::Alias(name) => {
            let alias = view.alias(&owned, &name)?.ok_or_else(missing)?;
            let route = alias.routing.first().ok_or_else(missing)?;
            of_version(&view, &owned, route.version)?.ok_or_else(missing)?
        }
    };
    let mut revision = view.revision(&owned, number)?;
    let definition = service
        .definitions
        .get(revision.definition_key, &revision.definition);
    let definition = definition.map_err(Fault::service)?;
    if let Some(label) = &label {
        let map = definition
            .labels
            .iter()
            .find(|map| map.label == *label)
            .ok_or_else(missing)?;
        revision.definition = map.definition.to_text().into();
    }
    let created_at = version
        .as_ref()
        .map_or(machine.created_at, |version| version.created_at);
    let mut answer = ObjectBuilder::new();
    answer
        .insert("stateMachineArn", arn)
        .insert("name", machine.name.clone())
        .insert(
            "status",
            if machine.is_deleting {
                "DELETING"
            } else {
                "ACTIVE"
            },
        )
        .insert("type", type_name(machine.workflow_type))
        .insert("creationDate", epoch_seconds(created_at))
        .insert_some("label", label.clone())
        .insert_some(
            "description",
            version.and_then(|version| version.description),
        );
    let shown = label.is_none().then_some(definition.as_ref());
    shapes::revision(&mut answer, &revision, shown, request.wants_metadata_only());
    Ok(Json::Object(answer.build()))
}

/// What a description shows of a version: its revision, itself, and no label.
type Shown = (u64, Option<Version>, Option<Arc<str>>);

fn of_version(view: &View, owned: &Owned, number: u64) -> Result<Option<Shown>, Fault> {
    let version = view.version(owned, number)?;
    Ok(version.map(|version| (version.revision, Some(version), None)))
}
