//! JSON bodies to canonical values and back: names on the wire, forms of times.

use passo_json::{Json, Number, ObjectBuilder};
use passo_model::{Location, Member, Model, Shape, ShapeId, Structure, TimestampFormat};

use crate::problem::{DEPTH_MAX, Problem};
use crate::scalar::time_format;
use crate::time;

/// The canonical form of a body of that shape. Members that the model does not know, and those that are null, are
/// dropped.
pub(crate) fn read(model: &Model, shape: ShapeId, value: &Json) -> Result<Json, Problem> {
    level(model, shape, value, 0)
}

/// As deep as [`DEPTH_MAX`].
fn level(model: &Model, id: ShapeId, value: &Json, depth: usize) -> Result<Json, Problem> {
    if depth > DEPTH_MAX {
        return Err(Problem::too_deep());
    }
    match (model.shape(id), value) {
        (Shape::Structure(structure), Json::Object(_)) => {
            let mut out = ObjectBuilder::new();
            for member in body_members(structure) {
                let given = value.get(member.wire_name());
                if let Some(given) = given.filter(|given| !given.is_null()) {
                    out.insert(member.name, level(model, member.shape, given, depth + 1)?);
                }
            }
            Ok(Json::from(out.build()))
        }
        (Shape::Structure(_), Json::Null) => Ok(Json::from(ObjectBuilder::new().build())),
        (Shape::Structure(_), _) => Err(Problem::new("An object is expected.")),
        (Shape::List(list), Json::Array(items)) => {
            let items = items
                .iter()
                .map(|item| nullable(item, |item| level(model, list.item, item, depth + 1)));
            Ok(Json::from(items.collect::<Result<Vec<Json>, _>>()?))
        }
        (Shape::List(_), _) => Err(Problem::new("A list is expected.")),
        (Shape::Map(map), Json::Object(entries)) => {
            let mut out = ObjectBuilder::new();
            for (key, entry) in entries.iter() {
                let entry = nullable(entry, |it| level(model, map.value, it, depth + 1))?;
                out.insert(key.clone(), entry);
            }
            Ok(Json::from(out.build()))
        }
        (Shape::Map(_), _) => Err(Problem::new("A map is expected.")),
        (Shape::Timestamp(_), Json::String(text)) => {
            time::read(text).ok_or_else(|| Problem::new("A timestamp is expected."))
        }
        (Shape::Timestamp(_), Json::Number(number)) => {
            Ok(Number::integral(number.as_f64()).map_or_else(|| value.clone(), Json::Number))
        }
        // What is of another kind than the model says is the service's to refuse, in its own words.
        (
            Shape::Timestamp(_)
            | Shape::Text { .. }
            | Shape::Number { .. }
            | Shape::Boolean
            | Shape::Blob { .. }
            | Shape::Document,
            _,
        ) => Ok(value.clone()),
    }
}

fn nullable(
    value: &Json,
    read: impl FnOnce(&Json) -> Result<Json, Problem>,
) -> Result<Json, Problem> {
    if value.is_null() {
        return Ok(Json::Null);
    }
    read(value)
}

/// A body of that shape from its canonical form.
pub(crate) fn write(model: &Model, shape: ShapeId, value: &Json) -> Result<Json, Problem> {
    below(model, shape, None, value, 0)
}

/// The body of one member.
pub(crate) fn write_member(model: &Model, member: &Member, value: &Json) -> Result<Json, Problem> {
    below(model, member.shape, Some(member), value, 0)
}

/// As deep as [`DEPTH_MAX`].
fn below(
    model: &Model,
    id: ShapeId,
    member: Option<&Member>,
    value: &Json,
    depth: usize,
) -> Result<Json, Problem> {
    if depth > DEPTH_MAX {
        return Err(Problem::too_deep());
    }
    let shape = model.shape(id);
    match (shape, value) {
        (Shape::Structure(structure), Json::Object(_)) => {
            let mut out = ObjectBuilder::new();
            for member in body_members(structure) {
                let given = value.get(member.name).filter(|given| !given.is_null());
                if let Some(given) = given {
                    let written = below(model, member.shape, Some(member), given, depth + 1)?;
                    out.insert(member.wire_name(), written);
                }
            }
            Ok(Json::from(out.build()))
        }
        (Shape::List(list), Json::Array(items)) => {
            let items = items
                .iter()
                .map(|item| below(model, list.item, None, item, depth + 1));
            Ok(Json::from(items.collect::<Result<Vec<Json>, _>>()?))
        }
        (Shape::Map(map), Json::Object(entries)) => {
            let mut out = ObjectBuilder::new();
            for (key, entry) in entries.iter() {
                out.insert(
                    key.clone(),
                    below(model, map.value, None, entry, depth + 1)?,
                );
            }
            Ok(Json::from(out.build()))
        }
        (Shape::Timestamp(_), Json::Number(_) | Json::String(_)) => {
            let format = time_format(shape, member, TimestampFormat::EpochSeconds);
            Ok(match (format, value) {
                (TimestampFormat::EpochSeconds, Json::Number(_)) => value.clone(),
                (TimestampFormat::EpochSeconds, _) => {
                    let read = value.as_str().and_then(time::read);
                    read.unwrap_or_else(|| value.clone())
                }
                (TimestampFormat::Iso8601 | TimestampFormat::HttpDate, _) => {
                    time::write(value, format).map_or_else(|| value.clone(), Json::from)
                }
            })
        }
        (
            Shape::Structure(_)
            | Shape::List(_)
            | Shape::Map(_)
            | Shape::Timestamp(_)
            | Shape::Text { .. }
            | Shape::Number { .. }
            | Shape::Boolean
            | Shape::Blob { .. }
            | Shape::Document,
            _,
        ) => Ok(value.clone()),
    }
}

/// The members that travel in the body.
pub(crate) fn body_members(structure: &Structure) -> impl Iterator<Item = &Member> {
    let members = structure.members.iter();
    members.filter(|member| member.location == Location::Body)
}
