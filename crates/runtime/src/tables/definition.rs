//! Definitions that executions run, once each, by their content.

use passo_store::{Batch, Space};

use crate::Key;

/// The table: the key of the text to the text.
pub(crate) const SPACE: Space = Space::new("definition");

pub(crate) fn put(batch: &mut Batch, definition: Key, text: &str) {
    batch.put(SPACE, definition.as_bytes(), text);
}
