//! Findings for code scanning: SARIF 2.1.0.
//!
//! Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".

use std::collections::BTreeSet;

use passo_asl::Severity;
use passo_json::{Json, ObjectBuilder, json};

use super::Outcome;
use super::files::Definition;
use super::finding::Finding;
use super::json::number;

/// The whole answer.
pub(super) fn tell(outcome: &Outcome) -> String {
    let results: Vec<Json> = outcome
        .each()
        .map(|(definition, finding)| result(definition, finding))
        .collect();
    let codes: BTreeSet<&str> = outcome
        .findings
        .iter()
        .map(|finding| finding.diagnostic.code.as_str())
        .collect();
    let rules: Vec<Json> = codes
        .into_iter()
        .map(|code| json!({ "id": code }))
        .collect();
    let report = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "passo", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results
        }]
    });
    let mut text = report.to_pretty();
    text.push('\n');
    text
}

fn result(definition: &Definition, finding: &Finding) -> Json {
    let diagnostic = &finding.diagnostic;
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        message.push_str(&format!(" ({help})"));
    }
    let region = json!({
        "startLine": number(finding.start.line),
        "startColumn": number(finding.start.column),
        "endLine": number(finding.end.line),
        "endColumn": number(finding.end.column)
    });
    let mut place = ObjectBuilder::new();
    place.insert(
        "physicalLocation",
        json!({ "artifactLocation": { "uri": uri(&definition.path) }, "region": region }),
    );
    if let Some(location) = &diagnostic.location {
        let name = json!([{ "fullyQualifiedName": location.as_str() }]);
        place.insert("logicalLocations", name);
    }
    let place = Json::Object(place.build());
    json!({
        "ruleId": diagnostic.code.as_str(),
        "level": level,
        "message": { "text": message },
        "locations": [place]
    })
}

/// A path as a relative reference of RFC 3986.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'\\' => uri.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
