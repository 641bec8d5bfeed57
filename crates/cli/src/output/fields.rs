//! `--fields`: some members of a document, by name or by a path with dots.

use passo_json::{Json, Object};

/// An object of these members only, in their order; what is missing is null.
pub(super) fn only(value: &Json, fields: &[String]) -> Json {
    let members = fields.iter().map(|field| {
        let found = at(value, field).cloned().unwrap_or(Json::Null);
        (field.as_str(), found)
    });
    Json::from(members.collect::<Object>())
}

/// Their texts; nothing for what is missing.
pub(super) fn texts(value: &Json, fields: &[String]) -> Vec<String> {
    fields
        .iter()
        .map(|field| at(value, field).map(text).unwrap_or_default())
        .collect()
}

/// A value as text without quotes.
pub(super) fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.to_string(),
        Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => value.to_text(),
    }
}

fn at<'a>(value: &'a Json, field: &str) -> Option<&'a Json> {
    let mut at = value;
    for part in field.split('.') {
        at = match part.parse() {
            Ok(index) if at.as_array().is_some() => at.at(index)?,
            _ => at.get(part)?,
        };
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn members_are_found_by_path() {
        let value = json!({"a": {"b": [1, "x"]}, "c": null});
        let fields = ["c", "a.b.1", "d", "a"].map(str::to_owned);
        assert_eq!(texts(&value, &fields), ["", "x", "", r#"{"b":[1,"x"]}"#]);
        let expect = r#"{"c":null,"a.b.1":"x","d":null,"a":{"b":[1,"x"]}}"#;
        assert_eq!(only(&value, &fields).to_text(), expect);
    }
}
