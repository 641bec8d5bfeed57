//! How an answer is compared with what AWS answered.
//!
//! Objects have the same keys and lists the same length and order; strings may hold marks ([`super::template`]); text
//! where the recording shows a structure is JSON and parsed first; histories and sets have rules of their own.

use std::fmt;

use passo_json::{Json, Object};

use super::history;
use super::template::{Template, is_time};

/// Where an answer first differs, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    path: String,
    expected: String,
    got: String,
}

impl Difference {
    /// A difference here; callers further out add where that is with [`Difference::inside`].
    pub fn new(expected: impl Into<String>, got: impl Into<String>) -> Self {
        Self {
            path: String::new(),
            expected: expected.into(),
            got: got.into(),
        }
    }

    /// The same difference, seen from the value that holds this one under `step`.
    pub fn inside(mut self, step: &str) -> Self {
        self.path = format!("/{step}{}", self.path);
        self
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() {
            "/"
        } else {
            &self.path
        };
        write!(
            out,
            "      at: {path}\nexpected: {}\n     got: {}",
            self.expected, self.got
        )
    }
}

/// Compares `answer` with what was recorded.
///
/// # Errors
/// The first difference.
pub fn compare(expected: &Json, answer: &Json) -> Result<(), Difference> {
    match expected {
        Json::String(recorded) => compare_text(recorded, answer),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            let parsed = answer.as_str().and_then(|text| Json::parse(text).ok());
            compare_structure(expected, parsed.as_ref().unwrap_or(answer))
        }
    }
}

fn compare_text(recorded: &str, answer: &Json) -> Result<(), Difference> {
    let template = Template::parse(recorded);
    if is_time(recorded) || template.is_anything() {
        return Ok(());
    }
    match answer.as_str() {
        Some(text) if template.matches(text) => Ok(()),
        _ => Err(Difference::new(
            Json::from(recorded).to_text(),
            answer.to_text(),
        )),
    }
}

fn compare_structure(expected: &Json, answer: &Json) -> Result<(), Difference> {
    match (expected, answer) {
        (Json::Object(expected), Json::Object(answer)) => compare_objects(expected, answer),
        (Json::Array(expected), Json::Array(answer)) => {
            if history::has_branches(expected) {
                history::compare(expected, answer)
            } else {
                compare_lists(expected, answer)
            }
        }
        _ if expected == answer => Ok(()),
        _ => Err(Difference::new(expected.to_text(), answer.to_text())),
    }
}

fn compare_objects(expected: &Object, answer: &Object) -> Result<(), Difference> {
    // Values first: where a whole event is another one, its type says more than its keys.
    let first = ["type", "code"]
        .iter()
        .filter_map(|key| Some((*key, expected.get(key)?)));
    let all = expected.iter().map(|(key, value)| (&**key, value));
    for (key, value) in first.chain(all) {
        let Some(got) = answer.get(key) else {
            return Err(Difference::new(value.to_text(), "nothing").inside(key));
        };
        let result = if key == "variableReferences" {
            compare_sets(value, got)
        } else {
            compare(value, got)
        };
        result.map_err(|difference| difference.inside(key))?;
    }
    match answer.iter().find(|(key, _)| !expected.contains_key(key)) {
        Some((key, value)) => Err(Difference::new("nothing", value.to_text()).inside(key)),
        None => Ok(()),
    }
}

fn compare_lists(expected: &[Json], answer: &[Json]) -> Result<(), Difference> {
    for (at, expected) in expected.iter().enumerate() {
        let result = match answer.get(at) {
            Some(answer) => compare(expected, answer),
            None => Err(Difference::new(expected.to_text(), "nothing")),
        };
        result.map_err(|difference| difference.inside(&at.to_string()))?;
    }
    match answer.get(expected.len()) {
        Some(more) => {
            Err(Difference::new("nothing", more.to_text()).inside(&expected.len().to_string()))
        }
        None => Ok(()),
    }
}

/// As [`compare`], except that every list inside is a set.
fn compare_sets(expected: &Json, answer: &Json) -> Result<(), Difference> {
    match (expected, answer) {
        (Json::Object(expected), Json::Object(answer)) if expected.len() == answer.len() => {
            for (key, value) in expected.iter() {
                let Some(got) = answer.get(key) else {
                    return Err(Difference::new(value.to_text(), "nothing").inside(key));
                };
                compare_sets(value, got).map_err(|difference| difference.inside(key))?;
            }
            Ok(())
        }
        (Json::Array(expected), Json::Array(answer)) => {
            let differs = |left: &Json, right: &Json| compare(left, right).is_err();
            let is_same = pair_up(expected, answer, |left, right| !differs(left, right))
                .is_some_and(|pairs| pairs.len() == answer.len());
            if is_same {
                return Ok(());
            }
            let text = |items: &[Json]| Json::from(items.to_vec()).to_text();
            Err(Difference::new(
                format!("in any order {}", text(expected)),
                text(answer),
            ))
        }
        _ => compare(expected, answer),
    }
}

/// Finds a partner of its own among `right` for every item of `left`: their positions, or nothing.
///
/// With marks in it one item may fit several others, so a partner is given up again where that helps.
pub fn pair_up(
    left: &[Json],
    right: &[Json],
    fits: impl Fn(&Json, &Json) -> bool,
) -> Option<Vec<usize>> {
    let mut taken_by: Vec<Option<usize>> = vec![None; right.len()];
    let fitting: Vec<Vec<usize>> = left
        .iter()
        .map(|item| {
            (0..)
                .zip(right)
                .filter(|(_, other)| fits(item, other))
                .map(|(at, _)| at)
                .collect()
        })
        .collect();
    for at in 0..left.len() {
        let mut seen = vec![false; right.len()];
        if !find_partner(at, &fitting, &mut taken_by, &mut seen) {
            return None;
        }
    }
    Some(
        (0..)
            .zip(taken_by)
            .filter(|(_, by)| by.is_some())
            .map(|(at, _)| at)
            .collect(),
    )
}

