//! One state: what every type has.

use std::collections::BTreeSet;
use std::sync::Arc;

use passo_expr::QueryLanguage;

use super::fields;
use super::place::Place;
use super::reader::{Field, Fields, Reader};
use super::{Kind, Label, Map, Resource, Scope, StateType};
use crate::diagnostic::Code;
use crate::source::{Entry, Span};

/// A state as it was written.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) name: Arc<str>,
    /// Where its name stands.
    pub(crate) name_span: Span,
    /// `/States/Name`, with the scopes around it.
    pub(crate) location: String,
    pub(crate) query_language: QueryLanguage,
    /// Its own fields; none where they are too wrong to make sense of.
    pub(crate) kind: Option<Kind>,
    /// Every transition that it has.
    pub(crate) targets: Vec<Target>,
    /// Whether its scope may end here.
    pub(crate) terminal: bool,
    /// Branches, or the processor of a Map.
    pub(crate) scopes: Vec<Scope>,
    /// Variables that it assigns in its own scope.
    pub(crate) assigned: Vec<Assigned>,
    /// Variables that its expressions mention.
    pub(crate) mentioned: BTreeSet<Arc<str>>,
    /// A Task's resource.
    pub(crate) resource: Option<Resource>,
    /// A Map's label.
    pub(crate) label: Option<Label>,
}

/// A transition and where it is written.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) name: Arc<str>,
    pub(crate) location: String,
    pub(crate) span: Span,
}

/// A variable and where it is assigned.
#[derive(Clone, Debug)]
pub(crate) struct Assigned {
    pub(crate) name: Arc<str>,
    pub(crate) location: String,
    pub(crate) span: Span,
}

/// `Next` or `End`.
#[derive(Clone, Debug)]
pub(crate) enum Next {
    State(Arc<str>),
    End,
}

/// What a state is made of while it is read.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) targets: Vec<Target>,
    pub(crate) assigned: Vec<Assigned>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) resource: Option<Resource>,
    pub(crate) label: Option<Label>,
    pub(crate) terminal: bool,
}

impl State {
    /// Reads the member of `States`; `depth` counts the scopes around it.
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        entry: &Entry,
        states: Place<'_>,
        depth: usize,
    ) -> State {
        let outer = std::mem::take(&mut reader.mentioned);
        let outer_language = reader.language;
        let place = states.key(&entry.key.text);
        let mut parts = Parts::default();
        let mut query_language = reader.machine_language;
        let kind = reader.plain_object(&entry.value, place).and_then(|fields| {
            query_language = language(reader, &fields);
            reader.language = query_language;
            let state_type = state_type(reader, &fields)?;
            reader.check_fields(&fields, fields::of_state(state_type), query_language);
            if let Some(comment) = fields.get("Comment") {
                reader.string(&comment);
            }
            read_kind(
                reader,
                &fields,
                state_type,
                query_language,
                &mut parts,
                depth,
            )
        });
        reader.language = outer_language;
        State {
            name: Arc::clone(&entry.key.text),
            name_span: entry.key.span,
            location: place.to_string(),
            query_language,
            kind,
            targets: parts.targets,
            terminal: parts.terminal,
            scopes: parts.scopes,
            assigned: parts.assigned,
            mentioned: std::mem::replace(&mut reader.mentioned, outer),
            resource: parts.resource,
            label: parts.label,
        }
    }
}

fn read_kind(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    state_type: StateType,
    language: QueryLanguage,
    parts: &mut Parts,
    depth: usize,
) -> Option<Kind> {
    use super::{Choice, Parallel, Pass, Task, Wait};
    use crate::program::{Fail, Succeed};
    Some(match state_type {
        StateType::Task => Kind::Task(Box::new(Task::read(reader, fields, language, parts)?)),
        StateType::Pass => Kind::Pass(Box::new(Pass::read(reader, fields, language, parts)?)),
        StateType::Choice => Kind::Choice(Box::new(Choice::read(reader, fields, language, parts)?)),
        StateType::Wait => Kind::Wait(Box::new(Wait::read(reader, fields, language, parts)?)),
        StateType::Succeed => {
            parts.terminal = true;
            Kind::Succeed(Box::new(Succeed::read(reader, fields, language)))
        }
        StateType::Fail => {
            parts.terminal = true;
            Kind::Fail(Box::new(Fail::read(reader, fields, language)))
        }
        StateType::Parallel => Kind::Parallel(Box::new(Parallel::read(
            reader, fields, language, parts, depth,
        )?)),
        StateType::Map => Kind::Map(Box::new(Map::read(reader, fields, language, parts, depth)?)),
    })
}

