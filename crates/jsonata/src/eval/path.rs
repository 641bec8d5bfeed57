//! Paths without tuples: one step after the other, each on every item of the last.

use super::{Evaluator, Outcome, node};
use crate::code::{Code, Node, Path, Stage, Step, StepKind};
use crate::error::Error;
use crate::frame::Frame;
use crate::value::{Origin, Value};
use passo_json::Json;
use std::rc::Rc;
use std::sync::Arc;

/// What flows from one step to the next.
pub(super) enum Stream {
    /// A single item, whatever it is.
    One(Value),
    /// The items of an array that exists.
    Whole(Value),
    /// Items collected by a step.
    Many(Vec<Value>),
}

impl Stream {
    pub(super) fn len(&self) -> usize {
        match self {
            Stream::One(_) => 1,
            Stream::Whole(value) => value.len(),
            Stream::Many(items) => items.len(),
        }
    }

    /// The items one by one.
    pub(super) fn into_items(self) -> Vec<Value> {
        match self {
            Stream::One(item) => vec![item],
            Stream::Whole(value) => value.into_items(),
            Stream::Many(items) => items,
        }
    }
}

/// Collects the results of a step and flattens them, except that the only result of a last step
/// stays the array that it is.
struct Collector {
    items: Vec<Value>,
    results: usize,
    /// The first result, as long as it is the only one and an array.
    only: Option<Value>,
}

impl Collector {
    fn new(capacity: usize) -> Collector {
        Collector {
            items: Vec::with_capacity(capacity),
            results: 0,
            only: None,
        }
    }

    #[inline]
    fn push(&mut self, value: Value) {
        if value.is_undefined() {
            return;
        }
        self.results += 1;
        let is_array = value.is_array();
        if is_array && self.results == 1 {
            self.only = Some(value);
            return;
        }
        if self.only.is_some()
            && let Some(only) = self.only.take()
        {
            self.flatten(only);
        }
        if is_array {
            self.flatten(value);
        } else {
            self.items.push(value);
        }
    }

    fn flatten(&mut self, value: Value) {
        match value {
            Value::Json(Json::Array(array)) => {
                self.items.extend(array.iter().cloned().map(Value::Json));
            }
            Value::List(list) if !list.origin.constructed => {
                self.items.extend(list.items.iter().cloned());
            }
            Value::Range(_) => self.items.extend(value.elements()),
            other => self.items.push(other),
        }
    }

    fn finish(mut self, last: bool) -> Stream {
        let Some(only) = self.only.take() else {
            return Stream::Many(self.items);
        };
        let origin = only.origin();
        let stays = if last {
            !origin.sequence
        } else {
            !origin.constructed
        };
        if stays {
            return Stream::Whole(only);
        }
        self.flatten(only);
        Stream::Many(self.items)
    }
}

