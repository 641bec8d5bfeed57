//! Builds the tree of a document from its parts, in order. Knows no text and no grammar.

use std::sync::Arc;

use crate::{Json, Object};

/// What holds other values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Container {
    /// One value and nothing else.
    Document,
    Array,
    Object,
}

impl Container {
    /// The byte that ends it; `None` stands for the end of the text.
    #[inline]
    pub(crate) fn close(self) -> Option<u8> {
        match self {
            Container::Document => None,
            Container::Array => Some(b']'),
            Container::Object => Some(b'}'),
        }
    }
}

/// A document in the making. The parts of all open containers lie on two stacks, so that a finished container
/// is allocated once, at its size. Keys are interned: documents repeat a few keys many times.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    open: Vec<Open>,
    items: Vec<Json>,
    /// The last entry of the innermost object waits for its value.
    entries: Vec<(Arc<str>, Json)>,
    keys: Vec<Option<Arc<str>>>,
    done: Json,
}

/// Where the parts of an open container start on their stack.
#[derive(Clone, Copy, Debug)]
enum Open {
    Array(usize),
    Object(usize),
}

const INTERNED_KEYS: usize = 64;

impl Tree {
    /// The finished document.
    pub(crate) fn build(self) -> Json {
        self.done
    }

    /// Opens a container; what follows goes into it.
    pub(crate) fn begin(&mut self, container: Container) {
        self.open.push(match container {
            Container::Document => return,
            Container::Array => Open::Array(self.items.len()),
            Container::Object => Open::Object(self.entries.len()),
        });
    }

    /// Names the value that follows.
    #[inline]
    pub(crate) fn key(&mut self, key: &str) {
        let key = self.intern(key);
        self.entries.push((key, Json::Null));
    }

    /// Adds a finished value where the last container, or the document, expects it.
    #[inline]
    pub(crate) fn add(&mut self, value: Json) {
        match self.open.last() {
            None => self.done = value,
            Some(Open::Array(_)) => self.items.push(value),
            Some(Open::Object(_)) => {
                if let Some((_, slot)) = self.entries.last_mut() {
                    *slot = value;
                }
            }
        }
    }

    /// Closes the last container and adds it to the one around it.
    pub(crate) fn end(&mut self) {
        let value = match self.open.pop() {
            Some(Open::Array(start)) => Json::from(self.items.split_off(start)),
            Some(Open::Object(start)) => {
                Json::Object(Object::from_entries(self.entries.split_off(start)))
            }
            None => return,
        };
        self.add(value);
    }

    fn intern(&mut self, key: &str) -> Arc<str> {
        if self.keys.is_empty() {
            self.keys.resize(INTERNED_KEYS, None);
        }
        let bytes = key.as_bytes();
        let ends = usize::from(bytes.first().copied().unwrap_or(0))
            + 7 * usize::from(bytes.last().copied().unwrap_or(0));
        let Some(slot) = self.keys.get_mut((key.len() + ends) % INTERNED_KEYS) else {
            return Arc::from(key);
        };
        match slot {
            Some(known) if **known == *key => known.clone(),
            _ => {
                let fresh: Arc<str> = Arc::from(key);
                *slot = Some(fresh.clone());
                fresh
            }
        }
    }
}
