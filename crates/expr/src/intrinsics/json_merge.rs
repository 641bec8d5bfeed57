//! `States.JsonMerge(first, second, false)`: both objects in one; the second wins. Deep merging does not exist.

use std::sync::Arc;

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let (first, second) = (arguments.object(0)?, arguments.object(1)?);
    if arguments.boolean(2)? {
        return Err("Deep merging of objects is not supported".to_owned());
    }
    let merged = second.iter().fold(first.clone(), |merged, (key, value)| {
        merged.with(Arc::clone(key), value.clone())
    });
    Ok(Json::Object(merged))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn the_second_object_wins() {
        check(
            "States.JsonMerge($.a, $.b, false)",
            r#"{"a":{"x":{"p":1},"y":2,"z":3},"b":{"x":{"q":1},"w":3,"z":4}}"#,
            r#"{"x":{"q":1},"y":2,"z":4,"w":3}"#,
        );
        check(
            "States.JsonMerge($, $, true)",
            "{}",
            "! Deep merging of objects is not supported",
        );
        check(
            "States.JsonMerge($, 1, false)",
            "{}",
            "! Argument 2 must be of type object but was number",
        );
    }
}
