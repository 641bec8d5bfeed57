//! Mocked results against the models of services.

use passo_asl::program::TaskResource;
use passo_json::{Json, Object};
use passo_model::{Model, Shape, ShapeId, Structure};
use passo_service::Fault;

use super::operation::{Operation, capitalized};
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
    let Some(service) = passo_model::by_id(&operation.service) else {
        return Ok(());
    };
    let model = service.model();
    let output = model.operation(&operation.name).and_then(|it| it.output);
    let Some(shape) = output else {
        return Ok(());
    };
    let checker = Checker {
        model,
        mode,
        free: operation.free,
    };
    checker.check(shape, None, result, 0).map_err(|problem| {
        faults::validation(format!("Mock result schema validation error: {problem}"))
    })
}

struct Checker {
    model: &'static Model,
    mode: Mode,
    free: Option<&'static str>,
}

impl Checker {
    /// As deep as [`DEPTH_MAX`]. `field` is none for the result itself.
    fn check(
        &self,
        shape: ShapeId,
        field: Option<&str>,
        value: &Json,
        depth: usize,
    ) -> Result<(), String> {
        if depth >= DEPTH_MAX {
            return Ok(());
        }
        let deeper = depth.saturating_add(1);
        let wrong = |wanted: &str| {
            Err(match field {
                Some(field) => format!("Field '{field}' must be {wanted}"),
                None => format!("Mocked result must be {wanted}"),
            })
        };
        match (self.model.shape(shape), value) {
            // What a service leaves out may be written as null.
            (Shape::Document, _) | (_, Json::Null) => Ok(()),
            (Shape::Text { words, .. }, Json::String(text)) if !words.is_empty() => {
                if words.iter().any(|word| *word == &**text) {
                    return Ok(());
                }
                let field = field.unwrap_or_default();
                Err(format!("Field '{field}' is not an expected value"))
            }
            (Shape::Text { .. } | Shape::Timestamp(_) | Shape::Blob { .. }, Json::String(_))
            | (Shape::Number { .. }, Json::Number(_))
            | (Shape::Boolean, Json::Bool(_)) => Ok(()),
            (Shape::Text { .. } | Shape::Timestamp(_) | Shape::Blob { .. }, _) => wrong("a string"),
            (Shape::Number { .. }, _) => wrong("a number"),
            (Shape::Boolean, _) => wrong("a boolean"),
            (Shape::List(list), Json::Array(items)) => items
                .iter()
                .try_for_each(|value| self.check(list.item, field, value, deeper)),
            (Shape::List(_), _) => wrong("an array"),
            (Shape::Map(map), Json::Object(entries)) => entries
                .iter()
                .try_for_each(|(name, value)| self.check(map.value, Some(name), value, deeper)),
            (Shape::Structure(structure), Json::Object(object)) => {
                self.members(structure, object, depth)
            }
            (Shape::Map(_) | Shape::Structure(_), _) => wrong("an object"),
        }
    }

    /// Members as Step Functions shows them: with a capital.
    fn members(&self, structure: &Structure, object: &Object, depth: usize) -> Result<(), String> {
        let is_strict = self.mode == Mode::Strict;
        let members = structure.members.iter();
        let members: Vec<_> = members.map(|it| (capitalized(it.name), it)).collect();
        let is_missing = |name: &str| member(object, name).is_none_or(Json::is_null);
        let missing = members
            .iter()
            .find(|(name, member)| is_strict && member.is_required && is_missing(name));
        if let Some((name, _)) = missing {
            return Err(format!("Required field '{name}' is missing"));
        }
        let present = members
            .iter()
            .filter(|(name, _)| depth > 0 || self.free != Some(name.as_str()))
            .filter_map(|(name, it)| Some((name, it, member(object, name)?)));
        for (name, it, value) in present {
            self.check(it.shape, Some(name), value, depth.saturating_add(1))?;
        }
        Ok(())
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