/// `QueryLanguage`, or the machine's. Scopes hand nothing down: measured on AWS, a state in a Map's
/// processor has the machine's language, whatever the Map says.
fn language(reader: &mut Reader<'_>, fields: &Fields<'_>) -> QueryLanguage {
    let Some(field) = fields.get("QueryLanguage") else {
        return reader.machine_language;
    };
    let own = reader.query_language(&field);
    if own == QueryLanguage::JsonPath && reader.machine_language == QueryLanguage::Jsonata {
        let message =
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
        reader.error(&fields.place, field.node.span, message);
    }
    own
}

fn state_type(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<StateType> {
    if !reader.require(fields, &["Type"]) {
        return None;
    }
    let field = fields.get("Type")?;
    StateType::from_name(reader.word(&field, &StateType::NAMES)?)
}

impl Reader<'_> {
    /// A field `QueryLanguage`. Measured on AWS: what is not exactly `JSONPath` counts as JSONata, beside
    /// the error that it is.
    pub(crate) fn query_language(&mut self, field: &Field<'_>) -> QueryLanguage {
        match self.word(field, &["JSONPath", "JSONata"]) {
            Some("JSONPath") => QueryLanguage::JsonPath,
            _ => QueryLanguage::Jsonata,
        }
    }

    /// `Next` or `End` of a state that has exactly one of them.
    pub(crate) fn next(&mut self, fields: &Fields<'_>, parts: &mut Parts) -> Option<Next> {
        let end = fields.get("End").and_then(|field| {
            let value = self.boolean(&field)?;
            if !value {
                self.error(
                    &field.place,
                    field.node.span,
                    "The field 'End' should be true",
                );
            }
            Some(value)
        });
        self.exactly_one(fields, &["Next", "End"]);
        parts.terminal |= end == Some(true);
        match fields.get("Next") {
            Some(field) => self.target(&field, parts).map(Next::State),
            None => end.map(|_| Next::End),
        }
    }

    /// A field that names a state.
    pub(crate) fn target(&mut self, field: &Field<'_>, parts: &mut Parts) -> Option<Arc<str>> {
        let name = self.string(field)?;
        parts.targets.push(Target {
            name: Arc::clone(&name),
            location: field.place.to_string(),
            span: field.node.span,
        });
        Some(name)
    }

    /// The keys of an `Assign`: names of variables, in JSONPath perhaps with `.$`.
    pub(crate) fn assigned(
        &mut self,
        field: &Field<'_>,
        language: QueryLanguage,
        parts: &mut Parts,
    ) {
        let Some(mapping) = field.node.as_object() else {
            self.error(
                &field.place,
                field.node.span,
                "Expected value of type Object",
            );
            return;
        };
        for entry in mapping {
            let written = &*entry.key.text;
            let name = match language {
                QueryLanguage::JsonPath => written.strip_suffix(".$").unwrap_or(written),
                QueryLanguage::Jsonata => written,
            };
            let place = field.place.key(written);
            if let Some(fault) = variable_name_fault(name) {
                self.report(Code::SchemaValidationFailed, &place, entry.key.span, fault);
                continue;
            }
            parts.assigned.push(Assigned {
                name: Arc::from(name),
                location: place.to_string(),
                span: entry.key.span,
            });
        }
    }
}

/// Why `name` cannot be a variable.
///
/// Source: Developer Guide, "Workflow variables": a Unicode identifier of at most 80 characters.
fn variable_name_fault(name: &str) -> Option<String> {
    if name == "states" {
        return Some("The variable name 'states' is reserved".to_owned());
    }
    if name.chars().count() > 80 {
        return Some(format!(
            "The variable name '{name}' is longer than 80 characters"
        ));
    }
    let mut characters = name.chars();
    let starts = |character: char| character.is_alphabetic() || character == '_';
    let goes_on = |character: char| character.is_alphanumeric() || character == '_';
    let legal = characters.next().is_some_and(starts) && characters.all(goes_on);
    (!legal).then(|| format!("'{name}' is not a valid variable name"))
}
