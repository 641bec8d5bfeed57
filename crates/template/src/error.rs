//! What is wrong with a template, and where.

use std::fmt;

use passo_asl::source::{Node, SourceError, Span};

/// A fault in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// Where in the text.
    pub span: Span,
    /// What is wrong, in lower case without a full stop.
    pub message: String,
}

impl TemplateError {
    pub(crate) fn at(node: &Node, message: impl Into<String>) -> TemplateError {
        TemplateError::over(node.span, message)
    }

    pub(crate) fn over(span: Span, message: impl Into<String>) -> TemplateError {
        TemplateError {
            span,
            message: message.into(),
        }
    }
}

impl From<SourceError> for TemplateError {
    fn from(error: SourceError) -> TemplateError {
        TemplateError::over(error.span, error.message)
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TemplateError {}
