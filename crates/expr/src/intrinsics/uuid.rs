//! `States.UUID()`: a version 4 UUID.

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
#[expect(clippy::unnecessary_wraps, reason = "the table wants one shape")]
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    Ok(Json::from(arguments.environment.entropy.uuid_v4()))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn is_a_uuid() {
        check(
            "States.ArrayLength(States.StringSplit(States.UUID(), '-'))",
            "{}",
            "5",
        );
    }
}
