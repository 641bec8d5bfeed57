//! Carrying a template out.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use passo_json::{Json, Object};

use super::ast::{Expression, Node, Operator, Reference, Step};
use super::value::{Builtin, Container, Value};
use super::{Broken, Rendered, Scope};

/// What is evaluated at most: nodes, items, entries.
const STEPS_MAX: usize = 1_000_000;
/// Bytes of all texts that come into being.
const BYTES_MAX: usize = 64 << 20;
/// Bytes of the result. Source: API Gateway quotas, "Payload size".
const RESULT_MAX: usize = 10 << 20;
/// Rounds of a loop. Source: API Gateway quotas, `#foreach`.
const ROUNDS_MAX: usize = 1000;
/// Names whose missing members are empty texts.
const ALWAYS_THERE: [&str; 4] = ["input", "context", "stageVariables", "util"];

/// A template on its way.
pub(crate) struct Evaluation<'s> {
    pub(crate) scope: &'s Scope,
    /// The body as JSON: an empty one is an empty object, and what is no JSON a text.
    pub(crate) input: Json,
    variables: BTreeMap<String, Value>,
    store: Vec<Container>,
    overrides: Object,
    out: String,
    steps: Cell<usize>,
    bytes: Cell<usize>,
}

/// How a list of nodes ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Stop,
}

