//! `mapItemReaderData`: what an `ItemReader` would read.

use passo_asl::program::{ItemReader, MapMode, StateKind};
use passo_json::{Json, Payload};
use passo_service::Fault;

use crate::faults;

/// What was read.
#[derive(Default)]
pub(super) struct Read {
    /// The items.
    pub items: Option<Payload>,
    /// What `ItemsPointer` finds, where it is given.
    pub after_pointer: Option<Payload>,
}

/// Reads `data` as the `ItemReader` of the state says; without one, or for a form that needs more than text, it is left
/// alone.
///
/// # Errors
/// `ValidationException` where the data does not have that form.
pub(super) fn read(kind: &StateKind, data: Option<&str>) -> Result<Read, Fault> {
    let (Some(data), Some(reader)) = (data, reader_of(kind)) else {
        return Ok(Read::default());
    };
    let text = |name: &str| reader.config.get(name).and_then(Json::as_str);
    match text("InputType") {
        Some("JSON") | None => {
            let whole = Json::parse(data).map_err(|_| not_valid())?;
            let Some(pointer) = text("ItemsPointer") else {
                return Ok(Read {
                    items: Some(Payload::from(whole)),
                    after_pointer: None,
                });
            };
            let found = whole.pointer(pointer).cloned().map(Payload::from);
            Ok(Read {
                items: found.clone(),
                after_pointer: found,
            })
        }
        Some("JSONL") => {
            let lines = data.lines().filter(|line| !line.trim().is_empty());
            let items: Result<Vec<Json>, _> = lines.map(Json::parse).collect();
            let items = items.map_err(|_| not_valid())?;
            Ok(Read {
                items: Some(Payload::from(Json::from(items))),
                after_pointer: None,
            })
        }
        Some(_) => Ok(Read::default()),
    }
}

fn reader_of(kind: &StateKind) -> Option<&ItemReader> {
    let StateKind::Map(map) = kind else {
        return None;
    };
    match &map.mode {
        MapMode::Inline => None,
        MapMode::Distributed(distributed) => distributed.item_reader.as_ref(),
    }
}

fn not_valid() -> Fault {
    faults::validation("Map item reader data must be valid JSON")
}
