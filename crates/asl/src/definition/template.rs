//! Payload templates of a definition: every value in them is checked, then the whole is compiled.

use passo_expr::{PathExpression, QueryLanguage, Template};

use super::expressions::States;
use super::place::Place;
use super::reader::{Field, Reader, looks_like_path};
use crate::diagnostic::{Code, Severity};
use crate::source::{Node, NodeKind, Span};

impl Reader<'_> {
    /// A template of either language, as written in `field`.
    pub(crate) fn template(
        &mut self,
        field: &Field<'_>,
        language: QueryLanguage,
        states: States,
    ) -> Option<Template> {
        let before = self.findings.len();
        match language {
            QueryLanguage::JsonPath => self.check_json_path_template(field.node, &field.place),
            QueryLanguage::Jsonata => self.check_jsonata_template(field.node, &field.place, states),
        }
        let incomplete = self.substitutions && self.has_substitutions(field.node);
        if incomplete || self.has_errors_since(before) {
            return None;
        }
        match Template::compile(language, &field.node.to_json()) {
            Ok(template) => Some(template),
            Err(error) => {
                let location = field.place.pointer(&error.pointer);
                let span = at_pointer(field.node, &error.pointer);
                let code = match language {
                    QueryLanguage::JsonPath => Code::SchemaValidationFailed,
                    QueryLanguage::Jsonata => Code::InvalidJsonataExpression,
                };
                self.keep(Severity::Error, code, location, span, error.message);
                None
            }
        }
    }

    fn check_json_path_template(&mut self, node: &Node, place: &Place<'_>) {
        self.refuse_tag(node, place);
        match &node.kind {
            NodeKind::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.check_json_path_template(item, &place.index(index));
                }
            }
            NodeKind::Object(members) => {
                self.warn_of_repeated_keys(members, place);
                for member in members {
                    let key = &*member.key.text;
                    if key.ends_with(".$") {
                        self.check_dynamic(key, &member.value, place);
                    } else {
                        self.warn_of_missing_dollar(key, &member.value, place);
                        self.check_json_path_template(&member.value, &place.key(key));
                    }
                }
            }
            _ => {}
        }
    }

    /// The value behind a key that ends in `.$`; AWS tells the place of the object around it.
    fn check_dynamic(&mut self, key: &str, value: &Node, place: &Place<'_>) {
        if self.is_substituted(value) {
            return;
        }
        let error = match value.as_str().map(PathExpression::parse) {
            Some(Ok(expression)) => {
                self.mention(expression.variables());
                return;
            }
            Some(Err(error)) => Some(error),
            None => None,
        };
        let offset = error.as_ref().map_or(0, |error| error.offset);
        let span = self.within(value, offset);
        let message = format!(
            "The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call"
        );
        self.error(place, span, message);
        if let Some(error) = error {
            self.help(error.message);
        }
    }

    fn warn_of_missing_dollar(&mut self, key: &str, value: &Node, place: &Place<'_>) {
        let dynamic = |text: &str| {
            looks_like_path(text) || (text.starts_with("States.") && text.ends_with(')'))
        };
        if value.as_str().is_some_and(dynamic) {
            let message = format!(
                "The value of the field '{key}' looks like a path or an intrinsic function call, but the \
                 field name does not end with '.$'"
            );
            self.warn(Code::NoDollar, &place.key(key), value.span, message);
        }
    }

    fn check_jsonata_template(&mut self, node: &Node, place: &Place<'_>, states: States) {
        self.refuse_tag(node, place);
        match &node.kind {
            NodeKind::String(_) => {
                self.delimited(node, place, states);
            }
            NodeKind::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.check_jsonata_template(item, &place.index(index), states);
                }
            }
            NodeKind::Object(members) => {
                self.warn_of_repeated_keys(members, place);
                for member in members {
                    let place = place.key(&member.key.text);
                    self.check_jsonata_template(&member.value, &place, states);
                }
            }
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => {}
        }
    }

    /// Whether some value within is put in later.
    fn has_substitutions(&self, node: &Node) -> bool {
        self.is_substituted(node)
            || match &node.kind {
                NodeKind::Array(items) => items.iter().any(|item| self.has_substitutions(item)),
                NodeKind::Object(members) => {
                    let mut values = members.iter().map(|member| &member.value);
                    values.any(|value| self.has_substitutions(value))
                }
                _ => false,
            }
    }
}

/// Where the value stands that a JSON Pointer names; the innermost one that exists.
fn at_pointer(node: &Node, pointer: &str) -> Span {
    let mut at = node;
    for step in pointer.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        let inner = match &at.kind {
            NodeKind::Object(members) => members.get(&name),
            NodeKind::Array(items) => name.parse().ok().and_then(|index: usize| items.get(index)),
            _ => None,
        };
        match inner {
            Some(inner) => at = inner,
            None => break,
        }
    }
    at.span
}
