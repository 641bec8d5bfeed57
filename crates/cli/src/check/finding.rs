//! A finding with its place in lines and columns.

use std::borrow::Cow;

use passo_asl::source::{LineIndex, Position};
use passo_asl::{CompileOptions, Diagnostic, Format};

use super::files::Definition;
use super::placeholders;

/// A diagnostic of one file.
#[derive(Debug)]
pub(super) struct Finding {
    /// The number of the definition.
    pub(super) file: usize,
    pub(super) diagnostic: Diagnostic,
    pub(super) start: Position,
    /// Just after the last character.
    pub(super) end: Position,
}

/// Everything that is wrong with a definition, in the order of its text.
pub(super) fn of(file: usize, definition: &Definition, options: &CompileOptions) -> Vec<Finding> {
    let text = &definition.text;
    let lines = LineIndex::new(text);
    let options = CompileOptions {
        workflow_type: definition.workflow_type.unwrap_or(options.workflow_type),
        ..options.clone()
    };
    let mut diagnostics = match &definition.part {
        Some(part) => passo_asl::validate_node(text, part, &options),
        None => {
            let text = match definition.format {
                Format::Json => placeholders::quoted(text),
                Format::Yaml => Cow::Borrowed(&**text),
            };
            passo_asl::validate(&text, definition.format, &options)
        }
    };
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    let placed = diagnostics.into_iter().map(|diagnostic| Finding {
        file,
        start: lines.position(text, diagnostic.span.start),
        end: lines.position(text, diagnostic.span.end),
        diagnostic,
    });
    placed.collect()
}
