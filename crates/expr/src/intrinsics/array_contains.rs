//! `States.ArrayContains(list, value)`: whether the list has the value.

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let items = arguments.small_array(0)?;
    Ok(Json::from(items.contains(arguments.at(1))))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn compares_whole_values() {
        check("States.ArrayContains($, null)", "[]", "false");
        check("States.ArrayContains($, 2)", "[[1], 2]", "true");
        check("States.ArrayContains($, $[0])", "[[1, 2], 2]", "true");
        check(
            "States.ArrayContains($, $[0])",
            r#"[{"1": 2, "2": []}]"#,
            "true",
        );
        check("States.ArrayContains($, false)", "[true]", "false");
        check("States.ArrayContains($, 2.0)", "[2]", "true");
        check(
            "States.ArrayContains($.a, 1)",
            r#"{"a":{}}"#,
            "! Argument 1 must be of type array but was object",
        );
    }
}
