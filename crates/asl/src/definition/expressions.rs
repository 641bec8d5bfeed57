//! Paths, templates and expressions of a definition, compiled where they stand.

use passo_expr::{
    Expression, Path, PathExpression, QueryLanguage, ReferencePath, StatesMember, StatesUse,
    SyntaxError, SyntaxErrorKind,
};

use super::place::Place;
use super::reader::{Field, Reader};
use crate::diagnostic::{Code, Severity};
use crate::program::{Scalar, Text};
use crate::source::Node;

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
            Ok(None) => {
                self.warn_of_missing_delimiters(text, node, place);
                return Some(None);
            }
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

    /// A mention of `$states` in a plain string was meant to be evaluated.
    fn warn_of_missing_delimiters(&mut self, text: &str, node: &Node, place: &Place<'_>) {
        let members = ["input", "context", "result", "errorOutput"];
        let member = text
            .strip_prefix("$states.")
            .and_then(|rest| rest.split('.').next());
        if member.is_some_and(|member| members.contains(&member)) {
            let message =
                format!("The text '{text}' is not evaluated: it is not a JSONata expression");
            self.warn(Code::NotAnExpression, place, node.span, message);
            self.help(format!("write {{% {text} %}}"));
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
