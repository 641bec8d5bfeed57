//! Paths, templates and expressions of a definition, compiled where they stand.

use passo_expr::{
    Expression, Path, PathExpression, QueryLanguage, ReferencePath, StatesMember, StatesUse,
    SyntaxError, SyntaxErrorKind, Template,
};

use super::place::Place;
use super::reader::{Field, Reader, looks_like_path};
use crate::diagnostic::{Code, Severity};
use crate::program::{Scalar, Text};
use crate::source::{Node, NodeKind, Span};

/// What `$states` has where an expression stands.
///
/// Source: Developer Guide, "Transforming data" and "Workflow variables".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum States {
    /// `input` and `context`.
    Input,
    /// `result` as well: `Assign` and `Output` of Task, Parallel and Map.
    Result,
    /// `errorOutput` as well: `Assign` and `Output` of a catcher.
    ErrorOutput,
}

impl States {
    fn has(self, member: &StatesMember) -> bool {
        match member {
            StatesMember::Whole | StatesMember::Input | StatesMember::Context => true,
            StatesMember::Result => self == States::Result,
            StatesMember::ErrorOutput => self == States::ErrorOutput,
            StatesMember::Unknown(_) => false,
        }
    }
}

fn member_name(member: &StatesMember) -> &str {
    match member {
        StatesMember::Whole => "",
        StatesMember::Input => "input",
        StatesMember::Context => "context",
        StatesMember::Result => "result",
        StatesMember::ErrorOutput => "errorOutput",
        StatesMember::Unknown(name) => name,
    }
}

