//! `States.JsonToString(value)`: the compact JSON text of a value.

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    Ok(Json::from(arguments.at(0).to_text()))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn prints_compactly() {
        check("States.JsonToString($)", "null", r#""null""#);
        check("States.JsonToString($)", "1.1", r#""1.1""#);
        check(
            "States.JsonToString($)",
            r#"{"Arg1": 1, "Arg2": []}"#,
            r#""{\"Arg1\":1,\"Arg2\":[]}""#,
        );
        check("States.JsonToString('a')", "{}", r#""\"a\"""#);
    }
}
