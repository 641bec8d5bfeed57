//! One case of the suite, as its line says it.

use anyhow::{Context, Result};
use passo_json::{Json, ParseError, ParseErrorKind};

use super::datasets::Datasets;

/// An expression, what it is evaluated on, and what comes out.
#[derive(Debug, Clone)]
pub struct Case {
    /// `group/file#index`
    pub id: String,
    /// The source text.
    pub expression: String,
    /// The input document, where there is one.
    pub input: Option<Json>,
    /// Variables bound before.
    pub bindings: Vec<(String, Json)>,
    /// A bound on nesting that the case sets.
    pub depth: Option<u32>,
    /// What comes out.
    pub expect: Expect,
}

/// What a case expects.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// This value.
    Value(Json),
    /// These items in any order.
    Unordered(Vec<Json>),
    /// No value.
    Nothing,
    /// An error with this code.
    Error(String),
    /// The expression uses `$eval`, which Step Functions refuses.
    Refusal,
}

/// A line of the suite.
#[derive(Debug)]
pub enum Line {
    /// A case that can be run.
    Case(Box<Case>),
    /// A case whose text holds half a surrogate pair, which no Rust string can.
    LoneSurrogate,
}

impl Line {
    /// Reads one line.
    ///
    /// # Errors
    /// When it is not JSON or lacks what every case has.
    pub fn parse(text: &str, datasets: &Datasets) -> Result<Self> {
        match Json::parse(text) {
            Ok(json) => Ok(Self::Case(Box::new(case(&json, datasets)?))),
            Err(ParseError {
                kind: ParseErrorKind::InvalidUnicodeEscape,
                ..
            }) => Ok(Self::LoneSurrogate),
            Err(error) => Err(error.into()),
        }
    }
}

fn case(json: &Json, datasets: &Datasets) -> Result<Case> {
    let text = |key| json.get(key).and_then(Json::as_str);
    let id = text("id").context("a case without an id")?;
    let input = match text("dataset") {
        Some(name) => {
            let found = datasets.get(name);
            Some(
                found
                    .with_context(|| format!("{id}: no dataset `{name}`"))?
                    .clone(),
            )
        }
        None => json.get("data").cloned(),
    };
    let bindings = json.get("bindings").and_then(Json::as_object);
    let bindings = bindings.map(|object| {
        object
            .iter()
            .map(|(name, value)| (name.to_string(), value.clone()))
            .collect()
    });
    let depth = json.get("depth").and_then(Json::as_i64);
    Ok(Case {
        id: id.to_owned(),
        expression: text("expr")
            .with_context(|| format!("{id}: no `expr`"))?
            .to_owned(),
        input,
        bindings: bindings.unwrap_or_default(),
        depth: depth.and_then(|depth| u32::try_from(depth).ok()),
        expect: expect(json).with_context(|| format!("{id}: it expects nothing"))?,
    })
}

fn expect(json: &Json) -> Option<Expect> {
    let is_set = |key| json.get(key).and_then(Json::as_bool).unwrap_or_default();
    if is_set("eval") {
        return Some(Expect::Refusal);
    }
    if is_set("undefined") {
        return Some(Expect::Nothing);
    }
    if let Some(code) = json.get("error").and_then(Json::as_str) {
        return Some(Expect::Error(code.to_owned()));
    }
    let result = json.get("result")?;
    Some(match (result.as_array(), is_set("unordered")) {
        (Some(items), true) => Expect::Unordered(items.to_vec()),
        _ => Expect::Value(result.clone()),
    })
}

impl Expect {
    /// Whether `value` is what the case expects of an evaluation that succeeds.
    pub fn accepts(&self, value: Option<&Json>) -> bool {
        match self {
            Self::Value(expected) => value == Some(expected),
            Self::Nothing => value.is_none(),
            Self::Unordered(expected) => value
                .and_then(Json::as_array)
                .is_some_and(|items| same_items(expected, items)),
            Self::Error(_) | Self::Refusal => false,
        }
    }