impl Reader<'_> {
    /// A path to read: `InputPath`, `ItemsPath`, `TimeoutSecondsPath` ….
    pub(crate) fn path(&mut self, field: &Field<'_>) -> Option<Path> {
        let text = self.string(field)?;
        match Path::parse(&text) {
            Ok(path) => {
                self.mention(path.variables());
                Some(path)
            }
            Err(error) => {
                let span = self.within(field.node, error.offset);
                self.error(&field.place, span, "Value must be a valid JSONPath.");
                self.help(error.message);
                None
            }
        }
    }

    /// The path of `Variable` and of a comparison's `…Path` operand.
    pub(crate) fn compared_path(&mut self, field: &Field<'_>) -> Option<Path> {
        let text = self.string(field)?;
        match Path::parse(&text) {
            Ok(path) => {
                self.mention(path.variables());
                Some(path)
            }
            Err(error) => {
                self.not_a_reference_path(field, &text, &error);
                None
            }
        }
    }

    /// A path to write: `ResultPath`.
    pub(crate) fn reference_path(&mut self, field: &Field<'_>) -> Option<ReferencePath> {
        let text = self.string(field)?;
        match ReferencePath::parse(&text) {
            Ok(path) if path.is_input() => Some(path),
            Ok(_) => {
                let message = "Value is not a Reference Path: it must start at the state's input";
                self.error(&field.place, field.node.span, message);
                None
            }
            Err(error) => {
                self.not_a_reference_path(field, &text, &error);
                None
            }
        }
    }

    fn not_a_reference_path(&mut self, field: &Field<'_>, text: &str, error: &SyntaxError) {
        let detail = if text.starts_with('$') {
            error.message.as_str()
        } else {
            "Reference path didn't start with '$'"
        };
        let span = self.within(field.node, error.offset);
        let message = format!("Value is not a Reference Path: {detail}");
        self.error(&field.place, span, message);
    }

    /// `ErrorPath` and `CausePath`: a path or an intrinsic function.
    pub(crate) fn path_or_intrinsic(&mut self, field: &Field<'_>) -> Option<Text> {
        let text = self.string(field)?;
        match PathExpression::parse(&text) {
            Ok(expression) => {
                self.mention(expression.variables());
                Some(match expression {
                    PathExpression::Path(path) => Text::Path(path),
                    PathExpression::Intrinsic(intrinsic) => Text::Intrinsic(intrinsic),
                })
            }
            Err(error) => {
                let span = self.within(field.node, error.offset);
                let message = "Value must be a valid JSONPath or a valid intrinsic function call";
                self.error(&field.place, span, message);
                self.help(error.message);
                None
            }
        }
    }

    /// A string of a JSONata state: an expression, or `None` for a plain string.
    ///
    /// The outer `None` is a fault that is kept.
    pub(crate) fn delimited(
        &mut self,
        node: &Node,
        place: &Place<'_>,
        states: States,
    ) -> Option<Option<Expression>> {
        let text = node.as_str()?;
        if self.is_substituted(node) {
            return None;
        }
        let source = match Expression::delimited(text) {
            Ok(Some(source)) => source,
            Ok(None) => return Some(None),
            Err(error) => {
                self.invalid_expression(node, place.to_string(), &error, 0);
                return None;
            }
        };
        let before = text.find(source).unwrap_or(0);
        match Expression::parse(source) {
            Ok(expression) => {
                self.mention(expression.variables());
                for used in expression.states_uses() {
                    self.check_states_use(used, states, node, place.to_string());
                }
                Some(Some(expression))
            }
            Err(error) => {
                self.invalid_expression(node, place.to_string(), &error, before);
                None
            }
        }
    }

    fn invalid_expression(
        &mut self,
        node: &Node,
        location: String,
        error: &SyntaxError,
        before: usize,
    ) {
        let code = match error.kind {
            SyntaxErrorKind::Invalid => Code::InvalidJsonataExpression,
            SyntaxErrorKind::Unsupported => Code::UnsupportedJsonataExpression,
        };
        let span = self.token(node, before.saturating_add(error.offset));
        self.keep(Severity::Error, code, location, span, error.message.clone());
    }

    fn check_states_use(
        &mut self,
        used: &StatesUse,
        states: States,
        node: &Node,
        location: String,
    ) {
        if states.has(&used.member) {
            return;
        }
        let text = node.as_str().unwrap_or_default();
        let before = Expression::delimited(text)
            .ok()
            .flatten()
            .and_then(|source| text.find(source))
            .unwrap_or(0);
        let span = self.token(node, before.saturating_add(used.offset));
        let message = format!(
            "Field '$states.{}' does not exist.",
            member_name(&used.member)
        );
        let code = Code::UnsupportedJsonataExpression;
        self.keep(Severity::Error, code, location, span, message);
    }

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
                for member in members {
                    let place = place.key(&member.key.text);
                    self.check_jsonata_template(&member.value, &place, states);
                }
            }
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => {}
        }
    }

    /// A whole number as literal, or in JSONata as expression.
    pub(crate) fn integer_or_expression(
        &mut self,
        field: &Field<'_>,
        language: QueryLanguage,
        least: u64,
        most: u64,
    ) -> Option<Scalar<u64>> {
        match self.scalar_expression(field, language)? {
            Some(expression) => Some(Scalar::Expression(expression)),
            None => self.integer(field, least, most).map(Scalar::Literal),
        }
    }

    /// A number as literal, or in JSONata as expression.
    pub(crate) fn number_or_expression(
        &mut self,
        field: &Field<'_>,
        language: QueryLanguage,
        least: f64,
        most: f64,
    ) -> Option<Scalar<f64>> {
        match self.scalar_expression(field, language)? {
            Some(expression) => Some(Scalar::Expression(expression)),
            None => self.number(field, least, most).map(Scalar::Literal),
        }
    }

    /// The expression that a scalar field holds, `Some(None)` where it holds something else.
    pub(crate) fn scalar_expression(
        &mut self,
        field: &Field<'_>,
        language: QueryLanguage,
    ) -> Option<Option<Expression>> {
        if language == QueryLanguage::Jsonata && field.node.as_str().is_some() {
            return self.delimited(field.node, &field.place, States::Input);
        }
        Some(None)
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

    /// Remembers the variables that the state mentions.
    pub(crate) fn mention(&mut self, names: &[std::sync::Arc<str>]) {
        self.mentioned.extend(names.iter().cloned());
    }

    pub(crate) fn has_errors_since(&self, before: usize) -> bool {
        let new = self.findings.iter().skip(before);
        new.into_iter()
            .any(|finding| finding.severity == Severity::Error)
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
