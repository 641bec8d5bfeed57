//! `States.ArrayGetItem(list, index)`: the item at an index, counted from 0.

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let items = arguments.array(0)?;
    let index = arguments.integer(1)?;
    usize::try_from(index)
        .ok()
        .and_then(|at| items.get(at))
        .cloned()
        .ok_or_else(|| {
            format!(
                "Index {index} is out of bounds for a length of {}",
                items.len()
            )
        })
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn takes_one_item() {
        check("States.ArrayGetItem($, 1)", "[1,2,3]", "2");
        check(
            "States.ArrayGetItem($, 3)",
            "[1,2,3]",
            "! Index 3 is out of bounds for a length of 3",
        );
        check(
            "States.ArrayGetItem($, -1)",
            "[1,2,3]",
            "! Index -1 is out of bounds for a length of 3",
        );
    }
}
