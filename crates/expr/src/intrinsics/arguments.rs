//! What a function is called with, and how it asks for what it needs.

use std::sync::Arc;

use passo_json::{Array, Json, Kind, Object};

use crate::Environment;

/// Why a function cannot answer; the caller adds the call that failed.
pub(super) type Problem = String;

/// Values of the arguments, and time and chance.
pub(super) struct Arguments<'a> {
    pub(super) values: &'a [Value<'a>],
    pub(super) environment: &'a Environment,
}

/// The value of one argument.
pub(super) struct Value<'a> {
    pub(super) json: Json,
    /// Of a quoted string: what stands between its places `{}`.
    pub(super) pieces: Option<&'a [Arc<str>]>,
}

impl<'a> Value<'a> {
    pub(super) fn of(json: Json) -> Value<'a> {
        Value { json, pieces: None }
    }
}

impl<'a> Arguments<'a> {
    /// All values, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Json> {
        self.values.iter().map(|value| &value.json)
    }

    /// The argument at a place; the parser has made sure that it is there, or else it counts as null.
    pub(super) fn at(&self, place: usize) -> &Json {
        self.values
            .get(place)
            .map_or(&Json::Null, |value| &value.json)
    }

    /// The pieces of a quoted string.
    pub(super) fn pieces(&self, place: usize) -> Option<&'a [Arc<str>]> {
        self.values.get(place).and_then(|value| value.pieces)
    }

    /// Whether an optional argument was given.
    pub(super) fn has(&self, place: usize) -> bool {
        self.values.get(place).is_some()
    }

    pub(super) fn array(&self, place: usize) -> Result<&Array, Problem> {
        self.at(place)
            .as_array()
            .ok_or_else(|| self.wrong_kind(place, Kind::Array))
    }

    pub(super) fn object(&self, place: usize) -> Result<&Object, Problem> {
        self.at(place)
            .as_object()
            .ok_or_else(|| self.wrong_kind(place, Kind::Object))
    }

    pub(super) fn string(&self, place: usize) -> Result<&str, Problem> {
        self.at(place)
            .as_str()
            .ok_or_else(|| self.wrong_kind(place, Kind::String))
    }

    pub(super) fn boolean(&self, place: usize) -> Result<bool, Problem> {
        self.at(place)
            .as_bool()
            .ok_or_else(|| self.wrong_kind(place, Kind::Boolean))
    }

    /// A number, rounded to the nearest whole one (halves upwards, as Java rounds).
    pub(super) fn integer(&self, place: usize) -> Result<i64, Problem> {
        let Json::Number(number) = self.at(place) else {
            return Err(self.wrong_kind(place, Kind::Number));
        };
        if let Some(exact) = number.as_i64() {
            return Ok(exact);
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates, as Math.round does"
        )]
        Ok((number.as_f64() + 0.5).floor() as i64)
    }

    /// An integer that fits Java's `int`.
    pub(super) fn int(&self, place: usize) -> Result<i32, Problem> {
        let integer = self.integer(place)?;
        i32::try_from(integer).map_err(|_| {
            format!(
                "Argument {} is out of range: {integer}",
                place.saturating_add(1)
            )
        })
    }

    /// A string within the length that text functions take.
    pub(super) fn short_string(&self, place: usize) -> Result<&str, Problem> {
        const CHARACTERS_MAX: usize = 10_000;
        let text = self.string(place)?;
        if text.encode_utf16().count() > CHARACTERS_MAX {
            let place = place.saturating_add(1);
            return Err(format!(
                "Argument {place} is longer than {CHARACTERS_MAX} characters"
            ));
        }
        Ok(text)
    }

    /// A list within the size that list functions take.
    pub(super) fn small_array(&self, place: usize) -> Result<&Array, Problem> {
        const BYTES_MAX: usize = 256 * 1024;
        let items = self.array(place)?;
        if self.at(place).text_bytes() > BYTES_MAX {
            let place = place.saturating_add(1);
            return Err(format!("Argument {place} is larger than {BYTES_MAX} bytes"));
        }
        Ok(items)
    }

    fn wrong_kind(&self, place: usize, wanted: Kind) -> Problem {
        let found = self.at(place).kind().name();
        format!(
            "Argument {} must be of type {} but was {found}",
            place.saturating_add(1),
            wanted.name()
        )
    }
}
