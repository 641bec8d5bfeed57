//! State machines: `AWS::Serverless::StateMachine` and `AWS::StepFunctions::StateMachine`.

use std::path::PathBuf;
use std::sync::Arc;

use passo_asl::WorkflowType;
use passo_asl::source::Node;

use crate::resources::ResourceKind;
use crate::value::{Properties, wrong};
use crate::{DefinitionSource, StateMachine, TemplateError};

/// Reads a state machine.
pub(crate) fn read(properties: &Properties<'_, '_>) -> Result<StateMachine, TemplateError> {
    let resource = properties.resource;
    let deployment = properties.resolver.deployment;
    let (type_property, role_property) = match resource.kind {
        ResourceKind::ServerlessStateMachine => ("Type", "Role"),
        _ => ("StateMachineType", "RoleArn"),
    };
    let role_arn = match properties.text(role_property)? {
        Some(arn) => arn,
        None => deployment.role_arn(&format!("{}Role", resource.logical_id)),
    };
    Ok(StateMachine {
        logical_id: Arc::clone(&resource.logical_id),
        name: resource.name(),
        arn: resource.arn(deployment),
        role_arn,
        workflow_type: workflow_type(properties, type_property)?,
        definition: definition(properties)?,
        substitutions: properties.texts(&["DefinitionSubstitutions"])?,
        span: resource.node.span,
    })
}

fn workflow_type(
    properties: &Properties<'_, '_>,
    property: &str,
) -> Result<WorkflowType, TemplateError> {
    let Some(name) = properties.text(property)? else {
        return Ok(WorkflowType::Standard);
    };
    WorkflowType::from_name(&name).ok_or_else(|| {
        let node = properties
            .node(property)
            .unwrap_or(properties.resource.node);
        wrong(node, property, "`STANDARD` or `EXPRESS`")
    })
}

fn definition(properties: &Properties<'_, '_>) -> Result<DefinitionSource, TemplateError> {
    if let Some(node) = properties.node("Definition") {
        let Some(value) = properties.resolver.value(node)? else {
            return Err(properties.missing("Definition"));
        };
        return Ok(DefinitionSource::Text(value.to_pretty().into()));
    }
    if let Some(text) = properties.text("DefinitionString")? {
        return Ok(DefinitionSource::Text(text));
    }
    for property in ["DefinitionUri", "DefinitionS3Location"] {
        if let Some(node) = properties.node(property) {
            return file(node, property);
        }
    }
    Err(properties.missing("DefinitionUri"))
}

fn file(node: &Node, property: &str) -> Result<DefinitionSource, TemplateError> {
    match node.as_str() {
        Some(path) if !path.starts_with("s3://") => Ok(DefinitionSource::File(PathBuf::from(path))),
        _ => {
            let message = format!("`{property}` in S3 is not supported; give the path of a file");
            Err(TemplateError::at(node, message))
        }
    }
}
