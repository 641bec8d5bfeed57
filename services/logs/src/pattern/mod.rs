//! Filter patterns: which events are wanted, and what of them is looked at.
//!
//! Three languages that their first character tells apart: terms (`ERROR -"a b"`), JSON (`{ $.a = 1 }`) and fields between spaces
//! (`[a, b = 5*]`). Pure: text in, text out. Source: CloudWatch Logs User Guide, "Filter pattern syntax". Entry point: [`FilterPattern`].

mod condition;
mod fields;
mod json;
mod scanner;
mod terms;

use std::collections::BTreeMap;

use passo_json::Json;

use fields::Fields;
use json::JsonPattern;
use terms::Terms;

/// How long a pattern may be. Source: API Reference, `PutMetricFilter`.
const BYTES_MAX: usize = 1024;

/// A pattern that events either match or not.
#[derive(Debug)]
pub(crate) enum FilterPattern {
    Terms(Terms),
    Json(JsonPattern),
    Fields(Fields),
}

/// An event that has matched, as its pattern has read it.
#[derive(Debug, PartialEq)]
pub(crate) enum Found {
    Text,
    Json(Json),
    /// By name, without `$`.
    Fields(BTreeMap<String, String>),
}

impl FilterPattern {
    /// Reads a pattern; `None` where it is none.
    pub(crate) fn parse(text: &str) -> Option<FilterPattern> {
        let text = text.trim();
        if text.len() > BYTES_MAX {
            return None;
        }
        Some(match text.chars().next() {
            Some('{') => FilterPattern::Json(JsonPattern::parse(text)?),
            Some('[') => FilterPattern::Fields(Fields::parse(text)?),
            _ => FilterPattern::Terms(Terms::parse(text)?),
        })
    }

    /// What an event says to it; `None` where it does not match.
    pub(crate) fn find(&self, message: &str) -> Option<Found> {
        match self {
            FilterPattern::Terms(terms) => terms.matches(message).then_some(Found::Text),
            FilterPattern::Json(pattern) => {
                let event = Json::parse(message.trim()).ok()?;
                pattern.matches(&event).then_some(Found::Json(event))
            }
            FilterPattern::Fields(fields) => fields.find(message).map(Found::Fields),
        }
    }

    pub(crate) fn matches(&self, message: &str) -> bool {
        self.find(message).is_some()
    }

    /// The selectors of what it looks at, as `TestMetricFilter` shows them: `$.a`, `$field`.
    pub(crate) fn selectors(&self) -> Vec<String> {
        match self {
            FilterPattern::Terms(_) => Vec::new(),
            FilterPattern::Json(pattern) => pattern.selectors(),
            FilterPattern::Fields(fields) => fields.selectors(),
        }
    }
}

