//! The roles that SAM makes.

use passo_asl::source::Node;
use passo_json::json;

use super::expansion::{Expansion, Source};
use super::function::{listed, trust};
use super::policy;
use crate::tree::{attribute, list, object, plain, sub, text};

const BASIC: &str =
    "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

/// The role of a function: the one it names, or a new one with its policies.
pub(super) fn of_function(into: &mut Expansion<'_>, source: Source<'_>) -> Node {
    of(into, source, "lambda.amazonaws.com", Some(BASIC))
}

/// The role of a state machine.
pub(super) fn of_state_machine(into: &mut Expansion<'_>, source: Source<'_>) -> Node {
    of(into, source, "states.amazonaws.com", None)
}

fn of(into: &mut Expansion<'_>, source: Source<'_>, service: &str, basic: Option<&str>) -> Node {
    if let Some(role) = source.get("Role") {
        return role.clone();
    }
    let span = source.span;
    let id = format!("{}Role", source.id);
    let mut managed: Vec<Node> = basic.map(|arn| sub(span, arn)).into_iter().collect();
    let mut own = Vec::new();
    let policies = source.get("Policies").map(listed);
    for node in policies.iter().filter_map(Node::as_array).flatten() {
        match policy::read(into, node) {
            policy::Policy::Managed(arn) => managed.push(arn),
            policy::Policy::Document(document) => {
                let name = format!("{id}Policy{}", own.len());
                let members = [
                    ("PolicyName", Some(text(span, &name))),
                    ("PolicyDocument", Some(document)),
                ];
                own.push(object(span, members));
            }
            policy::Policy::Unknown => {}
        }
    }
    let properties = object(
        span,
        [
            ("AssumeRolePolicyDocument", Some(trust(source, service))),
            ("ManagedPolicyArns", Some(list(span, managed))),
            (
                "Policies",
                Some(list(span, own.clone())).filter(|_| !own.is_empty()),
            ),
            (
                "PermissionsBoundary",
                source.get("PermissionsBoundary").cloned(),
            ),
            ("Path", source.get("RolePath").cloned()),
        ],
    );
    into.comes_with(source, &id, "AWS::IAM::Role", properties);
    attribute(span, &id, "Arn")
}

/// A role that lets a service do one thing to one resource. Its ARN.
pub(super) fn for_event(
    into: &mut Expansion<'_>,
    source: Source<'_>,
    event: &str,
    service: &str,
    action: &str,
    resource: Node,
) -> Node {
    let span = source.span;
    let id = format!("{}{event}Role", source.id);
    let statement = plain(span, &json!({"Effect": "Allow", "Action": action}));
    let statement = crate::tree::with(&statement, "Resource", resource);
    let document = plain(span, &json!({"Version": "2012-10-17"}));
    let document = crate::tree::with(&document, "Statement", list(span, vec![statement]));
    let policy = object(
        span,
        [
            ("PolicyName", Some(text(span, &format!("{id}Policy")))),
            ("PolicyDocument", Some(document)),
        ],
    );
    let properties = object(
        span,
        [
            ("AssumeRolePolicyDocument", Some(trust(source, service))),
            ("Policies", Some(list(span, vec![policy]))),
        ],
    );
    into.comes_with(source, &id, "AWS::IAM::Role", properties);
    attribute(span, &id, "Arn")
}
