//! Walking a document along a path.
//!
//! As long as every step is definite, one node is walked and what is missing is an error. From the first
//! step that may find several nodes on, what is missing is passed over.

use std::borrow::Cow;
use std::cell::Cell;

use passo_json::Json;

use crate::jsonpath::functions::effective_index;
use crate::jsonpath::query::{Query, Root, Slice, Step};

/// Nodes that one evaluation may look at.
const VISITS_MAX: usize = 10_000_000;

/// What a path walks over. Nested paths of filters and functions start at the same document.
pub(crate) struct Document<'a> {
    root: &'a Json,
    item: Option<&'a Json>,
    visits: &'a Cell<usize>,
}

/// Why a walk ended early. Where a fault names steps, it names how many of the path were taken.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fault {
    /// A definite path found nothing at its last steps.
    NoResults,
    /// A definite path ends in an index that the list does not have.
    OutOfRange,
    /// A name in the middle is missing; so many steps include it.
    MissingProperty(usize),
    /// The node before step so-and-so is not an object; without a value it is not even there.
    NotAnObject(usize, Option<Json>),
    /// The node before step so-and-so is not a list.
    NotAnArray(usize, Json),
    /// The list item before step so-and-so is not there.
    NullPath(usize),
    /// A function was given nothing to work with.
    Function(&'static str),
    /// The budget is spent.
    TooLarge,
}

/// The budget of one evaluation, filters included.
pub(crate) fn budget() -> Cell<usize> {
    Cell::new(VISITS_MAX)
}

impl<'a> Document<'a> {
    pub(crate) fn new(root: &'a Json, visits: &'a Cell<usize>) -> Document<'a> {
        Document {
            root,
            item: None,
            visits,
        }
    }

    /// The same document while a filter tests `item`.
    pub(crate) fn with_item<'b>(&'b self, item: &'b Json) -> Document<'b> {
        Document {
            root: self.root,
            item: Some(item),
            visits: self.visits,
        }
    }

    /// The node of a definite path, else the list of matches.
    pub(crate) fn read(&self, query: &Query) -> Result<Json, Fault> {
        let start = match query.root {
            Root::Item => self.item.unwrap_or(self.root),
            Root::Document | Root::Context | Root::Variable(_) => self.root,
        };
        let mut node = Cow::Borrowed(start);
        for (at, step) in query.steps.iter().enumerate() {
            let is_last = at + 1 == query.steps.len();
            let next = match step {
                Step::Name(name) => child(&node, name, at, is_last)?,
                Step::Index(index) => match element(&node, *index, at)? {
                    Some(item) => Some(item),
                    None if is_last => return Err(Fault::OutOfRange),
                    None => return Err(beyond_the_end(query, at + 1)),
                },
                Step::Function(call) => Some(Cow::Owned(call.apply(&node, self)?)),
                Step::Names(names) if is_last => Some(Cow::Owned(merged(&node, names, at)?)),
                Step::Names(_)
                | Step::Indexes(_)
                | Step::Slice(_)
                | Step::Wildcard
                | Step::Scan
                | Step::Filter(_) => {
                    return self.read_many(vec![node.into_owned()], query, at);
                }
            };
            self.visit()?;
            node = match next {
                Some(next) => next,
                None => return Err(Fault::NoResults),
            };
        }
        Ok(node.into_owned())
    }

    /// Takes one from the budget.
    pub(crate) fn visit(&self) -> Result<(), Fault> {
        let left = self.visits.get().checked_sub(1).ok_or(Fault::TooLarge)?;
        self.visits.set(left);
        Ok(())
    }

    fn read_many(&self, nodes: Vec<Json>, query: &Query, from: usize) -> Result<Json, Fault> {
        let mut nodes = nodes;
        let mut is_upstream_definite = true;
        let mut is_deep = false;
        for (at, step) in query.steps.iter().enumerate().skip(from) {
            let is_last = at + 1 == query.steps.len();
            if matches!(step, Step::Scan) {
                is_deep = true;
                is_upstream_definite = false;
                continue;
            }
            if is_upstream_definite {
                check_container(step, nodes.first(), at)?;
            }
            let mut found = Vec::new();
            for node in &nodes {
                if is_deep {
                    self.scan(node, step, is_last, &mut found)?;
                } else {
                    self.take(node, step, is_last, &mut found)?;
                }
            }
            nodes = found;
            is_upstream_definite = false;
            is_deep = false;
        }
        Ok(Json::from(nodes))
    }

    /// Takes a step from a node and from every node below it, each before what is below it.
    fn scan(
        &self,
        node: &Json,
        step: &Step,
        is_last: bool,
        found: &mut Vec<Json>,
    ) -> Result<(), Fault> {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            self.visit()?;
            if matches!(step, Step::Filter(_)) && node.as_array().is_some() {
                // Jayway's scan tests objects only, each where it meets it: not again as a list item.
            } else {
                self.take(node, step, is_last, found)?;
            }
            match node {
                Json::Array(items) => open.extend(items.iter().rev()),
                Json::Object(members) => open.extend(members.values().rev()),
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
            }
        }
        Ok(())
    }

    /// Takes a step from one node; what is missing is passed over.
    fn take(
        &self,
        node: &Json,
        step: &Step,
        is_last: bool,
        found: &mut Vec<Json>,
    ) -> Result<(), Fault> {
        self.visit()?;
        match step {
            Step::Name(name) => found.extend(node.get(name).cloned()),
            Step::Names(names) if is_last => {
                if node.as_object().is_some() {
                    found.push(merged(node, names, 0)?);
                }
            }
            Step::Names(names) => {
                found.extend(names.iter().filter_map(|name| node.get(name).cloned()));
            }
            Step::Index(index) => found.extend(item_or_null(node, *index, is_last)),
            Step::Indexes(indexes) => {
                found.extend(
                    indexes
                        .iter()
                        .filter_map(|index| item_or_null(node, *index, is_last)),
                );
            }
            Step::Slice(slice) => found.extend(slice.of(node).into_iter().cloned()),
            Step::Wildcard => match node {
                Json::Array(items) => self.extend(found, items.iter())?,
                Json::Object(members) => self.extend(found, members.values())?,
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
            },
            Step::Filter(filter) => match node {
                Json::Array(items) => {
                    for item in items.iter() {
                        if filter.accepts(item, self)? {
                            found.push(item.clone());
                        }
                    }
                }
                Json::Object(_) => {
                    if filter.accepts(node, self)? {
                        found.push(node.clone());
                    }
                }
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
            },
            Step::Function(call) => found.push(call.apply(node, self)?),
            Step::Scan => {}
        }
        Ok(())
    }

    fn extend<'b>(
        &self,
        found: &mut Vec<Json>,
        nodes: impl Iterator<Item = &'b Json>,
    ) -> Result<(), Fault> {
        for node in nodes {
            self.visit()?;
            found.push(node.clone());
        }
        Ok(())
    }
}

