//! One expression, evaluated by the engine that runs workflows.

use passo_expr::{ContextObject, Environment, Expression, PathExpression, Scope, Variables};
use passo_json::{Json, Payload, json};
use passo_vocab::{Entropy, Timestamp};

use super::Refusal;

/// Bytes of an expression, as AWS takes them in a definition.
const EXPRESSION_BYTES_MAX: usize = 1 << 20;

/// Evaluates `{"expression", "language", "input", "context", "variables"}`; what goes wrong inside the expression is part of
/// the answer.
pub(super) fn answer(body: &Json, now: Timestamp, chance: u64) -> Result<Json, Refusal> {
    let expression = body.get("expression").and_then(Json::as_str);
    let expression = expression.ok_or_else(|| Refusal::invalid("`expression` is missing"))?;
    if expression.len() > EXPRESSION_BYTES_MAX {
        return Err(Refusal::invalid("the expression is too long"));
    }
    let member = |name: &str| body.get(name).cloned().unwrap_or_else(|| json!({}));
    let (input, context) = (
        Payload::from(member("input")),
        ContextObject::from_json(member("context")),
    );
    let environment = Environment {
        now,
        entropy: Entropy::from_seed(chance),
    };
    let variables = Variables::default();
    let scope = Scope::new(&input, &context, &variables, &environment);
    let source = expression.trim();
    let language = body.get("language").and_then(Json::as_str);
    Ok(match language.unwrap_or_else(|| language_of(source)) {
        "JSONata" => jsonata(source, &scope),
        "JSONPath" => jsonpath(source, &scope),
        other => {
            return Err(Refusal::invalid(format!(
                "`{other}` is neither JSONata nor JSONPath"
            )));
        }
    })
}

/// In a state, JSONata has no `$` or `$$` of its own, so these begin paths.
fn language_of(source: &str) -> &'static str {
    let path = ["$.", "$[", "$$.", "$$[", "States."];
    let is_path =
        path.iter().any(|start| source.starts_with(start)) || source == "$" || source == "$$";
    if is_path { "JSONPath" } else { "JSONata" }
}

fn jsonata(source: &str, scope: &Scope<'_>) -> Json {
    let inner = match Expression::delimited(source) {
        Ok(inner) => inner.unwrap_or(source),
        Err(error) => return wrong("JSONata", error.offset, &error.message),
    };
    match Expression::parse(inner) {
        Err(error) => wrong("JSONata", error.offset, &error.message),
        Ok(expression) => match expression.evaluate(scope, "expression") {
            Ok(result) => json!({"language": "JSONata", "result": result}),
            Err(failure) => json!({
                "language": "JSONata", "error": failure.error.as_str(), "message": failure.message
            }),
        },
    }
}

fn jsonpath(source: &str, scope: &Scope<'_>) -> Json {
    match PathExpression::parse(source) {
        Err(error) => wrong("JSONPath", error.offset, &error.message),
        Ok(expression) => match expression.evaluate(scope, "expression") {
            Ok(result) => json!({"language": "JSONPath", "result": result}),
            Err(failure) => json!({
                "language": "JSONPath", "error": failure.error.as_str(), "message": failure.message
            }),
        },
    }
}

fn wrong(language: &str, offset: usize, message: &str) -> Json {
    let position = i64::try_from(offset).unwrap_or(i64::MAX);
    json!({"language": language, "error": "SyntaxError", "message": message, "position": position})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expect: &str) {
        let answer = answer(&Json::parse(body).unwrap(), Timestamp::default(), 7);
        let text = answer.unwrap().to_text();
        assert!(text.contains(expect), "{body}: {text}");
    }

    #[test]
    fn both_languages_are_evaluated() {
        check(
            r#"{"expression": "{% $states.input.a + 1 %}", "input": {"a": 2}}"#,
            r#""result":3"#,
        );
        check(
            r#"{"expression": "$states.input.a", "input": {"a": [1]}}"#,
            r#""result":[1]"#,
        );
        check(
            r#"{"expression": "$.a.b", "input": {"a": {"b": "x"}}}"#,
            r#""result":"x""#,
        );
        check(
            r#"{"expression": "States.Format('{}!', $.a)", "input": {"a": 1}}"#,
            r#""result":"1!""#,
        );
    }

    #[test]
    fn what_is_wrong_is_told() {
        check(r#"{"expression": "{% 1 + %}"}"#, "SyntaxError");
        check(r#"{"expression": "$.a.b", "input": {}}"#, "States.");
        check(
            r#"{"expression": "{% $error('no') %}"}"#,
            "States.QueryEvaluationError",
        );
        assert!(answer(&json!({}), Timestamp::default(), 0).is_err());
        assert!(
            answer(
                &json!({"expression": "1", "language": "SQL"}),
                Timestamp::default(),
                0
            )
            .is_err()
        );
    }
}
