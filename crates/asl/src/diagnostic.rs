//! What is wrong with a definition, and how the API says it.

use std::fmt;

use crate::source::Span;

/// One finding of validation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether the definition can be used in spite of it.
    pub severity: Severity,
    /// What kind of finding.
    pub code: Code,
    /// What is wrong, in AWS's words where they are known.
    pub message: String,
    /// Where, as AWS writes it: `/States/Check/Choices[0]/Next`. Absent where AWS gives no place.
    pub location: Option<String>,
    /// Where in the text, in bytes.
    pub span: Span,
    /// What to do about it, or the detail that AWS's words leave out.
    pub help: Option<String>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The definition works, but probably not as meant.
    Warning,
    /// The definition cannot be used.
    Error,
}

/// The kinds of finding.
///
/// Source: `ValidateStateMachineDefinitionDiagnostic` in the API reference; the two codes of JSONata
/// are answered by AWS but not listed there. [`Code::is_ours`] tells the ones that AWS does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// The text is not JSON, or not YAML.
    InvalidJsonDescription,
    /// There is no text.
    MissingDescription,
    /// A field is missing, unknown, or holds what it must not.
    SchemaValidationFailed,
    /// A Task's `Resource` names nothing that can be called.
    InvalidResource,
    /// A scope never ends.
    MissingEndState,
    /// Two states of the machine share a name.
    DuplicateStateName,
    /// A state's name is too long or empty.
    InvalidStateName,
    /// Two Maps share a label.
    DuplicateLabelName,
    /// A label is too long or has a character that it must not have.
    InvalidLabelName,
    /// A transition leads to no state, or no transition leads to a state.
    MissingTransitionTarget,
    /// Scopes or conditions are nested too deeply.
    TooDeeplyNested,
    /// An expression is not JSONata.
    InvalidJsonataExpression,
    /// An expression reads what does not exist where it stands.
    UnsupportedJsonataExpression,
    /// A literal that looks like a path, under a key without `.$`.
    NoDollar,
    /// A literal that looks like a path, in a field that takes none.
    NoPath,
    /// A path in a Pass state's `Result`.
    PassResultIsStatic,
    /// A key is repeated in one object; only the last one counts.
    DuplicateKey,
    /// A text that reads `$states` but is no expression.
    NotAnExpression,
    /// A loop of states that is never entered.
    UnreachableState,
    /// A name beginning with `States.` that is no predefined error.
    UnknownErrorName,
}

impl Code {
    /// The code as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::InvalidJsonDescription => "INVALID_JSON_DESCRIPTION",
            Code::MissingDescription => "MISSING_DESCRIPTION",
            Code::SchemaValidationFailed => "SCHEMA_VALIDATION_FAILED",
            Code::InvalidResource => "INVALID_RESOURCE",
            Code::MissingEndState => "MISSING_END_STATE",
            Code::DuplicateStateName => "DUPLICATE_STATE_NAME",
            Code::InvalidStateName => "INVALID_STATE_NAME",
            Code::DuplicateLabelName => "DUPLICATE_LABEL_NAME",
            Code::InvalidLabelName => "INVALID_LABEL_NAME",
            Code::MissingTransitionTarget => "MISSING_TRANSITION_TARGET",
            Code::TooDeeplyNested => "TOO_DEEPLY_NESTED",
            Code::InvalidJsonataExpression => "INVALID_JSONATA_EXPRESSION",
            Code::UnsupportedJsonataExpression => "UNSUPPORTED_JSONATA_EXPRESSION",
            Code::NoDollar => "NO_DOLLAR",
            Code::NoPath => "NO_PATH",
            Code::PassResultIsStatic => "PASS_RESULT_IS_STATIC",
            Code::DuplicateKey => "DUPLICATE_KEY",
            Code::NotAnExpression => "NOT_AN_EXPRESSION",
            Code::UnreachableState => "UNREACHABLE_STATE",
            Code::UnknownErrorName => "UNKNOWN_ERROR_NAME",
        }
    }

    /// Whether AWS has no such code, so that an answer of the API should leave it out.
    pub fn is_ours(self) -> bool {
        matches!(
            self,
            Code::DuplicateKey
                | Code::NotAnExpression
                | Code::UnreachableState
                | Code::UnknownErrorName
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Diagnostic {
    /// Whether the definition cannot be used.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// `CODE: message at /place`, the way AWS tells a finding within an error's text.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A finding without a place reads "at null" at AWS.
        let location = self.location.as_deref().unwrap_or("null");
        write!(f, "{}: {} at {location}", self.code, self.message)
    }
}

/// The message of the API error `InvalidDefinition` for a definition with these findings; `definition`
/// is its text.
///
/// Source: recorded for missing fields, Express restrictions and labels. A wrong label is told in a form
/// of its own, which repeats the whole definition (recorded).
pub fn invalid_definition_message(diagnostics: &[Diagnostic], definition: &str) -> String {
    let errors = diagnostics.iter().filter(|finding| finding.is_error());
    let label = |finding: &&Diagnostic| finding.code == Code::InvalidLabelName;
    if let Some(finding) = errors.clone().find(label) {
        let argument = quoted_text(&finding.message);
        return format!("Error=ValueError Args=[{argument}] in definition '{definition}'.");
    }
    let told: Vec<String> = errors.map(Diagnostic::to_string).collect();
    format!("Invalid State Machine Definition: '{}'", told.join(", "))
}

/// A text within quotes, as the recorded label messages have it: single quotes unless the text itself
/// has single quotes and no double ones; what cannot be printed is escaped.
pub(crate) fn quoted_text(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut quoted = String::from(quote);
    for character in text.chars() {
        match character {
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            character if character == quote => {
                quoted.push('\\');
                quoted.push(character);
            }
            '\0'..='\u{1f}' | '\u{7f}'..='\u{a0}' | '\u{ad}' => {
                quoted.push_str(&format!("\\x{:02x}", u32::from(character)));
            }
            character => quoted.push(character),
        }
    }
    quoted.push(quote);
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(code: Code, message: &str, location: Option<&str>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            code,
            message: message.into(),
            location: location.map(Into::into),
            span: Span::default(),
            help: None,
        }
    }

    #[test]
    fn tells_every_error() {
        let findings = [
            finding(
                Code::MissingTransitionTarget,
                "Missing 'Next' target: B",
                Some("/States/A/Next"),
            ),
            finding(
                Code::MissingEndState,
                "Workflow has no terminal state",
                None,
            ),
        ];
        assert_eq!(
            invalid_definition_message(&findings, "{}"),
            "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: B at \
             /States/A/Next, MISSING_END_STATE: Workflow has no terminal state at null'"
        );
    }

    #[test]
    fn quotes_as_recorded() {
        for (text, expect) in [
            ("plain", "'plain'"),
            ("a ' b", "\"a ' b\""),
            ("'\"'", "'\\'\"\\''"),
            ("'\\x00'", "\"'\\\\x00'\""),
            ("\u{85}\t", "'\\x85\\t'"),
        ] {
            assert_eq!(quoted_text(text), expect);
        }
    }
}
