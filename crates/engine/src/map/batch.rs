//! ItemBatcher: items to child inputs.

use passo_json::{Json, ObjectBuilder, Payload};

use super::{MapRunSpec, PlannedChild};

/// AWS's bound for a child's input.
const INPUT_BYTES_MAX: usize = 256 * 1024;

/// Items that do not fill a batch yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Batch {
    items: Vec<Json>,
    bytes: usize,
}

/// How items are put together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batching<'a> {
    /// `BatchInput`.
    pub input: Option<&'a Payload>,
    /// `MaxItemsPerBatch`.
    pub items: Option<u64>,
    /// `MaxInputBytesPerBatch`.
    pub bytes: Option<u64>,
}

impl MapRunSpec {
    /// How its items are put together.
    pub(super) fn batching(&self) -> Batching<'_> {
        Batching {
            input: self.batch_input.as_ref(),
            items: self.max_items_per_batch,
            bytes: self.max_input_bytes_per_batch,
        }
    }

    /// Whether children get lists of items.
    pub(super) fn is_batched(&self) -> bool {
        self.max_items_per_batch.is_some() || self.max_input_bytes_per_batch.is_some()
    }
}

impl Batch {
    /// The batch of items that were planned but not given to a child.
    pub fn of(items: &[Json]) -> Batch {
        let bytes = items
            .iter()
            .map(|item| item.text_bytes().saturating_add(1))
            .sum();
        Batch {
            items: items.to_vec(),
            bytes,
        }
    }

    pub fn items(&self) -> &[Json] {
        &self.items
    }

    /// Adds an item; gives the child input of what was there before where the item does not fit any more.
    pub fn push(&mut self, item: Json, spec: &Batching<'_>) -> Option<PlannedChild> {
        let bytes = item.text_bytes().saturating_add(1);
        let full = if self.fits(bytes, spec) {
            None
        } else {
            self.take(spec)
        };
        self.items.push(item);
        self.bytes = self.bytes.saturating_add(bytes);
        full
    }

    /// The child input of what is there.
    pub fn take(&mut self, spec: &Batching<'_>) -> Option<PlannedChild> {
        if self.items.is_empty() {
            return None;
        }
        let items = std::mem::take(&mut self.items);
        self.bytes = 0;
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let input = ObjectBuilder::new()
            .insert_some("BatchInput", spec.input.map(|input| input.json().clone()))
            .insert("Items", items)
            .build();
        Some(PlannedChild {
            input: Payload::from(Json::from(input)),
            items: count,
        })
    }

    fn fits(&self, bytes: usize, spec: &Batching<'_>) -> bool {
        let count = u64::try_from(self.items.len()).unwrap_or(u64::MAX);
        if spec.items.is_some_and(|most| count >= most) {
            return false;
        }
        let most = spec.bytes.map_or(INPUT_BYTES_MAX, |most| {
            usize::try_from(most)
                .unwrap_or(INPUT_BYTES_MAX)
                .min(INPUT_BYTES_MAX)
        });
        let around = spec.input.map_or(0, Payload::bytes).saturating_add(32);
        self.items.is_empty() || around.saturating_add(self.bytes).saturating_add(bytes) <= most
    }
}
