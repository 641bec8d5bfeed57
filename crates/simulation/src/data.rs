//! Data sets and results: pages of any size, late, twice, or a failure in their place.

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_engine::map::{Item, MapItems, MapRunInput};
use passo_json::{Json, json};
use passo_runtime::{DataOwner, Results};
use passo_vocab::{ErrorName, Failure, Timestamp};

use crate::world::{Happening, World};

/// Items of a page at most.
const PAGE_ITEMS_MAX: usize = 3;

impl World {
    /// A page was asked for.
    pub(crate) fn read(
        &mut self,
        now: Timestamp,
        owner: &DataOwner,
        after: u64,
        cursor: Option<&Arc<str>>,
    ) {
        let at = self.later(now, 2_000);
        if self.lapse(60) {
            let failure = Failure::new(ErrorName::ITEM_READER_FAILED, "It is gone.");
            return self.at(at, tell(owner, MapRunInput::ReadFailed(failure)));
        }
        let all = items(owner);
        let from = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        let length = self
            .up_to(PAGE_ITEMS_MAX)
            .min(all.len().saturating_sub(from));
        let next = from.saturating_add(length);
        let last = next >= all.len();
        let page = MapRunInput::ItemsRead {
            after,
            items: all.get(from..next).unwrap_or_default().to_vec(),
            source: Some(Arc::from("S3://data/items")),
            cursor: (!last).then(|| Arc::from(next.to_string())),
            last,
        };
        self.at(at, tell(owner, page.clone()));
        if self.twice() {
            let again = self.later(at, 5_000);
            self.at(again, tell(owner, page));
        }
    }

    /// Results were to be written. What is wrong with them, if anything.
    pub(crate) fn write(
        &mut self,
        now: Timestamp,
        owner: &DataOwner,
        results: &Results,
    ) -> Option<String> {
        let at = self.later(now, 2_000);
        let input = if self.lapse(100) {
            let failure = Failure::new(ErrorName::RESULT_WRITER_FAILED, "It is full.");
            MapRunInput::WriteFailed(failure)
        } else {
            MapRunInput::ResultsWritten(json!({"Bucket": "data", "Key": "manifest.json"}))
        };
        self.at(at, tell(owner, input.clone()));
        if self.twice() {
            let again = self.later(at, 5_000);
            self.at(again, tell(owner, input));
        }
        let mut numbers = Vec::new();
        let read = results.visit(&mut |record| {
            numbers.push(record.index);
            ControlFlow::Continue(())
        });
        numbers.sort_unstable();
        let is_whole = (0..)
            .zip(&numbers)
            .all(|(expect, number)| expect == *number);
        match read {
            Err(error) => Some(format!("results: {error}")),
            Ok(()) if !is_whole => Some(format!("results of children are {numbers:?}")),
            Ok(()) => None,
        }
    }
}

fn tell(owner: &DataOwner, input: MapRunInput) -> Happening {
    Happening::Data {
        execution: owner.execution,
        map_run: owner.map_run,
        input: Box::new(input),
    }
}

fn items(owner: &DataOwner) -> Vec<Item> {
    let MapItems::Reader(reader) = &owner.spec.items else {
        return Vec::new();
    };
    let arguments = reader.arguments.as_ref();
    let items = arguments.and_then(|arguments| arguments.json().get("Items")?.as_array());
    let item = |value: &Json| Item {
        value: value.clone(),
        key: None,
    };
    items
        .map(|items| items.iter().map(item).collect())
        .unwrap_or_default()
}
