//! Which messages a function wants.
//!
//! Source: Lambda Developer Guide, "Using event filtering with an Amazon SQS event source".

use passo_event_pattern::Pattern;
use passo_json::{Json, Object};

/// The patterns of a `FilterCriteria`: a message is wanted where one fits, or there is none.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Filters {
    patterns: Vec<Pattern>,
}

impl Filters {
    /// Reads a `FilterCriteria`.
    ///
    /// # Errors
    /// Where a pattern is none.
    pub(in super::super) fn parse(criteria: Option<&Json>) -> Result<Filters, String> {
        let filters = criteria
            .and_then(|criteria| criteria.get("Filters")?.as_array())
            .into_iter()
            .flat_map(|filters| filters.iter());
        let patterns = filters.map(|filter| {
            let text = filter.get("Pattern").and_then(Json::as_str);
            let pattern = Json::parse(text.unwrap_or("{}")).map_err(|error| error.to_string())?;
            Pattern::parse(&pattern).map_err(|error| error.to_string())
        });
        Ok(Filters {
            patterns: patterns.collect::<Result<_, String>>()?,
        })
    }

    /// Whether a record of an event is wanted. Patterns look into a body that is a JSON object.
    pub(super) fn want(&self, record: &Object) -> bool {
        if self.patterns.is_empty() {
            return true;
        }
        let body = record.get("body").and_then(Json::as_str);
        let parsed = body.and_then(|body| Json::parse(body).ok());
        let seen = match parsed.filter(|body| body.as_object().is_some()) {
            Some(body) => record.clone().with("body", body),
            None => record.clone(),
        };
        let seen = Json::from(seen);
        self.patterns.iter().any(|pattern| pattern.matches(&seen))
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn one_pattern_has_to_fit_a_body_that_is_json_or_text() {
        let want = |patterns: &[&str], body: &str| {
            let filters: Vec<Json> = patterns
                .iter()
                .map(|pattern| json!({"Pattern": (*pattern)}))
                .collect();
            let filters = Filters::parse(Some(&json!({"Filters": filters}))).unwrap();
            filters.want(json!({"body": body}).as_object().unwrap())
        };
        let (one, two) = (r#"{"body":{"a":[1]}}"#, r#"{"body":{"b":["x"]}}"#);
        for (patterns, body, expect) in [
            (&[][..], "anything", true),
            (&[one], r#"{"a":1}"#, true),
            (&[one], r#"{"a":2}"#, false),
            (&[one], "text", false),
            (&[one, two], r#"{"b":"x"}"#, true),
            (&[r#"{"body":["text"]}"#], "text", true),
            (&[r#"{"body":["text"]}"#], r#"{"a":1}"#, false),
        ] {
            assert_eq!(want(patterns, body), expect, "{patterns:?} {body}");
        }
        assert!(Filters::parse(Some(&json!({"Filters": [{"Pattern": "no"}]}))).is_err());
    }
}
