//! Text as a tree that remembers where everything stands: JSON and YAML, for diagnostics with positions.
//!
//! Knows nothing of states: templates (CloudFormation, SAM) are read with it too. Start at [`read`].
//! Depth, size and the growth through YAML aliases are bounded by [`SourceLimits`].

mod json;
mod json_fault;
mod lines;
mod node;
mod scalar;
mod yaml;
mod yaml_text;

pub use json_fault::{JsonFault, json_fault};
pub use lines::{LineIndex, Position};
pub use node::{Entry, Key, Mapping, Node, NodeKind, Span};
pub use yaml_text::to_yaml;

use std::fmt;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON (RFC 8259).
    Json,
    /// YAML 1.2, core schema, one document.
    Yaml,
}

/// What a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceLimits {
    /// Bytes at most.
    pub bytes: usize,
    /// Levels of nesting at most.
    pub depth: u32,
    /// Values at most, those that YAML aliases repeat counted each time.
    pub nodes: usize,
}

impl Default for SourceLimits {
    /// The size of a definition at AWS (1 MB, Developer Guide, "Quotas"), 400 levels, 500,000 values.
    fn default() -> SourceLimits {
        SourceLimits {
            bytes: 1 << 20,
            depth: 400,
            nodes: 500_000,
        }
    }
}

/// Why a text is not a tree, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    /// Where in the text.
    pub span: Span,
    /// What kind of fault.
    pub kind: SourceErrorKind,
    /// What is wrong, for people.
    pub message: String,
}

/// The kinds of fault that callers treat differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceErrorKind {
    /// The text breaks the grammar of its format.
    Syntax,
    /// More bytes than allowed.
    TooLong,
    /// More levels than allowed.
    TooDeep,
    /// More values than allowed.
    TooMany,
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SourceError {}

impl SourceError {
    fn new(span: Span, kind: SourceErrorKind, message: impl Into<String>) -> SourceError {
        SourceError {
            span,
            kind,
            message: message.into(),
        }
    }
}

/// Reads `text` into a tree.
///
/// # Errors
/// The first fault of grammar, or the first limit that is passed. A YAML text must hold one document; a
/// mapping key must be a scalar.
pub fn read(text: &str, format: Format, limits: SourceLimits) -> Result<Node, SourceError> {
    if text.len() > limits.bytes {
        let message = format!("more than {} bytes", limits.bytes);
        let span = Span::new(limits.bytes, text.len());
        return Err(SourceError::new(span, SourceErrorKind::TooLong, message));
    }
    match format {
        Format::Json => json::read(text, limits),
        Format::Yaml => yaml::read(text, limits),
    }
}
