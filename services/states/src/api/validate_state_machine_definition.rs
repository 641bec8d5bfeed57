//! `ValidateStateMachineDefinition`

use passo_asl::{CompileOptions, Diagnostic, Format, Severity, validate};
use passo_json::{Json, ObjectBuilder, json};
use passo_service::Fault;

use crate::model::type_from_name;
use crate::quotas::PAGE_DEFAULT;
use crate::request::Request;
use crate::service::StepFunctions;

pub(crate) fn answer(_: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let options = CompileOptions {
        workflow_type: type_from_name(request.text("type")),
        ..CompileOptions::default()
    };
    let wants_warnings = request.text("severity") == Some("WARNING");
    let findings = validate(request.required_text("definition"), Format::Json, &options);
    let is_wrong = findings.iter().any(Diagnostic::is_error);
    let mut told: Vec<Json> = findings
        .iter()
        .filter(|finding| !finding.code.is_ours() && (finding.is_error() || wants_warnings))
        .map(shown)
        .collect();
    let limit = match request.integer("maxResults").map(usize::try_from) {
        None | Some(Ok(0) | Err(_)) => PAGE_DEFAULT,
        Some(Ok(limit)) => limit,
    };
    let is_truncated = told.len() > limit;
    told.truncate(limit);
    Ok(json!({
        "result": if is_wrong { "FAIL" } else { "OK" },
        "diagnostics": told,
        "truncated": is_truncated
    }))
}

fn shown(finding: &Diagnostic) -> Json {
    let severity = match finding.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
    };
    let mut diagnostic = ObjectBuilder::new();
    diagnostic
        .insert("severity", severity)
        .insert("code", finding.code.as_str())
        .insert("message", finding.message.clone())
        .insert_some("location", finding.location.clone());
    Json::Object(diagnostic.build())
}
