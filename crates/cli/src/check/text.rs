//! Findings for people: message, place, and the line at fault.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::Outcome;
use super::files::Definition;
use super::finding::Finding;

/// Findings that are shown of one check; the rest is only counted.
const MOST_SHOWN: usize = 200;

/// The whole answer.
pub(super) fn tell(outcome: &Outcome) -> String {
    let mut told = findings(outcome);
    told.push_str(&summary(outcome));
    told
}

/// The findings, without a summary.
pub(super) fn findings(outcome: &Outcome) -> String {
    let mut told = String::new();
    for (definition, finding) in outcome.each().take(MOST_SHOWN) {
        told.push_str(&show(definition, finding));
        told.push_str("\n\n");
    }
    let hidden = outcome.findings.len().saturating_sub(MOST_SHOWN);
    if hidden > 0 {
        told.push_str(&format!("… and {hidden} more\n\n"));
    }
    told
}

fn summary(outcome: &Outcome) -> String {
    let files = counted(outcome.definitions.len(), "definition");
    let (errors, warnings) = (outcome.errors(), outcome.warnings());
    let found = match (errors, warnings) {
        (0, 0) => "no problem found".to_owned(),
        (0, warnings) => counted(warnings, "warning"),
        (errors, 0) => counted(errors, "error"),
        (errors, warnings) => format!(
            "{}, {}",
            counted(errors, "error"),
            counted(warnings, "warning")
        ),
    };
    format!("{files} checked: {found}\n")
}

fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

fn show(definition: &Definition, finding: &Finding) -> String {
    let diagnostic = &finding.diagnostic;
    let level = if diagnostic.is_error() {
        Level::ERROR
    } else {
        Level::WARNING
    };
    // What AWS's parser of JSON says repeats the text, which is shown anyway.
    let message = diagnostic.message.lines().next().unwrap_or_default();
    let title = level.primary_title(message).id(diagnostic.code.as_str());
    let text = &definition.text;
    let (line, columns) = first_line(text, diagnostic.span.start, diagnostic.span.end);
    let mut annotation = AnnotationKind::Primary.span(columns);
    let location = diagnostic.location.as_deref();
    // The place within the definition, not the one that repeats the text.
    if let Some(location) = location.filter(|location| location.starts_with('/')) {
        annotation = annotation.label(location);
    }
    let snippet = Snippet::source(line)
        .line_start(finding.start.line)
        .path(&definition.path)
        .annotation(annotation);
    let mut group = title.element(snippet);
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    Renderer::styled().render(&[group])
}

/// The line on which `start..end` begins, and which bytes of it are meant.
fn first_line(text: &str, start: usize, end: usize) -> (&str, std::ops::Range<usize>) {
    let start = start.min(text.len());
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let rest = text.get(line_start..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default();
    let first = start.saturating_sub(line_start).min(line.len());
    let last = end.saturating_sub(line_start).clamp(first, line.len());
    (line, first..last)
}
