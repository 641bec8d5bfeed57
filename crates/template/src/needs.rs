//! Which resource needs which, and the order that follows from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use passo_asl::source::{Mapping, Node, NodeKind};

use crate::TemplateError;
use crate::condition::Conditions;
use crate::intrinsic::intrinsic_of;
use crate::stack::StackResource;
use crate::substitution::{Piece, pieces};

/// What `DependsOn` names.
pub(crate) fn depends_on(node: &Node) -> Vec<Arc<str>> {
    let Some(named) = node.get("DependsOn") else {
        return Vec::new();
    };
    let items = named.as_array().unwrap_or(std::slice::from_ref(named));
    let names = items.iter().filter_map(Node::as_str);
    names.map(Arc::from).collect()
}

/// The resources in an order in which each comes after those that it needs; otherwise as the template has them.
///
/// # Errors
/// When some need each other in a circle; the message shows it.
pub(crate) fn ordered(
    mut resources: Vec<StackResource>,
    aliases: &BTreeMap<Arc<str>, Arc<str>>,
    conditions: &Conditions,
) -> Result<Vec<StackResource>, TemplateError> {
    let ids = resources.iter().map(|one| Arc::clone(&one.logical_id));
    let ids: BTreeSet<Arc<str>> = ids.collect();
    for resource in &mut resources {
        let mut names = BTreeSet::new();
        if let Some(properties) = resource.written() {
            collect(properties, conditions, &mut names);
        }
        names.extend(resource.needs.iter().cloned());
        let names = names.into_iter().map(|name| match aliases.get(&name) {
            Some(id) => Arc::clone(id),
            None => name,
        });
        let mut needs: Vec<Arc<str>> = names.filter(|name| ids.contains(name)).collect();
        needs.dedup();
        resource.needs = needs;
    }
    let mut ordered: Vec<StackResource> = Vec::with_capacity(resources.len());
    let mut done: BTreeSet<Arc<str>> = BTreeSet::new();
    while !resources.is_empty() {
        let ready = resources
            .iter()
            .position(|one| one.needs.iter().all(|need| done.contains(need)));
        let Some(ready) = ready else {
            return Err(circle(&resources, &done));
        };
        let resource = resources.remove(ready);
        done.insert(Arc::clone(&resource.logical_id));
        ordered.push(resource);
    }
    Ok(ordered)
}

/// The complaint about resources that all wait for each other.
fn circle(waiting: &[StackResource], done: &BTreeSet<Arc<str>>) -> TemplateError {
    let mut path: Vec<&StackResource> = Vec::new();
    let mut at = waiting.first();
    while let Some(resource) = at {
        let seen = path
            .iter()
            .position(|one| one.logical_id == resource.logical_id);
        if let Some(start) = seen {
            let names = path.iter().skip(start).map(|one| &*one.logical_id);
            let names: Vec<&str> = names.chain([&*resource.logical_id]).collect();
            let message = format!("resources need each other: {}", names.join(" -> "));
            return TemplateError::over(resource.span, message);
        }
        path.push(resource);
        let next = resource.needs.iter().find(|need| !done.contains(*need));
        at = next.and_then(|next| waiting.iter().find(|one| one.logical_id == *next));
    }
    let span = waiting.first().map(|one| one.span).unwrap_or_default();
    TemplateError::over(span, "resources need each other")
}

/// The names that references in a value use. Recursion is as deep as the template, whose depth is bounded.
fn collect(node: &Node, conditions: &Conditions, names: &mut BTreeSet<Arc<str>>) {
    let Some((function, argument)) = intrinsic_of(node) else {
        return collect_parts(node, conditions, names);
    };
    match function {
        "Ref" => names.extend(argument.as_str().map(Arc::from)),
        "GetAtt" => match argument.as_array() {
            Some(path) => names.extend(path.first().and_then(Node::as_str).map(Arc::from)),
            None => {
                let path = argument.as_str().unwrap_or_default();
                names.extend(path.rsplit_once('.').map(|(name, _)| Arc::from(name)));
                names.extend(path.split('.').next().map(Arc::from));
            }
        },
        "Sub" => collect_sub(argument, conditions, names),
        "If" => match argument.as_array() {
            Some([name, then, otherwise]) => {
                let name = name.as_str().unwrap_or_default();
                let holds = conditions.get(name).copied().unwrap_or_default();
                collect(if holds { then } else { otherwise }, conditions, names);
            }
            _ => collect_parts(argument, conditions, names),
        },
        _ if node.tag.is_some() => collect_parts(argument, conditions, names),
        _ => collect(argument, conditions, names),
    }
}

fn collect_sub(argument: &Node, conditions: &Conditions, names: &mut BTreeSet<Arc<str>>) {
    let (text, own) = match argument.as_array() {
        Some([text, values]) => (text.as_str(), values.as_object()),
        _ => (argument.as_str(), None),
    };
    for piece in pieces(text.unwrap_or_default()) {
        if let Piece::Name(name, _) = piece
            && own.is_none_or(|own| own.get(name).is_none())
        {
            names.insert(name.into());
            names.extend(name.split('.').next().map(Arc::from));
        }
    }
    for entry in own.into_iter().flat_map(Mapping::iter) {
        collect(&entry.value, conditions, names);
    }
}

fn collect_parts(node: &Node, conditions: &Conditions, names: &mut BTreeSet<Arc<str>>) {
    match &node.kind {
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) => {}
        NodeKind::Array(items) => {
            for item in items {
                collect(item, conditions, names);
            }
        }
        NodeKind::Object(members) => {
            for entry in members {
                collect(&entry.value, conditions, names);
            }
        }
    }
}
