//! Reads fields of a definition and keeps every finding: nothing stops at the first fault.
//!
//! A reading function gives `None` where the field is absent and where it is wrong; in the second case a
//! finding is kept, so that nothing is ever run of it.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use passo_expr::QueryLanguage;

use super::fields::{FieldRule, Languages};
use super::place::Place;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{Mapping, Node, Span};

/// The state of reading one definition.
pub(crate) struct Reader<'t> {
    /// The text that the tree was read from, to point into strings.
    pub(crate) text: &'t str,
    /// Whether `${…}`, tags and template functions may stand for values that are put in later.
    pub(crate) substitutions: bool,
    /// The machine's own language.
    pub(crate) machine_language: QueryLanguage,
    /// The language of the state being read.
    pub(crate) language: QueryLanguage,
    /// What was found so far.
    pub(crate) findings: Vec<Diagnostic>,
    /// The variables that the state being read mentions.
    pub(crate) mentioned: BTreeSet<Arc<str>>,
}

/// The members of an object that is being read.
pub(crate) struct Fields<'f> {
    pub(crate) mapping: &'f Mapping,
    pub(crate) place: Place<'f>,
    pub(crate) span: Span,
}

/// One field.
pub(crate) struct Field<'f> {
    pub(crate) name: &'f str,
    pub(crate) node: &'f Node,
    pub(crate) place: Place<'f>,
}

impl<'f> Fields<'f> {
    /// The field `name`; the last one where the text repeats it.
    pub(crate) fn get<'g>(&'g self, name: &'g str) -> Option<Field<'g>> {
        self.mapping.get(name).map(|node| Field {
            name,
            node,
            place: self.place.key(name),
        })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.mapping.get(name).is_some()
    }
}

