//! Definitions as JSON or YAML, in one form.

use passo_asl::source::{SourceLimits, read};
use passo_asl::{Format, formatted};
use passo_json::{Json, json};

use super::Refusal;

/// Answers `{"definition", "format"}` with `{"text"}`.
pub(super) fn answer(body: &Json) -> Result<Json, Refusal> {
    let text = body.get("definition").and_then(Json::as_str);
    let text = text.ok_or_else(|| Refusal::invalid("`definition` must be a text"))?;
    let written = match text.trim_start().starts_with('{') {
        true => Format::Json,
        false => Format::Yaml,
    };
    let wanted = match body.get("format").and_then(Json::as_str) {
        Some("json") => Format::Json,
        Some("yaml") => Format::Yaml,
        Some(_) | None => return Err(Refusal::invalid("`format` is neither json nor yaml")),
    };
    let node = read(text, written, SourceLimits::default()).map_err(|error| {
        let before = text.get(..error.span.start).unwrap_or_default();
        let line = before.matches('\n').count().saturating_add(1);
        Refusal::invalid(format!("line {line}: {}", error.message))
    })?;
    let definition = node.to_json();
    if definition.as_object().is_none() {
        return Err(Refusal::invalid("a definition is an object"));
    }
    Ok(json!({"text": formatted(&definition, wanted)}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(definition: &str, format: &str, expect: &str) {
        let body = json!({"definition": definition, "format": format});
        let text = match answer(&body) {
            Ok(answer) => answer.to_text(),
            Err(refusal) => format!("{refusal:?}"),
        };
        assert!(text.contains(expect), "{definition}: {text}");
    }

    #[test]
    fn both_forms_and_what_is_wrong() {
        check(
            r#"{"States": {}, "StartAt": "A"}"#,
            "yaml",
            r"StartAt: A\nStates: {}",
        );
        check(
            "States: {}\nStartAt: A # first\n",
            "json",
            r#"\"StartAt\": \"A\",\n  \"States\""#,
        );
        check("StartAt: A\nb: [\n", "json", "line ");
        check("- 1", "json", "a definition is an object");
        check("{}", "xml", "neither json nor yaml");
    }
}
