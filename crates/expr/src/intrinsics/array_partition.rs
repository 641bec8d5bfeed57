//! `States.ArrayPartition(list, size)`: the list in pieces of that size; the last may be shorter.

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let items = arguments.small_array(0)?;
    let size = arguments.integer(1)?;
    let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) else {
        return Err(format!(
            "The size of a chunk must be positive but was {size}"
        ));
    };
    let chunks = items.chunks(size).map(|chunk| Json::from(chunk.to_vec()));
    Ok(Json::from(chunks.collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn splits_lists() {
        check("States.ArrayPartition($, 1)", "[]", "[]");
        check("States.ArrayPartition($, 3)", "[0,1,2,3]", "[[0,1,2],[3]]");
        check("States.ArrayPartition($, 5)", "[0,1]", "[[0,1]]");
        check("States.ArrayPartition($, 1.5)", "[0,1]", "[[0,1]]");
        check(
            "States.ArrayPartition($, 0)",
            "[0]",
            "! The size of a chunk must be positive but was 0",
        );
    }
}
