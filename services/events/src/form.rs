//! Texts in URLs and forms.

use passo_json::Json;

/// How the items of a list are written in a form. Source: Step Functions Developer Guide, "Applying URL-encoding on request
/// body".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ArrayFormat {
    /// `list[0]=a&list[1]=b`
    #[default]
    Indices,
    /// `list=a&list=b`
    Repeat,
    /// `list=a,b`
    Commas,
    /// `list[]=a&list[]=b`
    Brackets,
}

impl ArrayFormat {
    pub(crate) fn parse(text: &str) -> Option<ArrayFormat> {
        Some(match text {
            "INDICES" => ArrayFormat::Indices,
            "REPEAT" => ArrayFormat::Repeat,
            "COMMAS" => ArrayFormat::Commas,
            "BRACKETS" => ArrayFormat::Brackets,
            _ => return None,
        })
    }
}

/// A JSON object as a form. What is inside a member is named `member[inner]`.
pub(crate) fn of_json(body: &Json, format: ArrayFormat) -> String {
    let mut pairs = Vec::new();
    // Not by recursion: values may be deep.
    let mut open: Vec<(String, &Json)> = vec![(String::new(), body)];
    while let Some((name, value)) = open.pop() {
        match value {
            Json::Object(members) => {
                let members: Vec<_> = members.iter().collect();
                let named = members.into_iter().rev().map(|(key, value)| {
                    let inner = match name.is_empty() {
                        true => key.to_string(),
                        false => format!("{name}[{key}]"),
                    };
                    (inner, value)
                });
                open.extend(named);
            }
            Json::Array(items) if format == ArrayFormat::Commas => {
                let items: Vec<String> = items.iter().map(|item| escaped(&text(item))).collect();
                pairs.push(format!("{}={}", escaped(&name), items.join(",")));
            }
            Json::Array(items) => {
                let named = items.iter().enumerate().rev().map(|(index, item)| {
                    let inner = match format {
                        ArrayFormat::Indices => format!("{name}[{index}]"),
                        ArrayFormat::Brackets => format!("{name}[]"),
                        ArrayFormat::Repeat | ArrayFormat::Commas => name.clone(),
                    };
                    (inner, item)
                });
                open.extend(named);
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                pairs.push(format!("{}={}", escaped(&name), escaped(&text(value))));
            }
        }
    }
    pairs.join("&")
}

/// Pairs as a query string or form.
pub(crate) fn of_pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> = pairs
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    pairs.join("&")
}

/// A string as it is, anything else as JSON.
pub(crate) fn text(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_text(), str::to_owned)
}

/// All but the unreserved characters of RFC 3986 escaped.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn lists_are_written_as_wanted() {
        let body = json!({"l": ["a b", 2], "o": {"k": true}, "s": "ä"});
        for (format, list) in [
            ("INDICES", "l%5B0%5D=a%20b&l%5B1%5D=2"),
            ("REPEAT", "l=a%20b&l=2"),
            ("COMMAS", "l=a%20b,2"),
            ("BRACKETS", "l%5B%5D=a%20b&l%5B%5D=2"),
        ] {
            let format = ArrayFormat::parse(format).unwrap();
            let expect = format!("{list}&o%5Bk%5D=true&s=%C3%A4");
            assert_eq!(of_json(&body, format), expect);
        }
        assert_eq!(ArrayFormat::parse("OTHER"), None);
    }
}
