//! A `States` block and where it starts: the machine itself, a branch, a Map's processor.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::State;
use super::place::Place;
use super::reader::{Fields, Reader};
use super::state::Target;
use crate::diagnostic::Code;
use crate::source::{Entry, Span};

/// Scopes within each other at most; deeper ones are refused, so that nothing recurses without bound.
pub(crate) const MOST_SCOPES: usize = 48;

/// A scope as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    /// Where it stands.
    pub(crate) span: Span,
    /// `StartAt`.
    pub(crate) start: Option<Target>,
    /// Its states in order; of a repeated name the last one.
    pub(crate) states: Vec<State>,
}

impl Scope {
    /// Reads `StartAt` and `States` of the object; `depth` counts the scopes around it.
    pub(crate) fn read(reader: &mut Reader<'_>, fields: &Fields<'_>, depth: usize) -> Scope {
        if let Some(comment) = fields.get("Comment") {
            reader.string(&comment);
        }
        reader.require(fields, &["States", "StartAt"]);
        let start = fields.get("StartAt").and_then(|field| {
            let name = reader.string(&field)?;
            Some(Target {
                name,
                location: field.place.to_string(),
                span: field.node.span,
            })
        });
        Scope {
            span: fields.span,
            start,
            states: read_states(reader, fields, depth),
        }
    }
}

fn read_states(reader: &mut Reader<'_>, fields: &Fields<'_>, depth: usize) -> Vec<State> {
    let Some(field) = fields.get("States") else {
        return Vec::new();
    };
    if depth >= MOST_SCOPES {
        let message = format!("States are nested more than {MOST_SCOPES} levels deep");
        reader.report(
            Code::TooDeeplyNested,
            &field.place,
            field.node.span,
            message,
        );
        return Vec::new();
    }
    let Some(states) = reader.plain_object(field.node, field.place) else {
        return Vec::new();
    };
    if states.mapping.is_empty() {
        reader.error(&field.place, field.node.span, "Value cannot be empty");
    }
    let mut seen = BTreeSet::new();
    let is_last = |entry: &&Entry| seen.insert(Arc::clone(&entry.key.text));
    let mut entries: Vec<&Entry> = states.mapping.iter().rev().filter(is_last).collect();
    entries.reverse();
    let mut read = Vec::with_capacity(entries.len());
    for entry in entries {
        check_name(reader, &entry.key.text, entry.key.span, &states.place);
        read.push(State::read(reader, entry, states.place, depth));
    }
    read
}

/// Source: Developer Guide, "State machine structure": at most 80 characters.
fn check_name(reader: &mut Reader<'_>, name: &str, span: Span, states: &Place<'_>) {
    let fault = match name.chars().count() {
        0 => "State name cannot be empty".to_owned(),
        1..=80 => return,
        _ => format!("State name is longer than 80 characters: {name}"),
    };
    reader.report(Code::InvalidStateName, &states.key(name), span, fault);
}
