//! Functions at the end of a path: `$.numbers.sum()`.
//!
//! Source: Jayway JsonPath, README, section "Functions".

use std::collections::BTreeSet;
use std::sync::Arc;

use passo_json::{Json, Number};

use crate::jsonpath::eval::{Document, Fault};
use crate::jsonpath::query::Query;

/// A function step with its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) function: Function,
    pub(crate) arguments: Vec<Argument>,
}

/// An argument of a function step.
#[derive(Clone, Debug)]
pub(crate) enum Argument {
    Path(Query),
    Literal(Json),
}

/// The functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Length,
    Min,
    Max,
    Avg,
    Stddev,
    Sum,
    Keys,
    Concat,
    Append,
    First,
    Last,
    Index,
}

const FUNCTIONS: [(&str, Function); 12] = [
    ("length", Function::Length),
    ("min", Function::Min),
    ("max", Function::Max),
    ("avg", Function::Avg),
    ("stddev", Function::Stddev),
    ("sum", Function::Sum),
    ("keys", Function::Keys),
    ("concat", Function::Concat),
    ("append", Function::Append),
    ("first", Function::First),
    ("last", Function::Last),
    ("index", Function::Index),
];

impl Function {
    pub(crate) fn from_name(name: &str) -> Option<Function> {
        FUNCTIONS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, function)| *function)
    }

    pub(crate) fn name(self) -> &'static str {
        FUNCTIONS
            .iter()
            .find(|(_, known)| *known == self)
            .map_or("", |(name, _)| name)
    }
}

impl Call {
    /// Applies the function to the node before it.
    pub(crate) fn apply(&self, node: &Json, document: &Document<'_>) -> Result<Json, Fault> {
        let arguments = self.arguments(document)?;
        match self.function {
            Function::Length => Ok(length(arguments.first().unwrap_or(node))),
            Function::Min => aggregate(node, &arguments, |numbers| fold(numbers, f64::min)),
            Function::Max => aggregate(node, &arguments, |numbers| fold(numbers, f64::max)),
            Function::Avg => aggregate(node, &arguments, |numbers| sum(numbers) / count(numbers)),
            Function::Sum => aggregate(node, &arguments, sum),
            Function::Stddev => aggregate(node, &arguments, deviation),
            Function::Keys => Ok(keys(node)),
            Function::Concat => Ok(concat(node, &arguments)),
            Function::Append => Ok(append(node, arguments)),
            Function::First => item(node, 0),
            Function::Last => item(node, -1),
            Function::Index => item(
                node,
                arguments.first().and_then(Json::as_i64).unwrap_or_default(),
            ),
        }
    }

    pub(crate) fn collect_variables(&self, names: &mut BTreeSet<Arc<str>>) {
        for argument in &self.arguments {
            match argument {
                Argument::Path(query) => query.collect_variables(names),
                Argument::Literal(_) => {}
            }
        }
    }

    fn arguments(&self, document: &Document<'_>) -> Result<Vec<Json>, Fault> {
        self.arguments
            .iter()
            .map(|argument| match argument {
                Argument::Path(query) => document.read(query),
                Argument::Literal(value) => Ok(value.clone()),
            })
            .collect()
    }
}

fn length(value: &Json) -> Json {
    let length = match value {
        Json::Array(items) => items.len(),
        Json::Object(members) => members.len(),
        Json::String(text) => text.encode_utf16().count(),
        Json::Null | Json::Bool(_) | Json::Number(_) => return Json::Null,
    };
    Json::from(i64::try_from(length).unwrap_or(i64::MAX))
}

/// Numbers of the node and of the arguments; lists are looked into, everything else is passed over.
fn aggregate(
    node: &Json,
    arguments: &[Json],
    combine: impl Fn(&[f64]) -> f64,
) -> Result<Json, Fault> {
    let sources = node.as_array().into_iter().flat_map(|items| items.iter());
    let extra = arguments.iter().flat_map(|argument| match argument {
        Json::Array(items) => items.iter().collect(),
        single => vec![single],
    });
    let numbers: Vec<f64> = sources.chain(extra).filter_map(Json::as_f64).collect();
    if numbers.is_empty() {
        return Err(Fault::Function(
            "Aggregation function attempted to calculate value using empty array",
        ));
    }
    Ok(Number::from_f64(combine(&numbers)).map_or(Json::Null, Json::from))
}

fn fold(numbers: &[f64], choose: fn(f64, f64) -> f64) -> f64 {
    numbers.iter().copied().reduce(choose).unwrap_or_default()
}

fn sum(numbers: &[f64]) -> f64 {
    numbers.iter().sum()
}

fn count(numbers: &[f64]) -> f64 {
    numbers.iter().map(|_| 1.0).sum()
}

/// The population's standard deviation.
fn deviation(numbers: &[f64]) -> f64 {
    let squares: f64 = numbers.iter().map(|number| number * number).sum();
    let mean = sum(numbers) / count(numbers);
    (squares / count(numbers) - mean * mean).max(0.0).sqrt()
}

fn keys(node: &Json) -> Json {
    match node.as_object() {
        Some(members) => Json::from(
            members
                .keys()
                .map(|key| Json::from(Arc::clone(key)))
                .collect::<Vec<_>>(),
        ),
        None => Json::Null,
    }
}

/// Strings of a list, then the arguments, one after the other.
fn concat(node: &Json, arguments: &[Json]) -> Json {
    let mut text = String::new();
    let items = node.as_array().into_iter().flat_map(|items| items.iter());
    for value in items.chain(arguments) {
        match value {
            Json::String(piece) => text.push_str(piece),
            Json::Null => {}
            Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
                value.write_text(&mut text);
            }
        }
    }
    Json::from(text)
}

fn append(node: &Json, arguments: Vec<Json>) -> Json {
    match node.as_array() {
        Some(items) => Json::from(items.iter().cloned().chain(arguments).collect::<Vec<_>>()),
        None => node.clone(),
    }
}

fn item(node: &Json, index: i64) -> Result<Json, Fault> {
    let Some(items) = node.as_array() else {
        return Err(Fault::Function(
            "Aggregation function attempted to calculate value using empty array",
        ));
    };
    effective_index(index, items.len())
        .and_then(|index| items.get(index))
        .cloned()
        .ok_or(Fault::NoResults)
}

/// The place that an index means in a list of that length; negative indexes count from the end.
pub(crate) fn effective_index(index: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let index = if index < 0 {
        index.checked_add(length)?
    } else {
        index
    };
    if index >= length {
        return None;
    }
    usize::try_from(index).ok()
}
