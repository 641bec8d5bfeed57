//! `AWS::Serverless::Function`.

use passo_asl::source::{Mapping, Node};
use passo_json::json;

use super::event;
use super::expansion::{Expansion, Source};
use super::invocation;
use super::role;
use crate::TemplateError;
use crate::tree::{attribute, list, object, plain, reference, text};

/// Properties that a function has under the same name in CloudFormation.
const SAME: [&str; 16] = [
    "FunctionName",
    "Handler",
    "Runtime",
    "Timeout",
    "MemorySize",
    "Environment",
    "Description",
    "Layers",
    "Architectures",
    "ReservedConcurrentExecutions",
    "VpcConfig",
    "KmsKeyArn",
    "EphemeralStorage",
    "PackageType",
    "LoggingConfig",
    "FileSystemConfigs",
];

/// Expands a function, its role, its events and what else comes with it.
pub(super) fn expand(into: &mut Expansion<'_>, source: Source<'_>) -> Result<(), TemplateError> {
    let span = source.span;
    let role = role::of_function(into, source);
    let dead_letters = source.get("DeadLetterQueue").map(|queue| {
        let target = queue.get("TargetArn").cloned();
        object(queue.span, [("TargetArn", target)])
    });
    let tracing = source.get("Tracing").cloned();
    let tracing = tracing.map(|mode| object(mode.span, [("Mode", Some(mode))]));
    let members = SAME.map(|name| source.keep(name));
    let properties = object(
        span,
        members.into_iter().chain([
            ("Code", code(source)?),
            ("Role", Some(role)),
            ("DeadLetterConfig", dead_letters),
            ("TracingConfig", tracing),
            ("Tags", source.tags()),
        ]),
    );
    into.stands_for(source, "AWS::Lambda::Function", properties);
    let called = alias(into, source);
    invocation::configuration(into, source, called.as_deref());
    invocation::url(into, source, called.as_deref());
    let events = source.get("Events").and_then(Node::as_object);
    for entry in events.into_iter().flat_map(Mapping::iter) {
        event::of_function(into, source, called.as_deref(), entry)?;
    }
    Ok(())
}

/// Where the code is: a path, a place in S3, an image, or the text itself.
fn code(source: Source<'_>) -> Result<Option<Node>, TemplateError> {
    if let Some(inline) = source.get("InlineCode") {
        let zip = ("ZipFile", Some(inline.clone()));
        return Ok(Some(object(inline.span, [zip])));
    }
    if let Some(image) = source.get("ImageUri") {
        return Ok(Some(object(
            image.span,
            [("ImageUri", Some(image.clone()))],
        )));
    }
    match source.get("CodeUri") {
        Some(uri) => Ok(Some(place(uri))),
        None => {
            let message = format!("the resource `{}` has no `CodeUri`", source.id);
            Err(TemplateError::over(source.span, message))
        }
    }
}

/// A place of SAM's as CloudFormation has it; a path stays one.
pub(super) fn place(uri: &Node) -> Node {
    if let Some(bucket) = uri.get("Bucket") {
        let members = [
            ("S3Bucket", Some(bucket.clone())),
            ("S3Key", uri.get("Key").cloned()),
            ("S3ObjectVersion", uri.get("Version").cloned()),
        ];
        return object(uri.span, members);
    }
    let in_s3 = uri.as_str().and_then(|text| text.strip_prefix("s3://"));
    match in_s3.and_then(|place| place.split_once('/')) {
        Some((bucket, key)) => object(
            uri.span,
            [
                ("S3Bucket", Some(text(uri.span, bucket))),
                ("S3Key", Some(text(uri.span, key))),
            ],
        ),
        None => uri.clone(),
    }
}

/// `AutoPublishAlias`: a version and an alias that points to it. The name of the alias's resource.
fn alias(into: &mut Expansion<'_>, source: Source<'_>) -> Option<String> {
    let name = source.get("AutoPublishAlias")?;
    let span = name.span;
    let function = reference(span, source.id);
    let version_id = format!("{}Version", source.id);
    let properties = object(
        span,
        [
            ("FunctionName", Some(function.clone())),
            // A change of the function makes a new version.
            (
                "passo:fingerprint",
                Some(attribute(span, source.id, "passo:fingerprint")),
            ),
            ("Description", source.get("VersionDescription").cloned()),
        ],
    );
    into.comes_with(source, &version_id, "AWS::Lambda::Version", properties);
    let id = format!("{}Alias{}", source.id, name.as_str().unwrap_or_default());
    let properties = object(
        span,
        [
            ("FunctionName", Some(function)),
            (
                "FunctionVersion",
                Some(attribute(span, &version_id, "Version")),
            ),
            ("Name", Some(name.clone())),
            source.keep("ProvisionedConcurrencyConfig"),
        ],
    );
    into.comes_with(source, &id, "AWS::Lambda::Alias", properties);
    into.also(format!("{}.Version", source.id), &version_id);
    into.also(format!("{}.Alias", source.id), &id);
    Some(id)
}

/// What calls a function: its ARN, or that of its alias.
pub(super) fn target(source: Source<'_>, alias: Option<&str>) -> Node {
    match alias {
        Some(alias) => reference(source.span, alias),
        None => attribute(source.span, source.id, "Arn"),
    }
}

/// Allows a service to call a function. The name of the permission's resource.
pub(super) fn permission(
    into: &mut Expansion<'_>,
    source: Source<'_>,
    alias: Option<&str>,
    event: &str,
    principal: &str,
    from: Option<(&'static str, Node)>,
) -> String {
    let span = source.span;
    let id = format!("{}{event}Permission", source.id);
    let called = match alias {
        Some(alias) => reference(span, alias),
        None => reference(span, source.id),
    };
    let mut members = vec![
        ("Action", Some(text(span, "lambda:InvokeFunction"))),
        ("FunctionName", Some(called)),
        ("Principal", Some(text(span, principal))),
    ];
    members.extend(from.map(|(name, node)| (name, Some(node))));
    let properties = object(span, members);
    into.comes_with(source, &id, "AWS::Lambda::Permission", properties);
    id
}

/// `Allow` a service to take on a role.
pub(super) fn trust(source: Source<'_>, service: &str) -> Node {
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": ["sts:AssumeRole"],
            "Principal": {"Service": [service]},
        }],
    });
    plain(source.span, &document)
}

/// A list of one thing, or the list that it is.
pub(super) fn listed(node: &Node) -> Node {
    match node.as_array() {
        Some(_) => node.clone(),
        None => list(node.span, vec![node.clone()]),
    }
}
