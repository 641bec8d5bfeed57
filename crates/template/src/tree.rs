//! Making values of a template that nobody wrote: they stand where what they were made of stands.

use std::sync::Arc;

use passo_asl::source::{Entry, Key, Mapping, Node, NodeKind, Span};
use passo_json::Json;

use crate::intrinsic::intrinsic_of;

/// A member of an object that is being made.
pub(crate) type Member = (&'static str, Option<Node>);

/// A plain value.
pub(crate) fn plain(span: Span, value: &Json) -> Node {
    let kind = match value {
        Json::Null => NodeKind::Null,
        Json::Bool(value) => NodeKind::Bool(*value),
        Json::Number(number) => NodeKind::Number(number.clone()),
        Json::String(text) => NodeKind::String(Arc::clone(text)),
        Json::Array(items) => NodeKind::Array(items.iter().map(|item| plain(span, item)).collect()),
        Json::Object(members) => {
            let members = members.iter();
            let entries = members.map(|(key, value)| entry(span, key, plain(span, value)));
            NodeKind::Object(entries.collect())
        }
    };
    Node::new(span, kind)
}

/// A text.
pub(crate) fn text(span: Span, text: &str) -> Node {
    Node::new(span, NodeKind::String(text.into()))
}

/// A list.
pub(crate) fn list(span: Span, items: Vec<Node>) -> Node {
    Node::new(span, NodeKind::Array(items))
}

/// An object of the members that are there.
pub(crate) fn object(span: Span, members: impl IntoIterator<Item = Member>) -> Node {
    let members = members.into_iter();
    let entries = members.filter_map(|(key, value)| Some(entry(span, key, value?)));
    Node::new(span, NodeKind::Object(entries.collect()))
}

/// An object with keys that are not known here.
pub(crate) fn mapping(span: Span, members: impl IntoIterator<Item = (Arc<str>, Node)>) -> Node {
    let members = members.into_iter();
    let entries = members.map(|(key, value)| entry(span, &key, value));
    Node::new(span, NodeKind::Object(entries.collect()))
}

/// A member.
pub(crate) fn entry(span: Span, key: &str, value: Node) -> Entry {
    Entry {
        key: Key {
            text: key.into(),
            span,
        },
        value,
    }
}

/// `{"Ref": name}`
pub(crate) fn reference(span: Span, name: &str) -> Node {
    object(span, [("Ref", Some(text(span, name)))])
}

/// `{"Fn::GetAtt": [name, attribute]}`
pub(crate) fn attribute(span: Span, name: &str, attribute: &str) -> Node {
    let path = list(span, vec![text(span, name), text(span, attribute)]);
    object(span, [("Fn::GetAtt", Some(path))])
}

/// `{"Fn::Sub": pattern}`
pub(crate) fn sub(span: Span, pattern: &str) -> Node {
    object(span, [("Fn::Sub", Some(text(span, pattern)))])
}

/// A value of `Globals` under one of a resource: objects are merged, lists joined, everything else is the resource's.
/// Source: SAM specification, "Globals section".
pub(crate) fn merged(global: &Node, own: &Node) -> Node {
    if intrinsic_of(global).is_some() || intrinsic_of(own).is_some() {
        return own.clone();
    }
    match (&global.kind, &own.kind) {
        (NodeKind::Object(under), NodeKind::Object(over)) => {
            Node::new(own.span, NodeKind::Object(merged_members(under, over)))
        }
        (NodeKind::Array(first), NodeKind::Array(then)) => {
            list(own.span, first.iter().chain(then).cloned().collect())
        }
        _ => own.clone(),
    }
}

/// As [`merged`], of the members of two objects.
pub(crate) fn merged_members(under: &Mapping, over: &Mapping) -> Mapping {
    let mut all = Mapping::default();
    for entry in under {
        let value = match over.get(&entry.key.text) {
            Some(own) => merged(&entry.value, own),
            None => entry.value.clone(),
        };
        all.push(entry.key.clone(), value);
    }
    for entry in over {
        if under.get(&entry.key.text).is_none() {
            all.push(entry.key.clone(), entry.value.clone());
        }
    }
    all
}

/// An object with one more member, in the place of one of that name.
pub(crate) fn with(node: &Node, key: &str, value: Node) -> Node {
    let mut members: Vec<Entry> = node
        .as_object()
        .into_iter()
        .flat_map(Mapping::iter)
        .filter(|entry| &*entry.key.text != key)
        .cloned()
        .collect();
    members.push(entry(node.span, key, value));
    Node {
        span: node.span,
        tag: node.tag.clone(),
        kind: NodeKind::Object(members.into_iter().collect()),
    }
}

/// The name of the resource that a value refers to: `!Ref X` or `!GetAtt X.Arn`.
pub(crate) fn referred(node: &Node) -> Option<&str> {
    match intrinsic_of(node)? {
        ("Ref", argument) => argument.as_str(),
        ("GetAtt", argument) => match argument.as_array() {
            Some([name, ..]) => name.as_str(),
            _ => argument.as_str()?.split('.').next(),
        },
        _ => None,
    }
}