impl Found {
    /// What a selector stands for: `$.a.b` in JSON, `$name` in fields.
    pub(crate) fn value(&self, selector: &str) -> Option<String> {
        match self {
            Found::Text => None,
            Found::Json(event) => {
                let value = json::select(event, &json::path(selector)?)?;
                Some(match value.as_str() {
                    Some(text) => text.to_owned(),
                    None => value.to_text(),
                })
            }
            Found::Fields(fields) => fields.get(selector.strip_prefix('$')?).cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, message: &str, expect: bool) {
        let parsed = FilterPattern::parse(pattern).unwrap_or_else(|| panic!("{pattern}"));
        assert_eq!(parsed.matches(message), expect, "{pattern} in {message}");
    }

    #[test]
    fn terms_are_looked_for() {
        for (pattern, message, expect) in [
            ("", "x", true),
            ("ERROR", "an ERROR", true),
            ("ERROR", "an error", false),
            ("a b", "b and a", true),
            ("\"a b\"", "b and a", false),
            ("?a ?z", "only a", true),
            ("?x ?z", "only a", false),
            ("a -b", "a b", false),
            ("a -\"b c\"", "a b", true),
            ("\"open", "open", true),
            ("%4[0-9]{2}%", "status 404", true),
            ("%4[0-9]{2}%", "status 504", false),
            ("-%4[0-9]{2}% status", "status 504", true),
            // With other terms the question mark says nothing.
            ("?x only", "only a", true),
        ] {
            check(pattern, message, expect);
        }
    }

    #[test]
    fn json_is_looked_into() {
        let event = r#"{"level":"ERROR","n":5,"f":1.5,"ok":true,"none":null,"list":["a",{"b":"c"}],"in":{"a b":"x","ip":"10.0.3.4"}}"#;
        for (pattern, expect) in [
            ("{ $.level = \"ERROR\" }", true),
            ("{ $.level = ERROR && $.n > 3 }", true),
            ("{$.level=\"ERROR\"&&$.n>5}", false),
            ("{ $.level = \"ERR*\" }", true),
            ("{ $.level = \"*RO*\" }", true),
            ("{ $.level = *X* }", false),
            ("{ $.level != \"ERROR\" }", false),
            ("{ $.level != \"INFO\" }", true),
            ("{ $.n = 5 }", true),
            ("{ $.n = 5.0 }", true),
            ("{ $.n != 5 }", false),
            ("{ $.n >= 5 && $.n <= 5 && $.f < 2e0 }", true),
            ("{ $.gone = 1 || $.ok IS TRUE }", true),
            ("{ $.ok IS FALSE }", false),
            ("{ $.none IS NULL }", true),
            ("{ $.gone IS NULL }", false),
            ("{ $.gone NOT EXISTS }", true),
            ("{ $.n NOT EXISTS }", false),
            ("{ $.list[0] = a }", true),
            ("{ $.list[1].b = \"c\" }", true),
            ("{ $.list[7] = a }", false),
            ("{ $.in.['a b'] = x }", true),
            ("{ $['level'] = ERROR }", true),
            ("{ $.in.ip = %10\\.0\\..*% }", true),
            ("{ ($.n = 1 || $.n = 5) && ($.level = ERROR) }", true),
            ("{ $.n = 1 || $.n = 5 && $.level = INFO }", false),
            ("{ $.ok = true }", true),
            ("{ $.* = 1 }", false),
        ] {
            check(pattern, event, expect);
            check(pattern, "not json", false);
        }
    }

    #[test]
    fn fields_are_told_apart() {
        let line =
            r#"127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#;
        for (pattern, expect) in [
            ("[ip, id, user, timestamp, request, status, bytes]", true),
            ("[ip, id, user, timestamp, request, status]", false),
            (
                "[ip, id, user, timestamp, request, status = 4*, bytes]",
                true,
            ),
            (
                "[ip, id, user, timestamp, request = *html*, status_code = 404, bytes > 1000]",
                true,
            ),
            ("[ip, ..., status = 404 || status = 500, bytes]", true),
            ("[..., status = 5*, bytes]", false),
            ("[ip != 127*, ...]", false),
            ("[ip=\"127.0.0.1\", ..., bytes<2000&&bytes>=1534]", true),
            ("[..., size, bytes=%^15%]", true),
            ("[...]", true),
            ("[w1=ERROR]", false),
        ] {
            check(pattern, line, expect);
        }
        check("[w1=ERROR, w2]", "ERROR x", true);
        check("[w1!=ERROR&&w1!=%WARN%, w2]", "INFO x", true);
        check("[w1!=ERROR&&w1!=%WARN%, w2]", "WARNING x", false);
    }

    #[test]
    fn what_was_found_can_be_asked() {
        let pattern = FilterPattern::parse("{ $.a.b > 1 }").unwrap();
        let found = pattern.find(r#"{"a":{"b":2.5},"t":"x"}"#).unwrap();
        assert_eq!(found.value("$.a.b").as_deref(), Some("2.5"));
        assert_eq!(found.value("$.t").as_deref(), Some("x"));
        assert_eq!(found.value("$.gone"), None);
        assert_eq!(pattern.selectors(), ["$.a.b"]);
        let pattern = FilterPattern::parse("[a, ..., z]").unwrap();
        let found = pattern.find("1 2 3").unwrap();
        assert_eq!(found.value("$z").as_deref(), Some("3"));
        assert_eq!(found.value("z"), None);
    }

    #[test]
    fn what_is_no_pattern_is_none() {
        let deep = format!("{{ {} $.a = 1", "(".repeat(400));
        let long = "x".repeat(2000);
        for pattern in [
            "{",
            "{ }",
            "{ $.a }",
            "{ $.a = }",
            "{ a = 1 }",
            "{ $.a = 1 && }",
            "{ $.a = 1 } x",
            "{ ($.a = 1 }",
            "{ $.a = %(% }",
            "[a",
            "[a] x",
            "[a = ]",
            "%(%",
            "{ $.a > x }",
            &deep,
            &long,
        ] {
            assert!(FilterPattern::parse(pattern).is_none(), "{pattern}");
        }
    }
}
