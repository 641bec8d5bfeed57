//! Reading patterns.

use std::fmt;

use passo_json::{Array, Json, Object};

use crate::cidr::Network;
use crate::matcher::{Comparison, Matcher, Operator, Test, lower};
use crate::pattern::{Field, Fields};
use crate::wildcard::Wildcard;

/// Objects within objects. EventBridge takes patterns of 2,048 characters, which hold fewer.
const DEPTH_MAX: usize = 256;
/// Numbers that can be compared lie between this and its negative. Source: EventBridge User Guide, "Numeric matching".
const NUMBER_MAX: f64 = 5.0e9;

/// Why something is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError(String);

impl fmt::Display for PatternError {
    /// The reason, as it stands behind EventBridge's "Event pattern is not valid. Reason: ".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PatternError {}

type Parsed<T> = Result<T, PatternError>;

fn wrong<T>(reason: impl Into<String>) -> Parsed<T> {
    Err(PatternError(reason.into()))
}

/// The whole pattern.
pub(crate) fn root(pattern: &Json) -> Parsed<Fields> {
    match pattern.as_object() {
        Some(object) => fields(object, DEPTH_MAX),
        None => wrong("Filter is not an object"),
    }
}

fn fields(object: &Object, depth: usize) -> Parsed<Fields> {
    let Some(depth) = depth.checked_sub(1) else {
        return wrong("Pattern is nested too deeply");
    };
    if object.is_empty() {
        return wrong("Empty objects are not allowed");
    }
    let mut read = Fields::default();
    for (name, value) in object.iter() {
        match alternatives(name, value) {
            Some(items) => {
                let each = items.iter().filter_map(Json::as_object);
                let each = each.map(|object| fields(object, depth));
                read.either.push(each.collect::<Parsed<_>>()?);
            }
            None => read.fields.push((name.clone(), field(name, value, depth)?)),
        }
    }
    Ok(read)
}

/// `$or` is a member like any other unless it holds two or more objects, none of which could be a matcher.
fn alternatives<'a>(name: &str, value: &'a Json) -> Option<&'a Array> {
    let items = value.as_array().filter(|_| name == "$or")?;
    let object = |item: &Json| {
        let object = item.as_object();
        object.is_some_and(|object| !object.keys().any(|key| OPERATORS.contains(&&**key)))
    };
    (items.len() >= 2 && items.iter().all(object)).then_some(items)
}

const OPERATORS: &[&str] = &[
    "exists",
    "prefix",
    "suffix",
    "anything-but",
    "numeric",
    "cidr",
    "equals-ignore-case",
    "wildcard",
];

fn field(name: &str, value: &Json, depth: usize) -> Parsed<Field> {
    match (value.as_object(), value.as_array()) {
        (Some(object), _) => Ok(Field::Object(fields(object, depth)?)),
        (None, Some(items)) if items.is_empty() => wrong("Empty arrays are not allowed"),
        (None, Some(items)) => {
            let matchers = items.iter().map(matcher);
            Ok(Field::Value(matchers.collect::<Parsed<_>>()?))
        }
        (None, None) => wrong(format!("\"{name}\" must be an object or an array")),
    }
}

fn matcher(item: &Json) -> Parsed<Matcher> {
    if item.as_array().is_some() {
        return wrong("Match value must be String, number, true, false, or null");
    }
    let Some(object) = item.as_object() else {
        return Ok(Matcher::Is(Test::Equals(item.clone())));
    };
    let (name, value) = only(object)?;
    match (name, value) {
        ("exists", Json::Bool(exists)) => Ok(Matcher::Exists(*exists)),
        ("exists", _) => wrong("exists match pattern must be either true or false."),
        ("anything-but", value) => Ok(Matcher::AnythingBut(anything_but(value)?)),
        (name, value) => Ok(Matcher::Is(test(name, value)?)),
    }
}

fn only(object: &Object) -> Parsed<(&str, &Json)> {
    let mut members = object.iter();
    match (members.next(), members.next()) {
        (Some((name, value)), None) => Ok((name, value)),
        _ => wrong("Only one key allowed in match expression"),
    }
}

/// What is not to be taken: a value, a list of values, or one test of texts with a text or a list of them.
fn anything_but(value: &Json) -> Parsed<Vec<Test>> {
    if let Some(object) = value.as_object() {
        let (name, given) = only(object)?;
        if !["prefix", "suffix", "equals-ignore-case", "wildcard"].contains(&name) {
            return wrong(format!("Unsupported anything-but pattern: {name}"));
        }
        return each(given, |given| test(name, given));
    }
    each(value, |value| match value {
        Json::String(_) | Json::Number(_) | Json::Bool(_) | Json::Null => {
            Ok(Test::Equals(value.clone()))
        }
        Json::Array(_) | Json::Object(_) => {
            wrong("Values inside anything-but must be texts, numbers, true, false or null")
        }
    })
}

