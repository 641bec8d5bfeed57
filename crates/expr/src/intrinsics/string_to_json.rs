//! `States.StringToJson(text)`: the value that a JSON text denotes.

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let text = arguments.string(0)?;
    Json::parse(text).map_err(|error| format!("The text is not valid JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn parses_text() {
        check(
            "States.StringToJson($.a)",
            r#"{"a":"{\"b\": [1, 2.50]}"}"#,
            r#"{"b":[1,2.5]}"#,
        );
        check("States.StringToJson('null')", "{}", "null");
        check(
            "States.StringToJson(1)",
            "{}",
            "! Argument 1 must be of type string but was number",
        );
    }
}
