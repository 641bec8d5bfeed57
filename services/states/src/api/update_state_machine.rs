//! `UpdateStateMachine`

use std::sync::Arc;

use passo_json::{Json, ObjectBuilder};
use passo_runtime::Key;
use passo_service::Fault;

use crate::model::{Creation, Revision};
use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;
use crate::versions::Publication;
use crate::{configuration, roles, targets, versions};

/// Members of which at least one must be given.
const CHANGES: [&str; 5] = [
    "definition",
    "roleArn",
    "loggingConfiguration",
    "tracingConfiguration",
    "encryptionConfiguration",
];

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let arn = request.required_text("stateMachineArn");
    let owned = targets::machine_only(arn, request.caller())?;
    let publication = Creation {
        publish: request.flag("publish").unwrap_or_default(),
        version_description: request.text("versionDescription").map(Arc::from),
    };
    versions::check_description(&publication)?;
    let now = service.clock.now();
    service.tables.change(|view, changes| {
        let mut machine = targets::active(view, &owned, arn)?;
        if !CHANGES.iter().any(|name| request.member(name).is_some()) {
            return Err(Fault::caller(
                "MissingRequiredParameter",
                "Either the definition, the role ARN, the LoggingConfiguration, the TracingConfiguration, or the \
                 EncryptionConfiguration must be specified",
            ));
        }
        let current = view.revision(&owned, machine.revision)?;
        let mut revision = changed(&current, request)?;
        if let Some(definition) = request.text("definition") {
            versions::check_definition(service, definition, machine.workflow_type)?;
        }
        let mut answer = ObjectBuilder::new();
        answer.insert("updateDate", epoch_seconds(now));
        // An update that changes nothing makes no revision (recorded).
        if !revision.is_same_as(&current) {
            revision.number = current.number + 1;
            revision.id = Some(Arc::from(service.chance().uuid_v4()));
            revision.updated_at = now;
            machine.revision = revision.number;
            changes.put_revision(&owned, &revision);
            versions::prune(view, changes, &owned, now)?;
        }
        answer.insert_some("revisionId", revision.id.clone());
        if publication.publish {
            let publication =
                Publication { description: publication.version_description.clone(), at: now };
            let version =
                versions::publish(view, changes, &owned, &mut machine, &revision, publication)?;
            answer.insert("stateMachineVersionArn", machine.version_arn(version.number));
        }
        changes.put_machine(&owned, &machine);
        Ok(Json::Object(answer.build()))
    })
}

/// `current` with what the request changes.
fn changed(current: &Revision, request: &Request) -> Result<Revision, Fault> {
    let mut revision = current.clone();
    if let Some(definition) = request.text("definition") {
        revision.definition = Arc::from(definition);
        revision.definition_key = Key::of(definition);
    }
    if let Some(role_arn) = request.text("roleArn") {
        revision.role_arn = roles::check(role_arn)?;
    }
    if let Some(given) = request.member("loggingConfiguration") {
        revision.logging = configuration::logging(Some(given))?;
    }
    if let Some(given) = request.member("tracingConfiguration") {
        revision.tracing_enabled = configuration::tracing(Some(given));
    }
    if let Some(given) = request.member("encryptionConfiguration") {
        revision.encryption = configuration::encryption(Some(given))?;
    }
    Ok(revision)
}
