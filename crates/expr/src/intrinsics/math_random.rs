//! `States.MathRandom(low, high[, seed])`: a whole number from low up to, without, high.

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};
use crate::java_random::JavaRandom;

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let (low, high) = (arguments.int(0)?, arguments.int(1)?);
    let width = i64::from(high) - i64::from(low);
    let Some(width) = u32::try_from(width).ok().filter(|width| *width > 0) else {
        return Err(format!(
            "The end of the range ({high}) must be greater than its start ({low})"
        ));
    };
    let drawn = match arguments.has(2) {
        true => u64::from(JavaRandom::from_seed(arguments.integer(2)?).next_below(width)),
        false => arguments.environment.entropy.below(width.into()),
    };
    Ok(Json::from(i64::from(low).saturating_add_unsigned(drawn)))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn stays_in_the_range() {
        check("States.MathRandom(5, 6)", "{}", "5");
        check("States.MathRandom(-3, -2)", "{}", "-3");
        check("States.MathRandom(0, 100, 42)", "{}", "30");
        check(
            "States.MathRandom(5, 5)",
            "{}",
            "! The end of the range (5) must be greater than its start (5)",
        );
    }
}
