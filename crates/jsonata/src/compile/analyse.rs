//! What a tree binds and whether anything in it captures a frame.

use super::name_set::NameSet;
use crate::shape::{Group, Shape, ShapeKind, Stage, StageKind};
use std::sync::Arc;

/// Whether a function is created in the tree: it captures the frame around it.
pub(super) fn captures(shape: &Shape) -> bool {
    if matches!(
        shape.kind,
        ShapeKind::Lambda { .. } | ShapeKind::Transform { .. }
    ) {
        return true;
    }
    let mut found = false;
    for_each_child(shape, &mut |child| found = found || captures(child));
    found
}

/// The variables bound directly in the tree: not those of blocks, functions and paths in it that
/// have scopes of their own.
pub(super) fn bound_names(shape: &Shape) -> NameSet {
    let mut names = NameSet::default();
    collect_bound(shape, &mut names);
    names
}

/// The variables bound directly in the items of a block.
pub(super) fn bound_in(items: &[Shape]) -> NameSet {
    let mut names = NameSet::default();
    for item in items {
        collect_bound(item, &mut names);
    }
    names
}

fn collect_bound(shape: &Shape, names: &mut NameSet) {
    match &shape.kind {
        ShapeKind::Lambda { .. } => {}
        // A block's items bind in the block, but its predicates are evaluated outside of it.
        ShapeKind::Block(_) => for_each_attached(shape, &mut |child| collect_bound(child, names)),
        ShapeKind::Bind(name, value) => {
            names.add(name);
            collect_bound(value, names);
            for_each_attached(shape, &mut |child| collect_bound(child, names));
        }
        _ => for_each_child(shape, &mut |child| collect_bound(child, names)),
    }
}

/// The names that the steps of a path bind: with `@`, with `#`, for `%`, and those that nested
/// paths hand on. `label` gives the name of a `%` slot.
pub(super) fn tuple_names(steps: &[Shape], label: &dyn Fn(usize) -> Arc<str>) -> NameSet {
    let mut names = NameSet::default();
    for step in steps {
        collect_tuple_names(step, label, &mut names);
    }
    names
}

fn collect_tuple_names(shape: &Shape, label: &dyn Fn(usize) -> Arc<str>, names: &mut NameSet) {
    for name in shape.focus.iter().chain(&shape.index) {
        names.add(name);
    }
    if let Some(slot) = shape.ancestor {
        names.add(&label(slot));
    }
    for stage in &shape.stages {
        if let StageKind::Index(name) = &stage.kind {
            names.add(name);
        }
    }
    match &shape.kind {
        ShapeKind::Path { steps, .. } => {
            steps
                .iter()
                .for_each(|step| collect_tuple_names(step, label, names));
        }
        ShapeKind::Block(items) => {
            items
                .iter()
                .for_each(|item| collect_tuple_names(item, label, names));
        }
        ShapeKind::Condition(branches) => {
            let (_, then, otherwise) = &**branches;
            collect_tuple_names(then, label, names);
            otherwise
                .iter()
                .for_each(|node| collect_tuple_names(node, label, names));
        }
        _ => {}
    }
}

/// Calls `visit` with what is attached to a node: predicates, stages and grouping.
fn for_each_attached<'s>(shape: &'s Shape, visit: &mut dyn FnMut(&'s Shape)) {
    let stages: [&'s [Stage]; 2] = [&shape.predicates, &shape.stages];
    for stage in stages.into_iter().flatten() {
        if let StageKind::Filter(filter) = &stage.kind {
            visit(filter);
        }
    }
    if let Some(group) = &shape.group {
        for_each_pair(group, visit);
    }
}

fn for_each_pair<'s>(group: &'s Group, visit: &mut dyn FnMut(&'s Shape)) {
    for (key, value) in &group.pairs {
        visit(key);
        visit(value);
    }
}

/// Calls `visit` with every node directly under this one.
fn for_each_child<'s>(shape: &'s Shape, visit: &mut dyn FnMut(&'s Shape)) {
    for_each_attached(shape, visit);
    match &shape.kind {
        ShapeKind::Literal(_)
        | ShapeKind::Name(_)
        | ShapeKind::Variable(_)
        | ShapeKind::Regex(_)
        | ShapeKind::Wildcard
        | ShapeKind::Descendants
        | ShapeKind::Parent(_)
        | ShapeKind::Placeholder => {}
        ShapeKind::Path { steps: items, .. }
        | ShapeKind::Array(items)
        | ShapeKind::Block(items) => {
            items.iter().for_each(visit);
        }
        ShapeKind::Sort(terms) => terms.iter().for_each(|term| visit(&term.expression)),
        ShapeKind::Negate(operand) | ShapeKind::Bind(_, operand) => visit(operand),
        ShapeKind::Binary(_, pair) | ShapeKind::Apply(pair) => {
            visit(&pair.0);
            visit(&pair.1);
        }
        ShapeKind::Object(group) => for_each_pair(group, visit),
        ShapeKind::Condition(branches) => {
            visit(&branches.0);
            visit(&branches.1);
            branches.2.iter().for_each(visit);
        }
        ShapeKind::Call(procedure, arguments) | ShapeKind::Partial(procedure, arguments) => {
            visit(procedure);
            arguments.iter().for_each(visit);
        }
        ShapeKind::Lambda { body, .. } => visit(body),
        ShapeKind::Transform {
            pattern,
            update,
            delete,
        } => {
            visit(pattern);
            visit(update);
            if let Some(delete) = delete {
                visit(delete);
            }
        }
    }
}
