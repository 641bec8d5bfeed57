//! The tree itself.

use std::sync::Arc;

use passo_json::{Json, Number};

/// A piece of a text, in bytes: `start..end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The piece of `text`; empty where the span does not belong to it.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// Its YAML tag as written, such as `!Ref`; tags of the core schema are resolved and not kept.
    pub tag: Option<Arc<str>>,
    /// What it is.
    pub kind: NodeKind,
}

/// The kinds of value.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Arc<str>),
    /// An array.
    Array(Vec<Node>),
    /// An object.
    Object(Mapping),
}

/// The members of an object in the order of the text; repeated keys are all kept.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    entries: Vec<Entry>,
}

/// One member of an object.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its key.
    pub key: Key,
    /// Its value.
    pub value: Node,
}

/// A key and where it stands.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key.
    pub text: Arc<str>,
    /// Where it stands, quotes included.
    pub span: Span,
}

impl Node {
    /// A node without a tag.
    pub fn new(span: Span, kind: NodeKind) -> Node {
        Node {
            span,
            tag: None,
            kind,
        }
    }

    /// The text, where it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, where it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            NodeKind::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, where it is one.
    pub fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            NodeKind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The items, where it is an array.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members, where it is an object.
    pub fn as_object(&self) -> Option<&Mapping> {
        match &self.kind {
            NodeKind::Object(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The member `key`, where it is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_object()?.get(key)
    }

    /// The value without positions and tags; the last of repeated keys wins, as in AWS's parser.
    pub fn to_json(&self) -> Json {
        match &self.kind {
            NodeKind::Null => Json::Null,
            NodeKind::Bool(value) => Json::Bool(*value),
            NodeKind::Number(number) => Json::Number(number.clone()),
            NodeKind::String(text) => Json::String(Arc::clone(text)),
            NodeKind::Array(items) => {
                Json::Array(items.iter().map(Node::to_json).collect::<Vec<_>>().into())
            }
            NodeKind::Object(mapping) => Json::Object(
                mapping
                    .iter()
                    .map(|entry| (Arc::clone(&entry.key.text), entry.value.to_json()))
                    .collect(),
            ),
        }
    }

    /// How many values it is made of, itself included.
    pub(crate) fn count(&self) -> usize {
        let inner: usize = match &self.kind {
            NodeKind::Array(items) => items.iter().map(Node::count).sum(),
            NodeKind::Object(mapping) => mapping.iter().map(|entry| entry.value.count()).sum(),
            _ => 0,
        };
        inner.saturating_add(1)
    }

    /// Its levels of nesting: 0 for a scalar.
    pub(crate) fn depth(&self) -> u32 {
        let inner = match &self.kind {
            NodeKind::Array(items) => items.iter().map(Node::depth).max(),
            NodeKind::Object(mapping) => mapping.iter().map(|entry| entry.value.depth()).max(),
            _ => return 0,
        };
        inner.unwrap_or(0).saturating_add(1)
    }
}

impl Mapping {
    /// The value of `key`; the last one where the key is repeated.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The member `key`; the last one where the key is repeated.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .rev()
            .find(|entry| &*entry.key.text == key)
    }

    /// The members in the order of the text, repeated keys included.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// How many members the text has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds a member at the end.
    pub fn push(&mut self, key: Key, value: Node) {
        self.entries.push(Entry { key, value });
    }
}

impl FromIterator<Entry> for Mapping {
    fn from_iter<T: IntoIterator<Item = Entry>>(entries: T) -> Mapping {
        Mapping {
            entries: entries.into_iter().collect(),
        }
    }
}

impl<'a> IntoIterator for &'a Mapping {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
