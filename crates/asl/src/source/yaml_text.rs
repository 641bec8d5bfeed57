//! JSON values as YAML, for people to read and for files to keep.

use passo_json::Json;

/// Deeper levels are printed as JSON, which YAML contains.
const DEPTH_MAX: usize = 100;

/// A value as a YAML document, with a newline at its end. What is read from it is the value again.
pub fn to_yaml(value: &Json) -> String {
    let mut out = String::new();
    block(&mut out, value, 0);
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out.trim_start_matches(['\n', ' ']).to_owned()
}

/// Writes what follows `key:` or `-`: a scalar on the same line, or a block on the next ones.
fn block(out: &mut String, value: &Json, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Json::Object(object) if !object.is_empty() && depth < DEPTH_MAX => {
            for (key, value) in object.iter() {
                if !out.is_empty() && !out.ends_with("- ") {
                    out.push_str(&format!("\n{indent}"));
                }
                out.push_str(&scalar(key));
                out.push(':');
                block(out, value, depth.saturating_add(1));
            }
        }
        Json::Array(items) if !items.is_empty() && depth < DEPTH_MAX => {
            for item in items.iter() {
                if !out.is_empty() && !out.ends_with("- ") {
                    out.push_str(&format!("\n{indent}"));
                }
                out.push_str("- ");
                block(out, item, depth.saturating_add(1));
            }
        }
        Json::String(text) if is_block_text(text) => {
            out.push_str(if text.ends_with('\n') { " |" } else { " |-" });
            for line in text.trim_end_matches('\n').split('\n') {
                out.push('\n');
                if !line.is_empty() {
                    out.push_str(&format!("{indent}{line}"));
                }
            }
        }
        Json::String(text) => inline(out, &scalar(text)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            inline(out, &value.to_text());
        }
    }
}

fn inline(out: &mut String, text: &str) {
    if out.ends_with(':') {
        out.push(' ');
    }
    out.push_str(text);
}

/// Whether a text is best shown over several lines: it has some, and nothing that YAML would change.
fn is_block_text(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\n'])
        && !text.ends_with("\n\n")
        && !text.contains(" \n")
        && !text.ends_with(' ')
        && text.chars().all(|c| c == '\n' || !c.is_control())
}

/// A text as it is where YAML reads it as that text, else quoted as in JSON.
fn scalar(text: &str) -> String {
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '$')
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || " _-./$@+()".contains(c))
        && !text.ends_with(' ');
    let means_something_else = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    if is_word && !means_something_else {
        return text.to_owned();
    }
    Json::from(text).to_text()
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn what_is_printed_is_read_again() {
        for value in [
            json!({"a b": "{% $states.input.x %}", "c.$": "$.a[0]", "#": "# no", "-": "- x", "": "", "t": "1e3"}),
            json!({"s": "line\nline\n", "u": "  lead", "v": "trail ", "w": "a: b", "x": "\u{7}", "y": "é \u{1F600}", "z": "~"}),
            json!([[], {}, [[]], [{"a": [{"b": null}]}], "null", "0x1f", "2024-01-01", "%", "@a", "!t", "&a", "*b", "'", "\"", "|", "?"]),
            json!({"States": {"Ação": {"Type": "Pass", "Result": [true, 1.5, -3, "y"]}}}),
        ] {
            let text = to_yaml(&value);
            let read = crate::source::read(
                &text,
                crate::Format::Yaml,
                crate::source::SourceLimits::default(),
            );
            assert_eq!(read.unwrap().to_json(), value, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_again(text in "[ -~\n\té#:]{0,24}", key in "[ -~]{0,8}") {
            let value = Json::from(passo_json::ObjectBuilder::new().insert(key.as_str(), text.as_str()).insert("list", Json::from(vec![Json::from(text.as_str())])).build());
            let shown = to_yaml(&value);
            let read = crate::source::read(&shown, crate::Format::Yaml, crate::source::SourceLimits::default());
            assert_eq!(read.unwrap().to_json(), value, "{shown}");
        }
    }

    #[test]
    fn values_are_printed() {
        let value = json!({
            "name": "a b", "n": "yes", "v": "1.5", "none": null, "e": {}, "arn": "arn:aws:x",
            "list": [1, {"a": [], "b": [[true]]}, "x"], "text": "one\n\n two", "o": {"k": {"l": 1}}
        });
        let expect = "name: a b\n\"n\": \"yes\"\nv: \"1.5\"\nnone: null\ne: {}\narn: \"arn:aws:x\"\nlist:\n  - 1\n  \
                      - a: []\n    b:\n      - - true\n  - x\ntext: |-\n  one\n\n   two\no:\n  k:\n    l: 1\n";
        assert_eq!(to_yaml(&value), expect);
        assert_eq!(to_yaml(&json!("x")), "x\n");
        assert_eq!(to_yaml(&json!([1, [2]])), "- 1\n- - 2\n");
    }
}
