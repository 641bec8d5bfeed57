//! `States.Format(template, …)`: the template with each `{}` replaced by an argument.
//!
//! Lists and objects print as Java's collections do, `[1, a]` and `{key=value}`: recorded on AWS.

use std::sync::Arc;

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Levels that are printed in Java's form; what is deeper prints as JSON.
const DEPTH_MAX: u32 = 1000;

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let template = arguments.string(0)?;
    let split: Vec<Arc<str>>;
    let pieces = match arguments.pieces(0) {
        Some(pieces) => pieces,
        None => {
            split = template.split("{}").map(Arc::from).collect();
            &split
        }
    };
    let places = pieces.len().saturating_sub(1);
    let given = arguments.values.len().saturating_sub(1);
    if places != given {
        return Err(format!(
            "The template has {places} places but {given} arguments were given"
        ));
    }
    let mut text = String::new();
    for (piece, argument) in pieces.iter().zip(arguments.all().skip(1)) {
        text.push_str(piece);
        write_java(argument, DEPTH_MAX, &mut text);
    }
    text.extend(pieces.last().map(|piece| &**piece));
    Ok(Json::from(text))
}

/// Appends what Java's `toString` yields. Recursion ends after so many levels.
fn write_java(value: &Json, levels: u32, text: &mut String) {
    match value {
        Json::String(string) => text.push_str(string),
        Json::Array(items) if levels > 0 => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ", " });
                write_java(item, levels - 1, text);
            }
            text.push(']');
        }
        Json::Object(members) if levels > 0 => {
            text.push('{');
            for (at, (key, member)) in members.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ", " });
                text.push_str(key);
                text.push('=');
                write_java(member, levels - 1, text);
            }
            text.push('}');
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            value.write_text(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn fills_the_places() {
        check(
            "States.Format('Hello {}, {}!', $.a, 1)",
            r#"{"a":"x"}"#,
            r#""Hello x, 1!""#,
        );
        check("States.Format('{}{}', null, 1.10)", "{}", r#""null1.1""#);
        check(r"States.Format('\{\} {}', true)", "{}", r#""{} true""#);
        check("States.Format($.t, 1)", r#"{"t":"n={}"}"#, r#""n=1""#);
        check("States.Format('a{b}')", "{}", r#""a{b}""#);
        check(
            "States.Format('{}', $)",
            r#"{"a":[1,"b",null],"c":{}}"#,
            r#""{a=[1, b, null], c={}}""#,
        );
        check("States.Format('{}', $.s)", r#"{"s":"{}"}"#, r#""{}""#);
    }

    #[test]
    fn wants_one_argument_for_each_place() {
        check(
            "States.Format('{}')",
            "{}",
            "! The template has 1 places but 0 arguments were given",
        );
        check(
            "States.Format('', 1)",
            "{}",
            "! The template has 0 places but 1 arguments were given",
        );
    }
}
