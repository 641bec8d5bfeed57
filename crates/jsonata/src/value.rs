//! Values while an expression runs.
//!
//! Plain JSON stays [`Json`], so that nothing is converted on the way in. What JSON cannot hold has
//! its own forms: lists that remember how they came about, objects with functions in them, ranges
//! that are not spelled out, and functions. None of this outlives an evaluation.

use crate::function::Function;
use crate::signature::kinds;
use passo_json::{Array, Json, Number, Object, ObjectBuilder};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// A value of the language.
#[derive(Clone, Debug, Default)]
pub(crate) enum Value {
    /// The absence of a value.
    #[default]
    Undefined,
    /// Plain JSON.
    Json(Json),
    /// An array with a history, or with members that JSON cannot hold.
    List(Rc<List>),
    /// An object with members that JSON cannot hold, or one that may still change.
    Record(Rc<Record>),
    /// An array of consecutive whole numbers.
    Range(Range),
    /// Something that can be called.
    Function(Rc<Function>),
    /// A tuple stream: only between the steps of nested paths, never seen by a function.
    Tuples(Rc<Vec<Tuple>>),
}

/// How an array came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The result of a path or a filter: a single item stands for itself.
    pub(crate) sequence: bool,
    /// `[]` was asked for: a single item stays in its array.
    pub(crate) keep_singleton: bool,
    /// Written as `[…]` in a path: not flattened into the result.
    pub(crate) constructed: bool,
    /// Wraps the input when that is an array.
    pub(crate) outer: bool,
}

/// An array while it runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct List {
    pub(crate) items: Vec<Value>,
    pub(crate) origin: Origin,
    facts: Facts,
}

/// What is known of an array or an object without a walk.
#[derive(Clone, Copy, Debug, Default)]
struct Facts {
    depth: u32,
    /// Whether JSON can hold every member.
    plain: bool,
    /// How many nodes must be built to make JSON of it.
    weight: usize,
}

impl Facts {
    fn of<'v>(members: impl Iterator<Item = &'v Value>) -> Facts {
        let mut facts = Facts {
            depth: 0,
            plain: true,
            weight: 1,
        };
        for member in members {
            let own = member.facts();
            facts.depth = facts.depth.max(own.depth);
            facts.plain &= own.plain;
            facts.weight = facts.weight.saturating_add(own.weight).saturating_add(1);
        }
        facts.depth = facts.depth.saturating_add(1);
        facts
    }
}

/// An object while it runs. Only a transform changes one, and only its own copy.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) entries: RefCell<Vec<(Arc<str>, Value)>>,
    /// Nothing for a copy that a transform still changes.
    facts: Option<Facts>,
}

/// Consecutive whole numbers: `first`, and `count` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) first: i64,
    pub(crate) count: u32,
}

/// One item of a tuple stream, with the variables bound on the way to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tuple {
    pub(crate) item: Value,
    pub(crate) bindings: Vec<(u32, Value)>,
}

impl Origin {
    /// The result of a path or a filter.
    pub(crate) const SEQUENCE: Origin = Origin {
        sequence: true,
        keep_singleton: false,
        constructed: false,
        outer: false,
    };
}

impl Tuple {
    /// Binds a name, in place of an earlier binding of it.
    pub(crate) fn bind(&mut self, name: u32, value: Value) {
        match self.bindings.iter_mut().find(|(other, _)| *other == name) {
            Some((_, slot)) => *slot = value,
            None => self.bindings.push((name, value)),
        }
    }

    pub(crate) fn binding(&self, name: u32) -> Option<&Value> {
        self.bindings
            .iter()
            .find(|(other, _)| *other == name)
            .map(|(_, value)| value)
    }
}

impl Range {
    fn get(self, index: usize) -> Option<Value> {
        let offset = u32::try_from(index)
            .ok()
            .filter(|offset| *offset < self.count)?;
        let number = self.first.checked_add(i64::from(offset))?;
        Some(Value::Json(Json::Number(Number::Int(number))))
    }
}