impl Slice {
    /// The items in the range. With both ends given, a negative one is not counted from the end as a whole:
    /// each index between the two is, which is Jayway's oddity: `[-1:1]` yields the last item, then the first.
    fn of<'a>(&self, node: &'a Json) -> Vec<&'a Json> {
        let Some(items) = node.as_array() else {
            return Vec::new();
        };
        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let counted = |end: i64| {
            if end < 0 {
                end.saturating_add(length)
            } else {
                end
            }
        };
        let (from, to) = match (self.from, self.to) {
            (Some(from), Some(to)) => (from.max(length.saturating_neg()), to.min(length)),
            (Some(from), None) => (counted(from).max(0), length),
            (None, Some(to)) => (0, counted(to).min(length)),
            (None, None) => (0, length),
        };
        (from..to)
            .filter_map(|index| at_index(node, index))
            .collect()
    }
}

fn child<'a>(
    node: &Cow<'a, Json>,
    name: &str,
    at: usize,
    is_last: bool,
) -> Result<Option<Cow<'a, Json>>, Fault> {
    if node.as_object().is_none() {
        return Err(Fault::NotAnObject(at, Some(node.as_ref().clone())));
    }
    let found = match node {
        Cow::Borrowed(node) => node.get(name).map(Cow::Borrowed),
        Cow::Owned(node) => node.get(name).cloned().map(Cow::Owned),
    };
    if found.is_none() && !is_last {
        return Err(Fault::MissingProperty(at + 1));
    }
    Ok(found)
}

fn element<'a>(
    node: &Cow<'a, Json>,
    index: i64,
    at: usize,
) -> Result<Option<Cow<'a, Json>>, Fault> {
    if node.as_array().is_none() {
        return Err(Fault::NotAnArray(at, node.as_ref().clone()));
    }
    Ok(match node {
        Cow::Borrowed(node) => at_index(node, index).map(Cow::Borrowed),
        Cow::Owned(node) => at_index(node, index).cloned().map(Cow::Owned),
    })
}

/// An object of the named members that exist.
fn merged(node: &Json, names: &[std::sync::Arc<str>], at: usize) -> Result<Json, Fault> {
    let Some(members) = node.as_object() else {
        return Err(Fault::NotAnObject(at, Some(node.clone())));
    };
    let existing = names
        .iter()
        .filter_map(|name| members.get(name).map(|value| (name.clone(), value.clone())));
    Ok(Json::Object(existing.collect()))
}

/// What an index at the end of an indefinite path yields: null where the list is too short. It is an oddity of
/// the JSON tree that AWS's library works on, seen on AWS with `$.items[5]` in a payload template.
fn item_or_null(node: &Json, index: i64, is_last: bool) -> Option<Json> {
    match at_index(node, index) {
        Some(item) => Some(item.clone()),
        None => (is_last && node.as_array().is_some()).then_some(Json::Null),
    }
}

/// What is wrong with a step behind a list item that does not exist.
fn beyond_the_end(query: &Query, at: usize) -> Fault {
    match query.steps.get(at) {
        Some(Step::Name(_) | Step::Names(_)) => Fault::NotAnObject(at, None),
        Some(
            Step::Index(_)
            | Step::Indexes(_)
            | Step::Slice(_)
            | Step::Wildcard
            | Step::Scan
            | Step::Filter(_)
            | Step::Function(_),
        )
        | None => Fault::NullPath(at),
    }
}

fn at_index(node: &Json, index: i64) -> Option<&Json> {
    let items = node.as_array()?;
    items.get(effective_index(index, items.len())?)
}

/// Behind definite steps only, a step that needs a list or an object says so when it meets neither.
fn check_container(step: &Step, node: Option<&Json>, at: usize) -> Result<(), Fault> {
    let Some(node) = node else {
        return Ok(());
    };
    match step {
        Step::Names(_) if node.as_object().is_none() => {
            Err(Fault::NotAnObject(at, Some(node.clone())))
        }
        Step::Indexes(_) | Step::Slice(_) if node.as_array().is_none() => {
            Err(Fault::NotAnArray(at, node.clone()))
        }
        Step::Filter(_) if node.as_array().is_none() && node.as_object().is_none() => {
            Err(Fault::NotAnArray(at, node.clone()))
        }
        Step::Name(_)
        | Step::Names(_)
        | Step::Index(_)
        | Step::Indexes(_)
        | Step::Slice(_)
        | Step::Wildcard
        | Step::Scan
        | Step::Filter(_)
        | Step::Function(_) => Ok(()),
    }
}
