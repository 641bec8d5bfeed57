//! Object constructors and group-by.

use super::{Evaluator, Outcome};
use crate::code::{Pairs, TupleScope};
use crate::error::Error;
use crate::frame::Frame;
use crate::value::{Origin, Tuple, Value};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// The items of one key, and which pair made it.
struct Group<T> {
    key: Arc<str>,
    pair: usize,
    members: Vec<T>,
}

/// The groups in order of first appearance.
struct Groups<T> {
    groups: Vec<Group<T>>,
    by_key: BTreeMap<Arc<str>, usize>,
}

impl<T> Groups<T> {
    fn new() -> Groups<T> {
        Groups {
            groups: Vec::new(),
            by_key: BTreeMap::new(),
        }
    }

    fn add(
        &mut self,
        key: &Value,
        pair: usize,
        member: T,
        position: usize,
    ) -> Result<(), Box<Error>> {
        if key.is_undefined() {
            return Ok(());
        }
        let Some(key) = key.as_text() else {
            let message = format!(
                "key in object structure must evaluate to a string; got: {}",
                key.shown()
            );
            return Err(Box::new(
                Error::new("T1003", message)
                    .at(position)
                    .value(key.describe()),
            ));
        };
        let at = self.by_key.get(key).copied();
        let known = at.and_then(|index| self.groups.get_mut(index));
        match known {
            Some(group) if group.pair != pair => {
                let message = format!("multiple key definitions evaluate to same key: \"{key}\"");
                Err(Box::new(
                    Error::new("D1009", message).at(position).value(&**key),
                ))
            }
            Some(group) => {
                group.members.push(member);
                Ok(())
            }
            None => {
                self.by_key.insert(Arc::clone(key), self.groups.len());
                self.groups.push(Group {
                    key: Arc::clone(key),
                    pair,
                    members: vec![member],
                });
                Ok(())
            }
        }
    }
}

impl Evaluator<'_> {
    /// `{…}`: an object of the context; of an array, of its items by group.
    #[inline(never)]
    pub(super) fn object(&mut self, pairs: &Pairs, input: &Value, frame: &Rc<Frame>) -> Outcome {
        let Some(keys) = pairs.literal_keys.as_ref().filter(|_| !input.is_array()) else {
            return self.group(pairs, input, frame);
        };
        let mut entries = Vec::with_capacity(keys.len());
        for (key, (_, node)) in keys.iter().zip(&pairs.pairs) {
            let value = self.eval(node, input, frame)?;
            if !value.is_undefined() {
                entries.push((Arc::clone(key), value));
            }
        }
        self.object_value(entries)
    }

    /// Groups the items of a value by the keys, then evaluates the values on the groups.
    #[inline(never)]
    pub(super) fn group(&mut self, pairs: &Pairs, value: &Value, frame: &Rc<Frame>) -> Outcome {
        if let Value::Tuples(tuples) = value {
            let items = tuples.iter().map(|tuple| tuple.item.clone()).collect();
            let value = Value::list(items, Origin::SEQUENCE);
            return self.group(pairs, &value, frame);
        }
        let mut groups = Groups::new();
        let mut add = |evaluator: &mut Self, item: Value| {
            for (index, (key, _)) in pairs.pairs.iter().enumerate() {
                evaluator.budget.spend_step()?;
                let key = evaluator.eval(key, &item, frame)?;
                groups.add(&key, index, item.clone(), pairs.position)?;
            }
            Ok::<(), Box<Error>>(())
        };
        if !value.is_array() {
            add(self, value.clone())?;
        } else if value.len() == 0 {
            add(self, Value::Undefined)?;
        } else {
            for item in value.elements() {
                add(self, item)?;
            }
        }
        let mut entries = Vec::with_capacity(groups.groups.len());
        for group in groups.groups {
            let context = self.joined(group.members)?;
            let Some((_, node)) = pairs.pairs.get(group.pair) else {
                continue;
            };
            let value = self.eval(node, &context, frame)?;
            if !value.is_undefined() {
                entries.push((group.key, value));
            }
        }
        self.object_value(entries)
    }

    /// Group-by over a tuple stream: the groups' variables are joined as well.
    pub(super) fn group_tuples(
        &mut self,
        pairs: &Pairs,
        scope: &TupleScope,
        tuples: &[Tuple],
        frame: &Rc<Frame>,
    ) -> Outcome {
        let mut groups = Groups::new();
        let nothing = [Tuple::default()];
        let tuples = if tuples.is_empty() { &nothing } else { tuples };
        for tuple in tuples {
            for (index, (key, _)) in pairs.pairs.iter().enumerate() {
                let own = self.tuple_frame(scope, tuple, frame);
                let key = self.eval(key, &tuple.item, &own)?;
                groups.add(&key, index, tuple.clone(), pairs.position)?;
            }
        }
        let mut entries = Vec::with_capacity(groups.groups.len());
        for group in groups.groups {
            let joined = self.joined_tuples(group.members)?;
            let own = self.tuple_frame(scope, &joined, frame);
            let Some((_, node)) = pairs.pairs.get(group.pair) else {
                continue;
            };
            let value = self.eval(node, &joined.item, &own)?;
            if !value.is_undefined() {
                entries.push((group.key, value));
            }
        }
        self.object_value(entries)
    }

    /// One member as it is; several as one array.
    fn joined(&mut self, mut members: Vec<Value>) -> Outcome {
        if members.len() < 2 {
            return Ok(members.pop().unwrap_or_default());
        }
        let mut items = Vec::with_capacity(members.len());
        for member in members {
            if !member.is_undefined() {
                items.extend(member.elements());
            }
        }
        self.array(items)
    }

    fn joined_tuples(&mut self, members: Vec<Tuple>) -> Result<Tuple, Box<Error>> {
        let mut names: Vec<u32> = Vec::new();
        for (name, _) in members.iter().flat_map(|tuple| &tuple.bindings) {
            if !names.contains(name) {
                names.push(*name);
            }
        }
        let mut joined = Tuple::default();
        for name in names {
            let values = members
                .iter()
                .filter_map(|tuple| tuple.binding(name).cloned())
                .collect();
            let value = self.joined(values)?;
            joined.bind(name, value);
        }
        joined.item = self.joined(members.into_iter().map(|tuple| tuple.item).collect())?;
        Ok(joined)
    }
}