impl<'s> Evaluation<'s> {
    pub(crate) fn new(scope: &'s Scope) -> Evaluation<'s> {
        let input = match scope.body.trim().is_empty() {
            true => Json::from(Object::default()),
            false => Json::parse(&scope.body).unwrap_or_else(|_| Json::from(scope.body.as_str())),
        };
        Evaluation {
            scope,
            input,
            variables: BTreeMap::new(),
            store: Vec::new(),
            overrides: Object::default(),
            out: String::new(),
            steps: Cell::new(0),
            bytes: Cell::new(0),
        }
    }

    pub(crate) fn run(mut self, nodes: &[Node]) -> Result<Rendered, Broken> {
        self.nodes(nodes)?;
        Ok(Rendered {
            text: self.out,
            overrides: self.overrides,
        })
    }

    pub(crate) fn step(&self) -> Result<(), Broken> {
        self.take_steps(1)
    }

    pub(crate) fn take_steps(&self, steps: usize) -> Result<(), Broken> {
        self.steps.set(self.steps.get().saturating_add(steps));
        match self.steps.get() > STEPS_MAX {
            true => Err(Broken::TooMuch),
            false => Ok(()),
        }
    }

    pub(crate) fn bytes(&self, bytes: usize) -> Result<(), Broken> {
        self.bytes.set(self.bytes.get().saturating_add(bytes));
        match self.bytes.get() > BYTES_MAX {
            true => Err(Broken::TooMuch),
            false => Ok(()),
        }
    }

    pub(crate) fn container(&self, at: usize) -> Option<&Container> {
        self.store.get(at)
    }

    pub(crate) fn container_mut(&mut self, at: usize) -> Option<&mut Container> {
        self.store.get_mut(at)
    }

    pub(crate) fn keep(&mut self, container: Container) -> Value {
        self.store.push(container);
        Value::Kept(self.store.len().saturating_sub(1))
    }

    fn say(&mut self, text: &str) -> Result<(), Broken> {
        if self.out.len().saturating_add(text.len()) > RESULT_MAX {
            return Err(Broken::TooMuch);
        }
        self.out.push_str(text);
        Ok(())
    }

    fn nodes(&mut self, nodes: &[Node]) -> Result<Flow, Broken> {
        for node in nodes {
            self.step()?;
            let flow = match node {
                Node::Text(text) => {
                    self.say(text)?;
                    Flow::On
                }
                Node::Reference(reference) => {
                    let text = self.reference_text(reference)?;
                    self.say(&text)?;
                    Flow::On
                }
                Node::Set(target, value) => {
                    let value = self.value(value)?;
                    self.assign(target, value)?;
                    Flow::On
                }
                Node::If(arms, rest) => self.condition(arms, rest)?,
                Node::Foreach(name, list, body) => self.foreach(name, list, body)?,
                Node::Break => Flow::Break,
                Node::Stop => Flow::Stop,
            };
            if flow != Flow::On {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    fn reference_text(&mut self, reference: &Reference) -> Result<String, Broken> {
        let value = self.reference(reference)?;
        if !value.is_null() {
            return self.shown(&value);
        }
        let is_empty = reference.is_quiet || ALWAYS_THERE.contains(&reference.name.as_str());
        Ok(match is_empty {
            true => String::new(),
            false => reference.source.clone(),
        })
    }

    fn condition(
        &mut self,
        arms: &[(Expression, Vec<Node>)],
        rest: &[Node],
    ) -> Result<Flow, Broken> {
        for (condition, nodes) in arms {
            if self.value(condition)?.is_true() {
                return self.nodes(nodes);
            }
        }
        self.nodes(rest)
    }

    fn foreach(&mut self, name: &str, list: &Expression, body: &[Node]) -> Result<Flow, Broken> {
        let list = self.value(list)?;
        let items = self.items(&list)?;
        let outer = (
            self.variables.get(name).cloned(),
            self.variables.get("foreach").cloned(),
            self.variables.get("velocityCount").cloned(),
        );
        let mut flow = Flow::On;
        let last = items.len().saturating_sub(1);
        for (at, item) in items.into_iter().enumerate().take(ROUNDS_MAX) {
            self.step()?;
            let index = i64::try_from(at).unwrap_or(i64::MAX);
            let count = index.saturating_add(1);
            let loop_state = Object::default()
                .with("index", index)
                .with("count", count)
                .with("hasNext", at < last)
                .with("first", at == 0)
                .with("last", at == last);
            self.variables.insert(name.to_owned(), item);
            let state = Value::Json(Json::from(loop_state));
            self.variables.insert("foreach".to_owned(), state);
            let count = Value::Integer(count);
            self.variables.insert("velocityCount".to_owned(), count);
            match self.nodes(body)? {
                Flow::On => {}
                Flow::Break => break,
                Flow::Stop => {
                    flow = Flow::Stop;
                    break;
                }
            }
        }
        let names = [name, "foreach", "velocityCount"];
        for (name, old) in names.into_iter().zip([outer.0, outer.1, outer.2]) {
            match old {
                Some(old) => self.variables.insert(name.to_owned(), old),
                None => self.variables.remove(name),
            };
        }
        Ok(flow)
    }

    /// What a loop goes through: a list's items, a map's values.
    pub(crate) fn items(&self, list: &Value) -> Result<Vec<Value>, Broken> {
        let items = match list {
            Value::Json(Json::Array(items)) => items.iter().map(Value::of).collect(),
            Value::Json(Json::Object(members)) => members.values().map(Value::of).collect(),
            Value::Kept(at) => match self.container(*at) {
                Some(Container::List(items)) => items.clone(),
                Some(Container::Map(entries)) => {
                    entries.iter().map(|(_, value)| value.clone()).collect()
                }
                None => Vec::new(),
            },
            Value::Null
            | Value::Bool(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Json(_)
            | Value::Builtin(_) => Vec::new(),
        };
        self.take_steps(items.len())?;
        Ok(items)
    }

    /// Sets a variable, a member of a map, or an override. Nothing is not assigned.
    fn assign(&mut self, target: &Reference, value: Value) -> Result<(), Broken> {
        if value.is_null() {
            return Ok(());
        }
        let Some((last, before)) = target.steps.split_last() else {
            // What is assigned may be changed.
            let value = self.changeable(value)?;
            self.variables.insert(target.name.clone(), value);
            return Ok(());
        };
        if target.name == "context" {
            return self.assign_override(&target.steps, &value);
        }
        let mut holder = self.root(&target.name);
        for step in before {
            holder = self.follow(&holder, step)?;
        }
        let key = match last {
            Step::Member(name) => Value::text(name),
            Step::Index(index) => self.value(index)?,
            Step::Call(..) => return Ok(()),
        };
        self.put(&holder, &key, value)
    }

    /// Puts an entry into a map, or in the place of a list's item.
    pub(crate) fn put(&mut self, holder: &Value, key: &Value, value: Value) -> Result<(), Broken> {
        let Value::Kept(at) = holder else {
            return Ok(());
        };
        let name = self.shown(key)?;
        let length = match self.container(*at) {
            Some(Container::Map(entries)) => entries.len(),
            Some(Container::List(_)) | None => 1,
        };
        self.take_steps(length)?;
        match self.container_mut(*at) {
            Some(Container::Map(entries)) => {
                match entries.iter_mut().find(|(given, _)| **given == *name) {
                    Some((_, old)) => *old = value,
                    None => entries.push((Rc::from(name), value)),
                }
            }
            Some(Container::List(items)) => {
                let place = match key {
                    Value::Integer(index) => usize::try_from(*index).ok(),
                    _ => None,
                };
                if let Some(old) = place.and_then(|place| items.get_mut(place)) {
                    *old = value;
                }
            }
            None => {}
        }
        Ok(())
    }

    fn assign_override(&mut self, steps: &[Step], value: &Value) -> Result<(), Broken> {
        let mut names = Vec::new();
        for step in steps {
            names.push(match step {
                Step::Member(name) => name.clone(),
                Step::Index(index) => {
                    let index = self.value(index)?;
                    self.shown(&index)?
                }
                Step::Call(..) => return Ok(()),
            });
        }
        let value = match value {
            Value::Integer(number) => Json::from(*number),
            other => Json::from(self.shown(other)?),
        };
        let old = |object: &Object, name: &str| {
            let old = object.get(name).and_then(Json::as_object);
            old.cloned().unwrap_or_default()
        };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let overrides = std::mem::take(&mut self.overrides);
        self.overrides = match names.as_slice() {
            [kind @ ("requestOverride" | "responseOverride"), name] => {
                let inner = old(&overrides, kind).with(*name, value);
                overrides.with(*kind, inner)
            }
            [kind @ ("requestOverride" | "responseOverride"), place, name] => {
                let inner = old(&overrides, kind);
                let members = old(&inner, place).with(*name, value);
                overrides.with(*kind, inner.with(*place, members))
            }
            _ => overrides,
        };
        Ok(())
    }

    /// A list or map of JSON as one that may be changed; everything else as it is.
    fn changeable(&mut self, value: Value) -> Result<Value, Broken> {
        let container = match &value {
            Value::Json(Json::Array(items)) => {
                self.take_steps(items.len())?;
                Container::List(items.iter().map(Value::of).collect())
            }
            Value::Json(Json::Object(members)) => {
                self.take_steps(members.len())?;
                let entries = members.iter();
                let entries = entries.map(|(name, value)| (Rc::from(&**name), Value::of(value)));
                Container::Map(entries.collect())
            }
            _ => return Ok(value),
        };
        Ok(self.keep(container))
    }

    fn root(&self, name: &str) -> Value {
        if let Some(value) = self.variables.get(name) {
            return value.clone();
        }
        match name {
            "input" => Value::Builtin(Builtin::Input),
            "util" => Value::Builtin(Builtin::Util),
            "context" => Value::Json(Json::from(self.scope.context.clone())),
            "stageVariables" => Value::Json(Json::from(self.scope.stage_variables.clone())),
            _ => Value::Null,
        }
    }

    pub(crate) fn reference(&mut self, reference: &Reference) -> Result<Value, Broken> {
        let mut value = self.root(&reference.name);
        for step in &reference.steps {
            if value.is_null() {
                return Ok(value);
            }
            value = self.follow(&value, step)?;
        }
        Ok(value)
    }

    fn follow(&mut self, value: &Value, step: &Step) -> Result<Value, Broken> {
        self.step()?;
        match step {
            Step::Member(name) => Ok(self.member(value, name)),
            Step::Index(index) => {
                let index = self.value(index)?;
                self.item(value, &index)
            }
            Step::Call(name, arguments) => {
                let mut given = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    given.push(self.value(argument)?);
                }
                self.call(value, name, &given)
            }
        }
    }

    /// A member by its name.
    pub(crate) fn member(&self, value: &Value, name: &str) -> Value {
        match value {
            Value::Json(json) => json.get(name).map_or(Value::Null, Value::of),
            Value::Kept(at) => match self.container(*at) {
                Some(Container::Map(entries)) => {
                    let mut entries = entries.iter();
                    let found = entries.find(|(given, _)| **given == *name);
                    found.map_or(Value::Null, |(_, value)| value.clone())
                }
                Some(Container::List(_)) | None => Value::Null,
            },
            Value::Builtin(Builtin::Input) if name == "body" => Value::text(&self.scope.body),
            Value::Null
            | Value::Bool(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Builtin(_) => Value::Null,
        }
    }

    /// An item by its number, or a member by its name.
    pub(crate) fn item(&self, value: &Value, index: &Value) -> Result<Value, Broken> {
        let Value::Integer(number) = index else {
            let name = self.shown(index)?;
            return Ok(self.member(value, &name));
        };
        let at = usize::try_from(*number).ok();
        let found = match value {
            Value::Json(Json::Array(items)) => at.and_then(|at| items.get(at)).map(Value::of),
            Value::Kept(kept) => match self.container(*kept) {
                Some(Container::List(items)) => at.and_then(|at| items.get(at)).cloned(),
                Some(Container::Map(_)) => Some(self.member(value, &number.to_string())),
                None => None,
            },
            Value::Json(_) => Some(self.member(value, &number.to_string())),
            _ => None,
        };
        Ok(found.unwrap_or(Value::Null))
    }

    pub(crate) fn value(&mut self, expression: &Expression) -> Result<Value, Broken> {
        self.step()?;
        Ok(match expression {
            Expression::Null => Value::Null,
            Expression::Bool(flag) => Value::Bool(*flag),
            Expression::Integer(number) => Value::Integer(*number),
            Expression::Float(number) => Value::Float(*number),
            Expression::Text(text) => {
                self.bytes(text.len())?;
                Value::text(text)
            }
            Expression::Template(nodes) => self.template(nodes)?,
            Expression::Reference(reference) => self.reference(reference)?,
            Expression::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    values.push(self.value(item)?);
                }
                self.keep(Container::List(values))
            }
            Expression::Map(entries) => {
                let map = self.keep(Container::Map(Vec::new()));
                for (key, value) in entries {
                    let (key, value) = (self.value(key)?, self.value(value)?);
                    self.put(&map, &key, value)?;
                }
                map
            }
            Expression::Range(first, last) => {
                let (first, last) = (self.value(first)?, self.value(last)?);
                self.range(&first, &last)?
            }
            Expression::Not(inner) => Value::Bool(!self.value(inner)?.is_true()),
            Expression::Negative(inner) => match self.value(inner)? {
                Value::Integer(number) => number.checked_neg().map_or(Value::Null, Value::Integer),
                Value::Float(number) => Value::Float(-number),
                _ => Value::Null,
            },
            Expression::Binary(operator, left, right) => self.binary(*operator, left, right)?,
        })
    }

    /// A text between quotes, in which references are shown.
    fn template(&mut self, nodes: &[Node]) -> Result<Value, Broken> {
        let outer = std::mem::take(&mut self.out);
        let done = self.nodes(nodes);
        let text = std::mem::replace(&mut self.out, outer);
        done?;
        self.bytes(text.len())?;
        Ok(Value::text(&text))
    }

    fn range(&mut self, first: &Value, last: &Value) -> Result<Value, Broken> {
        let (Value::Integer(first), Value::Integer(last)) = (first, last) else {
            return Ok(Value::Null);
        };
        let count = first.abs_diff(*last).saturating_add(1);
        self.take_steps(usize::try_from(count).unwrap_or(usize::MAX))?;
        let items: Vec<Value> = match first <= last {
            true => (*first..=*last).map(Value::Integer).collect(),
            false => (*last..=*first).rev().map(Value::Integer).collect(),
        };
        Ok(self.keep(Container::List(items)))
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
    ) -> Result<Value, Broken> {
        let left = self.value(left)?;
        match operator {
            Operator::And if !left.is_true() => return Ok(Value::Bool(false)),
            Operator::Or if left.is_true() => return Ok(Value::Bool(true)),
            _ => {}
        }
        let right = self.value(right)?;
        let compared = || left.as_float()?.partial_cmp(&right.as_float()?);
        Ok(match operator {
            Operator::And | Operator::Or => Value::Bool(right.is_true()),
            Operator::Equal => Value::Bool(self.equal(&left, &right)?),
            Operator::Unequal => Value::Bool(!self.equal(&left, &right)?),
            Operator::Less => Value::Bool(compared().is_some_and(std::cmp::Ordering::is_lt)),
            Operator::LessEqual => Value::Bool(compared().is_some_and(std::cmp::Ordering::is_le)),
            Operator::Greater => Value::Bool(compared().is_some_and(std::cmp::Ordering::is_gt)),
            Operator::GreaterEqual => {
                Value::Bool(compared().is_some_and(std::cmp::Ordering::is_ge))
            }
            Operator::Add if matches!(left, Value::Text(_)) || matches!(right, Value::Text(_)) => {
                let text = format!("{}{}", self.shown(&left)?, self.shown(&right)?);
                self.bytes(text.len())?;
                Value::text(&text)
            }
            Operator::Add
            | Operator::Subtract
            | Operator::Multiply
            | Operator::Divide
            | Operator::Remainder => computed(operator, &left, &right),
        })
    }

    /// Numbers by their value, everything else by its text.
    pub(crate) fn equal(&self, left: &Value, right: &Value) -> Result<bool, Broken> {
        if let (Some(left), Some(right)) = (left.as_float(), right.as_float()) {
            return Ok((left - right).abs() < f64::EPSILON);
        }
        if left.is_null() || right.is_null() {
            return Ok(left.is_null() && right.is_null());
        }
        Ok(self.shown(left)? == self.shown(right)?)
    }
}

/// Whole numbers stay whole; what has no result is nothing.
fn computed(operator: Operator, left: &Value, right: &Value) -> Value {
    if let (Value::Integer(left), Value::Integer(right)) = (left, right) {
        let result = match operator {
            Operator::Add => left.checked_add(*right),
            Operator::Subtract => left.checked_sub(*right),
            Operator::Multiply => left.checked_mul(*right),
            Operator::Divide => left.checked_div(*right),
            Operator::Remainder => left.checked_rem(*right),
            _ => None,
        };
        return result.map_or(Value::Null, Value::Integer);
    }
    let (Some(left), Some(right)) = (left.as_float(), right.as_float()) else {
        return Value::Null;
    };
    let result = match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
        Operator::Remainder => left % right,
        _ => return Value::Null,
    };
    match result.is_finite() {
        true => Value::Float(result),
        false => Value::Null,
    }
}