impl Evaluator<'_> {
    pub(super) fn path(&mut self, path: &Path, input: &Value, frame: &Rc<Frame>) -> Outcome {
        if let Some(way) = &path.walk {
            let found = match &way.head {
                Some(head) => self.look(head, frame, |value| walked(&way.fields, value)),
                None => walked(&way.fields, input),
            };
            if let Some(found) = found {
                return Ok(found);
            }
        }
        self.steps(path, input, frame)
    }

    #[inline(never)]
    fn steps(&mut self, path: &Path, input: &Value, frame: &Rc<Frame>) -> Outcome {
        let own = self.enter_scope(&path.scope.scope, frame)?;
        let frame = own.as_ref().unwrap_or(frame);
        let mut stream = if input.is_array() && !path.absolute {
            Stream::Whole(input.clone())
        } else {
            Stream::One(input.clone())
        };
        let last = path.steps.len().saturating_sub(1);
        for (index, step) in path.steps.iter().enumerate() {
            if step.tuple {
                let rest = path.steps.get(index..).unwrap_or(&[]);
                return self.tuple_path(path, rest, stream, frame);
            }
            stream = match &step.kind {
                StepKind::Constructed(node) => {
                    let whole = stream_value(stream);
                    match self.eval(node, &whole, frame)? {
                        Value::Undefined => Stream::Many(Vec::new()),
                        value if value.is_array() => Stream::Whole(value),
                        value => Stream::One(value),
                    }
                }
                StepKind::Sort { terms, position } => {
                    let sorted = self.sort(terms, &stream.into_items(), frame, *position)?;
                    let mut value = Value::list(sorted, Origin::SEQUENCE);
                    for stage in &step.stages {
                        value = self.stage(stage, value, frame)?;
                    }
                    Stream::Many(value.into_items())
                }
                StepKind::Evaluate(node) => self.step(node, step, &stream, index == last, frame)?,
            };
            if stream.len() == 0 {
                // An empty array is a result only where it comes from the last step, or is written
                // as the first.
                if index < last && !matches!(step.kind, StepKind::Constructed(_)) {
                    stream = Stream::Many(Vec::new());
                }
                break;
            }
        }
        let value = self.close(path, stream)?;
        match &path.group {
            Some(group) => self.group(group, &value, frame),
            None => Ok(value),
        }
    }

    /// The stream as the path's value: a sequence, or the array that the last step gave.
    pub(super) fn close(&mut self, path: &Path, stream: Stream) -> Outcome {
        let origin = Origin {
            keep_singleton: path.keep_singleton,
            ..Origin::SEQUENCE
        };
        match stream {
            Stream::Many(items) => self.list(items, origin),
            Stream::One(item) => self.list(vec![item], origin),
            Stream::Whole(value) => {
                let own = value.origin();
                if path.keep_singleton && own.constructed && !own.sequence {
                    return self.list(vec![value], origin);
                }
                if path.keep_singleton && own.sequence {
                    return self.list(value.into_items(), origin);
                }
                Ok(value)
            }
        }
    }

    #[inline(never)]
    fn step(
        &mut self,
        node: &Node,
        step: &Step,
        stream: &Stream,
        last: bool,
        frame: &Rc<Frame>,
    ) -> Result<Stream, Box<Error>> {
        self.budget.spend_steps(stream.len())?;
        let plain = step.stages.is_empty();
        let mut results = Collector::new(if stream.len() > 1 { stream.len() } else { 0 });
        if let (Code::Field(name), None, true) = (&node.code, &node.after, plain)
            && !node.keep_array
        {
            self.field_step(name, stream, &mut results)?;
            return self.collected(results, last);
        }
        let each = |evaluator: &mut Self, item: &Value, results: &mut Collector| {
            let mut value = match (&node.code, &node.after) {
                (Code::Field(name), None) => {
                    node::settle(evaluator.field(name, item)?, node.keep_array)
                }
                _ => evaluator.eval(node, item, frame)?,
            };
            for stage in &step.stages {
                value = evaluator.stage(stage, value, frame)?;
            }
            results.push(value);
            Ok::<(), Box<Error>>(())
        };
        match stream {
            Stream::One(item) => each(self, item, &mut results)?,
            Stream::Whole(value) => {
                for item in value.elements() {
                    each(self, &item, &mut results)?;
                }
            }
            Stream::Many(items) => {
                for item in items {
                    each(self, item, &mut results)?;
                }
            }
        }
        self.collected(results, last)
    }

    /// A step that is a plain name: reads the items where they are.
    fn field_step(
        &mut self,
        name: &Arc<str>,
        stream: &Stream,
        results: &mut Collector,
    ) -> Result<(), Box<Error>> {
        match stream {
            Stream::Whole(Value::Json(Json::Array(array))) => {
                for item in array {
                    match item {
                        Json::Object(object) => {
                            if let Some(value) = object.get(name) {
                                results.push(Value::Json(value.clone()));
                            }
                        }
                        Json::Array(_) => {
                            self.field_of(name, &Value::Json(item.clone()), results)?;
                        }
                        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
                    }
                }
            }
            Stream::Whole(value) => {
                for item in value.elements() {
                    self.field_of(name, &item, results)?;
                }
            }
            Stream::One(item) => self.field_of(name, item, results)?,
            Stream::Many(items) => {
                for item in items {
                    self.field_of(name, item, results)?;
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn field_of(
        &mut self,
        name: &Arc<str>,
        item: &Value,
        results: &mut Collector,
    ) -> Result<(), Box<Error>> {
        let value = self.field(name, item)?;
        results.push(node::settle(value, false));
        Ok(())
    }

    fn collected(&mut self, results: Collector, last: bool) -> Result<Stream, Box<Error>> {
        let stream = results.finish(last);
        self.budget.spend_items(stream.len())?;
        Ok(stream)
    }

    fn stage(&mut self, stage: &Stage, value: Value, frame: &Rc<Frame>) -> Outcome {
        match stage {
            Stage::Filter(predicate) => self.filter(predicate, value, frame),
            // An index makes the step a tuple step, which is not evaluated here.
            Stage::Index(_) => Ok(value),
        }
    }
}

/// The stream as one value, for a step that is evaluated once.
fn stream_value(stream: Stream) -> Value {
    match stream {
        Stream::One(item) => Value::list(vec![item], Origin::SEQUENCE),
        Stream::Whole(value) => value,
        Stream::Many(items) => Value::list(items, Origin::SEQUENCE),
    }
}

/// Where field names lead.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Walked<'j> {
    Found(&'j Json),
    Nothing,
    /// Through something else than objects: not for a walk.
    Elsewhere,
}

/// Follows field names through objects alone.
#[inline]
pub(crate) fn walk<'j>(fields: &[Arc<str>], input: &'j Json) -> Walked<'j> {
    if !matches!(input, Json::Object(_)) {
        return Walked::Elsewhere;
    }
    let mut current = input;
    for field in fields {
        let object = match current {
            Json::Object(object) => object,
            Json::Array(_) => return Walked::Elsewhere,
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                return Walked::Nothing;
            }
        };
        let Some(value) = object.get(field) else {
            return Walked::Nothing;
        };
        current = value;
    }
    Walked::Found(current)
}

/// What [`walk`] finds, as a value; `None` where a walk is not enough.
fn walked(fields: &[Arc<str>], input: &Value) -> Option<Value> {
    let Value::Json(json) = input else {
        return None;
    };
    match walk(fields, json) {
        Walked::Found(found) => Some(Value::Json(found.clone())),
        Walked::Nothing => Some(Value::Undefined),
        Walked::Elsewhere => None,
    }
}
