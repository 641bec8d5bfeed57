//! `AWS::Serverless::StateMachine`.

use passo_asl::source::{Entry, Mapping, Node};

use super::expansion::{Expansion, Source};
use super::role;
use super::route::Route;
use super::schedule::{self, Called};
use crate::TemplateError;
use crate::tree::{list, object, reference};

/// Expands a state machine, its role and its events.
pub(super) fn expand(into: &mut Expansion<'_>, source: Source<'_>) -> Result<(), TemplateError> {
    let span = source.span;
    let role = role::of_state_machine(into, source);
    let tracing = source.get("Tracing").cloned();
    let (file, place) = match source.get("DefinitionUri") {
        Some(uri) if uri.as_str().is_some() => (Some(uri.clone()), None),
        uri => (None, uri.cloned()),
    };
    let properties = object(
        span,
        [
            ("StateMachineName", source.get("Name").cloned()),
            ("StateMachineType", source.get("Type").cloned()),
            ("RoleArn", Some(role)),
            source.keep("Definition"),
            ("DefinitionUri", file),
            ("DefinitionS3Location", place),
            source.keep("DefinitionSubstitutions"),
            ("LoggingConfiguration", source.get("Logging").cloned()),
            ("TracingConfiguration", tracing),
            ("Tags", source.tags()),
        ],
    );
    into.stands_for(source, "AWS::StepFunctions::StateMachine", properties);
    alias(into, source);
    let events = source.get("Events").and_then(Node::as_object);
    for entry in events.into_iter().flat_map(Mapping::iter) {
        event(into, source, entry)?;
    }
    Ok(())
}

/// `AutoPublishAlias`: a version and an alias.
fn alias(into: &mut Expansion<'_>, source: Source<'_>) {
    let Some(name) = source.get("AutoPublishAlias") else {
        return;
    };
    let span = name.span;
    let version_id = format!("{}Version", source.id);
    let revision = crate::tree::attribute(span, source.id, "StateMachineRevisionId");
    let properties = object(
        span,
        [
            ("StateMachineArn", Some(reference(span, source.id))),
            ("StateMachineRevisionId", Some(revision)),
        ],
    );
    let kind = "AWS::StepFunctions::StateMachineVersion";
    into.comes_with(source, &version_id, kind, properties);
    let id = format!("{}Alias{}", source.id, name.as_str().unwrap_or_default());
    let route = object(
        span,
        [
            ("StateMachineVersionArn", Some(reference(span, &version_id))),
            (
                "Weight",
                Some(crate::tree::plain(span, &passo_json::Json::from(100))),
            ),
        ],
    );
    let properties = object(
        span,
        [
            ("Name", Some(name.clone())),
            ("RoutingConfiguration", Some(list(span, vec![route]))),
        ],
    );
    let kind = "AWS::StepFunctions::StateMachineAlias";
    into.comes_with(source, &id, kind, properties);
    into.also(format!("{}.Version", source.id), &version_id);
    into.also(format!("{}.Alias", source.id), &id);
}

fn event(into: &mut Expansion<'_>, source: Source<'_>, entry: &Entry) -> Result<(), TemplateError> {
    let name = &*entry.key.text;
    let event = &entry.value;
    let kind = event.get("Type").and_then(Node::as_str).unwrap_or_default();
    let empty = object(event.span, []);
    let properties = event.get("Properties").unwrap_or(&empty);
    let machine = reference(source.span, source.id);
    let action = match properties.get("Type").and_then(Node::as_str) {
        Some("sync") => "states:StartSyncExecution",
        _ => "states:StartExecution",
    };
    if !matches!(
        kind,
        "Schedule" | "EventBridgeRule" | "CloudWatchEvent" | "ScheduleV2" | "Api"
    ) {
        let message = format!(
            "the event `{name}` of `{}` is of the type `{kind}`, which is not supported",
            source.id
        );
        into.leave_out(entry.key.span, message);
        return Ok(());
    }
    let called = |role| Called {
        source,
        name,
        properties,
        target: machine.clone(),
        role,
    };
    if kind == "ScheduleV2" {
        schedule::schedule(into, &called(None), action);
        return Ok(());
    }
    let service = match kind {
        "Api" => "apigateway.amazonaws.com",
        _ => "events.amazonaws.com",
    };
    let own = properties.get("RoleArn").cloned();
    let own = own.filter(|_| kind != "Api");
    let role = own
        .unwrap_or_else(|| role::for_event(into, source, name, service, action, machine.clone()));
    match kind {
        "Schedule" => {
            schedule::rule(into, &called(Some(role)));
        }
        "Api" => {
            let route = Route::of_state_machine(source, action, role, properties)?;
            into.routes.add(route);
        }
        _ => {
            schedule::pattern(into, &called(Some(role)));
        }
    }
    Ok(())
}
