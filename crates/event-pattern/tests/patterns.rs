//! Patterns against events, and what is no pattern.
#![allow(clippy::unwrap_used)]

use passo_event_pattern::Pattern;
use passo_json::Json;

fn matches(pattern: &str, event: &str) -> bool {
    let pattern = Pattern::parse(&Json::parse(pattern).unwrap()).unwrap();
    pattern.matches(&Json::parse(event).unwrap())
}

#[test]
fn events_are_taken_as_the_operators_say() {
    for (pattern, taken, left) in [
        (
            r#"{"a": ["x", "y"]}"#,
            r#"{"a": "y", "b": 1}"#,
            r#"{"a": "z"}"#,
        ),
        (
            r#"{"a": ["x"], "b": [1]}"#,
            r#"{"a": "x", "b": 1}"#,
            r#"{"a": "x", "b": 2}"#,
        ),
        (r#"{"a": [null]}"#, r#"{"a": null}"#, r#"{}"#),
        (r#"{"a": [true]}"#, r#"{"a": true}"#, r#"{"a": "true"}"#),
        (r#"{"a": [300]}"#, r#"{"a": 300}"#, r#"{"a": 300.0}"#),
        (r#"{"a": [""]}"#, r#"{"a": ""}"#, r#"{"a": null}"#),
        (
            r#"{"a": {"b": ["x"]}}"#,
            r#"{"a": {"b": "x"}}"#,
            r#"{"a": "x"}"#,
        ),
        (r#"{"a": ["x"]}"#, r#"{"a": ["w", "x"]}"#, r#"{"a": []}"#),
        (
            r#"{"a": {"b": [1], "c": [2]}}"#,
            r#"{"a": [{"b": 1, "c": 2}]}"#,
            r#"{"a": [{"b": 1}, {"c": 2}]}"#,
        ),
        (
            r#"{"a": [{"prefix": "ab"}]}"#,
            r#"{"a": "abc"}"#,
            r#"{"a": "Abc"}"#,
        ),
        (
            r#"{"a": [{"prefix": {"equals-ignore-case": "AB"}}]}"#,
            r#"{"a": "aBc"}"#,
            r#"{"a": "bab"}"#,
        ),
        (
            r#"{"a": [{"suffix": ".png"}]}"#,
            r#"{"a": "x.png"}"#,
            r#"{"a": "x.PNG"}"#,
        ),
        (
            r#"{"a": [{"suffix": {"equals-ignore-case": ".PNG"}}]}"#,
            r#"{"a": "x.png"}"#,
            r#"{"a": "png"}"#,
        ),
        (
            r#"{"a": [{"equals-ignore-case": "Ab"}]}"#,
            r#"{"a": "aB"}"#,
            r#"{"a": "abc"}"#,
        ),
        (
            r#"{"a": [{"anything-but": "x"}]}"#,
            r#"{"a": "y"}"#,
            r#"{"a": "x"}"#,
        ),
        (
            r#"{"a": [{"anything-but": ["x", 1]}]}"#,
            r#"{"a": 2}"#,
            r#"{"b": 2}"#,
        ),
        (
            r#"{"a": [{"anything-but": {"prefix": "x"}}]}"#,
            r#"{"a": "y"}"#,
            r#"{"a": "xy"}"#,
        ),
        (
            r#"{"a": [{"anything-but": {"suffix": ["x", "y"]}}]}"#,
            r#"{"a": "z"}"#,
            r#"{"a": "ay"}"#,
        ),
        (
            r#"{"a": [{"anything-but": {"wildcard": "*/lib/*"}}]}"#,
            r#"{"a": "/x"}"#,
            r#"{"a": "a/lib/b"}"#,
        ),
        (
            r#"{"a": [{"anything-but": {"equals-ignore-case": ["x"]}}]}"#,
            r#"{"a": "y"}"#,
            r#"{"a": "X"}"#,
        ),
        (
            r#"{"a": [{"numeric": [">", 0, "<=", 5]}]}"#,
            r#"{"a": 5}"#,
            r#"{"a": 0}"#,
        ),
        (
            r#"{"a": [{"numeric": ["=", 3.5]}]}"#,
            r#"{"a": 3.5}"#,
            r#"{"a": "3.5"}"#,
        ),
        (
            r#"{"a": [{"exists": true}]}"#,
            r#"{"a": null}"#,
            r#"{"a": {"b": 1}}"#,
        ),
        (
            r#"{"a": [{"exists": false}]}"#,
            r#"{"b": 1}"#,
            r#"{"a": 0}"#,
        ),
        (
            r#"{"a": {"b": [{"exists": false}]}}"#,
            r#"{"c": 1}"#,
            r#"{"a": {"b": 1}}"#,
        ),
        (
            r#"{"a": [{"cidr": "10.0.0.0/24"}]}"#,
            r#"{"a": "10.0.0.9"}"#,
            r#"{"a": "10.0.1.9"}"#,
        ),
        (
            r#"{"a": [{"wildcard": "dir/*.png"}]}"#,
            r#"{"a": "dir/x/y.png"}"#,
            r#"{"a": "dir/y.pngx"}"#,
        ),
        (
            r#"{"$or": [{"a": [1]}, {"b": [2]}], "c": [3]}"#,
            r#"{"b": 2, "c": 3}"#,
            r#"{"b": 1, "c": 3}"#,
        ),
        (
            r#"{"d": {"$or": [{"a": [1]}, {"b": [{"exists": false}]}]}}"#,
            r#"{"d": {"a": 2}}"#,
            r#"{"d": {"a": 2, "b": 1}}"#,
        ),
        (r#"{"$or": ["x"]}"#, r#"{"$or": "x"}"#, r#"{"$or": "y"}"#),
        (
            r#"{"a": ["x", {"prefix": "y"}]}"#,
            r#"{"a": "yz"}"#,
            r#"{"a": "z"}"#,
        ),
    ] {
        assert!(matches(pattern, taken), "{pattern} takes {taken}");
        assert!(!matches(pattern, left), "{pattern} leaves {left}");
    }
}

#[test]
fn what_is_no_pattern_is_refused_with_a_reason() {
    for (pattern, reason) in [
        (r#"[]"#, "Filter is not an object"),
        (r#"{}"#, "Empty objects are not allowed"),
        (r#"{"a": "x"}"#, "\"a\" must be an object or an array"),
        (r#"{"a": []}"#, "Empty arrays are not allowed"),
        (
            r#"{"a": [[1]]}"#,
            "Match value must be String, number, true, false, or null",
        ),
        (r#"{"a": [{"odd": 1}]}"#, "Unrecognized match type odd"),
        (
            r#"{"a": [{"prefix": 1}]}"#,
            "prefix match pattern must be a string",
        ),
        (
            r#"{"a": [{"prefix": "a", "suffix": "b"}]}"#,
            "Only one key allowed in match expression",
        ),
        (
            r#"{"a": [{"exists": "yes"}]}"#,
            "exists match pattern must be either true or false.",
        ),
        (
            r#"{"a": [{"numeric": [">"]}]}"#,
            "Value of numeric match operator must be a number",
        ),
        (
            r#"{"a": [{"numeric": [">", 5, "<", 5]}]}"#,
            "Bottom must be less than top",
        ),
        (
            r#"{"a": [{"numeric": [">", 5, ">", 6]}]}"#,
            "Bad numeric range operator",
        ),
        (
            r#"{"a": [{"numeric": ["<", 5, ">", 1]}]}"#,
            "Too many elements in numeric expression",
        ),
        (
            r#"{"a": [{"numeric": ["=", 5, "=", 5]}]}"#,
            "Too many elements in numeric expression",
        ),
        (
            r#"{"a": [{"numeric": ["~", 1]}]}"#,
            "Unrecognized numeric range operator",
        ),
        (
            r#"{"a": [{"numeric": ["<", 6e9]}]}"#,
            "Value must be between -5.0E9 and 5.0E9, inclusive",
        ),
        (
            r#"{"a": [{"cidr": "10.0.0.0"}]}"#,
            "Malformed CIDR, one '/' required: 10.0.0.0",
        ),
        (
            r#"{"a": [{"wildcard": "**"}]}"#,
            "Consecutive wildcard characters, or an escape of nothing",
        ),
        (
            r#"{"a": [{"anything-but": {"numeric": []}}]}"#,
            "Unsupported anything-but pattern: numeric",
        ),
    ] {
        let error = Pattern::parse(&Json::parse(pattern).unwrap()).unwrap_err();
        assert_eq!(error.to_string(), reason, "{pattern}");
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = |levels: usize| {
        let text = format!("{}[1]{}", "{\"a\":".repeat(levels), "}".repeat(levels));
        Pattern::parse(&Json::parse(&text).unwrap())
    };
    assert!(deep(200).is_ok());
    assert!(deep(900).is_err());
}
