//! Lambda functions: `AWS::Serverless::Function` and `AWS::Lambda::Function`.

use std::path::PathBuf;
use std::sync::Arc;

use passo_asl::source::Node;

use crate::resources::ResourceKind;
use crate::value::{Properties, wrong};
use crate::{Code, Function, TemplateError};

/// Seconds, where the template gives no `Timeout`. Source: CloudFormation, AWS::Lambda::Function.
const TIMEOUT_SECONDS_DEFAULT: u32 = 3;
/// Megabytes, where the template gives no `MemorySize`. Source: as above.
const MEMORY_MEGABYTES_DEFAULT: u32 = 128;

/// Reads a function.
pub(crate) fn read(properties: &Properties<'_, '_>) -> Result<Function, TemplateError> {
    let resource = properties.resource;
    let package = properties.text("PackageType")?;
    if package.as_deref().is_some_and(|package| package != "Zip") {
        let message =
            "functions of the package type `Image` are not supported; give the code as a directory";
        return Err(TemplateError::at(resource.node, message));
    }
    Ok(Function {
        logical_id: Arc::clone(&resource.logical_id),
        name: resource.name(),
        arn: resource.arn(properties.resolver.deployment),
        runtime: properties.required_text("Runtime")?,
        handler: properties.required_text("Handler")?,
        code: code(properties)?,
        environment: properties.texts(&["Environment", "Variables"])?,
        timeout_seconds: properties
            .count("Timeout")?
            .unwrap_or(TIMEOUT_SECONDS_DEFAULT),
        memory_megabytes: properties
            .count("MemorySize")?
            .unwrap_or(MEMORY_MEGABYTES_DEFAULT),
        span: resource.node.span,
    })
}

fn code(properties: &Properties<'_, '_>) -> Result<Code, TemplateError> {
    let property = match properties.resource.kind {
        ResourceKind::ServerlessFunction => {
            if let Some(text) = properties.text("InlineCode")? {
                return Ok(Code::Inline(text));
            }
            "CodeUri"
        }
        _ => "Code",
    };
    let Some(node) = properties.node(property) else {
        return Err(properties.missing(property));
    };
    if let Some(text) = node.get("ZipFile") {
        return Ok(Code::Inline(properties.resolver.text(text)?.into()));
    }
    let is_remote = |text: &str| text.starts_with("s3://") || text.starts_with("https://");
    match node.as_str() {
        Some(path) if !is_remote(path) => Ok(Code::Path(PathBuf::from(path))),
        Some(_) => Err(remote_code(node, property)),
        None if node.as_object().is_some() => Err(remote_code(node, property)),
        None => Err(wrong(node, property, "the path of a directory")),
    }
}

fn remote_code(node: &Node, property: &str) -> TemplateError {
    let message = format!("`{property}` in S3 is not supported; give the path of a directory");
    TemplateError::at(node, message)
}
