//! Fields that hold plain values: strings, numbers, words, arrays.

use std::sync::Arc;

use super::place::Place;
use super::reader::{Field, Reader};
use crate::source::Node;

impl Reader<'_> {
    /// A string.
    pub(crate) fn string(&mut self, field: &Field<'_>) -> Option<Arc<str>> {
        self.text_at(field.node, &field.place)
    }

    /// The string at `node`.
    pub(crate) fn text_at(&mut self, node: &Node, place: &Place<'_>) -> Option<Arc<str>> {
        if self.is_substituted(node) {
            return None;
        }
        if node.tag.is_some() {
            self.refuse_tag(node, place);
            return None;
        }
        let text = node.as_str();
        if text.is_none() {
            self.error(place, node.span, "Expected value of type String");
        }
        text.map(Arc::from)
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, field: &Field<'_>) -> Option<bool> {
        let value = field.node.as_bool();
        if value.is_none() {
            self.error(
                &field.place,
                field.node.span,
                "Expected value of type Boolean",
            );
        }
        value
    }

    /// An array.
    pub(crate) fn array<'n>(&mut self, field: &Field<'n>) -> Option<&'n [Node]> {
        let items = field.node.as_array();
        if items.is_none() {
            self.error(
                &field.place,
                field.node.span,
                "Expected value of type Array",
            );
        }
        items
    }

    /// An array that must have an item.
    pub(crate) fn filled_array<'n>(&mut self, field: &Field<'n>) -> Option<&'n [Node]> {
        let items = self.array(field)?;
        if items.is_empty() {
            self.error(&field.place, field.node.span, "Value cannot be empty");
            return None;
        }
        Some(items)
    }

    /// A whole number within `least..=most`.
    pub(crate) fn integer(&mut self, field: &Field<'_>, least: u64, most: u64) -> Option<u64> {
        if self.is_substituted(field.node) {
            return None;
        }
        let Some(number) = field.node.as_number() else {
            self.error(
                &field.place,
                field.node.span,
                "Expected value of type Integer",
            );
            self.warn_of_path(field);
            return None;
        };
        let value = number.as_i64().and_then(|value| u64::try_from(value).ok());
        match value {
            Some(value) if (least..=most).contains(&value) => Some(value),
            _ => {
                let message = if number.as_i64().is_none() && number.as_f64().fract() != 0.0 {
                    "Expected value of type Integer".to_owned()
                } else {
                    format!("Value must be between {least} and {most}")
                };
                self.error(&field.place, field.node.span, message);
                None
            }
        }
    }

    /// A number within `least..=most`.
    pub(crate) fn number(&mut self, field: &Field<'_>, least: f64, most: f64) -> Option<f64> {
        if self.is_substituted(field.node) {
            return None;
        }
        let Some(number) = field.node.as_number() else {
            self.error(
                &field.place,
                field.node.span,
                "Expected value of type Number",
            );
            self.warn_of_path(field);
            return None;
        };
        let value = number.as_f64();
        if (least..=most).contains(&value) {
            return Some(value);
        }
        let message = if most.is_finite() {
            format!("Value must be between {least} and {most}")
        } else {
            format!("Value must be at least {least}")
        };
        self.error(&field.place, field.node.span, message);
        None
    }

    /// One of a few words.
    pub(crate) fn word(
        &mut self,
        field: &Field<'_>,
        words: &[&'static str],
    ) -> Option<&'static str> {
        let text = self.string(field)?;
        let found = words.iter().copied().find(|word| **word == *text);
        if found.is_none() {
            let message = format!(
                "The field '{}' should have one of these values: [{}]",
                field.name,
                words.join(", ")
            );
            self.error(&field.place, field.node.span, message);
        }
        found
    }
}
