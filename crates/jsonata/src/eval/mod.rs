//! The evaluator: runs a program on a value, within limits.
//!
//! Entry point: [`evaluate`]. The evaluator owns the budget of one evaluation; every built-in
//! function spends from it. Nothing here knows a clock or a source of randomness.

mod budget;
mod call;
mod filter;
mod group;
mod node;
mod operators;
mod path;
mod select;
mod shortcut;
mod sort;
mod spare;
mod transform;
mod tuples;
mod whole;

pub(crate) use operators::compare_text;
pub(crate) use path::{Walked, walk};
pub(crate) use sort::{all_plain, merge_sort};

use crate::code::{Fallback, Program};
use crate::environment::{Bindings, Environment};
use crate::error::{Error, FUNCTION_RESULT};
use crate::frame::Frame;
use crate::function::Function;
use crate::limits::Limits;
use crate::value::{Origin, Value};
use budget::Budget;
use passo_json::Json;
use shortcut::shortcut;
use spare::Spare;
use std::rc::Rc;
use std::sync::Arc;

/// The result of evaluating a node. The error is boxed to keep results small.
pub(crate) type Outcome = Result<Value, Box<Error>>;

/// Evaluates a program on an input.
pub(crate) fn evaluate(
    program: &Program,
    input: Option<&Json>,
    bindings: &dyn Bindings,
    environment: &Environment<'_>,
    limits: &Limits,
) -> Result<Option<Json>, Error> {
    if let Some(value) = shortcut(program, input, bindings, limits) {
        return Ok(value);
    }
    let mut evaluator = Evaluator {
        globals: globals(program, input, bindings),
        environment: *environment,
        budget: Budget::new(limits),
        captured: Vec::new(),
        spare: Spare::default(),
        nests: false,
    };
    let input = top_input(input);
    let frame = Rc::new(Frame::new(program.slots, None));
    let result = evaluator
        .eval(&program.body, &input, &frame)
        .and_then(|value| evaluator.result(value));
    frame.clear();
    evaluator.release();
    result.map_err(|error| *error)
}

/// One evaluation.
pub(crate) struct Evaluator<'e> {
    globals: Vec<Value>,
    pub(crate) environment: Environment<'e>,
    pub(crate) budget: Budget,
    /// Frames that functions captured. Held to the end, so that dropping one function never drops
    /// a chain of others.
    captured: Vec<Rc<Frame>>,
    pub(crate) spare: Spare,
    /// Whether an array or an object was built around others.
    nests: bool,
}

impl Evaluator<'_> {
    /// Notes that a function captures the frame.
    pub(crate) fn capture(&mut self, frame: &Rc<Frame>) -> Result<(), Box<Error>> {
        let mut next = Some(frame);
        while let Some(frame) = next
            && frame.capture()
        {
            self.budget.spend_bytes(128)?;
            self.captured.push(Rc::clone(frame));
            next = frame.parent();
        }
        Ok(())
    }

    /// Drops the captured frames: first what they hold, then themselves, the inner ones first.
    fn release(&mut self) {
        self.globals.clear();
        for frame in &self.captured {
            frame.clear();
        }
        while self.captured.pop().is_some() {}
    }

    /// A list of these items, within the limits.
    pub(crate) fn list(&mut self, items: Vec<Value>, origin: Origin) -> Outcome {
        let value = Value::list(items, origin);
        self.checked(value)
    }

    /// A plain array of these items, within the limits.
    pub(crate) fn array(&mut self, items: Vec<Value>) -> Outcome {
        let value = Value::array_of(items);
        self.checked(value)
    }

    /// The items as a sequence, within the limits.
    pub(crate) fn sequence(&mut self, items: Vec<Value>) -> Outcome {
        let value = Value::sequence_of(items);
        self.checked(value)
    }

    /// The value, unless it is too long or nests too deeply; its items are spent from the budget.
    pub(crate) fn checked(&mut self, value: Value) -> Outcome {
        if value.is_array() {
            self.budget.spend_items(value.len())?;
        }
        self.check_nesting(&value)?;
        Ok(value)
    }

    fn check_nesting(&mut self, value: &Value) -> Result<(), Box<Error>> {
        let depth = value.depth();
        self.nests |= depth > 1;
        self.budget.check_nesting(depth)
    }

    /// An object of these entries, within the limits.
    pub(crate) fn object_value(&mut self, entries: Vec<(Arc<str>, Value)>) -> Outcome {
        self.budget.spend_items(entries.len())?;
        let weight = entries
            .iter()
            .map(|(_, value)| value.weight())
            .fold(0, usize::saturating_add);
        self.budget.spend_nodes(weight)?;
        let value = Value::object_of(entries);
        self.check_nesting(&value)?;
        Ok(value)
    }

    /// The value as JSON, where JSON can hold it. What is converted is spent from the budget.
    pub(crate) fn plain(&mut self, value: Value) -> Result<Option<Json>, Box<Error>> {
        if let Value::Json(json) = value {
            return Ok(Some(json));
        }
        self.budget.spend_nodes(value.weight())?;
        Ok(value.into_plain())
    }

    /// The value of the whole expression as JSON.
    fn result(&mut self, value: Value) -> Result<Option<Json>, Box<Error>> {
        let value = value.without_tuples();
        if value.is_undefined() {
            return Ok(None);
        }
        let Some(json) = self.plain(value)? else {
            let message = "the expression yields a function, which has no JSON form";
            return Err(Box::new(Error::new(FUNCTION_RESULT, message)));
        };
        // What was not built here has the size of the input at most.
        if self.nests && json.depth() > 1 {
            self.measure(&json)?;
        }
        Ok(Some(json))
    }

    /// A string, spent from the budget.
    pub(crate) fn text(&mut self, text: String) -> Outcome {
        self.budget.spend_bytes(text.len())?;
        Ok(Value::from(text))
    }

    /// The number as a value.
    pub(crate) fn number(&self, number: f64) -> Outcome {
        crate::number::json(number).map(Value::Json).ok_or_else(|| {
            let value = if number.is_nan() { "NaN" } else { "Infinity" };
            Box::new(Error::new("D1001", format!("number out of range: {value}")).value(value))
        })
    }
}

/// The value of each free name of the program.
fn globals(program: &Program, input: Option<&Json>, bindings: &dyn Bindings) -> Vec<Value> {
    let mut values = Vec::with_capacity(program.globals.len());
    for global in &program.globals {
        let bound = bindings.variable(&global.name).map(Value::Json);
        values.push(bound.unwrap_or_else(|| match &global.fallback {
            Fallback::Nothing => Value::Undefined,
            Fallback::Root => input.cloned().map(Value::Json).unwrap_or_default(),
            Fallback::Native(native) => Value::Function(Rc::new(Function::Native(native))),
            Fallback::Host(host) => Value::Function(Rc::new(Function::Host(Arc::clone(host)))),
        }));
    }
    values
}

/// The input as the context of the whole expression. An array is wrapped, so that it counts as one
/// input and not as many.
fn top_input(input: Option<&Json>) -> Value {
    match input {
        None => Value::Undefined,
        Some(json @ Json::Array(_)) => {
            let origin = Origin {
                sequence: true,
                outer: true,
                ..Origin::default()
            };
            Value::list(vec![Value::Json(json.clone())], origin)
        }
        Some(json) => Value::Json(json.clone()),
    }
}