impl List {
    pub(crate) fn new(items: Vec<Value>, origin: Origin) -> List {
        let facts = Facts::of(items.iter());
        List {
            items,
            origin,
            facts,
        }
    }
}

impl Record {
    fn new(entries: Vec<(Arc<str>, Value)>) -> Record {
        let facts = Facts::of(entries.iter().map(|(_, value)| value));
        Record {
            entries: RefCell::new(entries),
            facts: Some(facts),
        }
    }

    /// An object that may change.
    pub(crate) fn changing(entries: Vec<(Arc<str>, Value)>) -> Record {
        Record {
            entries: RefCell::new(entries),
            facts: None,
        }
    }

    fn facts(&self) -> Facts {
        self.facts
            .unwrap_or_else(|| Facts::of(self.entries.borrow().iter().map(|(_, value)| value)))
    }

    pub(crate) fn get(&self, key: &str) -> Option<Value> {
        self.entries
            .borrow()
            .iter()
            .find(|(name, _)| &**name == key)
            .map(|(_, value)| value.clone())
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    pub(crate) fn set(&self, key: &Arc<str>, value: Value) {
        let mut entries = self.entries.borrow_mut();
        match entries.iter_mut().find(|(name, _)| name == key) {
            Some((_, slot)) => *slot = value,
            None => entries.push((Arc::clone(key), value)),
        }
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Value {
        Value::Json(json)
    }
}

impl From<bool> for Value {
    fn from(boolean: bool) -> Value {
        Value::Json(Json::Bool(boolean))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Json(Json::String(text.into()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Json(Json::String(text.into()))
    }
}

impl Value {
    /// An array of these items, with no history.
    pub(crate) fn array_of(items: Vec<Value>) -> Value {
        if items.iter().all(|item| matches!(item, Value::Json(_))) {
            let plain: Vec<Json> = items.into_iter().filter_map(Value::into_plain).collect();
            return Value::Json(Json::Array(Array::from(plain)));
        }
        Value::List(Rc::new(List::new(items, Origin::default())))
    }

    /// The items as a sequence: nothing, the single item itself, or a list.
    pub(crate) fn sequence_of(mut items: Vec<Value>) -> Value {
        if items.len() > 1 {
            return Value::List(Rc::new(List::new(items, Origin::SEQUENCE)));
        }
        items.pop().unwrap_or_default()
    }

    /// A list with this history, whatever its length.
    pub(crate) fn list(items: Vec<Value>, origin: Origin) -> Value {
        Value::List(Rc::new(List::new(items, origin)))
    }

    /// An object of these entries, whose keys are distinct: plain JSON where it can be.
    pub(crate) fn object_of(entries: Vec<(Arc<str>, Value)>) -> Value {
        if entries.iter().all(|(_, value)| value.is_plain()) {
            let mut builder = ObjectBuilder::new();
            for (key, value) in entries {
                builder.insert(key, value.into_plain().unwrap_or(Json::Null));
            }
            return Value::Json(Json::Object(builder.build()));
        }
        Value::Record(Rc::new(Record::new(entries)))
    }

    /// The items of a tuple stream as a sequence; any other value as it is.
    pub(crate) fn without_tuples(self) -> Value {
        match self {
            Value::Tuples(tuples) => {
                Value::sequence_of(tuples.iter().map(|tuple| tuple.item.clone()).collect())
            }
            other => other,
        }
    }

    pub(crate) fn is_undefined(&self) -> bool {
        matches!(self, Value::Undefined)
    }

    /// Whether there is a value that counts as one for the hint "did you mean".
    pub(crate) fn is_bound(&self) -> bool {
        match self {
            Value::Undefined | Value::Json(Json::Null | Json::Bool(false)) => false,
            Value::Json(Json::Number(number)) => number.as_f64() != 0.0,
            Value::Json(Json::String(text)) => !text.is_empty(),
            _ => true,
        }
    }

    pub(crate) fn is_function(&self) -> bool {
        matches!(self, Value::Function(_))
    }

    pub(crate) fn is_array(&self) -> bool {
        matches!(
            self,
            Value::Json(Json::Array(_)) | Value::List(_) | Value::Range(_)
        )
    }

    pub(crate) fn is_object(&self) -> bool {
        matches!(self, Value::Json(Json::Object(_)) | Value::Record(_))
    }

    /// How the array came about; plain where it is one of the input's.
    pub(crate) fn origin(&self) -> Origin {
        match self {
            Value::List(list) => list.origin,
            _ => Origin::default(),
        }
    }

    /// The number, where this is one.
    pub(crate) fn as_number(&self) -> Option<f64> {
        match self {
            Value::Json(Json::Number(number)) => Some(number.as_f64()),
            _ => None,
        }
    }

    /// The text, where this is a string.
    pub(crate) fn as_text(&self) -> Option<&Arc<str>> {
        match self {
            Value::Json(Json::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The object's member, where this is an object that has it.
    pub(crate) fn member(&self, key: &str) -> Option<Value> {
        match self {
            Value::Json(Json::Object(object)) => object.get(key).cloned().map(Value::Json),
            Value::Record(record) => record.get(key),
            _ => None,
        }
    }

    /// The entries of an object; none for anything else.
    pub(crate) fn entries(&self) -> Vec<(Arc<str>, Value)> {
        match self {
            Value::Json(Json::Object(object)) => object
                .iter()
                .map(|(key, value)| (Arc::clone(key), Value::Json(value.clone())))
                .collect(),
            Value::Record(record) => record.entries.borrow().clone(),
            _ => Vec::new(),
        }
    }

    /// The number of items: of an array its own, of anything else one.
    pub(crate) fn len(&self) -> usize {
        match self {
            Value::Json(Json::Array(array)) => array.len(),
            Value::List(list) => list.items.len(),
            Value::Range(range) => usize::try_from(range.count).unwrap_or(usize::MAX),
            _ => 1,
        }
    }

    /// The item of an array; of anything else, the value itself at 0.
    pub(crate) fn item(&self, index: usize) -> Option<Value> {
        match self {
            Value::Json(Json::Array(array)) => array.get(index).cloned().map(Value::Json),
            Value::List(list) => list.items.get(index).cloned(),
            Value::Range(range) => range.get(index),
            _ => (index == 0).then(|| self.clone()),
        }
    }

    /// The items of an array; of anything else, the value itself.
    pub(crate) fn elements(&self) -> Elements<'_> {
        match self {
            Value::Json(Json::Array(array)) => Elements::Json(array.iter()),
            Value::List(list) => Elements::Values(list.items.iter()),
            Value::Range(range) => Elements::Range(*range, 0),
            _ => Elements::One(Some(self)),
        }
    }

    /// The items of an array; of anything else, the value itself; of undefined, nothing.
    pub(crate) fn into_items(self) -> Vec<Value> {
        match self {
            Value::Undefined => Vec::new(),
            Value::List(list) => match Rc::try_unwrap(list) {
                Ok(list) => list.items,
                Err(list) => list.items.clone(),
            },
            other if other.is_array() => other.elements().collect(),
            other => vec![other],
        }
    }

    fn facts(&self) -> Facts {
        match self {
            Value::Json(json) => Facts {
                depth: json.depth(),
                plain: true,
                weight: 0,
            },
            Value::List(list) => list.facts,
            Value::Record(record) => record.facts(),
            Value::Range(range) => {
                let weight = usize::try_from(range.count).unwrap_or(usize::MAX);
                Facts {
                    depth: 1,
                    plain: true,
                    weight,
                }
            }
            Value::Function(function) => Facts {
                depth: function.depth(),
                plain: false,
                weight: 0,
            },
            Value::Undefined | Value::Tuples(_) => Facts::default(),
        }
    }

    /// Levels of nesting; zero for what is not an array or an object.
    pub(crate) fn depth(&self) -> u32 {
        self.facts().depth
    }

    /// Whether JSON can hold the value.
    pub(crate) fn is_plain(&self) -> bool {
        self.facts().plain
    }

    /// How many nodes [`Value::into_plain`] must build.
    pub(crate) fn weight(&self) -> usize {
        self.facts().weight
    }

    /// The value as JSON, where JSON can hold it. Its [`Value::weight`] must have been spent.
    pub(crate) fn into_plain(self) -> Option<Json> {
        match self {
            Value::Json(json) => Some(json),
            other => other.is_plain().then(|| other.converted()),
        }
    }

    /// The value as JSON. What JSON cannot hold, which there must not be, becomes null.
    fn converted(self) -> Json {
        match self {
            Value::Json(json) => json,
            Value::List(_) | Value::Range(_) => {
                let items = self.into_items().into_iter().map(Value::converted);
                Json::Array(items.collect::<Array>())
            }
            Value::Record(record) => {
                let entries = record.entries.borrow();
                let members = entries
                    .iter()
                    .map(|(key, value)| (Arc::clone(key), value.clone().converted()));
                Json::Object(members.collect::<Object>())
            }
            Value::Undefined | Value::Function(_) | Value::Tuples(_) => Json::Null,
        }
    }

    /// The kind as signatures name it.
    pub(crate) fn kind_bit(&self) -> u8 {
        match self {
            Value::Undefined | Value::Tuples(_) => kinds::MISSING,
            Value::Json(json) => json_kind_bit(json),
            Value::List(_) | Value::Range(_) => kinds::ARRAY,
            Value::Record(_) => kinds::OBJECT,
            Value::Function(_) => kinds::FUNCTION,
        }
    }

    /// The name of the kind, as `$type` gives it.
    pub(crate) fn kind_name(&self) -> &'static str {
        match self.kind_bit() {
            kinds::NULL => "null",
            kinds::BOOLEAN => "boolean",
            kinds::NUMBER => "number",
            kinds::STRING => "string",
            kinds::ARRAY => "array",
            kinds::OBJECT => "object",
            kinds::FUNCTION => "function",
            _ => "undefined",
        }
    }

    /// The value as JSON within an error's message; an array or an object only by its kind where it
    /// is not short.
    pub(crate) fn shown(&self) -> String {
        let is_short = |json: &Json| match json {
            Json::Array(array) => array.len() <= 10 && json.depth() == 1,
            Json::Object(object) => object.len() <= 10 && json.depth() == 1,
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => true,
        };
        match self {
            Value::Json(json) if is_short(json) => json.to_text(),
            other => other.kind_name().to_owned(),
        }
    }

    /// A short text of the value, for error reports.
    pub(crate) fn describe(&self) -> String {
        match self {
            Value::Json(json @ (Json::Null | Json::Bool(_) | Json::Number(_))) => json.to_text(),
            Value::Json(Json::String(text)) => text.chars().take(100).collect(),
            other => other.kind_name().to_owned(),
        }
    }
}

/// The kind of plain JSON as signatures name it.
pub(crate) fn json_kind_bit(json: &Json) -> u8 {
    match json {
        Json::Null => kinds::NULL,
        Json::Bool(_) => kinds::BOOLEAN,
        Json::Number(_) => kinds::NUMBER,
        Json::String(_) => kinds::STRING,
        Json::Array(_) => kinds::ARRAY,
        Json::Object(_) => kinds::OBJECT,
    }
}

/// Iterates over the items of a value.
pub(crate) enum Elements<'a> {
    Json(std::slice::Iter<'a, Json>),
    Values(std::slice::Iter<'a, Value>),
    Range(Range, usize),
    One(Option<&'a Value>),
}

impl Iterator for Elements<'_> {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        match self {
            Elements::Json(items) => items.next().cloned().map(Value::Json),
            Elements::Values(items) => items.next().cloned(),
            Elements::Range(range, index) => {
                let item = range.get(*index)?;
                *index += 1;
                Some(item)
            }
            Elements::One(item) => item.take().cloned(),
        }
    }

    /// Exact, so that what collects the items asks for their memory once.
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = match self {
            Elements::Json(items) => items.len(),
            Elements::Values(items) => items.len(),
            Elements::Range(range, index) => {
                let count = usize::try_from(range.count).unwrap_or(usize::MAX);
                count.saturating_sub(*index)
            }
            Elements::One(item) => usize::from(item.is_some()),
        };
        (left, Some(left))
    }
}
