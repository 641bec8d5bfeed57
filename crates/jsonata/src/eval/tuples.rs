//! Paths that carry tuples: steps with `@`, `#` or an ancestor for `%`, and all steps after them.

use super::filter::times_selected;
use super::path::Stream;
use super::{Evaluator, Outcome};
use crate::code::{After, Path, Predicate, Scope, Stage, Step, StepKind, TupleScope};
use crate::error::Error;
use crate::frame::Frame;
use crate::value::{Tuple, Value};
use std::rc::Rc;

type Tuples = Vec<Tuple>;

impl Evaluator<'_> {
    /// Runs the steps of a path from the first that carries tuples.
    #[inline(never)]
    pub(super) fn tuple_path(
        &mut self,
        path: &Path,
        steps: &[Step],
        stream: Stream,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let mut tuples: Tuples = Vec::new();
        let mut input = Some(stream);
        for step in steps {
            tuples = self.tuple_step(&path.scope, step, input.take(), tuples, frame)?;
            self.budget.spend_items(tuples.len())?;
        }
        if let Some(group) = &path.group {
            return self.group_tuples(group, &path.scope, &tuples, frame);
        }
        if path.hands_on_tuples {
            return Ok(Value::Tuples(Rc::new(tuples)));
        }
        let items = tuples.into_iter().map(|tuple| tuple.item).collect();
        self.close(path, Stream::Many(items))
    }

    /// One step. `first` is the input where there are no tuples yet.
    fn tuple_step(
        &mut self,
        scope: &TupleScope,
        step: &Step,
        first: Option<Stream>,
        tuples: Tuples,
        frame: &Rc<Frame>,
    ) -> Result<Tuples, Box<Error>> {
        let starts = first.is_some();
        let tuples = match first {
            Some(stream) => stream.into_items().into_iter().map(bare).collect(),
            None => tuples,
        };
        let mut results = match &step.kind {
            StepKind::Sort { terms, position } => {
                let order = self.order(
                    terms,
                    tuples.len(),
                    *position,
                    &mut |evaluator, index, node| {
                        let Some(tuple) = tuples.get(index) else {
                            return Ok(Value::Undefined);
                        };
                        let frame = evaluator.tuple_frame(scope, tuple, frame);
                        evaluator.eval(node, &tuple.item, &frame)
                    },
                )?;
                let mut sorted: Tuples = order
                    .iter()
                    .filter_map(|index| tuples.get(*index).cloned())
                    .collect();
                if let (true, Some(name)) = (starts, step.index) {
                    number(&mut sorted, name);
                }
                sorted
            }
            StepKind::Evaluate(node) | StepKind::Constructed(node) => {
                let mut results = Vec::new();
                for tuple in &tuples {
                    let frame = self.tuple_frame(scope, tuple, frame);
                    let value = self.eval(node, &tuple.item, &frame)?;
                    self.budget.spend_steps(value.len())?;
                    extend(&mut results, step, tuple, &value);
                }
                results
            }
        };
        for stage in &step.stages {
            match stage {
                Stage::Filter(predicate) => {
                    results = self.filter_tuples(scope, predicate, results, frame)?;
                }
                Stage::Index(name) => number(&mut results, *name),
            }
        }
        Ok(results)
    }

    /// Predicates and grouping of a node that gives tuples.
    pub(super) fn after_tuples(
        &mut self,
        after: &After,
        mut tuples: Tuples,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let own = self.enter_scope(&after.scope.scope, frame)?;
        let frame = own.as_ref().unwrap_or(frame);
        for predicate in &after.predicates {
            tuples = self.filter_tuples(&after.scope, predicate, tuples, frame)?;
        }
        match &after.group {
            Some(group) => self.group_tuples(group, &after.scope, &tuples, frame),
            None => Ok(Value::Tuples(Rc::new(tuples))),
        }
    }

    fn filter_tuples(
        &mut self,
        scope: &TupleScope,
        predicate: &Predicate,
        tuples: Tuples,
        frame: &Rc<Frame>,
    ) -> Result<Tuples, Box<Error>> {
        let length = tuples.len();
        let node = match predicate {
            Predicate::Index(index) => {
                let at = super::filter::position(*index, length);
                return Ok(at
                    .and_then(|at| tuples.into_iter().nth(at))
                    .into_iter()
                    .collect());
            }
            Predicate::Filter(node) => node,
        };
        let mut kept = Vec::new();
        for (index, tuple) in tuples.into_iter().enumerate() {
            let own = self.tuple_frame(scope, &tuple, frame);
            let verdict = self.eval(node, &tuple.item, &own)?;
            for _ in 0..times_selected(self, &verdict, index, length)? {
                kept.push(tuple.clone());
            }
        }
        Ok(kept)
    }

    /// A frame in which a tuple's variables are bound.
    pub(super) fn tuple_frame(
        &self,
        scope: &TupleScope,
        tuple: &Tuple,
        frame: &Rc<Frame>,
    ) -> Rc<Frame> {
        let (target, first) = match &scope.scope {
            Scope::None => return Rc::clone(frame),
            Scope::Hoisted { first, .. } => (Rc::clone(frame), *first),
            Scope::Frame { count } => (Rc::new(Frame::new(*count, frame.parent().cloned())), 0),
        };
        for (index, name) in scope.names.iter().enumerate() {
            target.set_own(first + index, tuple.binding(*name).cloned());
        }
        target
    }
}

fn bare(item: Value) -> Tuple {
    Tuple {
        item,
        bindings: Vec::new(),
    }
}

/// Binds each tuple's place in the stream.
fn number(tuples: &mut [Tuple], name: u32) {
    for (index, tuple) in tuples.iter_mut().enumerate() {
        tuple.bind(name, place(index));
    }
}

fn place(index: usize) -> Value {
    Value::Json(passo_json::Json::from(
        i64::try_from(index).unwrap_or(i64::MAX),
    ))
}

/// Adds a tuple for each item of a step's value.
fn extend(results: &mut Tuples, step: &Step, tuple: &Tuple, value: &Value) {
    if let Value::Tuples(inner) = value {
        for one in inner.iter() {
            let mut extended = tuple.clone();
            extended.item = one.item.clone();
            for (name, value) in &one.bindings {
                extended.bind(*name, value.clone());
            }
            results.push(extended);
        }
        return;
    }
    if value.is_undefined() {
        return;
    }
    for (index, item) in value.elements().enumerate() {
        let mut extended = tuple.clone();
        match step.focus {
            Some(name) => extended.bind(name, item),
            None => extended.item = item,
        }
        if let Some(name) = step.index {
            extended.bind(name, place(index));
        }
        if let Some(name) = step.ancestor {
            extended.bind(name, tuple.item.clone());
        }
        results.push(extended);
    }
}
