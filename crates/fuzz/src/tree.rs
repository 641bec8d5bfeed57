//! Changes JSON documents as trees, so that they stay documents, and prints them in either format.

use serde_json::{Map, Value};

use crate::case::Case;
use crate::mutate;
use crate::random::Random;

/// A document changed in a few places; a text that is not JSON is changed as a text.
pub(crate) fn mutate(random: &mut Random, text: &str, others: &[String], words: &[&str]) -> String {
    let Ok(mut root) = serde_json::from_str::<Value>(text) else {
        return mutate::mutate(random, text, others, words);
    };
    let changes = random.pick(&[0, 1, 1, 1, 2, 4]);
    for _ in 0..changes {
        let other = serde_json::from_str(random.pick_text(others)).unwrap_or(Value::Null);
        let way = pick_way(random, &root);
        if let Some(node) = node_at(&mut root, &way) {
            change(random, node, other, words);
        }
    }
    root.to_string()
}

/// A definition as JSON or YAML, for one of the two types of state machine.
pub(crate) fn in_some_format(random: &mut Random, code: &str) -> Case {
    let kind = random.pick(&["standard", "express", "substitutions"]);
    if random.once_in(2) {
        return Case {
            code: code.to_owned(),
            data: format!("json {kind}"),
        };
    }
    let code = match serde_json::from_str::<Value>(code) {
        Ok(value) if random.once_in(2) => {
            let mut yaml = String::new();
            print_yaml(&value, 0, &mut yaml);
            yaml
        }
        _ => code.to_owned(),
    };
    let code = if random.once_in(6) {
        mutate::mutate(random, &code, &[], &YAML_WORDS)
    } else {
        code
    };
    Case {
        code,
        data: format!("yaml {kind}"),
    }
}

/// The most nodes that one copy of a part may add.
const NODES_MAX: usize = 3_000;

const YAML_WORDS: [&str; 20] = [
    "&a ",
    "*a",
    "!!str ",
    "!!binary ",
    "|\n",
    ">-\n",
    "---\n",
    "...\n",
    "? ",
    ": ",
    "- ",
    "~",
    "<<: *a",
    "%YAML 1.2\n",
    "\t",
    "{",
    "}",
    "[",
    "]",
    "0x1F",
];

fn change(random: &mut Random, node: &mut Value, mut other: Value, words: &[&str]) {
    let replacement = match random.below(6) {
        0 => Value::from(random.pick(&[0.0, -1.0, 1e308, 0.5, 1e15, 5e-324])),
        1 => Value::from(random.pick(&[0, 1, -1, 99_999_999, i64::MAX, i64::MIN, 1000, 40])),
        2 => Value::from(random.pick(words)),
        3 => random
            .pick(&[Some(true), Some(false), None])
            .map_or(Value::Null, Value::from),
        _ => {
            let way = pick_way(random, &other);
            node_at(&mut other, &way)
                .map(Value::take)
                .unwrap_or_default()
        }
    };
    let word = random.pick(words);
    match random.below(8) {
        0..=2 => *node = replacement,
        3 => {
            let depth = if random.once_in(20) {
                120
            } else {
                1 + random.below(5)
            };
            for _ in 0..depth {
                *node = Value::Array(vec![node.take()]);
            }
        }
        4 => {
            if let Value::String(text) = node {
                *text = mutate::mutate(random, text, &[], words);
            } else {
                *node = Value::Object(Map::from_iter([(word.to_owned(), node.take())]));
            }
        }
        _ => change_members(random, node, replacement, word),
    }
}

fn change_members(random: &mut Random, node: &mut Value, replacement: Value, word: &str) {
    match node {
        Value::Array(items) if !items.is_empty() => {
            let at = random.below(items.len());
            match random.below(3) {
                0 => {
                    items.remove(at);
                }
                1 => items.insert(at, replacement),
                _ => {
                    let copy = items.get(at).cloned().unwrap_or_default();
                    let times = if random.once_in(10) { 300 } else { 2 };
                    let times = times.min(NODES_MAX / weight(&copy));
                    items.extend(std::iter::repeat_n(copy, times));
                }
            }
        }
        Value::Object(members) if !members.is_empty() => {
            let at = random.below(members.len());
            let key = members.keys().nth(at).cloned().unwrap_or_default();
            match random.below(4) {
                0 => {
                    members.remove(&key);
                }
                1 => {
                    let value = members.remove(&key).unwrap_or_default();
                    members.insert(word.to_owned(), value);
                }
                2 => {
                    let value = members.get(&key).cloned().unwrap_or_default();
                    members.insert(format!("{key}{word}"), value);
                }
                _ => {
                    members.insert(word.to_owned(), replacement);
                }
            }
        }
        _ => *node = replacement,
    }
}

/// How many nodes a value has.
fn weight(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(weight).sum::<usize>() + 1,
        Value::Object(members) => members.values().map(weight).sum::<usize>() + 1,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}

fn children(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// The way to some node, as the number of the child at each level.
fn pick_way(random: &mut Random, root: &Value) -> Vec<usize> {
    let (mut way, mut node) = (Vec::new(), root);
    while children(node) > 0 && !random.once_in(5) {
        let step = random.below(children(node));
        let child = match node {
            Value::Array(items) => items.get(step),
            Value::Object(members) => members.values().nth(step),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        };
        let Some(child) = child else { break };
        way.push(step);
        node = child;
    }
    way
}

fn node_at<'a>(root: &'a mut Value, way: &[usize]) -> Option<&'a mut Value> {
    way.iter().try_fold(root, |node, step| match node {
        Value::Array(items) => items.get_mut(*step),
        Value::Object(members) => members.values_mut().nth(*step),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    })
}

/// Block style, with strings in double quotes.
fn print_yaml(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, child) in members {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push_str(": ");
                print_yaml(child, indent + 2, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for child in items {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                out.push_str("- ");
                print_yaml(child, indent + 2, out);
            }
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}
