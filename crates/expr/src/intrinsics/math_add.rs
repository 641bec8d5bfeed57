//! `States.MathAdd(a, b)`: the sum of two whole numbers within the range of Java's int.

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let (left, right) = (arguments.int(0)?, arguments.int(1)?);
    Ok(Json::from(i64::from(left) + i64::from(right)))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn adds_rounded_numbers() {
        check("States.MathAdd(1, -3)", "{}", "-2");
        check("States.MathAdd(1.5, 1.4)", "{}", "3");
        check("States.MathAdd(-1.5, 0)", "{}", "-1");
        check("States.MathAdd(2147483647, 1)", "{}", "2147483648");
        check(
            "States.MathAdd(2147483648, 1)",
            "{}",
            "! Argument 1 is out of range: 2147483648",
        );
        check(
            "States.MathAdd('1', 1)",
            "{}",
            "! Argument 1 must be of type number but was string",
        );
    }
}
