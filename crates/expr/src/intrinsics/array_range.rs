//! `States.ArrayRange(first, last, step)`: numbers from first to last, both included.

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    const ITEMS_MAX: i128 = 1000;
    let (first, last, step) = (
        arguments.integer(0)?,
        arguments.integer(1)?,
        arguments.integer(2)?,
    );
    if step == 0 {
        return Err("The step of a range must not be 0".to_owned());
    }
    let distance = i128::from(last) - i128::from(first);
    let steps = distance / i128::from(step);
    if distance != 0 && (distance < 0) != (step < 0) {
        return Ok(Json::from(Vec::new()));
    }
    if steps >= ITEMS_MAX {
        return Err(format!("A range has at most {ITEMS_MAX} items"));
    }
    let mut items = Vec::new();
    let mut next = first;
    for _ in 0..=steps {
        items.push(Json::from(next));
        next = next.saturating_add(step);
    }
    Ok(Json::from(items))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn includes_its_end() {
        check("States.ArrayRange(0, 9, 3)", "{}", "[0,3,6,9]");
        check("States.ArrayRange(0, 10, 3)", "{}", "[0,3,6,9]");
        check("States.ArrayRange(1, 9, 9)", "{}", "[1]");
        check("States.ArrayRange(3, 1, -1)", "{}", "[3,2,1]");
        check("States.ArrayRange(1, 3, -1)", "{}", "[]");
        check("States.ArrayRange(0.5, 2.4, 1)", "{}", "[1,2]");
        check(
            "States.ArrayRange(1, 2, 0)",
            "{}",
            "! The step of a range must not be 0",
        );
        check(
            "States.ArrayRange(0, 1000, 1)",
            "{}",
            "! A range has at most 1000 items",
        );
        check(
            "States.ArrayLength(States.ArrayRange(1, 1000, 1))",
            "{}",
            "1000",
        );
        check(
            "States.ArrayRange(-9223372036854775808, 9223372036854775807, 9223372036854775807)",
            "{}",
            "[-9223372036854775808,-1,9223372036854775806]",
        );
    }
}
