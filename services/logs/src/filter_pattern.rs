//! Filter patterns for text: terms, phrases, `?either`, `-without`.
//!
//! Source: CloudWatch Logs User Guide, "Filter pattern syntax". Patterns for JSON and for fields are not here.

/// A pattern that events either match or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FilterPattern {
    all: Vec<String>,
    any: Vec<String>,
    none: Vec<String>,
}

impl FilterPattern {
    /// Reads a pattern; `None` where it is one for JSON or fields.
    pub(crate) fn parse(text: &str) -> Option<FilterPattern> {
        let mut pattern = FilterPattern::default();
        let mut rest = text.trim();
        if rest.starts_with(['{', '[', '%']) {
            return None;
        }
        while !rest.is_empty() {
            let (kind, after) = match rest.chars().next() {
                Some(sign @ ('?' | '-')) => {
                    (Some(sign), rest.strip_prefix(sign).unwrap_or_default())
                }
                _ => (None, rest),
            };
            let (term, after) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
            let terms = match kind {
                Some('?') => &mut pattern.any,
                Some(_) => &mut pattern.none,
                None => &mut pattern.all,
            };
            if !term.is_empty() {
                terms.push(term.to_owned());
            }
            rest = after.trim_start();
        }
        Some(pattern)
    }

    pub(crate) fn matches(&self, message: &str) -> bool {
        let has = |term: &String| message.contains(term.as_str());
        let any = self.any.is_empty() || self.any.iter().any(has);
        any && self.all.iter().all(has) && !self.none.iter().any(has)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("\"open", "open", true),
        ] {
            let parsed = FilterPattern::parse(pattern).unwrap();
            assert_eq!(parsed.matches(message), expect, "{pattern} in {message}");
        }
        assert_eq!(FilterPattern::parse("{ $.a = 1 }"), None);
    }
}
