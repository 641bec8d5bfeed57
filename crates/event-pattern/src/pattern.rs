//! A pattern, and whether an event fits it.

use std::sync::Arc;

use passo_json::{Json, Object};

use crate::matcher::Matcher;
use crate::parse::{self, PatternError};

/// Which events are wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    pub(crate) root: Fields,
}

/// Conditions on the members of an object: every field, and of each `$or` one alternative.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fields {
    pub(crate) fields: Vec<(Arc<str>, Field)>,
    pub(crate) either: Vec<Vec<Fields>>,
}

/// A condition on one member.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Field {
    /// It is an object, or a list with an object, that fits.
    Object(Fields),
    /// It is a value, or a list with a value, that one of these takes.
    Value(Vec<Matcher>),
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Where it is none, with a reason in the words of EventBridge.
    pub fn parse(pattern: &Json) -> Result<Pattern, PatternError> {
        Ok(Pattern {
            root: parse::root(pattern)?,
        })
    }

    /// Whether `event` is wanted.
    pub fn matches(&self, event: &Json) -> bool {
        self.root.match_value(event)
    }
}

impl Fields {
    /// A list fits where one of its items does, so that conditions on several members are met by one and the same item.
    fn match_value(&self, value: &Json) -> bool {
        match (value.as_object(), value.as_array()) {
            (Some(object), _) => self.match_object(object),
            (None, Some(items)) => items.iter().any(|item| self.match_value(item)),
            (None, None) => false,
        }
    }

    fn match_object(&self, object: &Object) -> bool {
        let mut fields = self.fields.iter();
        let mut either = self.either.iter();
        fields.all(|(name, field)| field.matches(object.get(name)))
            && either.all(|alternatives| {
                let mut alternatives = alternatives.iter();
                alternatives.any(|fields| fields.match_object(object))
            })
    }

    /// Whether an object without any of the members fits.
    fn match_absence(&self) -> bool {
        self.match_object(&Object::default())
    }
}

impl Field {
    fn matches(&self, value: Option<&Json>) -> bool {
        match (self, value) {
            (Field::Object(fields), Some(value)) => fields.match_value(value),
            // `{"a": {"b": [{"exists": false}]}}` wants events without `a` too.
            (Field::Object(fields), None) => fields.match_absence(),
            (Field::Value(matchers), value) => {
                matchers.iter().any(|matcher| matcher.takes_member(value))
            }
        }
    }
}
