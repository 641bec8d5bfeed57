//! JSONPath as JSONata.

use passo_asl::Format;
use passo_asl::source::{SourceLimits, read};
use passo_convert::{Finding, Which, convert, convert_expression};
use passo_json::{Json, json};

use super::Refusal;

/// Bytes of an expression, as AWS takes them in a definition.
const EXPRESSION_BYTES_MAX: usize = 1 << 20;

/// Converts `{"definition", "state"}` or `{"expression"}`.
pub(super) fn answer(body: &Json) -> Result<Json, Refusal> {
    if let Some(expression) = body.get("expression") {
        let text = expression.as_str();
        let text = text.filter(|text| text.len() <= EXPRESSION_BYTES_MAX);
        let text = text.ok_or_else(|| Refusal::invalid("`expression` must be a text"))?;
        let converted = convert_expression(text);
        let expression = converted.expression.map_or(Json::Null, Json::from);
        return Ok(json!({"expression": expression, "findings": findings(&converted.findings)}));
    }
    let definition = match body.get("definition") {
        Some(Json::String(text)) => parsed(text)?,
        Some(definition @ Json::Object(_)) => definition.clone(),
        Some(_) | None => return Err(Refusal::invalid("`definition` is missing")),
    };
    let state = body.get("state").and_then(Json::as_str);
    let which = state.map_or(Which::All, |name| Which::State(name.to_owned()));
    let converted = convert(&definition, &which);
    if !converted.found {
        let name = state.unwrap_or_default();
        return Err(Refusal::invalid(format!("there is no state `{name}`")));
    }
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    Ok(json!({
        "definition": converted.definition,
        "converted": count(converted.converted),
        "left": count(converted.left),
        "findings": findings(&converted.findings)
    }))
}

/// JSON, or YAML, which JSON is.
fn parsed(text: &str) -> Result<Json, Refusal> {
    let format = match text.trim_start().starts_with('{') {
        true => Format::Json,
        false => Format::Yaml,
    };
    let node = read(text, format, SourceLimits::default());
    node.map(|node| node.to_json())
        .map_err(|error| Refusal::invalid(error.message))
}

fn findings(findings: &[Finding]) -> Json {
    let shown: Vec<Json> = findings
        .iter()
        .map(|finding| {
            json!({
                "severity": finding.severity.name(),
                "code": finding.code.name(),
                "location": finding.location.clone(),
                "message": finding.message.clone()
            })
        })
        .collect();
    Json::from(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expect: &str) {
        let text = match answer(&Json::parse(body).unwrap()) {
            Ok(answer) => answer.to_text(),
            Err(refusal) => format!("{refusal:?}"),
        };
        assert!(text.contains(expect), "{body}: {text}");
    }

    #[test]
    fn definitions_and_expressions() {
        let json = r#"{"definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$.a", "End": true}}}}"#;
        check(json, r#""Output":"{% $states.input.a %}""#);
        check(json, r#""converted":1,"left":0"#);
        let yaml =
            r#"{"definition": "StartAt: A\nStates:\n  A: {Type: Succeed, OutputPath: $..a}\n"}"#;
        check(yaml, r#""location":"/States/A/OutputPath""#);
        check(
            r#"{"expression": "$.a[0]"}"#,
            r#""expression":"$states.input.a[0]""#,
        );
        check(r#"{"expression": "$..a"}"#, r#""expression":null"#);
    }

    #[test]
    fn what_is_wrong_is_told() {
        check("{}", "`definition` is missing");
        check(r#"{"expression": 1}"#, "must be a text");
        check(r#"{"definition": "{"}"#, "invalid");
        check(
            r#"{"definition": {"States": {}}, "state": "X"}"#,
            "no state `X`",
        );
    }
}
