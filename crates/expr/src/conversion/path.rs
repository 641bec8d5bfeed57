//! Paths.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::filter::predicate;
use super::{Difference, Jsonata, Obstacle};
use crate::jsonpath::filter::Filter;
use crate::jsonpath::functions::Function;
use crate::jsonpath::query::{Query, Root, Slice, Step};
use crate::{Path, PathExpression};

/// One place of a definition that is converted: what `$` means there, and what was found to differ.
#[derive(Clone, Debug)]
pub struct Conversion {
    document: Jsonata,
    differences: BTreeSet<Difference>,
}

/// What a path has come to.
enum Cursor {
    /// One value.
    One(Jsonata),
    /// Many values: the text of a sequence, or of a list.
    Many(String),
    /// The members of that name of many values.
    Members(String, Arc<str>),
}

impl Conversion {
    /// Where `$` is what `document` yields.
    pub fn new(document: Jsonata) -> Conversion {
        Conversion {
            document,
            differences: BTreeSet::new(),
        }
    }

    /// What may differ in what was converted so far, each once.
    pub fn differences(&self) -> impl Iterator<Item = Difference> {
        self.differences.iter().copied()
    }

    /// A value behind a key that ends in `.$`. There an index beyond the end of its list yields null.
    ///
    /// # Errors
    /// Where JSONata cannot say it.
    pub fn value(&mut self, expression: &PathExpression) -> Result<Jsonata, Obstacle> {
        match expression {
            PathExpression::Intrinsic(call) => self.intrinsic(call),
            PathExpression::Path(path) => {
                let found = self.path(path)?;
                match path.steps().last() {
                    Some(Step::Index(_)) if path.is_definite() => {
                        let or_null = format!("$exists({found}) ? {found} : null");
                        Ok(Jsonata::compound(or_null))
                    }
                    _ => Ok(found),
                }
            }
        }
    }

    /// A path to read.
    ///
    /// # Errors
    /// Where JSONata cannot say it.
    pub fn path(&mut self, path: &Path) -> Result<Jsonata, Obstacle> {
        self.query(path.query())
    }

    pub(super) fn differs(&mut self, difference: Difference) {
        self.differences.insert(difference);
    }

    pub(super) fn query(&mut self, query: &Query) -> Result<Jsonata, Obstacle> {
        let root = match &query.root {
            Root::Document => self.document.clone(),
            Root::Context => Jsonata::atom("$states.context"),
            Root::Variable(name) => Jsonata::atom(format!("${name}")),
            Root::Item => Jsonata::atom("$v"),
        };
        self.steps(root, &query.steps, &query.root)
    }

    /// What the steps find in `from`.
    pub(super) fn steps(
        &mut self,
        from: Jsonata,
        steps: &[Step],
        root: &Root,
    ) -> Result<Jsonata, Obstacle> {
        let mut cursor = Cursor::One(from);
        for (at, step) in steps.iter().enumerate() {
            let is_last = at.saturating_add(1) == steps.len();
            cursor = self.step(cursor, step, is_last, root)?;
        }
        Ok(match cursor {
            Cursor::One(found) => found,
            many => Jsonata::list_of(&sequence(&many)),
        })
    }

    fn step(
        &mut self,
        cursor: Cursor,
        step: &Step,
        is_last: bool,
        root: &Root,
    ) -> Result<Cursor, Obstacle> {
        Ok(match (step, cursor) {
            (Step::Name(name), Cursor::One(found)) => Cursor::One(found.member(name)),
            (Step::Name(name), many) => Cursor::Members(sequence(&many), Arc::clone(name)),
            (Step::Index(index), Cursor::One(found)) => Cursor::One(found.at(*index)),
            (Step::Names(names), Cursor::One(found)) if is_last => {
                let members = names
                    .iter()
                    .map(|name| (name.to_string(), found.member(name)));
                Cursor::One(Jsonata::object(members))
            }
            (Step::Wildcard, cursor) => {
                self.differs(Difference::ManyValues);
                Cursor::Many(items(&cursor))
            }
            (Step::Slice(slice), Cursor::One(found)) => {
                self.differs(Difference::ManyValues);
                Cursor::Many(sliced(&found, *slice))
            }
            (Step::Filter(filter), cursor) => self.filtered(&cursor, filter, root)?,
            (Step::Function(call), Cursor::One(found)) if call.function == Function::Length => {
                Cursor::One(length(&found))
            }
            (Step::Function(call), _) => {
                let name = call.function.name();
                return Err(Obstacle::new(format!(
                    "the function '{name}' of paths has no exact equal in JSONata"
                )));
            }
            (Step::Scan, _) => {
                return Err(Obstacle::new(
                    "'..' yields its finds in an order that JSONata does not have",
                ));
            }
            (Step::Names(_) | Step::Index(_) | Step::Indexes(_) | Step::Slice(_), _) => {
                let mut text = String::new();
                step.render(&mut text);
                return Err(Obstacle::new(format!(
                    "'{text}' of many values has no exact equal in JSONata"
                )));
            }
        })
    }

    fn filtered(
        &mut self,
        cursor: &Cursor,
        filter: &Filter,
        root: &Root,
    ) -> Result<Cursor, Obstacle> {
        if matches!(root, Root::Item) {
            return Err(Obstacle::new("a filter stands in a filter"));
        }
        self.differs(Difference::ManyValues);
        let condition = predicate(self, filter, *root == Root::Document)?;
        let list = items(cursor);
        Ok(Cursor::Many(format!(
            "$filter({list}, function($v) {{ {condition} }})[]"
        )))
    }
}

/// What the cursor yields, as a sequence whose items are not flattened.
fn sequence(cursor: &Cursor) -> String {
    match cursor {
        Cursor::One(found) => found.text().to_owned(),
        Cursor::Many(text) => text.clone(),
        Cursor::Members(list, name) => {
            let member = Jsonata::atom("$v").member(name);
            format!("$map({list}, function($v) {{ {member} }})[]")
        }
    }
}

/// The items of what the cursor yields, as one sequence.
fn items(cursor: &Cursor) -> String {
    match cursor {
        Cursor::One(found) => found.text().to_owned(),
        // A step of JSONata puts the lists that it finds one behind the other.
        Cursor::Members(list, name) if !name.contains('`') => {
            Jsonata::atom(list.clone()).member(name).text().to_owned()
        }
        Cursor::Many(_) | Cursor::Members(..) => {
            format!("$reduce({}, $append)", sequence(cursor))
        }
    }
}

/// A range; AWS takes ends beyond the list for the list's own.
fn sliced(list: &Jsonata, slice: Slice) -> String {
    let place = |at: i64| match at {
        0.. => at.to_string(),
        _ => format!("$count($a) - {}", at.unsigned_abs()),
    };
    let mut conditions = Vec::new();
    if let Some(from) = slice.from.filter(|from| *from != 0) {
        conditions.push(format!("$i >= {}", place(from)));
    }
    if let Some(to) = slice.to {
        conditions.push(format!("$i < {}", place(to)));
    }
    if conditions.is_empty() {
        return list.text().to_owned();
    }
    let condition = conditions.join(" and ");
    format!("$filter({list}, function($v, $i, $a) {{ {condition} }})[]")
}

fn length(of: &Jsonata) -> Jsonata {
    Jsonata::compound(format!(
        "$type({of}) = \"array\" ? $count({of}) : $type({of}) = \"object\" ? $count($keys({of})) : $length({of})"
    ))
}
