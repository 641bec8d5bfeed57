//! `${Name}` where JSON wants a value: what `DefinitionSubstitutions` replaces by a number or an object, without quotes around it.

use std::borrow::Cow;

/// The text with such placeholders made strings, each as long as it was, so that every place stays where it is. A string with
/// `${` in it is to the validator a value that is put in later.
pub(super) fn quoted(json: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = json;
    let mut is_in_string = false;
    while let Some(at) = rest.find(['"', '\\', '$']) {
        let (before, here) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let taken = match here.as_bytes().first() {
            Some(b'"') => {
                is_in_string = !is_in_string;
                1
            }
            // What is escaped ends no string.
            Some(b'\\') => 1 + here.chars().nth(1).map_or(0, char::len_utf8),
            _ if is_in_string => 1,
            _ => match placeholder(here) {
                Some(bytes) => {
                    let filler = "_".repeat(bytes.saturating_sub(4));
                    out.push_str(&format!("\"${{{filler}\""));
                    rest = here.get(bytes..).unwrap_or_default();
                    continue;
                }
                None => 1,
            },
        };
        let (same, after) = here.split_at_checked(taken).unwrap_or((here, ""));
        out.push_str(same);
        rest = after;
    }
    out.push_str(rest);
    match out == json {
        true => Cow::Borrowed(json),
        false => Cow::Owned(out),
    }
}

/// The bytes of the placeholder that `text` begins with.
fn placeholder(text: &str) -> Option<usize> {
    let (name, _) = text.strip_prefix("${")?.split_once('}')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_.:- ".contains(c);
    (!name.is_empty() && name.chars().all(is_name)).then(|| name.len().saturating_add(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_without_quotes_get_some_and_stay_as_long() {
        for (text, expect) in [
            (r#"{"a": ${Seconds}}"#, r#"{"a": "${______"}"#),
            (r#"{"a": ${A}, "b": "${B}"}"#, r#"{"a": "${", "b": "${B}"}"#),
            (
                r#"{"a\"${B}": "é\\", "b": ${AB}}"#,
                r#"{"a\"${B}": "é\\", "b": "${_"}"#,
            ),
            (
                r#"{"a": ${}, "b": ${é}, "c": $x, "d": ${"#,
                r#"{"a": ${}, "b": ${é}, "c": $x, "d": ${"#,
            ),
            ("\"\\", "\"\\"),
            ("", ""),
        ] {
            assert_eq!(quoted(text), expect);
            assert_eq!(quoted(text).len(), text.len());
        }
    }
}
