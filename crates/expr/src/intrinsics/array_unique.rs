//! `States.ArrayUnique(list)`: the list without repetitions; the first of equal items stays.

use std::collections::BTreeSet;

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let items = arguments.array(0)?;
    let mut seen = BTreeSet::new();
    let mut unique: Vec<Json> = Vec::new();
    for item in items.iter() {
        // Equal values may be written differently (1 and 1.0, other key orders): only scalars have a
        // text that stands for all of them.
        let is_new = match item {
            Json::Null | Json::Bool(_) | Json::String(_) => seen.insert(item.to_text()),
            Json::Number(number) => match number.as_i64() {
                Some(exact) => seen.insert(exact.to_string()),
                None => seen.insert(item.to_text()),
            },
            Json::Array(_) | Json::Object(_) => !unique.contains(item),
        };
        if is_new {
            unique.push(item.clone());
        }
    }
    Ok(Json::from(unique))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn keeps_the_first_of_equals() {
        check("States.ArrayUnique($)", "[1,2,1,1.0,3]", "[1,2,3]");
        check(
            "States.ArrayUnique($)",
            r#"["1",1,null,null,true,[1],[1],{"a":1,"b":2},{"b":2,"a":1}]"#,
            r#"["1",1,null,true,[1],{"a":1,"b":2}]"#,
        );
        check("States.ArrayUnique($)", "[]", "[]");
    }
}
