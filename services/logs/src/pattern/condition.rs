//! Comparing one value with what a pattern wants of it.

use fancy_regex::Regex;
use passo_json::Json;

use super::scanner::{Scanner, Written};

/// How it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What it is compared with.
#[derive(Debug)]
pub(super) enum Wanted {
    /// With what stands between stars.
    Text(Vec<String>),
    /// A number, and how it was written.
    Number(f64, Vec<String>),
    Expression(Box<Regex>),
}

/// A comparison with something.
#[derive(Debug)]
pub(super) struct Condition {
    comparison: Comparison,
    wanted: Wanted,
}

impl Condition {
    /// Reads operator and value; `ends` are characters that end a bare value.
    pub(super) fn parse(scanner: &mut Scanner<'_>, ends: &str) -> Option<Condition> {
        let operators = [
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("=", Comparison::Equal),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        let operator = operators.into_iter().find(|(sign, _)| scanner.takes(sign));
        let (_, comparison) = operator?;
        let wanted = match scanner.value(ends)? {
            Written::Quoted(text) => Wanted::Text(parts(text)),
            Written::Expression(text) => Wanted::Expression(Box::new(Regex::new(text).ok()?)),
            Written::Bare(text) => match number(text) {
                Some(number) => Wanted::Number(number, parts(text)),
                None => Wanted::Text(parts(text)),
            },
        };
        let is_order = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let fits = !is_order || matches!(wanted, Wanted::Number(..));
        fits.then_some(Condition { comparison, wanted })
    }

    /// Whether it holds for a field of a line.
    pub(super) fn holds_for_text(&self, text: &str) -> bool {
        match &self.wanted {
            Wanted::Number(wanted, written) => match number(text) {
                Some(found) => self.compares(found, *wanted),
                None => self.is_wanted(matches(written, text)),
            },
            Wanted::Text(parts) => self.is_wanted(matches(parts, text)),
            Wanted::Expression(expression) => self.is_wanted(finds(expression, text)),
        }
    }

    /// Whether it holds for a value of JSON.
    pub(super) fn holds_for_json(&self, value: &Json) -> bool {
        if let (Wanted::Number(wanted, _), Some(found)) = (&self.wanted, value.as_f64()) {
            return self.compares(found, *wanted);
        }
        let text = match value {
            Json::String(text) => text.to_string(),
            Json::Number(_) | Json::Bool(_) => value.to_text(),
            Json::Null | Json::Array(_) | Json::Object(_) => {
                return self.comparison == Comparison::NotEqual;
            }
        };
        match &self.wanted {
            Wanted::Number(_, parts) | Wanted::Text(parts) => self.is_wanted(matches(parts, &text)),
            Wanted::Expression(expression) => self.is_wanted(finds(expression, &text)),
        }
    }

    fn is_wanted(&self, is_equal: bool) -> bool {
        match self.comparison {
            Comparison::Equal => is_equal,
            Comparison::NotEqual => !is_equal,
            Comparison::Less
            | Comparison::LessOrEqual
            | Comparison::Greater
            | Comparison::GreaterOrEqual => false,
        }
    }

    fn compares(&self, found: f64, wanted: f64) -> bool {
        let order = found.total_cmp(&wanted);
        match self.comparison {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// An expression that takes too long finds nothing.
pub(super) fn finds(expression: &Regex, text: &str) -> bool {
    expression.is_match(text).unwrap_or(false)
}

fn number(text: &str) -> Option<f64> {
    let looks = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let number: f64 = text.parse().ok().filter(|_| looks)?;
    // `-0.0` is `0.0` here.
    number.is_finite().then_some(number + 0.0)
}

fn parts(text: &str) -> Vec<String> {
    text.split('*').map(str::to_owned).collect()
}

/// Whether `text` is `parts` with anything between them.
fn matches(parts: &[String], text: &str) -> bool {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return false;
    };
    if parts.len() == 1 {
        return text == first;
    }
    let inside = text.strip_prefix(&**first);
    let Some(mut rest) = inside.and_then(|rest| rest.strip_suffix(&**last)) else {
        return false;
    };
    let between = parts.get(1..parts.len() - 1).unwrap_or_default();
    for part in between {
        match rest.split_once(&**part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}
