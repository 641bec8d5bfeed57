//! What a rule of a `Choice` asks, in a few characters.

use std::fmt::Write;

use passo_json::{Json, Object};

/// Characters of a label at most.
const CHARACTERS_MAX: usize = 26;
/// Rules inside of rules that are read.
const DEPTH_MAX: u32 = 8;

/// The words for a rule; empty where it says nothing.
pub(crate) fn label_of(rule: &Object) -> String {
    let mut text = String::new();
    write(rule, DEPTH_MAX, &mut text);
    shorten(&text)
}

/// At most so many characters as a label has.
pub(crate) fn shorten(text: &str) -> String {
    shortened(text, CHARACTERS_MAX)
}

/// A text without what would break its line.
pub(crate) fn in_one_line(text: &str) -> String {
    let is_odd = |character: char| character.is_control();
    text.replace(is_odd, " ")
}

/// A text that is cut where it is longer than `characters`, in one line.
pub(crate) fn shortened(text: &str, characters: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().take(characters).collect();
    let text = words.join(" ");
    if text.chars().count() <= characters {
        return text;
    }
    let mut cut: String = text.chars().take(characters.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

fn write(rule: &Object, depth: u32, out: &mut String) {
    // What is longer is cut in the end.
    if depth == 0 || out.len() > 4 * CHARACTERS_MAX {
        return;
    }
    if let Some(condition) = rule.get("Condition").and_then(Json::as_str) {
        let inner = condition.trim();
        let inner = inner.strip_prefix("{%").unwrap_or(inner);
        let inner = inner.strip_suffix("%}").unwrap_or(inner);
        out.push_str(&inner.trim().replace("$states.input.", ""));
        return;
    }
    for (member, word) in [("And", " and "), ("Or", " or ")] {
        if let Some(rules) = rule.get(member).and_then(Json::as_array) {
            for (index, inner) in rules.iter().filter_map(Json::as_object).enumerate() {
                if index > 0 {
                    out.push_str(word);
                }
                write(inner, depth - 1, out);
            }
            return;
        }
    }
    if let Some(inner) = rule.get("Not").and_then(Json::as_object) {
        out.push_str("not ");
        write(inner, depth - 1, out);
        return;
    }
    comparison(rule, out);
}

fn comparison(rule: &Object, out: &mut String) {
    let variable = rule.get("Variable").and_then(Json::as_str);
    let variable = variable.unwrap_or_default();
    out.push_str(variable.strip_prefix("$.").unwrap_or(variable));
    let is_other = |name: &str| {
        !matches!(
            name,
            "Next" | "Variable" | "Comment" | "Assign" | "Output" | "And" | "Or" | "Not"
        )
    };
    let Some((name, operand)) = rule.iter().find(|(name, _)| is_other(name)) else {
        return;
    };
    // Writing to a string does not fail.
    let _ = write!(out, " {} ", operator(name));
    match operand {
        Json::String(text) => out.push_str(text),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            out.push_str(&operand.to_text());
        }
    }
}

fn operator(comparison: &str) -> String {
    if let Some(kind) = comparison.strip_prefix("Is") {
        return format!("is {}", kind.to_lowercase());
    }
    let types = ["String", "Numeric", "Boolean", "Timestamp"];
    let bare = types
        .iter()
        .find_map(|kind| comparison.strip_prefix(kind))
        .unwrap_or(comparison);
    match bare.strip_suffix("Path").unwrap_or(bare) {
        "Equals" => "=".to_owned(),
        "LessThan" => "<".to_owned(),
        "GreaterThan" => ">".to_owned(),
        "LessThanEquals" => "≤".to_owned(),
        "GreaterThanEquals" => "≥".to_owned(),
        "Matches" => "~".to_owned(),
        _ => comparison.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_told_in_a_few_characters() {
        for (rule, expect) in [
            (
                r#"{"Condition": "{% $states.input.total > 5000 %}"}"#,
                "total > 5000",
            ),
            (
                r#"{"Variable": "$.total", "NumericGreaterThanEquals": 3, "Next": "x"}"#,
                "total ≥ 3",
            ),
            (
                r#"{"Variable": "$.name", "StringEquals": "Ana"}"#,
                "name = Ana",
            ),
            (
                r#"{"Variable": "$.a", "IsPresent": true}"#,
                "a is present true",
            ),
            (
                r#"{"Not": {"Variable": "$.ok", "BooleanEquals": true}}"#,
                "not ok = true",
            ),
            (
                r#"{"And": [{"Variable": "$.a", "NumericEquals": 1}, {"Variable": "$.b", "NumericEquals": 2}]}"#,
                "a = 1 and b = 2",
            ),
            (
                r#"{"Variable": "$.path", "StringEqualsPath": "$.x"}"#,
                "path = $.x",
            ),
            (r#"{"Condition": "{% $a\n  and $b %}"}"#, "$a and $b"),
            (
                r#"{"Condition": "{% aaaaaaaaaabbbbbbbbbbccccccc %}"}"#,
                "aaaaaaaaaabbbbbbbbbbccccc…",
            ),
            (r#"{"Or": 3, "Next": "x"}"#, ""),
            ("{}", ""),
        ] {
            let read = Json::parse(rule).unwrap();
            assert_eq!(label_of(read.as_object().unwrap()), expect, "{rule}");
        }
    }
}
