//! `States.Array(…)`: a list of the arguments.

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    Ok(Json::from(arguments.all().cloned().collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn lists_its_arguments() {
        check("States.Array()", "{}", "[]");
        check(
            "States.Array('a', 1, $.b)",
            r#"{"b":{"c":null}}"#,
            r#"["a",1,{"c":null}]"#,
        );
    }
}
