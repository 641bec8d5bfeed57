//! `AWS::Serverless::SimpleTable` and `AWS::Serverless::LayerVersion`.

use passo_asl::source::Node;

use super::expansion::{Expansion, Source};
use super::function::place;
use crate::tree::{list, object, text};

/// A table with one key, paid by the request.
pub(super) fn simple_table(into: &mut Expansion<'_>, source: Source<'_>) {
    let span = source.span;
    let key = source.get("PrimaryKey");
    let name = key.and_then(|key| key.get("Name")).cloned();
    let name = name.unwrap_or_else(|| text(span, "id"));
    let kind = key
        .and_then(|key| key.get("Type"))
        .and_then(Node::as_str)
        .unwrap_or("String");
    let kind = match kind {
        "Number" => "N",
        "Binary" => "B",
        _ => "S",
    };
    let attribute = object(
        span,
        [
            ("AttributeName", Some(name.clone())),
            ("AttributeType", Some(text(span, kind))),
        ],
    );
    let hash = object(
        span,
        [
            ("AttributeName", Some(name)),
            ("KeyType", Some(text(span, "HASH"))),
        ],
    );
    let throughput = source.get("ProvisionedThroughput").cloned();
    let mode = throughput.is_none().then(|| text(span, "PAY_PER_REQUEST"));
    let properties = object(
        span,
        [
            source.keep("TableName"),
            ("AttributeDefinitions", Some(list(span, vec![attribute]))),
            ("KeySchema", Some(list(span, vec![hash]))),
            ("BillingMode", mode),
            ("ProvisionedThroughput", throughput),
            source.keep("SSESpecification"),
            source.keep("PointInTimeRecoverySpecification"),
            ("Tags", source.tags()),
        ],
    );
    into.stands_for(source, "AWS::DynamoDB::Table", properties);
}

/// A layer.
pub(super) fn layer(into: &mut Expansion<'_>, source: Source<'_>) {
    let name = source.get("LayerName").cloned();
    let name = name.unwrap_or_else(|| text(source.span, source.id));
    let license = source.get("LicenseInfo").cloned();
    let properties = object(
        source.span,
        [
            ("LayerName", Some(name)),
            ("Content", source.get("ContentUri").map(place)),
            source.keep("Description"),
            source.keep("CompatibleRuntimes"),
            source.keep("CompatibleArchitectures"),
            ("LicenseInfo", license),
        ],
    );
    into.stands_for(source, "AWS::Lambda::LayerVersion", properties);
}
