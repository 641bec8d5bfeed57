//! What one value may be.

use passo_json::{Json, Number};

use crate::cidr::Network;
use crate::wildcard::Wildcard;

/// One entry of a list of values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Matcher {
    /// The member is there as a value, or is not.
    Exists(bool),
    Is(Test),
    /// The member is there, and none of these takes it.
    AnythingBut(Vec<Test>),
}

/// A test of one value that is neither object nor list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    Equals(Json),
    EqualsIgnoreCase(String),
    Prefix { text: String, ignore_case: bool },
    Suffix { text: String, ignore_case: bool },
    Wildcard(Wildcard),
    Numeric(Vec<Comparison>),
    Cidr(Network),
}

/// A number on the right of an operator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Comparison {
    pub(crate) operator: Operator,
    pub(crate) bound: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

impl Matcher {
    /// Whether a member of an event is taken; a list is where one of its items is.
    pub(crate) fn takes_member(&self, value: Option<&Json>) -> bool {
        if let Matcher::Exists(wanted) = self {
            // Only leaves count: an object is no value.
            return *wanted == value.is_some_and(|value| value.as_object().is_none());
        }
        let Some(value) = value else { return false };
        match value.as_array() {
            Some(items) => items.iter().any(|item| self.takes_member(Some(item))),
            None => value.as_object().is_none() && self.takes(value),
        }
    }

    fn takes(&self, value: &Json) -> bool {
        match self {
            Matcher::Exists(wanted) => *wanted,
            Matcher::Is(test) => test.takes(value),
            Matcher::AnythingBut(tests) => !tests.iter().any(|test| test.takes(value)),
        }
    }
}

impl Test {
    fn takes(&self, value: &Json) -> bool {
        match (self, value) {
            (Test::Equals(Json::Number(wanted)), Json::Number(number)) => same(wanted, number),
            (Test::Equals(wanted), value) => wanted == value,
            (Test::Numeric(comparisons), Json::Number(number)) => {
                let number = number.as_f64();
                comparisons
                    .iter()
                    .all(|comparison| comparison.holds(number))
            }
            (Test::EqualsIgnoreCase(wanted), Json::String(text)) => lower(text) == *wanted,
            (
                Test::Prefix {
                    text: wanted,
                    ignore_case,
                },
                Json::String(text),
            ) => {
                if *ignore_case {
                    lower(text).starts_with(wanted)
                } else {
                    text.starts_with(wanted)
                }
            }
            (
                Test::Suffix {
                    text: wanted,
                    ignore_case,
                },
                Json::String(text),
            ) => {
                if *ignore_case {
                    lower(text).ends_with(wanted)
                } else {
                    text.ends_with(wanted)
                }
            }
            (Test::Wildcard(wildcard), Json::String(text)) => wildcard.matches(text),
            (Test::Cidr(network), Json::String(text)) => network.contains(text),
            (
                Test::Numeric(_)
                | Test::EqualsIgnoreCase(_)
                | Test::Prefix { .. }
                | Test::Suffix { .. }
                | Test::Wildcard(_)
                | Test::Cidr(_),
                _,
            ) => false,
        }
    }
}

/// Numbers are the same where they are written alike: `300` is not `300.0`. Source: EventBridge User Guide, "Event patterns".
fn same(wanted: &Number, number: &Number) -> bool {
    let whole = |number: &Number| matches!(number, Number::Int(_) | Number::Big(_));
    wanted == number && whole(wanted) == whole(number)
}

pub(crate) fn lower(text: &str) -> String {
    text.to_lowercase()
}

impl Comparison {
    #[expect(
        clippy::float_cmp,
        reason = "`=` means exactly the number that was written"
    )]
    fn holds(self, number: f64) -> bool {
        match self.operator {
            Operator::Less => number < self.bound,
            Operator::LessOrEqual => number <= self.bound,
            Operator::Equal => number == self.bound,
            Operator::GreaterOrEqual => number >= self.bound,
            Operator::Greater => number > self.bound,
        }
    }
}
