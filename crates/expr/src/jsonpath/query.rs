//! A parsed path: a root and steps.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::jsonpath::filter::Filter;
use crate::jsonpath::functions::Call;

/// A path, compiled.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) root: Root,
    pub(crate) steps: Vec<Step>,
}

/// Where a path starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// `$`: the input, or in a filter the document that is being read.
    Document,
    /// `$$`: the context object.
    Context,
    /// `$name`: a variable.
    Variable(Arc<str>),
    /// `@`: the item that a filter tests.
    Item,
}

/// One step of a path.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// `.a` or `['a']`.
    Name(Arc<str>),
    /// `['a','b']`: at the end an object of what exists, elsewhere each in turn.
    Names(Vec<Arc<str>>),
    /// `[0]`; negative counts from the end.
    Index(i64),
    /// `[0,2]`.
    Indexes(Vec<i64>),
    /// `[1:3]`.
    Slice(Slice),
    /// `.*` or `[*]`.
    Wildcard,
    /// `..`: the next step is taken from every node below.
    Scan,
    /// `[?(…)]`.
    Filter(Filter),
    /// `.length()`.
    Function(Call),
}

/// A range of indexes, `to` excluded; either end may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slice {
    pub(crate) from: Option<i64>,
    pub(crate) to: Option<i64>,
}

impl Query {
    /// Whether the path identifies one node at most, so that it yields the node and not a list.
    pub(crate) fn is_definite(&self) -> bool {
        self.steps.iter().enumerate().all(|(at, step)| {
            let is_last = at + 1 == self.steps.len();
            match step {
                Step::Name(_) | Step::Index(_) | Step::Function(_) => true,
                Step::Names(_) => is_last,
                Step::Indexes(_)
                | Step::Slice(_)
                | Step::Wildcard
                | Step::Scan
                | Step::Filter(_) => false,
            }
        })
    }

    /// The first `count` steps in Jayway's notation: `$['a'][0]`.
    pub(crate) fn render(&self, count: usize) -> String {
        let mut text = String::from(if self.root == Root::Item { "@" } else { "$" });
        for step in self.steps.iter().take(count) {
            step.render(&mut text);
        }
        text
    }

    /// Adds the names of variables that the path mentions.
    pub(crate) fn collect_variables(&self, names: &mut BTreeSet<Arc<str>>) {
        if let Root::Variable(name) = &self.root {
            names.insert(Arc::clone(name));
        }
        for step in &self.steps {
            match step {
                Step::Filter(filter) => filter.collect_variables(names),
                Step::Function(call) => call.collect_variables(names),
                Step::Name(_)
                | Step::Names(_)
                | Step::Index(_)
                | Step::Indexes(_)
                | Step::Slice(_)
                | Step::Wildcard
                | Step::Scan => {}
            }
        }
    }
}

impl Step {
    /// Appends the step in Jayway's notation.
    pub(crate) fn render(&self, text: &mut String) {
        // Writing to a string cannot fail.
        let _ = match self {
            Step::Name(name) => write!(text, "['{name}']"),
            Step::Names(names) => {
                let quoted: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
                write!(text, "[{}]", quoted.join(","))
            }
            Step::Index(index) => write!(text, "[{index}]"),
            Step::Indexes(indexes) => {
                let numbers: Vec<_> = indexes.iter().map(i64::to_string).collect();
                write!(text, "[{}]", numbers.join(","))
            }
            Step::Slice(Slice { from, to }) => {
                let end = |end: &Option<i64>| end.map(|end| end.to_string()).unwrap_or_default();
                write!(text, "[{}:{}]", end(from), end(to))
            }
            Step::Wildcard => write!(text, "[*]"),
            Step::Scan => write!(text, ".."),
            Step::Filter(_) => write!(text, "[?]"),
            Step::Function(call) => write!(text, ".{}()", call.function.name()),
        };
    }
}
