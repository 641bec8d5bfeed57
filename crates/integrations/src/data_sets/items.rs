//! The items inside one object, whatever its format.

use passo_engine::map::Item;
use passo_json::Json;
use passo_vocab::Failure;

use super::calls::unreadable;

/// The largest item as it is read, before `ItemSelector` makes it smaller. Source: Developer Guide, "ItemReader".
pub(super) const ITEM_BYTES_MAX: usize = 8 << 20;

/// The items of one object, one after another.
pub(super) trait Items: Send {
    /// The next item, and about how many bytes it has; none at the end.
    ///
    /// # Errors
    /// Why the Map run fails.
    fn next(&mut self) -> Result<Option<(Item, usize)>, Failure>;

    /// Where the next item begins, for [`super::cursor::Cursor::at`].
    fn position(&self) -> u64;

    /// What else is needed to go on there.
    fn memory(&self) -> Memory;
}

/// What is known of an object from its beginning, and is needed where reading goes on further down.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Memory {
    /// Its entity tag.
    pub(super) etag: Option<String>,
    /// The headers of a CSV file, in the order of its columns.
    pub(super) headers: Option<Vec<String>>,
    /// Whether the items of a JSON file are members of an object.
    pub(super) is_object: bool,
}

/// An item without a key.
pub(super) fn plain(value: Json) -> Item {
    Item { value, key: None }
}

/// The failure of an item that is too large.
pub(super) fn too_large() -> Failure {
    unreadable("An item of the data set is larger than 8 MB.")
}