    /// The expectation for a reader.
    pub fn describe(&self) -> String {
        match self {
            Self::Value(value) => value.to_text(),
            Self::Unordered(items) => format!("in any order {}", Json::from(items.clone())),
            Self::Nothing => "nothing".to_owned(),
            Self::Error(code) => format!("error {code}"),
            Self::Refusal => "a refusal of $eval".to_owned(),
        }
    }
}

fn same_items(expected: &[Json], items: &[Json]) -> bool {
    let mut left: Vec<_> = items.iter().collect();
    let all_found = expected.iter().all(|item| {
        let found = left.iter().position(|other| *other == item);
        found.map(|at| left.swap_remove(at)).is_some()
    });
    all_found && left.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::json;

    fn parse(text: &str) -> Case {
        match Line::parse(text, &Datasets::default()).unwrap() {
            Line::Case(case) => *case,
            Line::LoneSurrogate => panic!("set apart: {text}"),
        }
    }

    #[test]
    fn expectations_are_read() {
        for (fields, expect) in [
            (r#""result": 1"#, Expect::Value(json!(1))),
            (r#""result": null"#, Expect::Value(json!(null))),
            (r#""undefined": true"#, Expect::Nothing),
            (r#""error": "T2001""#, Expect::Error("T2001".into())),
            (
                r#""result": [1, 2], "unordered": true"#,
                Expect::Unordered(vec![json!(1), json!(2)]),
            ),
            (r#""result": 1, "eval": true"#, Expect::Refusal),
        ] {
            assert_eq!(
                parse(&format!(r#"{{"id": "a/b#0", "expr": "1", {fields}}}"#)).expect,
                expect
            );
        }
        assert!(Line::parse(r#"{"id": "a", "expr": "1"}"#, &Datasets::default()).is_err());
        assert!(Line::parse(r#"{"id": "a", "result": 1}"#, &Datasets::default()).is_err());
        let unknown = r#"{"id": "a", "expr": "1", "dataset": "x", "result": 1}"#;
        assert!(Line::parse(unknown, &Datasets::default()).is_err());
    }

    #[test]
    fn no_input_differs_from_null() {
        assert_eq!(
            parse(r#"{"id": "a", "expr": "1", "result": 1}"#).input,
            None
        );
        assert_eq!(
            parse(r#"{"id": "a", "expr": "1", "data": null, "result": 1}"#).input,
            Some(json!(null))
        );
    }

    #[test]
    fn half_a_surrogate_pair_is_set_apart() {
        let line = r#"{"id": "a", "expr": "$f('\ud800')", "error": "D3140"}"#;
        assert!(matches!(
            Line::parse(line, &Datasets::default()),
            Ok(Line::LoneSurrogate)
        ));
    }

    #[test]
    fn values_are_compared_strictly_and_only_unordered_ones_in_any_order() {
        let (one_two, two_one) = (json!([1, 2]), json!([2, 1]));
        let unordered = Expect::Unordered(vec![json!(1), json!(2)]);
        assert!(unordered.accepts(Some(&two_one)));
        assert!(!unordered.accepts(Some(&json!([1, 1]))));
        assert!(!unordered.accepts(Some(&json!([1, 2, 2]))));
        assert!(!unordered.accepts(Some(&json!([1]))));
        assert!(!unordered.accepts(Some(&json!(1))));
        assert!(!unordered.accepts(None));
        assert!(Expect::Value(one_two.clone()).accepts(Some(&one_two)));
        assert!(!Expect::Value(one_two).accepts(Some(&two_one)));
        assert!(!Expect::Value(json!(null)).accepts(None));
        assert!(!Expect::Nothing.accepts(Some(&json!(null))));
        assert!(!Expect::Error("T2001".into()).accepts(None));
    }
}
