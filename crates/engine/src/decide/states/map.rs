//! Map: its items, and the iterations of an inline one.

use passo_asl::program::{Items, Map, MapMode, StateKind};
use passo_expr::{ExpressionFailure, MapItem};
use passo_json::{Json, Kind, Payload};
use passo_vocab::ErrorName;

use super::super::turn::Turn;
use crate::execution::Stage;
use crate::flow::{Evaluator, Fault, Value};
use crate::{EventKind, FrameId, Invariant, MapStarted};

/// What a Map iterates over, before its payloads have names.
pub(crate) struct Plan {
    /// None when an ItemReader supplies the items.
    pub(crate) items: Option<Value>,
    pub(crate) input: Value,
    length: u32,
    concurrency: u32,
}

impl Turn<'_> {
    pub fn start_map(&mut self, id: FrameId, map: &Map) -> Result<(), Invariant> {
        let plan = plan(&self.evaluator(id)?, map);
        self.settle(id, plan, |turn, plan| {
            let mut names = turn.names();
            let input = names.of(plan.input);
            let items = plan.items.map(|items| match items {
                // Items that are the whole input share its name.
                Value::New(payload) if payload.is_same(&input.payload) => input.clone(),
                items => names.of(items),
            });
            let started = MapStarted {
                items,
                input,
                length: plan.length,
                concurrency: plan.concurrency,
            };
            turn.emit_next(id, EventKind::MapStarted(Box::new(started)))
        })
    }

    pub fn start_iteration(&mut self, id: FrameId) -> Result<(), Invariant> {
        let StateKind::Map(map) = &self.state(id)?.kind else {
            return Err(Invariant::new("iterations belong to a Map state"));
        };
        let Stage::Join(join) = &self.frame(id)?.stage else {
            return Err(Invariant::new(
                "iterations start while their Map waits for them",
            ));
        };
        let Some(started) = &join.map else {
            return Err(Invariant::new("an inline Map has items"));
        };
        let (index, resume) = (join.next, join.resume);
        let item = started
            .items
            .as_ref()
            .and_then(|items| items.payload.json().at(usize::try_from(index).ok()?));
        let Some(item) = item.cloned() else {
            return Err(Invariant::new("a Map has an item for each iteration"));
        };
        let item = MapItem {
            index: u64::from(index),
            value: item,
            key: None,
            source: None,
        };
        let input = item_input(self.evaluator(id)?, map, &started.input.payload, item);
        self.settle(id, input, |turn, input| {
            let input = turn.names().of(input);
            turn.emit(id, resume, EventKind::MapIterationStarted { index, input })
        })
    }
}

/// What a Map iterates over, and how many at a time.
pub(crate) fn plan(evaluator: &Evaluator<'_>, map: &Map) -> Result<Plan, Fault> {
    let input = evaluator.input(&map.flow)?;
    let items = items(evaluator, map, &input)?;
    let most = match &map.mode {
        MapMode::Inline => evaluator.limits.inline_concurrency_max,
        MapMode::Distributed(_) => evaluator.limits.distributed_concurrency_max,
    };
    let wanted = evaluator.map_count(
        map.max_concurrency.as_ref(),
        input.payload(),
        "MaxConcurrency",
    )?;
    evaluator.note(|seen| seen.max_concurrency = Some(wanted.unwrap_or(0)));
    let concurrency = match wanted.unwrap_or(0) {
        0 => most,
        negative if negative < 0 => {
            return Err(Fault::runtime("MaxConcurrency cannot be negative."));
        }
        wanted => u32::try_from(wanted).unwrap_or(u32::MAX).min(most),
    };
    let length = match &items {
        None => 0,
        Some(items) => match items.payload().json() {
            Json::Array(array) => array.len(),
            Json::Object(object) => object.len(),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => 0,
        },
    };
    Ok(Plan {
        items,
        input,
        length: u32::try_from(length).unwrap_or(u32::MAX),
        concurrency,
    })
}

fn items(evaluator: &Evaluator<'_>, map: &Map, input: &Value) -> Result<Option<Value>, Fault> {
    let distributed = match &map.mode {
        MapMode::Inline => false,
        MapMode::Distributed(distributed) if distributed.item_reader.is_some() => return Ok(None),
        MapMode::Distributed(_) => true,
    };
    let fits =
        |items: &Json| items.kind() == Kind::Array || (distributed && items.kind() == Kind::Object);
    match &map.items {
        Items::Path(None) => {
            if fits(input.payload().json()) {
                return Ok(Some(input.clone()));
            }
            Err(not_an_array("$"))
        }
        Items::Path(Some(path)) => {
            let items = path
                .read_payload(&evaluator.scope(input.payload()))
                .map_err(|error| error.into_invalid_path())?;
            evaluator.note(|seen| seen.after_items_path = Some(items.clone()));
            if fits(items.json()) {
                return Ok(Some(Value::New(items)));
            }
            Err(not_an_array(path.text()))
        }
        Items::Template(None) => {
            if fits(input.payload().json()) {
                return Ok(Some(input.clone()));
            }
            // Recorded on AWS: without a location, as there is no field.
            Err(Fault::Expression(ExpressionFailure {
                error: ErrorName::QUERY_EVALUATION_ERROR,
                message: format!(
                    "Map state input must be an array but was: {}",
                    input.payload().text()
                ),
                location: None,
            }))
        }
        Items::Template(Some(template)) => {
            let items =
                template.evaluate(&evaluator.scope(&evaluator.frame.input.payload), "Items")?;
            Ok(Some(Value::New(Payload::from(items))))
        }
        Items::Expression(expression) => {
            let scope = evaluator.scope(&evaluator.frame.input.payload);
            let items = if distributed {
                let items = expression.evaluate(&scope, "Items")?;
                if !fits(&items) {
                    let source = expression.source();
                    return Err(ExpressionFailure::unexpected_kind(
                        source,
                        "Items",
                        Kind::Array,
                        &items,
                    )
                    .into());
                }
                items
            } else {
                expression.evaluate_kind(&scope, "Items", Kind::Array)?
            };
            Ok(Some(Value::New(Payload::from(items))))
        }
    }
}

fn not_an_array(path: &str) -> Fault {
    Fault::runtime(format!("Reference path \"{path}\" must point to array."))
}

/// What an iteration's first state gets: `ItemSelector`, or the item.
pub(crate) fn item_input(
    evaluator: Evaluator<'_>,
    map: &Map,
    input: &Payload,
    item: MapItem,
) -> Result<Value, Fault> {
    let Some(selector) = &map.item_selector else {
        return Ok(Value::New(Payload::from(item.value)));
    };
    let evaluator = evaluator.with_item(item);
    let selected = selector.evaluate(&evaluator.scope(input), "ItemSelector")?;
    let value = Value::New(Payload::from(selected));
    evaluator.check_size(&value)?;
    Ok(value)
}