fn each(value: &Json, read: impl Fn(&Json) -> Parsed<Test>) -> Parsed<Vec<Test>> {
    match value.as_array() {
        Some(items) if items.is_empty() => wrong("Empty arrays are not allowed"),
        Some(items) => items.iter().map(read).collect(),
        None => Ok(vec![read(value)?]),
    }
}

fn test(name: &str, value: &Json) -> Parsed<Test> {
    match name {
        "prefix" => {
            let (text, ignore_case) = affix(name, value)?;
            Ok(Test::Prefix { text, ignore_case })
        }
        "suffix" => {
            let (text, ignore_case) = affix(name, value)?;
            Ok(Test::Suffix { text, ignore_case })
        }
        "equals-ignore-case" => Ok(Test::EqualsIgnoreCase(lower(text(name, value)?))),
        "wildcard" => {
            let wildcard = Wildcard::parse(text(name, value)?);
            wildcard.map(Test::Wildcard).map_or_else(
                || wrong("Consecutive wildcard characters, or an escape of nothing"),
                Ok,
            )
        }
        "cidr" => {
            let text = text(name, value)?;
            let network = Network::parse(text);
            network.map_or_else(
                || wrong(format!("Malformed CIDR, one '/' required: {text}")),
                |network| Ok(Test::Cidr(network)),
            )
        }
        "numeric" => Ok(Test::Numeric(comparisons(value)?)),
        other => wrong(format!("Unrecognized match type {other}")),
    }
}

/// A text, or `{"equals-ignore-case": text}`.
fn affix(name: &str, value: &Json) -> Parsed<(String, bool)> {
    let Some(object) = value.as_object() else {
        return Ok((text(name, value)?.to_owned(), false));
    };
    match only(object)? {
        ("equals-ignore-case", value) => Ok((lower(text(name, value)?), true)),
        (other, _) => wrong(format!("Unsupported {name} pattern: {other}")),
    }
}

fn text<'a>(name: &str, value: &'a Json) -> Parsed<&'a str> {
    match value.as_str() {
        Some(text) => Ok(text),
        None => wrong(format!("{name} match pattern must be a string")),
    }
}

/// `[">", 0, "<=", 5]`
fn comparisons(value: &Json) -> Parsed<Vec<Comparison>> {
    let items = value.as_array().filter(|items| !items.is_empty());
    let Some(items) = items else {
        return wrong("Invalid member in numeric match: an array is wanted");
    };
    let pairs = items.chunks(2).map(|pair| {
        let [operator, bound] = pair else {
            return wrong("Value of numeric match operator must be a number");
        };
        let operator = match operator.as_str() {
            Some("<") => Operator::Less,
            Some("<=") => Operator::LessOrEqual,
            Some("=") => Operator::Equal,
            Some(">=") => Operator::GreaterOrEqual,
            Some(">") => Operator::Greater,
            _ => return wrong("Unrecognized numeric range operator"),
        };
        match bound.as_f64() {
            Some(bound) if bound.abs() <= NUMBER_MAX => Ok(Comparison { operator, bound }),
            Some(_) => wrong("Value must be between -5.0E9 and 5.0E9, inclusive"),
            None => wrong("Value of numeric match operator must be a number"),
        }
    });
    let comparisons: Vec<Comparison> = pairs.collect::<Parsed<_>>()?;
    if let [first, others @ ..] = comparisons.as_slice() {
        range(first, others)?;
    }
    Ok(comparisons)
}

/// One comparison, or a range: from its bottom, which is told first, to its top.
fn range(first: &Comparison, others: &[Comparison]) -> Parsed<()> {
    match (first.operator, others) {
        (_, []) => Ok(()),
        (Operator::Greater | Operator::GreaterOrEqual, [top]) => match top.operator {
            Operator::Less | Operator::LessOrEqual if first.bound < top.bound => Ok(()),
            Operator::Less | Operator::LessOrEqual => wrong("Bottom must be less than top"),
            Operator::Equal | Operator::Greater | Operator::GreaterOrEqual => {
                wrong("Bad numeric range operator")
            }
        },
        (
            Operator::Less
            | Operator::LessOrEqual
            | Operator::Equal
            | Operator::Greater
            | Operator::GreaterOrEqual,
            _,
        ) => wrong("Too many elements in numeric expression"),
    }
}
