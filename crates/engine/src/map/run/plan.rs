//! Items to children: ItemSelector and batching.

use std::sync::Arc;

use passo_asl::program::{Program, StateKind};
use passo_expr::{Environment, MapItem, Scope};
use passo_json::{Json, Payload};
use passo_vocab::{ErrorName, Failure};

use super::state::MapRun;
use super::{Item, MapRunEvent, PlannedChild};
use crate::flow::too_large;
use crate::map::batch::Batch;
use crate::map::{ItemReaderSpec, MapItems};

/// Items that came together.
pub(super) struct Page {
    pub(super) items: Vec<Item>,
    /// Where they are from; none where they are the state's data.
    pub(super) source: Option<Arc<str>>,
    /// Where the next page begins.
    pub(super) cursor: Option<Arc<str>>,
    pub(super) last: bool,
}

impl MapRun {
    /// The items of a state's own data.
    pub(super) fn own_items(&self) -> Option<Vec<Item>> {
        let MapItems::Data(payload) = &self.spec.items else {
            return None;
        };
        Some(match payload.json() {
            Json::Array(array) => array
                .iter()
                .map(|value| Item {
                    value: value.clone(),
                    key: None,
                })
                .collect(),
            Json::Object(object) => {
                let members = object.iter();
                members
                    .map(|(key, value)| Item {
                        value: value.clone(),
                        key: Some(Arc::clone(key)),
                    })
                    .collect()
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Vec::new(),
        })
    }

    /// What reading these items means.
    pub(super) fn planned(
        &self,
        program: &Program,
        environment: &Environment,
        page: Page,
    ) -> Result<MapRunEvent, Failure> {
        let Page {
            items,
            source,
            cursor,
            last,
        } = page;
        let left = self.items_left()?;
        let wanted = usize::try_from(left).unwrap_or(usize::MAX);
        let last = last || items.len() >= wanted;
        let mut children = Vec::new();
        let mut batch = Batch::of(&self.waiting);
        let mut read = self.read;
        for item in items.into_iter().take(wanted) {
            let input = self.selected(program, environment, item, read, source.as_ref())?;
            read = read.saturating_add(1);
            if self.spec.is_batched() {
                children.extend(batch.push(input.json().clone(), &self.spec.batching()));
            } else {
                children.push(PlannedChild { input, items: 1 });
            }
        }
        if last {
            children.extend(batch.take(&self.spec.batching()));
        }
        Ok(MapRunEvent::Planned {
            children,
            waiting: batch.items().to_vec(),
            read,
            cursor,
            last,
        })
    }

    /// Items that may still be read.
    fn items_left(&self) -> Result<u64, Failure> {
        let MapItems::Reader(ItemReaderSpec {
            max_items: Some(most),
            ..
        }) = &self.spec.items
        else {
            return Ok(u64::MAX);
        };
        let most = u64::try_from(*most).ok().filter(|most| *most > 0);
        let most = most.ok_or_else(|| {
            Failure::new(
                ErrorName::ITEM_READER_FAILED,
                "field MaxItems must be positive",
            )
        })?;
        Ok(most.saturating_sub(self.read))
    }

    fn selected(
        &self,
        program: &Program,
        environment: &Environment,
        item: Item,
        index: u64,
        source: Option<&Arc<str>>,
    ) -> Result<Payload, Failure> {
        let state = program.state(self.spec.state);
        let (Some(state), Some(StateKind::Map(map))) = (state, state.map(|state| &state.kind))
        else {
            return Err(Failure::new(
                ErrorName::RUNTIME,
                "The Map state does not exist.",
            ));
        };
        let bounded = |input: Payload| match input.bytes() > self.spec.payload_bytes_max {
            true => Err(too_large(state.name.as_str())),
            false => Ok(input),
        };
        let Some(selector) = &map.item_selector else {
            return bounded(Payload::from(with_key(item)));
        };
        let source = source.cloned().or_else(|| Some(Arc::from("STATE_DATA")));
        let item = MapItem {
            index,
            value: item.value,
            key: item.key,
            source,
        };
        let context = self.spec.context.clone().with_map_item(item);
        let scope = Scope::new(
            &self.spec.input,
            &context,
            &self.spec.variables,
            environment,
        );
        let selected = selector.evaluate(&scope, "ItemSelector").map(Payload::from).map_err(|failure| {
            Failure::new(
                failure.error,
                format!(
                    "An error occurred while executing the state '{}' (entered at the event id #{}). {}",
                    state.name, self.spec.entered, failure.message
                ),
            )
        });
        bounded(selected?)
    }
}

/// Without a selector, an object's member is the item as `{"Key": …, "Value": …}`.
fn with_key(item: Item) -> Json {
    match item.key {
        None => item.value,
        Some(key) => passo_json::ObjectBuilder::new()
            .insert("Key", key)
            .insert("Value", item.value)
            .build()
            .into(),
    }
}