fn find_partner(
    at: usize,
    fitting: &[Vec<usize>],
    taken_by: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    for &candidate in fitting.get(at).into_iter().flatten() {
        match seen.get_mut(candidate) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        let owner = taken_by.get(candidate).copied().flatten();
        if owner.is_none_or(|owner| find_partner(owner, fitting, taken_by, seen)) {
            if let Some(slot) = taken_by.get_mut(candidate) {
                *slot = Some(at);
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::json;

    fn check(expected: &Json, answer: &Json, path: Option<&str>) {
        let found = compare(expected, answer)
            .err()
            .map(|difference| difference.path);
        assert_eq!(found.as_deref(), path, "{expected} against {answer}");
    }

    #[test]
    fn structures_are_compared_in_full() {
        for (expected, answer, path) in [
            (json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}), None),
            (json!({"a": 1}), json!({"a": 1, "b": 2}), Some("/b")),
            (json!({"a": 1, "b": 2}), json!({"a": 1}), Some("/b")),
            (json!([1, 2]), json!([1, 2]), None),
            (json!([1, 2]), json!([2, 1]), Some("/0")),
            (json!([1]), json!([1, 2]), Some("/1")),
            (json!([1, 2]), json!([1]), Some("/1")),
            (json!(1), json!(1.0), None),
            (json!(1), json!(true), Some("")),
            (json!(null), json!(false), Some("")),
            (
                json!({"a": [{"b": "x"}]}),
                json!({"a": [{"b": "y"}]}),
                Some("/a/0/b"),
            ),
            (
                json!({"id": 1, "type": "A"}),
                json!({"id": 2, "type": "B"}),
                Some("/type"),
            ),
        ] {
            check(&expected, &answer, path);
        }
    }

    #[test]
    fn text_is_parsed_where_a_structure_was_recorded() {
        for (expected, answer, path) in [
            (json!({"a": [1]}), json!("{\"a\": [1]}"), None),
            (json!({"a": [1]}), json!("{\"a\": [2]}"), Some("/a/0")),
            (json!([1]), json!("[1]"), None),
            (json!(1), json!("1"), None),
            (json!(true), json!("true"), None),
            (json!(null), json!("null"), None),
            (json!({"a": 1}), json!("not json"), Some("")),
            // A recorded text is text: it is not parsed, and neither is the answer.
            (json!("{\"a\": 1}"), json!("{\"a\": 1}"), None),
            (json!("{\"a\": 1}"), json!("{\"a\":1}"), Some("")),
            (json!("1"), json!(1), Some("")),
            // Text inside parsed text.
            (
                json!({"a": {"b": 1}}),
                json!("{\"a\": \"{\\\"b\\\": 1}\"}"),
                None,
            ),
        ] {
            check(&expected, &answer, path);
        }
    }

    #[test]
    fn marks_stand_for_values() {
        for (expected, answer, path) in [
            (json!({"t": "timestamp"}), json!({"t": 17.5}), None),
            (json!({"t": "timestamp"}), json!({}), Some("/t")),
            (json!("<uuid:1>"), json!({"any": "thing"}), None),
            (
                json!("snf_role_arn"),
                json!("arn:aws:iam::123456789012:role/x"),
                None,
            ),
            (json!("arn:<partition>"), json!("arn:aws"), None),
            (json!("arn:<partition>"), json!(1), Some("")),
            (json!("exact text"), json!("exact  text"), Some("")),
        ] {
            check(&expected, &answer, path);
        }
    }

    #[test]
    fn lists_in_variable_references_are_sets() {
        let expected = json!({"variableReferences": {"State": ["a", "b"]}});
        check(
            &expected,
            &json!({"variableReferences": {"State": ["b", "a"]}}),
            None,
        );
        let differs = Some("/variableReferences/State");
        check(
            &expected,
            &json!({"variableReferences": {"State": ["a", "a"]}}),
            differs,
        );
        check(
            &expected,
            &json!({"variableReferences": {"State": ["a"]}}),
            differs,
        );
        check(
            &expected,
            &json!({"variableReferences": {"State": ["a", "b", "c"]}}),
            differs,
        );
        check(&expected, &json!({"variableReferences": {}}), differs);
        check(&expected, &json!({}), Some("/variableReferences"));
        let more = json!({"variableReferences": {"State": ["a", "b"], "Other": []}});
        check(&expected, &more, Some("/variableReferences/Other"));
        check(
            &json!({"other": ["a", "b"]}),
            &json!({"other": ["b", "a"]}),
            Some("/other/0"),
        );
    }

    #[test]
    fn partners_are_given_up_where_that_helps() {
        let fits = |left: &Json, right: &Json| compare(left, right).is_ok();
        let left = [json!("<any>"), json!("x")];
        assert_eq!(
            pair_up(&left, &[json!("x"), json!("y")], fits),
            Some(vec![0, 1])
        );
        assert_eq!(pair_up(&left, &[json!("y"), json!("z")], fits), None);
        assert_eq!(pair_up(&left, &[json!("x")], fits), None);
        assert_eq!(
            pair_up(&[json!("x")], &[json!("y"), json!("x")], fits),
            Some(vec![1])
        );
    }
}
