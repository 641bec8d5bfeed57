//! Names of members: parameters of tasks are spelled in PascalCase whatever the service's own spelling is.

use passo_json::{Json, Object};
use passo_vocab::Timestamp;

/// Levels whose names are changed; no AWS shape is deeper, and what is deeper is data.
const DEPTH_MAX: usize = 16;

/// How the first letter of a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum First {
    Upper,
    Lower,
}

/// `value` with the names of all members spelled with such a first letter.
pub(crate) fn renamed(value: &Json, first: First) -> Json {
    level(value, first, 0)
}

/// As deep as [`DEPTH_MAX`].
fn level(value: &Json, first: First, depth: usize) -> Json {
    if depth >= DEPTH_MAX {
        return value.clone();
    }
    match value {
        Json::Object(object) => {
            let members = object
                .iter()
                .map(|(name, value)| (letter(name, first), level(value, first, depth + 1)));
            Json::from(members.collect::<Object>())
        }
        Json::Array(array) => {
            let items: Vec<Json> = array
                .iter()
                .map(|item| level(item, first, depth + 1))
                .collect();
            Json::from(items)
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => value.clone(),
    }
}

/// `name` with such a first letter.
pub(crate) fn letter(name: &str, first: First) -> String {
    let mut letters = name.chars();
    let Some(initial) = letters.next() else {
        return String::new();
    };
    let initial = match first {
        First::Upper => initial.to_ascii_uppercase(),
        First::Lower => initial.to_ascii_lowercase(),
    };
    format!("{initial}{}", letters.as_str())
}

/// Members in the order of their names, as the SDK for Java prints them.
pub(crate) fn sorted(object: &Object) -> Object {
    let mut members: Vec<_> = object.iter().collect();
    members.sort_by_key(|(name, _)| (*name).clone());
    let members = members.into_iter();
    members
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// A time as services write it in JSON: seconds since 1970, with a fraction.
pub(crate) fn seconds(value: &Json) -> Option<Timestamp> {
    let millis = (value.as_f64()? * 1000.0).round();
    let in_range = (-6.3e13..=2.6e14).contains(&millis);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the value is whole and within i64"
    )]
    in_range.then(|| Timestamp::from_epoch_millis(millis as i64))
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn names_change_their_first_letter() {
        let given = json!({"LoggingConfiguration": {"Level": "ALL"}, "Tags": [{"Key": "K"}]});
        let expect = json!({"loggingConfiguration": {"level": "ALL"}, "tags": [{"key": "K"}]});
        assert_eq!(renamed(&given, First::Lower), expect);
        assert_eq!(renamed(&expect, First::Upper), given);
    }

    #[test]
    fn times_are_whole_milliseconds() {
        let at = seconds(&json!(1688572556.197)).unwrap();
        assert_eq!(at.epoch_millis(), 1688572556197);
        assert!(seconds(&json!(1e300)).is_none());
        assert!(seconds(&json!("x")).is_none());
    }
}
