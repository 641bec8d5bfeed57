//! Predicates.

use super::{Evaluator, Outcome};
use crate::code::Predicate;
use crate::error::Error;
use crate::frame::Frame;
use crate::value::{Origin, Value};
use std::rc::Rc;

impl Evaluator<'_> {
    /// Keeps the items that a predicate selects. The result is a sequence, or the very item where
    /// a literal index selects an array.
    #[inline(never)]
    pub(super) fn filter(
        &mut self,
        predicate: &Predicate,
        value: Value,
        frame: &Rc<Frame>,
    ) -> Outcome {
        self.budget.spend_step()?;
        let value = value.without_tuples();
        match predicate {
            Predicate::Index(index) => Ok(match item_at(&value, *index) {
                Some(item) if item.is_array() => item,
                Some(item) => Value::list(vec![item], Origin::SEQUENCE),
                None => Value::list(Vec::new(), Origin::SEQUENCE),
            }),
            Predicate::Filter(node) => {
                let length = value.len();
                let mut kept = Vec::new();
                for (index, item) in value.elements().enumerate() {
                    self.budget.spend_step()?;
                    let verdict = self.eval(node, &item, frame)?;
                    for _ in 0..times_selected(self, &verdict, index, length)? {
                        kept.push(item.clone());
                    }
                }
                self.list(kept, Origin::SEQUENCE)
            }
        }
    }
}

/// How often a predicate's value selects the item at `index` of `length`: numbers select by index,
/// anything else by its truth.
pub(super) fn times_selected(
    evaluator: &mut Evaluator<'_>,
    verdict: &Value,
    index: usize,
    length: usize,
) -> Result<usize, Box<Error>> {
    if let Value::Json(passo_json::Json::Bool(boolean)) = verdict {
        return Ok(usize::from(*boolean));
    }
    if let Some(number) = verdict.as_number() {
        return Ok(usize::from(position(number, length) == Some(index)));
    }
    if verdict.is_array() {
        evaluator.budget.spend_steps(verdict.len())?;
    }
    if verdict.is_array() && verdict.elements().all(|item| item.as_number().is_some()) {
        let numbers = verdict.elements().filter_map(|item| item.as_number());
        let hits = numbers.filter(|number| position(*number, length) == Some(index));
        return Ok(hits.count());
    }
    evaluator.truth(verdict).map(usize::from)
}

/// The place that a number selects: rounded down, from the end where negative.
pub(super) fn position(number: f64, length: usize) -> Option<usize> {
    let number = passo_json::Number::integral(number.floor())?.as_i64()?;
    let index = if number < 0 {
        number.checked_add(i64::try_from(length).ok()?)?
    } else {
        number
    };
    usize::try_from(index).ok()
}

fn item_at(value: &Value, index: f64) -> Option<Value> {
    if value.is_undefined() {
        return None;
    }
    value.item(position(index, value.len())?)
}
