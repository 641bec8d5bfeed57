//! From the text of a template to a [`Project`].

use std::sync::Arc;

use passo_asl::source::{Format, Mapping, Node, SourceLimits, Span};

use crate::condition::{self, Conditions};
use crate::intrinsic::Resolver;
use crate::resources::{Resource, ResourceKind, Resources};
use crate::value::Properties;
use crate::{
    Deployment, Project, TemplateError, UnsupportedResource, function, parameter, state_machine,
};

/// Reads a template as if it were deployed to `deployment`.
///
/// # Errors
/// Every fault found, in the order of the text: at least one.
pub fn read(
    text: &str,
    format: Format,
    deployment: &Deployment,
) -> Result<Project, Vec<TemplateError>> {
    let root = passo_asl::source::read(text, format, SourceLimits::default())
        .map_err(|error| vec![error.into()])?;
    let Some(resources) = root.get("Resources").and_then(Node::as_object) else {
        let message = "a template needs an object `Resources`";
        return Err(vec![TemplateError::over(Span::new(0, 0), message)]);
    };
    let mut errors = Vec::new();
    let mut found = resources_of(resources, &mut errors);
    let section = |name: &str| root.get(name).and_then(Node::as_object);
    let parameters = parameter::read(&root, deployment, &mut errors);
    let nothing = Resources::new();
    let no_conditions = Conditions::new();
    let before_resources = Resolver {
        deployment,
        parameters: &parameters,
        references: &nothing,
        mappings: section("Mappings"),
        conditions: &no_conditions,
    };
    // Without its parameters, a condition would only repeat what is already said of them.
    let conditions = if errors.is_empty() {
        condition::read(section("Conditions"), &before_resources).unwrap_or_else(|error| {
            errors.push(error);
            Conditions::new()
        })
    } else {
        Conditions::new()
    };
    found.retain(|_, resource| match resource.condition() {
        Some(name) => conditions.get(name).copied().unwrap_or(true),
        None => true,
    });
    let resolver = Resolver {
        references: &found,
        conditions: &conditions,
        ..before_resources
    };
    let project = project(&root, resources, &found, &resolver, &mut errors);
    if errors.is_empty() {
        Ok(project)
    } else {
        errors.sort_by_key(|error| error.span);
        Err(errors)
    }
}

fn resources_of<'a>(section: &'a Mapping, errors: &mut Vec<TemplateError>) -> Resources<'a> {
    let mut found = Resources::new();
    for entry in section {
        match Resource::read(&entry.key.text, &entry.value) {
            Ok(resource) => {
                found.insert(Arc::clone(&entry.key.text), resource);
            }
            Err(error) => errors.push(error),
        }
    }
    found
}

/// Whether a text is meant as a template rather than as a definition of a state machine: it has `Resources`.
pub fn is_template(text: &str, format: Format) -> bool {
    let root = passo_asl::source::read(text, format, SourceLimits::default());
    root.is_ok_and(|root| root.get("Resources").is_some() && root.get("States").is_none())
}

fn project(
    root: &Node,
    resources: &Mapping,
    found: &Resources<'_>,
    resolver: &Resolver<'_>,
    errors: &mut Vec<TemplateError>,
) -> Project {
    let globals = |section: &str| root.get("Globals")?.get(section)?.as_object();
    let mut project = Project::default();
    for entry in resources {
        let Some(resource) = found.get(&entry.key.text) else {
            continue;
        };
        let properties = |globals| Properties {
            resource,
            globals,
            resolver,
        };
        let outcome = match resource.kind {
            ResourceKind::ServerlessFunction => {
                function::read(&properties(globals("Function"))).map(|f| project.functions.push(f))
            }
            ResourceKind::LambdaFunction => {
                function::read(&properties(None)).map(|f| project.functions.push(f))
            }
            ResourceKind::ServerlessStateMachine => {
                state_machine::read(&properties(globals("StateMachine")))
                    .map(|machine| project.state_machines.push(machine))
            }
            ResourceKind::StepFunctionsStateMachine => state_machine::read(&properties(None))
                .map(|machine| project.state_machines.push(machine)),
            ResourceKind::Role | ResourceKind::Harmless | ResourceKind::Other => {
                project.unsupported.push(UnsupportedResource {
                    logical_id: Arc::clone(&resource.logical_id),
                    resource_type: Arc::clone(&resource.resource_type),
                    span: entry.key.span,
                    harmless: resource.kind != ResourceKind::Other,
                });
                Ok(())
            }
        };
        errors.extend(outcome.err());
        project.unsupported.extend(parts_left_out(resource));
    }
    project
}

/// What a resource that is read asks for and does not get: event sources, which start nothing here, and layers.
fn parts_left_out(resource: &Resource<'_>) -> Vec<UnsupportedResource> {
    let left_out =
        |name: String, resource_type: &str, span: Span, harmless: bool| UnsupportedResource {
            logical_id: format!("{}.{name}", resource.logical_id).into(),
            resource_type: resource_type.into(),
            span,
            harmless,
        };
    let mut parts = Vec::new();
    let events = resource.property("Events").and_then(Node::as_object);
    for entry in events.into_iter().flatten() {
        let kind = entry
            .value
            .get("Type")
            .and_then(Node::as_str)
            .unwrap_or("event source");
        let name = format!("Events.{}", entry.key.text);
        parts.push(left_out(name, kind, entry.key.span, true));
    }
    if let Some(layers) = resource.property("Layers") {
        parts.push(left_out(
            "Layers".to_owned(),
            "AWS::Lambda::LayerVersion",
            layers.span,
            false,
        ));
    }
    parts
}