impl<'t> Reader<'t> {
    pub(crate) fn new(text: &'t str, substitutions: bool) -> Reader<'t> {
        Reader {
            text,
            substitutions,
            machine_language: QueryLanguage::JsonPath,
            language: QueryLanguage::JsonPath,
            findings: Vec::new(),
            mentioned: BTreeSet::new(),
        }
    }

    /// Keeps an error of the schema.
    pub(crate) fn error(&mut self, place: &Place<'_>, span: Span, message: impl Into<String>) {
        self.report(Code::SchemaValidationFailed, place, span, message);
    }

    /// Keeps an error.
    pub(crate) fn report(
        &mut self,
        code: Code,
        place: &Place<'_>,
        span: Span,
        message: impl Into<String>,
    ) {
        self.keep(
            Severity::Error,
            code,
            place.to_string(),
            span,
            message.into(),
        );
    }

    /// Keeps a warning.
    pub(crate) fn warn(
        &mut self,
        code: Code,
        place: &Place<'_>,
        span: Span,
        message: impl Into<String>,
    ) {
        let location = place.to_string();
        self.keep(Severity::Warning, code, location, span, message.into());
    }

    pub(crate) fn keep(
        &mut self,
        severity: Severity,
        code: Code,
        location: String,
        span: Span,
        message: String,
    ) {
        self.findings.push(Diagnostic {
            severity,
            code,
            message,
            location: Some(location),
            span,
            help: None,
        });
    }

    /// Adds a hint to the finding that was kept last.
    pub(crate) fn help(&mut self, help: impl Into<String>) {
        if let Some(last) = self.findings.last_mut() {
            last.help = Some(help.into());
        }
    }

    /// The object at `node`, its fields checked against `rules`.
    pub(crate) fn object<'f>(
        &mut self,
        node: &'f Node,
        place: Place<'f>,
        rules: &[FieldRule],
        language: QueryLanguage,
    ) -> Option<Fields<'f>> {
        let fields = self.plain_object(node, place)?;
        self.check_fields(&fields, rules, language);
        Some(fields)
    }

    /// The object at `node`, whatever its fields.
    pub(crate) fn plain_object<'f>(
        &mut self,
        node: &'f Node,
        place: Place<'f>,
    ) -> Option<Fields<'f>> {
        self.refuse_tag(node, &place);
        let Some(mapping) = node.as_object() else {
            self.error(&place, node.span, "Expected value of type Object");
            return None;
        };
        self.warn_of_repeated_keys(mapping, &place);
        Some(Fields {
            mapping,
            place,
            span: node.span,
        })
    }

    /// Of repeated keys only the last one counts, which is seldom meant.
    pub(crate) fn warn_of_repeated_keys(&mut self, mapping: &Mapping, place: &Place<'_>) {
        let mut seen = BTreeSet::new();
        for entry in mapping.iter().rev() {
            let key = &*entry.key.text;
            if !seen.insert(key) {
                let message = format!("The key '{key}' is repeated; the last one counts");
                self.warn(Code::DuplicateKey, &place.key(key), entry.key.span, message);
            }
        }
    }

    /// Refuses fields that `rules` do not name, and fields of the other language.
    pub(crate) fn check_fields(
        &mut self,
        fields: &Fields<'_>,
        rules: &[FieldRule],
        language: QueryLanguage,
    ) {
        for entry in fields.mapping {
            let name = &*entry.key.text;
            let rule = rules.iter().find(|(known, _)| *known == name);
            match rule {
                None => {
                    let message = format!("Field '{name}' is not supported");
                    self.error(&fields.place, entry.key.span, message);
                    if let Some(known) = closest(name, rules) {
                        self.help(format!("did you mean '{known}'?"));
                    }
                }
                Some((_, Languages::Only(only))) if *only != language => {
                    let (language, only) = (language.name(), only.name());
                    let message = format!(
                        "The QueryLanguage is set to '{language}', but field '{name}' is only \
                         supported for the '{only}' QueryLanguage"
                    );
                    self.error(&fields.place, entry.key.span, message);
                }
                Some(_) => {}
            }
        }
    }

    /// Reports the fields of `names` that are absent; tells whether all are there.
    pub(crate) fn require(&mut self, fields: &Fields<'_>, names: &[&str]) -> bool {
        let missing: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| !fields.has(name))
            .collect();
        if missing.is_empty() {
            return true;
        }
        let message = format!("These fields are required: [{}]", missing.join(", "));
        self.error(&fields.place, fields.span, message);
        false
    }

    /// Reports when more than one of `names` is there.
    pub(crate) fn at_most_one(&mut self, fields: &Fields<'_>, names: &[&str]) {
        let present = names.iter().filter(|name| fields.has(name)).count();
        if present > 1 {
            let message = format!(
                "Only one of these fields is allowed: [{}]",
                names.join(", ")
            );
            self.error(&fields.place, fields.span, message);
        }
    }

    /// Reports when not exactly one of `names` is there.
    pub(crate) fn exactly_one(&mut self, fields: &Fields<'_>, names: &[&str]) {
        if names.iter().any(|name| fields.has(name)) {
            self.at_most_one(fields, names);
        } else {
            let message = format!("One of these fields is required: [{}]", names.join(", "));
            self.error(&fields.place, fields.span, message);
        }
    }

    /// Whether the value is put in later, so that nothing can be said of it: `${…}`, a YAML tag such as
    /// `!GetAtt`, or its JSON form.
    pub(crate) fn is_substituted(&self, node: &Node) -> bool {
        let function = |members: &Mapping| {
            let mut keys = members.iter().map(|entry| &*entry.key.text);
            let is_function = |key: &str| key == "Ref" || key.starts_with("Fn::");
            members.len() == 1 && keys.next().is_some_and(is_function)
        };
        self.substitutions
            && (node.tag.is_some()
                || node.as_str().is_some_and(|text| text.contains("${"))
                || node.as_object().is_some_and(function))
    }

    /// A literal field that looks like a path was meant to be its `…Path` form; JSONata has none.
    pub(crate) fn warn_of_path(&mut self, field: &Field<'_>) {
        let text = field.node.as_str();
        if self.language == QueryLanguage::Jsonata && text.is_some() {
            self.help("an expression stands between '{%' and '%}'");
        } else if text.is_some_and(looks_like_path) {
            let message = format!(
                "The value of the field '{}' looks like a path, but the field name does not end with 'Path'",
                field.name
            );
            self.warn(Code::NoPath, &field.place, field.node.span, message);
        }
    }

    /// Refuses a YAML tag, unless it stands for a value that is put in later.
    pub(crate) fn refuse_tag(&mut self, node: &Node, place: &Place<'_>) {
        if let Some(tag) = node.tag.as_ref().filter(|_| !self.substitutions) {
            let message = format!("The YAML tag '{tag}' is not allowed in a definition");
            self.error(place, node.span, message);
        }
    }

    /// The piece of a string value that starts at `offset` within it; the whole value where escapes make
    /// the two differ.
    pub(crate) fn within(&self, node: &Node, offset: usize) -> Span {
        let at = node.span.start.saturating_add(1).saturating_add(offset);
        if self.is_plain(node) && at < node.span.end {
            return Span::new(at, node.span.end.saturating_sub(1).max(at));
        }
        node.span
    }

    /// The token of a string value that ends at `offset` within it; the whole value where escapes make
    /// the two differ.
    pub(crate) fn token(&self, node: &Node, offset: usize) -> Span {
        let before = node.as_str().and_then(|value| value.get(..offset));
        let Some(before) = before.filter(|_| self.is_plain(node)) else {
            return node.span;
        };
        let trimmed = before.trim_end();
        if trimmed.is_empty() {
            return node.span;
        }
        let word = |character: char| character.is_alphanumeric() || "_$".contains(character);
        let mut start = trimmed.trim_end_matches(word).len();
        if start == trimmed.len() {
            // No word, so a sign: its last character.
            start = trimmed.char_indices().next_back().map_or(0, |(at, _)| at);
        }
        let first = node.span.start.saturating_add(1);
        Span::new(
            first.saturating_add(start),
            first.saturating_add(trimmed.len()),
        )
    }

    /// Whether the text of a string value is its value within quotes, so that offsets agree.
    fn is_plain(&self, node: &Node) -> bool {
        let written = node.span.slice(self.text);
        let inner = written.get(1..written.len().saturating_sub(1));
        inner.is_some() && inner == node.as_str()
    }
}

/// Whether a text reads like a path into the input or the context object.
pub(crate) fn looks_like_path(text: &str) -> bool {
    text == "$"
        || text == "$$"
        || ["$.", "$[", "$$."]
            .iter()
            .any(|start| text.starts_with(start))
}

/// The known field that a misspelt one was probably meant to be.
fn closest(name: &str, rules: &[FieldRule]) -> Option<&'static str> {
    let known = rules.iter().map(|(known, _)| *known);
    known.into_iter().find(|known| similar(known, name))
}

/// Whether two names differ in case only, or in one character that was added, left out or mistaken.
pub(crate) fn similar(left: &str, right: &str) -> bool {
    let characters = |text: &str| -> Vec<char> { text.to_lowercase().chars().collect() };
    let (left, right) = (characters(left), characters(right));
    let same_start = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let rest = |text: &[char], skip: usize| text.iter().skip(skip).copied().collect::<String>();
    match left.len().cmp(&right.len()) {
        Ordering::Equal => rest(&left, same_start + 1) == rest(&right, same_start + 1),
        Ordering::Less => rest(&left, same_start) == rest(&right, same_start + 1),
        Ordering::Greater => rest(&left, same_start + 1) == rest(&right, same_start),
    }
}
