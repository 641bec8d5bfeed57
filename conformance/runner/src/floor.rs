//! Floors: how many cases of each area must pass. They only ever rise.
//!
//! A floor file is one JSON object, `{"<area>": <cases that must pass>, …}`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use passo_json::Json;

use crate::outcome::Outcome;
use crate::report;

/// The least number of passed cases by area.
pub type Floors = BTreeMap<String, i64>;

/// Reads the floor file at `path`.
///
/// # Errors
/// When it cannot be read, or is no object of whole numbers.
pub fn read(path: &Path) -> Result<Floors> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("failed to read `{}`", path.display()))?;
    parse(&text).with_context(|| format!("`{}` is no floor file", path.display()))
}

fn parse(text: &str) -> Result<Floors> {
    let json = Json::parse(text)?;
    let object = json.as_object().context("it is not an object")?;
    let entry = |(area, floor): (&std::sync::Arc<str>, &Json)| {
        let floor = floor
            .as_i64()
            .with_context(|| format!("`{area}` is no whole number"))?;
        Ok((area.to_string(), floor))
    };
    object.iter().map(entry).collect()
}

/// One line for each area below its floor; an area that is not there passed nothing.
pub fn below(floors: &Floors, outcomes: &[Outcome]) -> Vec<String> {
    let areas = report::areas(outcomes);
    let mut lines = Vec::new();
    for (area, floor) in floors {
        let passed = areas.get(area.as_str()).map_or(0, |count| count.passed);
        if passed < *floor {
            lines.push(format!(
                "below its floor: {area} passes {passed}, the floor is {floor}"
            ));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Verdict;

    fn outcome(area: &str, verdict: Verdict) -> Outcome {
        Outcome {
            id: "x".into(),
            area: area.into(),
            verdict,
        }
    }

    #[test]
    fn an_area_below_its_floor_is_named() {
        let outcomes = [
            outcome("a", Verdict::Passed),
            outcome("a", Verdict::Failed(String::new())),
            outcome("b", Verdict::Passed),
        ];
        let check = |text: &str| below(&parse(text).unwrap(), &outcomes);
        assert_eq!(check(r#"{"a": 1, "b": 1}"#), Vec::<String>::new());
        assert_eq!(
            check(r#"{"a": 2}"#),
            ["below its floor: a passes 1, the floor is 2"]
        );
        assert_eq!(
            check(r#"{"gone": 1}"#),
            ["below its floor: gone passes 0, the floor is 1"]
        );
    }

    #[test]
    fn a_floor_file_that_is_none_is_an_error() {
        for text in ["", "[]", r#"{"a": "1"}"#, r#"{"a": 1.5}"#] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
