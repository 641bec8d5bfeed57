//! What is not the same in JSONata.

use std::fmt;

/// Values for which the JSONata yields something else than what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// A path to many values passes over what is not as it expects; the JSONata looks into it.
    ManyValues,
    /// A filter's `==` takes a number and a text that spells it for equal.
    LooseEquality,
    /// `States.Format` writes lists and objects as Java does, the JSONata as JSON.
    FormattedCollection,
    /// `States.JsonToString` puts a text in quotes, `$string` does not.
    UnquotedText,
    /// Intrinsic functions round numbers that are not whole, JSONata does not.
    Rounding,
    /// The same seed gives other numbers.
    SeededRandom,
    /// Text beyond ASCII is encoded otherwise in Base64.
    Base64,
}

impl Difference {
    /// Every difference.
    pub const ALL: [Difference; 7] = [
        Difference::ManyValues,
        Difference::LooseEquality,
        Difference::FormattedCollection,
        Difference::UnquotedText,
        Difference::Rounding,
        Difference::SeededRandom,
        Difference::Base64,
    ];

    /// A name for programs, which stays.
    pub fn name(self) -> &'static str {
        match self {
            Difference::ManyValues => "MANY_VALUES",
            Difference::LooseEquality => "LOOSE_EQUALITY",
            Difference::FormattedCollection => "FORMATTED_COLLECTION",
            Difference::UnquotedText => "UNQUOTED_TEXT",
            Difference::Rounding => "ROUNDING",
            Difference::SeededRandom => "SEEDED_RANDOM",
            Difference::Base64 => "BASE64",
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Difference::ManyValues => {
                "where a value on the way is not the list or the object that the path expects, the path passes it over; \
                 JSONata looks into a list, and takes anything else for one item"
            }
            Difference::LooseEquality => {
                "the filter takes the number 5 and the text \"5\" for equal; JSONata does not"
            }
            Difference::FormattedCollection => {
                "States.Format writes lists and objects as [a, b] and {key=value}; the JSONata writes JSON"
            }
            Difference::UnquotedText => {
                "States.JsonToString puts a text in quotes; $string leaves it as it is"
            }
            Difference::Rounding => {
                "intrinsic functions round numbers that have a fraction; JSONata does not"
            }
            Difference::SeededRandom => "the same seed gives other numbers in JSONata",
            Difference::Base64 => "text beyond ASCII may become other bytes in Base64",
        })
    }
}

/// JSONata cannot say what the text says; the text stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// What stands in the way: a fragment that goes on a sentence.
    pub reason: String,
}

impl Obstacle {
    /// With this reason.
    pub fn new(reason: impl Into<String>) -> Obstacle {
        Obstacle {
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Obstacle {}
