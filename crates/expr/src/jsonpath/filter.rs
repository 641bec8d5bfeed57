//! Filters: `[?(@.price < 10 && @.tags contains 'x')]`.
//!
//! Comparisons are Jayway's: a number equals a string that spells it, an order exists between two numbers
//! or two strings only, and nothing equals a path that finds nothing.
//!
//! Source: Jayway JsonPath, README, section "Filter Operators".

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use fancy_regex::Regex;
use passo_json::Json;

use crate::jsonpath::eval::{Document, Fault};
use crate::jsonpath::query::Query;

/// A condition on an item.
#[derive(Clone, Debug)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    /// The path finds something.
    Exists(Query),
    /// A literal stands where a condition is wanted: true unless it is `false` or `null`.
    Constant(bool),
    Compare {
        left: Operand,
        operator: Operator,
        right: Operand,
    },
    /// The whole text matches.
    Matches {
        left: Operand,
        pattern: Arc<Regex>,
    },
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Path(Query),
    Literal(Json),
}

/// What is asked of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    SameAs,
    NotSameAs,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    Contains,
    ContainsAll,
    SubsetOf,
    AnyOf,
    NoneOf,
    Size,
    Empty,
}

/// Spellings, longer ones before their own beginnings.
pub(crate) const SYMBOLS: [(&str, Operator); 8] = [
    ("===", Operator::SameAs),
    ("!==", Operator::NotSameAs),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

/// Operators that are words; case does not matter.
pub(crate) const WORDS: [(&str, Operator); 9] = [
    ("in", Operator::In),
    ("nin", Operator::NotIn),
    ("contains", Operator::Contains),
    ("all", Operator::ContainsAll),
    ("subsetof", Operator::SubsetOf),
    ("anyof", Operator::AnyOf),
    ("noneof", Operator::NoneOf),
    ("size", Operator::Size),
    ("empty", Operator::Empty),
];

impl Filter {
    /// Whether the item passes.
    pub(crate) fn accepts(&self, item: &Json, document: &Document<'_>) -> Result<bool, Fault> {
        self.holds(&document.with_item(item))
    }

    pub(crate) fn collect_variables(&self, names: &mut BTreeSet<Arc<str>>) {
        match self {
            Filter::All(filters) | Filter::Any(filters) => {
                filters
                    .iter()
                    .for_each(|filter| filter.collect_variables(names));
            }
            Filter::Not(filter) => filter.collect_variables(names),
            Filter::Exists(query) => query.collect_variables(names),
            Filter::Constant(_) => {}
            Filter::Compare { left, right, .. } => {
                left.collect_variables(names);
                right.collect_variables(names);
            }
            Filter::Matches { left, .. } => left.collect_variables(names),
        }
    }

    fn holds(&self, document: &Document<'_>) -> Result<bool, Fault> {
        document.visit()?;
        match self {
            Filter::All(filters) => {
                for filter in filters {
                    if !filter.holds(document)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Filter::Any(filters) => {
                for filter in filters {
                    if filter.holds(document)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Filter::Not(filter) => Ok(!filter.holds(document)?),
            Filter::Exists(query) => Ok(found(document, query)?.is_some()),
            Filter::Constant(holds) => Ok(*holds),
            Filter::Compare {
                left,
                operator,
                right,
            } => {
                let (left, right) = (left.value(document)?, right.value(document)?);
                Ok(compare(left.as_ref(), *operator, right.as_ref()))
            }
            Filter::Matches { left, pattern } => Ok(left
                .value(document)?
                .is_some_and(|value| matches(&value, pattern))),
        }
    }
}

impl Operand {
    /// The value; nothing when a path finds nothing.
    fn value(&self, document: &Document<'_>) -> Result<Option<Json>, Fault> {
        match self {
            Operand::Path(query) => found(document, query),
            Operand::Literal(value) => Ok(Some(value.clone())),
        }
    }

    fn collect_variables(&self, names: &mut BTreeSet<Arc<str>>) {
        match self {
            Operand::Path(query) => query.collect_variables(names),
            Operand::Literal(_) => {}
        }
    }
}

fn found(document: &Document<'_>, query: &Query) -> Result<Option<Json>, Fault> {
    match document.read(query) {
        Ok(value) => Ok(Some(value)),
        Err(Fault::TooLarge) => Err(Fault::TooLarge),
        Err(
            Fault::NoResults
            | Fault::OutOfRange
            | Fault::MissingProperty(_)
            | Fault::NotAnObject(..)
            | Fault::NotAnArray(..)
            | Fault::NullPath(_)
            | Fault::Function(_),
        ) => Ok(None),
    }
}

fn compare(left: Option<&Json>, operator: Operator, right: Option<&Json>) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        // Only "is different" and "is not among" can be said of what does not exist.
        return matches!(
            operator,
            Operator::NotEqual | Operator::NotSameAs | Operator::NotIn
        );
    };
    match operator {
        Operator::Equal => loosely_equal(left, right),
        Operator::NotEqual => !loosely_equal(left, right),
        Operator::SameAs => left.kind() == right.kind() && left == right,
        Operator::NotSameAs => left.kind() != right.kind() || left != right,
        Operator::Less => order(left, right) == Some(Ordering::Less),
        Operator::LessOrEqual => {
            matches!(order(left, right), Some(Ordering::Less | Ordering::Equal))
        }
        Operator::Greater => order(left, right) == Some(Ordering::Greater),
        Operator::GreaterOrEqual => {
            matches!(
                order(left, right),
                Some(Ordering::Greater | Ordering::Equal)
            )
        }
        Operator::In => list_has(right, left),
        Operator::NotIn => !list_has(right, left),
        Operator::Contains => match (left, right) {
            (Json::String(text), Json::String(part)) => text.contains(&**part),
            (left, right) => list_has(left, right),
        },
        Operator::ContainsAll => both_lists(left, right, |left, right| {
            right
                .iter()
                .all(|item| left.iter().any(|other| loosely_equal(other, item)))
        }),
        Operator::SubsetOf => both_lists(left, right, |left, right| {
            left.iter()
                .all(|item| right.iter().any(|other| loosely_equal(item, other)))
        }),
        Operator::AnyOf => both_lists(left, right, share_an_item),
        Operator::NoneOf => both_lists(left, right, |left, right| !share_an_item(left, right)),
        Operator::Size => size(left).is_some_and(|size| right.as_i64() == Some(size)),
        Operator::Empty => size(left).map(|size| size == 0) == right.as_bool(),
    }
}

fn share_an_item(left: &[Json], right: &[Json]) -> bool {
    left.iter()
        .any(|item| right.iter().any(|other| loosely_equal(item, other)))
}

fn both_lists(left: &Json, right: &Json, test: impl Fn(&[Json], &[Json]) -> bool) -> bool {
    match (left.as_array(), right.as_array()) {
        (Some(left), Some(right)) => test(left, right),
        (Some(_) | None, Some(_) | None) => false,
    }
}

fn list_has(list: &Json, wanted: &Json) -> bool {
    list.as_array()
        .is_some_and(|items| items.iter().any(|item| loosely_equal(item, wanted)))
}

/// Jayway's equality: a number and a string are equal when one spells the other.
fn loosely_equal(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(number), Json::String(text)) | (Json::String(text), Json::Number(number)) => {
            text.parse::<f64>()
                .is_ok_and(|spelled| spelled == number.as_f64())
        }
        (left, right) => left == right,
    }
}

fn order(left: &Json, right: &Json) -> Option<Ordering> {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            (Some(_) | None, Some(_) | None) => left.as_f64().partial_cmp(&right.as_f64()),
        },
        (Json::String(left), Json::String(right)) => {
            Some(left.encode_utf16().cmp(right.encode_utf16()))
        }
        _ => None,
    }
}

fn size(value: &Json) -> Option<i64> {
    let size = match value {
        Json::String(text) => text.encode_utf16().count(),
        Json::Array(items) => items.len(),
        Json::Object(members) => members.len(),
        Json::Null | Json::Bool(_) | Json::Number(_) => return None,
    };
    i64::try_from(size).ok()
}

/// A list matches when one of its items does. A pattern that backtracks too much does not match.
fn matches(value: &Json, pattern: &Regex) -> bool {
    let is_match = |text: &str| pattern.is_match(text).unwrap_or(false);
    match value {
        Json::String(text) => is_match(text),
        Json::Number(_) | Json::Bool(_) => is_match(&value.to_text()),
        Json::Array(items) => items.iter().any(|item| item.as_str().is_some_and(is_match)),
        Json::Null | Json::Object(_) => false,
    }
}
