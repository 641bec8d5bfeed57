//! How numbers leave a JSONata expression.
//!
//! AWS's engine knows 64-bit integers and doubles, and writes a whole double without a fraction: `1.0` becomes
//! `1`, and an integer beyond 64 bits becomes a double. Measured on AWS by users of another emulator.

use passo_json::{Json, Number};

/// Levels that are looked into; what is deeper stays as it is.
const DEPTH_MAX: u32 = 1000;

/// The value with its numbers as AWS writes them. What needs no change is shared, not copied.
pub(super) fn written(value: Json) -> Json {
    if value.depth() > DEPTH_MAX || !changes(&value) {
        return value;
    }
    rewritten(&value)
}

fn changes(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(_) | Json::String(_) => false,
        Json::Number(number) => rewritten_number(number).is_some(),
        Json::Array(items) => items.iter().any(changes),
        Json::Object(members) => members.values().any(changes),
    }
}

fn rewritten(value: &Json) -> Json {
    match value {
        Json::Null | Json::Bool(_) | Json::String(_) => value.clone(),
        Json::Number(number) => rewritten_number(number).map_or_else(|| value.clone(), Json::from),
        Json::Array(items) => Json::Array(items.iter().map(rewritten).collect()),
        Json::Object(members) => Json::Object(
            members
                .iter()
                .map(|(key, member)| (key.clone(), rewritten(member)))
                .collect(),
        ),
    }
}

fn rewritten_number(number: &Number) -> Option<Number> {
    match number {
        Number::Int(_) => None,
        Number::Big(_) => Number::from_f64(number.as_f64()),
        Number::Float(double) => {
            let fits = double.fract() == 0.0 && double.abs() < 9_223_372_036_854_775_808.0;
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 64 bits")]
            fits.then_some(Number::Int(*double as i64))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(written(Json::parse(text).unwrap()).to_text(), expect);
    }

    #[test]
    fn whole_doubles_lose_their_fraction() {
        check("1.0", "1");
        check("-0.0", "0");
        check("1e2", "100");
        check("1.5", "1.5");
        check("9223372036854775807", "9223372036854775807");
        check("9223372036854775808", "9.223372036854776E18");
        check(
            r#"{"a":[1.0,"1.0",{"b":2.50}],"c":null}"#,
            r#"{"a":[1,"1.0",{"b":2.5}],"c":null}"#,
        );
    }
}
