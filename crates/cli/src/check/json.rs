//! Findings for programs: one JSON object.

use passo_asl::Severity;
use passo_json::{Json, ObjectBuilder};

use super::Outcome;

/// The whole answer.
pub(super) fn tell(outcome: &Outcome) -> String {
    let findings: Vec<Json> = outcome
        .each()
        .map(|(definition, finding)| {
            let diagnostic = &finding.diagnostic;
            let mut told = ObjectBuilder::new();
            told.insert("file", definition.path.as_str());
            told.insert("line", number(finding.start.line));
            told.insert("column", number(finding.start.column));
            told.insert("endLine", number(finding.end.line));
            told.insert("endColumn", number(finding.end.column));
            told.insert("severity", severity(diagnostic.severity));
            told.insert("code", diagnostic.code.as_str());
            told.insert("message", diagnostic.message.as_str());
            told.insert_some("location", diagnostic.location.as_deref());
            told.insert_some("help", diagnostic.help.as_deref());
            Json::Object(told.build())
        })
        .collect();
    let mut told = ObjectBuilder::new();
    told.insert("definitions", number(outcome.definitions.len()));
    told.insert("errors", number(outcome.errors()));
    told.insert("warnings", number(outcome.warnings()));
    told.insert("findings", findings);
    let mut text = Json::Object(told.build()).to_pretty();
    text.push('\n');
    text
}

/// A count as JSON.
pub(super) fn number(count: usize) -> Json {
    Json::from(i64::try_from(count).unwrap_or(i64::MAX))
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
    }
}
