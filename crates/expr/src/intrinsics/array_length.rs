//! `States.ArrayLength(list)`: the number of items.

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let items = arguments.array(0)?;
    Ok(Json::from(i64::try_from(items.len()).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn counts_items() {
        check("States.ArrayLength($)", "[1,[2,3]]", "2");
        check(
            "States.ArrayLength($)",
            r#""ab""#,
            "! Argument 1 must be of type array but was string",
        );
    }
}
