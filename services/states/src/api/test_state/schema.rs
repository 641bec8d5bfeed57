//! Mocked results against the models of services.

use passo_asl::program::TaskResource;
use passo_json::{Json, Object};
use passo_service::Fault;

use super::operation::Operation;
use super::outputs::{self, Output, Shape};
use crate::faults;

/// Nesting that is looked at; no output of a service is deeper without repeating itself.
const DEPTH_MAX: usize = 64;

/// `fieldValidationMode`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// `STRICT`: what is required is there, and what is there is as the model says.
    Strict,
    /// `PRESENT`: what is there is as the model says.
    Present,
    /// `NONE`
    Nothing,
}

/// Whether `result` is one that the task can have. Members that the model does not know are ignored (recorded).
///
/// # Errors
/// `ValidationException` with the first thing that is wrong.
pub(super) fn check(resource: &TaskResource, result: &Json, mode: Mode) -> Result<(), Fault> {
    if mode == Mode::Nothing {
        return Ok(());
    }
    let Some(operation) = Operation::of(resource) else {
        return Ok(());
    };
    let Some(output) = outputs::find(&operation.service, &operation.name) else {
        return Ok(());
    };
    let Some(shape) = output.shape else {
        return Ok(());
    };
    let checker = Checker {
        output,
        mode,
        free: operation.free,
    };
    checker.check(shape, None, result, 0).map_err(|problem| {
        faults::validation(format!("Mock result schema validation error: {problem}"))
    })
}

struct Checker {
    output: Output,
    mode: Mode,
    free: Option<&'static str>,
}

impl Checker {
    /// As deep as [`DEPTH_MAX`]. `field` is none for the result itself.
    fn check(
        &self,
        shape: usize,
        field: Option<&str>,
        value: &Json,
        depth: usize,
    ) -> Result<(), String> {
        let Some(shape) = self.output.shapes.get(shape).filter(|_| depth < DEPTH_MAX) else {
            return Ok(());
        };
        let deeper = depth.saturating_add(1);
        let wrong = |wanted: &str| {
            Err(match field {
                Some(field) => format!("Field '{field}' must be {wanted}"),
                None => format!("Mocked result must be {wanted}"),
            })
        };
        match (shape, value) {
            // What a service leaves out may be written as null.
            (Shape::Anything, _) | (_, Json::Null) => Ok(()),
            (Shape::Text, Json::String(_))
            | (Shape::Number, Json::Number(_))
            | (Shape::Boolean, Json::Bool(_)) => Ok(()),
            (Shape::Word(words), Json::String(text)) => {
                if words.iter().any(|word| *word == &**text) {
                    return Ok(());
                }
                let field = field.unwrap_or_default();
                Err(format!("Field '{field}' is not an expected value"))
            }
            (Shape::Text | Shape::Word(_), _) => wrong("a string"),
            (Shape::Number, _) => wrong("a number"),
            (Shape::Boolean, _) => wrong("a boolean"),
            (Shape::List(item), Json::Array(items)) => items
                .iter()
                .try_for_each(|value| self.check(*item, field, value, deeper)),
            (Shape::List(_), _) => wrong("an array"),
            (Shape::Map(item), Json::Object(entries)) => entries
                .iter()
                .try_for_each(|(name, value)| self.check(*item, Some(name), value, deeper)),
            (Shape::Structure(members), Json::Object(object)) => {
                let is_strict = self.mode == Mode::Strict;
                let is_missing = |name: &str| member(object, name).is_none_or(Json::is_null);
                let missing = members
                    .iter()
                    .find(|member| is_strict && member.is_required && is_missing(member.name));
                if let Some(member) = missing {
                    return Err(format!("Required field '{}' is missing", member.name));
                }
                let present = members
                    .iter()
                    .filter(|member| depth > 0 || self.free != Some(member.name))
                    .filter_map(|it| Some((it, member(object, it.name)?)));
                for (member, value) in present {
                    self.check(member.shape, Some(member.name), value, deeper)?;
                }
                Ok(())
            }
            (Shape::Map(_) | Shape::Structure(_), _) => wrong("an object"),
        }
    }
}

/// The member `name`. Tasks spell `MFADevices` as the SDK for Java does, `MfaDevices`; the first letter is always a capital.
fn member<'a>(object: &'a Object, name: &str) -> Option<&'a Json> {
    let first = name.chars().next();
    object.get(name).or_else(|| {
        let alike = |key: &str| key.eq_ignore_ascii_case(name) && key.chars().next() == first;
        let mut members = object.iter();
        members.find_map(|(key, value)| alike(key).then_some(value))
    })
}
