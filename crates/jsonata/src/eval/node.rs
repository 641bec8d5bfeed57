//! Nodes other than paths and calls.

use super::{Evaluator, Outcome};
use crate::code::{After, Code, Item, Node, Scope, Variable};
use crate::error::Error;
use crate::frame::Frame;
use crate::function::{Closure, Function};
use crate::syntax::BinaryOperator;
use crate::value::{Origin, Value};
use std::rc::Rc;
use std::sync::Arc;

impl Evaluator<'_> {
    /// Evaluates a node with the context `input`. The result is a settled value: never an empty
    /// sequence, and a sequence of one only where it must stay an array.
    pub(crate) fn eval(&mut self, node: &Node, input: &Value, frame: &Rc<Frame>) -> Outcome {
        if node.after.is_none() && !node.keep_array {
            match &node.code {
                Code::Constant(json) => return Ok(Value::Json(json.clone())),
                Code::Variable(variable) => return Ok(self.variable(variable, frame)),
                Code::Context => return Ok(context(input)),
                _ => {}
            }
        }
        self.budget.enter()?;
        let mut value = self.code(node, input, frame)?;
        if let Some(after) = &node.after {
            value = self.after(after, value, frame)?;
        }
        self.budget.leave();
        Ok(settle(value, node.keep_array))
    }

    /// Kept out of line, so that the frames of deep recursions stay small.
    #[inline(never)]
    fn after(&mut self, after: &After, mut value: Value, frame: &Rc<Frame>) -> Outcome {
        if let Value::Tuples(tuples) = &value {
            return self.after_tuples(after, tuples.to_vec(), frame);
        }
        for predicate in &after.predicates {
            value = self.filter(predicate, value, frame)?;
        }
        match &after.group {
            Some(group) => self.group(group, &value, frame),
            None => Ok(value),
        }
    }

    pub(super) fn code(&mut self, node: &Node, input: &Value, frame: &Rc<Frame>) -> Outcome {
        match &node.code {
            Code::Constant(json) => Ok(Value::Json(json.clone())),
            Code::Context => Ok(context(input)),
            Code::Variable(variable) => Ok(self.variable(variable, frame)),
            Code::Field(name) => self.field(name, input),
            Code::Wildcard => self.wildcard(input),
            Code::Descendants => self.descendants(input),
            Code::Path(path) => self.path(path, input, frame),
            Code::Negate(operand) => self.negate(operand, input, frame, node.position),
            Code::Binary(operator, pair) => {
                self.binary_node(*operator, pair, input, frame, node.position)
            }
            Code::Array { items, constructed } => {
                self.array_node(items, *constructed, input, frame)
            }
            Code::Object(pairs) => self.object(pairs, input, frame),
            Code::Block { scope, items } => self.block(scope, items, input, frame),
            Code::Condition(branches) => {
                if self.condition(&branches.0, input, frame)? {
                    return self.eval(&branches.1, input, frame);
                }
                match &branches.2 {
                    Some(otherwise) => self.eval(otherwise, input, frame),
                    None => Ok(Value::Undefined),
                }
            }
            Code::Bind(slot, value) => {
                let value = self.eval(value, input, frame)?;
                frame.set(*slot, value.clone());
                Ok(value)
            }
            Code::Call(call) => self.call_node(call, None, input, frame, node.position),
            Code::Partial(call) => self.partial_node(call, input, frame, node.position),
            Code::Lambda(code) => self.closure(code, input, frame),
            Code::Apply(pair) => self.apply_node(pair, input, frame, node.position),
            Code::Regex(regex) => Ok(Value::Function(Rc::new(Function::Regex(Arc::clone(regex))))),
            Code::Transform(code) => {
                self.capture(frame)?;
                let function = Function::Transform {
                    code: Arc::clone(code),
                    frame: Rc::clone(frame),
                };
                Ok(Value::Function(Rc::new(function)))
            }
        }
    }

    pub(super) fn variable(&self, variable: &Variable, frame: &Rc<Frame>) -> Value {
        self.look(variable, frame, Value::clone)
    }

    /// What is seen of a variable's value where it is.
    #[inline]
    pub(super) fn look<T>(
        &self,
        variable: &Variable,
        frame: &Rc<Frame>,
        see: impl Fn(&Value) -> T,
    ) -> T {
        for slot in &variable.slots {
            if let Some(seen) = frame.look(*slot, &see) {
                return seen;
            }
        }
        let global = variable.global.and_then(|index| self.globals.get(index));
        see(global.unwrap_or(&Value::Undefined))
    }

    #[inline(never)]
    fn negate(
        &mut self,
        operand: &Node,
        input: &Value,
        frame: &Rc<Frame>,
        position: usize,
    ) -> Outcome {
        let value = self.eval(operand, input, frame)?;
        if value.is_undefined() {
            return Ok(value);
        }
        match value.as_number() {
            Some(number) => self.number(-number),
            None => {
                let message = format!("cannot negate a non-numeric value: {}", value.shown());
                let error = Error::new("D1002", message);
                Err(Box::new(
                    error.at(position).token("-").value(value.describe()),
                ))
            }
        }
    }

    #[inline(never)]
    fn binary_node(
        &mut self,
        operator: BinaryOperator,
        pair: &(Node, Node),
        input: &Value,
        frame: &Rc<Frame>,
        position: usize,
    ) -> Outcome {
        if is_binary(&pair.0) {
            return self.binary_chain(operator, pair, input, frame, position);
        }
        let left = self.eval(&pair.0, input, frame)?;
        self.apply_binary(operator, &left, &pair.1, input, frame, position)
    }

    /// Operators whose left sides are operators: evaluated in a loop, from the innermost on, so
    /// that a long chain needs no more stack than a short one.
    #[inline(never)]
    fn binary_chain(
        &mut self,
        operator: BinaryOperator,
        pair: &(Node, Node),
        input: &Value,
        frame: &Rc<Frame>,
        position: usize,
    ) -> Outcome {
        let mut chain = vec![(operator, &pair.1, position)];
        let mut first = &pair.0;
        while let Code::Binary(operator, pair) = &first.code
            && is_binary(first)
        {
            chain.push((*operator, &pair.1, first.position));
            first = &pair.0;
        }
        let mut value = self.eval(first, input, frame)?;
        while let Some((operator, right, position)) = chain.pop() {
            self.budget.spend_step()?;
            value = self.apply_binary(operator, &value, right, input, frame, position)?;
        }
        Ok(value)
    }

    fn apply_binary(
        &mut self,
        operator: BinaryOperator,
        left: &Value,
        right: &Node,
        input: &Value,
        frame: &Rc<Frame>,
        position: usize,
    ) -> Outcome {
        if matches!(operator, BinaryOperator::And | BinaryOperator::Or) {
            let decided = operator == BinaryOperator::Or;
            if self.truth(left)? == decided {
                return Ok(Value::from(decided));
            }
            let right = self.eval(right, input, frame)?;
            return self.truth(&right).map(Value::from);
        }
        let right = self.eval(right, input, frame)?;
        self.binary(operator, left, &right).map_err(|mut error| {
            error.position = Some(position);
            Box::new(error.token(operator.text()))
        })
    }

    pub(super) fn condition(
        &mut self,
        node: &Node,
        input: &Value,
        frame: &Rc<Frame>,
    ) -> Result<bool, Box<Error>> {
        let value = self.eval(node, input, frame)?;
        self.truth(&value)
    }

    #[inline(never)]
    fn array_node(
        &mut self,
        items: &[Item],
        constructed: bool,
        input: &Value,
        frame: &Rc<Frame>,
    ) -> Outcome {
        if let [
            Item {
                node:
                    node @ Node {
                        code: Code::Binary(BinaryOperator::Range, _),
                        ..
                    },
                ..
            },
        ] = items
            && !constructed
        {
            let only = self.eval(node, input, frame)?;
            return Ok(match only {
                Value::Range(range) => Value::Range(range),
                other => Value::array_of(other.into_items()),
            });
        }
        let mut members = Vec::with_capacity(items.len());
        for item in items {
            let value = self.eval(&item.node, input, frame)?;
            if item.nested || !value.is_array() {
                if !value.is_undefined() {
                    members.push(value);
                }
            } else {
                self.budget.spend_items(members.len() + value.len())?;
                members.extend(value.elements());
            }
        }
        if constructed {
            return self.list(
                members,
                Origin {
                    constructed,
                    ..Origin::default()
                },
            );
        }
        self.array(members)
    }

    #[inline(never)]
    fn block(
        &mut self,
        scope: &Scope,
        items: &[Node],
        input: &Value,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let own = self.enter_scope(scope, frame)?;
        let frame = own.as_ref().unwrap_or(frame);
        let mut value = Value::Undefined;
        for item in items {
            value = self.eval(item, input, frame)?;
        }
        Ok(value)
    }

    /// The frame of a scope, where it has one of its own; else its slots are emptied.
    pub(super) fn enter_scope(
        &mut self,
        scope: &Scope,
        frame: &Rc<Frame>,
    ) -> Result<Option<Rc<Frame>>, Box<Error>> {
        match scope {
            Scope::None => Ok(None),
            Scope::Hoisted { first, count } => {
                self.spend_slots(*count)?;
                frame.reset(*first, *count);
                Ok(None)
            }
            Scope::Frame { count } => {
                self.spend_slots(*count)?;
                Ok(Some(Rc::new(Frame::new(*count, Some(Rc::clone(frame))))))
            }
        }
    }

    #[inline(never)]
    fn closure(
        &mut self,
        code: &Arc<crate::code::Lambda>,
        input: &Value,
        frame: &Rc<Frame>,
    ) -> Outcome {
        self.capture(frame)?;
        let depth = input.depth().saturating_add(1);
        self.budget.check_nesting(depth)?;
        let closure = Closure {
            code: Arc::clone(code),
            frame: Rc::clone(frame),
            input: input.clone(),
            depth,
        };
        Ok(Value::Function(Rc::new(Function::Lambda(closure))))
    }
}

fn is_binary(node: &Node) -> bool {
    matches!(node.code, Code::Binary(..)) && node.after.is_none() && !node.keep_array
}

/// `$`: the context, without the wrapper around an input array.
fn context(input: &Value) -> Value {
    match input {
        Value::List(list) if list.origin.outer => list.items.first().cloned().unwrap_or_default(),
        _ => input.clone(),
    }
}

/// A sequence of nothing is undefined and a sequence of one is its item, unless it must stay an
/// array.
pub(super) fn settle(value: Value, keep_array: bool) -> Value {
    let Value::List(list) = &value else {
        return value;
    };
    if !list.origin.sequence {
        return value;
    }
    if keep_array && !list.origin.keep_singleton {
        let origin = Origin {
            keep_singleton: true,
            ..list.origin
        };
        return settle(Value::list(value.into_items(), origin), false);
    }
    match list.items.as_slice() {
        [] => Value::Undefined,
        [only] if !list.origin.keep_singleton => only.clone(),
        _ => value,
    }
}
