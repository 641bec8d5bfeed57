//! A Map state up to the end of its iterations.

use std::sync::Arc;

use passo_asl::program::{DistributedMap, Map, MapMode};
use passo_expr::MapItem;
use passo_json::{Json, Payload};
use passo_vocab::{ErrorName, Failure};

use super::outcome::Work;
use super::run::{Sight, SingleState, hide_input};
use crate::decide::states;
use crate::flow::{Fault, Value};
use crate::map::{Batch, Batching};

/// What became of the iterations.
pub(super) enum MapWork {
    Succeeded(Payload),
    Failed(Failure),
}

/// Evaluates the fields of the Map, and says how its iterations ended.
pub(super) fn run(
    single: &SingleState,
    sight: &Sight,
    map: &Map,
    work: Work,
) -> Result<MapWork, Fault> {
    let evaluator = single.evaluator(sight);
    let plan = states::map::plan(&evaluator, map)?;
    evaluator.note(hide_input);
    let input = plan.input.payload();
    let items = items_of(match &single.setting.items_read {
        Some(read) => Some(read),
        None => plan.items.as_ref().map(Value::payload),
    });
    let count = items.len();
    let selected = selected(single, sight, map, input, items)?;
    if map.item_selector.is_some() {
        let list = Payload::from(Json::from(selected.clone()));
        evaluator.note(|seen| seen.after_item_selector = Some(list));
    }
    if let MapMode::Distributed(distributed) = &map.mode {
        let planned = states::map_run::plan(&evaluator, map, distributed, input)?;
        let batching = Batching {
            input: planned.batch.input.as_ref(),
            items: planned.batch.items,
            bytes: planned.batch.bytes,
        };
        note_batches(single, sight, distributed, &batching, selected);
    }
    let count = match &work {
        Work::Succeeded(result) => result.json().as_array().map_or(count, |list| list.len()),
        Work::Failed(_) => count,
    };
    let is_exceeded = sight.trace.borrow().tolerance_is_exceeded(
        single.setting.failed_iterations.unwrap_or(0),
        u64::try_from(count).unwrap_or(u64::MAX),
    );
    Ok(match work {
        // Text recorded on AWS.
        _ if is_exceeded => MapWork::Failed(Failure::new(
            ErrorName::EXCEED_TOLERATED_FAILURE_THRESHOLD,
            "The specified tolerated failure threshold was exceeded",
        )),
        Work::Failed(failure) => MapWork::Failed(failure),
        Work::Succeeded(result) => MapWork::Succeeded(result),
    })
}

/// Items with the keys that they have in an object.
fn items_of(items: Option<&Payload>) -> Vec<(Option<Arc<str>>, Json)> {
    match items.map(Payload::json) {
        Some(Json::Array(array)) => array.iter().map(|item| (None, item.clone())).collect(),
        Some(Json::Object(object)) => object
            .iter()
            .map(|(key, value)| (Some(Arc::clone(key)), value.clone()))
            .collect(),
        None | Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_)) => Vec::new(),
    }
}

/// The inputs of the iterations.
fn selected(
    single: &SingleState,
    sight: &Sight,
    map: &Map,
    input: &Payload,
    items: Vec<(Option<Arc<str>>, Json)>,
) -> Result<Vec<Json>, Fault> {
    let source = match &map.mode {
        MapMode::Inline => None,
        MapMode::Distributed(_) => Some(Arc::from("STATE_DATA")),
    };
    let mut selected = Vec::with_capacity(items.len());
    for (index, (key, value)) in (0_u64..).zip(items) {
        let item = MapItem {
            index,
            value,
            key,
            source: source.clone(),
        };
        let value = states::map::item_input(single.evaluator(sight), map, input, item)?;
        selected.push(value.payload().json().clone());
    }
    Ok(selected)
}

fn note_batches(
    single: &SingleState,
    sight: &Sight,
    distributed: &DistributedMap,
    batching: &Batching<'_>,
    selected: Vec<Json>,
) {
    if distributed.item_batcher.is_none() {
        return;
    }
    let mut batch = Batch::default();
    let mut children = Vec::new();
    for item in selected {
        children.extend(batch.push(item, batching));
    }
    children.extend(batch.take(batching));
    let inputs: Vec<Json> = children
        .into_iter()
        .map(|child| child.input.json().clone())
        .collect();
    let inputs = Payload::from(Json::from(inputs));
    let evaluator = single.evaluator(sight);
    evaluator.note(|seen| seen.after_item_batcher = Some(inputs));
}
