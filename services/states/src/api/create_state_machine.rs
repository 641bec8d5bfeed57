//! `CreateStateMachine`

use std::sync::Arc;

use passo_json::{Json, ObjectBuilder};
use passo_runtime::Key;
use passo_service::Fault;

use crate::model::{Creation, Owned, Revision, StateMachine, Version, type_from_name};
use crate::quotas::STATE_MACHINES_MAX;
use crate::request::Request;
use crate::service::StepFunctions;
use crate::tables::{Changes, View};
use crate::times::epoch_seconds;
use crate::versions::Publication;
use crate::{configuration, deletion, faults, names, roles, tags, versions};

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let owned = Owned::new(request.caller(), request.required_text("name"));
    let (machine, revision) = asked(service, request)?;
    let tags = tags::given(request)?;
    // One of that name that was deleted may be in the way without reason.
    deletion::existing(service, &service.tables.view()?, &owned)?;
    let (machine, version) = service.tables.change(|view, changes| {
        if let Some(existing) = view.machine(&owned)? {
            return repeated(view, &owned, existing, &machine, &revision);
        }
        if view.count_machines(request.caller())? >= STATE_MACHINES_MAX {
            return Err(Fault::caller(
                "StateMachineLimitExceeded",
                "The maximum number of state machines has been reached",
            ));
        }
        if !tags.is_empty() {
            changes.put_tags(&machine.arn, &tags);
        }
        create(view, changes, &owned, machine, revision)
    })?;
    let mut answer = ObjectBuilder::new();
    let version_arn = version.map(|version| machine.version_arn(version.number));
    answer
        .insert("stateMachineArn", machine.arn.clone())
        .insert("creationDate", epoch_seconds(machine.created_at))
        .insert_some("stateMachineVersionArn", version_arn);
    Ok(Json::Object(answer.build()))
}

/// What the request asks for, checked.
fn asked(service: &StepFunctions, request: &Request) -> Result<(StateMachine, Revision), Fault> {
    let name = request.required_text("name");
    names::check(name)?;
    let creation = Creation {
        publish: request.flag("publish").unwrap_or_default(),
        version_description: request.text("versionDescription").map(Arc::from),
    };
    versions::check_description(&creation)?;
    let role_arn = roles::check(request.required_text("roleArn"))?;
    let workflow_type = type_from_name(request.text("type"));
    let definition = request.required_text("definition");
    versions::check_definition(service, definition, workflow_type)?;
    let now = service.clock.now();
    let machine = StateMachine {
        arn: StateMachine::arn_of(request.caller(), name),
        name: Arc::from(name),
        workflow_type,
        created_at: now,
        is_deleting: false,
        revision: 0,
        next_version: 1,
        creation,
    };
    let revision = Revision {
        number: 0,
        id: None,
        definition: Arc::from(definition),
        definition_key: Key::of(definition),
        role_arn,
        logging: configuration::logging(request.member("loggingConfiguration"))?,
        tracing_enabled: configuration::tracing(request.member("tracingConfiguration")),
        encryption: configuration::encryption(request.member("encryptionConfiguration"))?,
        updated_at: now,
    };
    Ok((machine, revision))
}

/// A creation under a name that is taken: the same again where everything but role and tags is the same.
fn repeated(
    view: &View,
    owned: &Owned,
    existing: StateMachine,
    asked: &StateMachine,
    revision: &Revision,
) -> Result<(StateMachine, Option<Version>), Fault> {
    if existing.is_deleting {
        return Err(faults::state_machine_deleting(&existing.arn));
    }
    let current = view.revision(owned, existing.revision)?;
    if existing.workflow_type != asked.workflow_type
        || existing.creation != asked.creation
        || !current.is_same_but_for_role(revision)
    {
        return Err(faults::state_machine_already_exists(&existing.arn));
    }
    let version = match existing.creation.publish {
        true => versions::of_revision(view, owned, current.number)?,
        false => None,
    };
    Ok((existing, version))
}

fn create(
    view: &View,
    changes: &mut Changes,
    owned: &Owned,
    mut machine: StateMachine,
    mut revision: Revision,
) -> Result<(StateMachine, Option<Version>), Fault> {
    // Revisions of a state machine of the same name that was deleted are still shown by its executions.
    revision.number = versions::last_revision(view, owned)? + 1;
    machine.revision = revision.number;
    let mut version = None;
    if machine.creation.publish {
        let publication = Publication {
            description: machine.creation.version_description.clone(),
            at: machine.created_at,
        };
        version = Some(versions::publish(
            view,
            changes,
            owned,
            &mut machine,
            &revision,
            publication,
        )?);
    }
    changes.put_revision(owned, &revision);
    changes.put_machine(owned, &machine);
    Ok((machine, version))
}
