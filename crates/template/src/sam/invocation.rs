//! `EventInvokeConfig` and `FunctionUrlConfig` of a function.

use passo_asl::source::Node;

use super::expansion::{Expansion, Source};
use crate::tree::{object, reference, text};

/// `EventInvokeConfig`.
pub(super) fn configuration(into: &mut Expansion<'_>, source: Source<'_>, alias: Option<&str>) {
    let Some(configuration) = source.get("EventInvokeConfig") else {
        return;
    };
    let span = configuration.span;
    let destinations = configuration.get("DestinationConfig").map(|given| {
        let side = |name: &'static str| {
            let side = given.get(name)?;
            let destination = side.get("Destination").cloned();
            if destination.is_none() {
                let kind = side.get("Type").and_then(Node::as_str).unwrap_or("SQS");
                let message = format!("`{name}` of the type {kind} needs a `Destination`");
                into.leave_out(side.span, message);
            }
            Some(object(side.span, [("Destination", Some(destination?))]))
        };
        let mut side = side;
        let members = [
            ("OnSuccess", side("OnSuccess")),
            ("OnFailure", side("OnFailure")),
        ];
        object(given.span, members)
    });
    let qualifier = match alias {
        Some(_) => source.get("AutoPublishAlias").cloned(),
        None => Some(text(span, "$LATEST")),
    };
    let properties = object(
        span,
        [
            ("FunctionName", Some(reference(span, source.id))),
            ("Qualifier", qualifier),
            (
                "MaximumEventAgeInSeconds",
                configuration.get("MaximumEventAgeInSeconds").cloned(),
            ),
            (
                "MaximumRetryAttempts",
                configuration.get("MaximumRetryAttempts").cloned(),
            ),
            ("DestinationConfig", destinations),
        ],
    );
    let id = format!("{}EventInvokeConfig", source.id);
    into.comes_with(source, &id, "AWS::Lambda::EventInvokeConfig", properties);
}

/// `FunctionUrlConfig`.
pub(super) fn url(into: &mut Expansion<'_>, source: Source<'_>, alias: Option<&str>) {
    let Some(configuration) = source.get("FunctionUrlConfig") else {
        return;
    };
    let span = configuration.span;
    let called = reference(span, alias.unwrap_or(source.id));
    let properties = object(
        span,
        [
            ("TargetFunctionArn", Some(called.clone())),
            ("AuthType", configuration.get("AuthType").cloned()),
            ("Cors", configuration.get("Cors").cloned()),
            ("InvokeMode", configuration.get("InvokeMode").cloned()),
        ],
    );
    let id = format!("{}Url", source.id);
    into.comes_with(source, &id, "AWS::Lambda::Url", properties);
    if configuration.get("AuthType").and_then(Node::as_str) == Some("NONE") {
        let properties = object(
            span,
            [
                ("Action", Some(text(span, "lambda:InvokeFunctionUrl"))),
                ("FunctionName", Some(called)),
                ("Principal", Some(text(span, "*"))),
                ("FunctionUrlAuthType", Some(text(span, "NONE"))),
            ],
        );
        let id = format!("{}UrlPublicPermissions", source.id);
        into.comes_with(source, &id, "AWS::Lambda::Permission", properties);
    }
}
