//! Walks over whole values: equality, truth, and the size of the result.
//!
//! Values share their parts, so that a value of a few nodes can stand for more nodes than any walk
//! could visit. Every walk therefore spends a step a node.

use super::Evaluator;
use crate::error::Error;
use crate::value::Value;
use passo_json::Json;
use std::rc::Rc;

type Verdict = Result<bool, Box<Error>>;

impl Evaluator<'_> {
    /// Whether two values are the same, all the way down.
    pub(crate) fn is_equal(&mut self, left: &Value, right: &Value) -> Verdict {
        match (left, right) {
            (Value::Json(a), Value::Json(b)) => self.is_equal_json(a, b),
            (Value::Undefined, Value::Undefined) => Ok(true),
            (Value::Function(a), Value::Function(b)) => Ok(Rc::ptr_eq(a, b)),
            _ if left.is_array() && right.is_array() => {
                self.deeper()?;
                if left.len() != right.len() {
                    return Ok(false);
                }
                self.budget.spend_steps(left.len())?;
                for (a, b) in left.elements().zip(right.elements()) {
                    if !self.is_equal(&a, &b)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            _ if left.is_object() && right.is_object() => {
                self.deeper()?;
                let entries = left.entries();
                if entries.len() != right.entries().len() {
                    return Ok(false);
                }
                self.budget.spend_steps(entries.len().saturating_mul(8))?;
                for (key, value) in &entries {
                    match right.member(key) {
                        Some(other) if self.is_equal(value, &other)? => {}
                        _ => return Ok(false),
                    }
                }
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn is_equal_json(&mut self, left: &Json, right: &Json) -> Verdict {
        match (left, right) {
            (Json::Array(a), Json::Array(b)) => {
                self.deeper()?;
                if a.len() != b.len() {
                    return Ok(false);
                }
                self.budget.spend_steps(a.len())?;
                for (a, b) in a.iter().zip(b.iter()) {
                    if !self.is_equal_json(a, b)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Json::Object(a), Json::Object(b)) => {
                self.deeper()?;
                if a.len() != b.len() {
                    return Ok(false);
                }
                self.budget.spend_steps(a.len().saturating_mul(8))?;
                for (key, value) in a.iter() {
                    match b.get(key) {
                        Some(other) if self.is_equal_json(value, other)? => {}
                        _ => return Ok(false),
                    }
                }
                Ok(true)
            }
            // As doubles, because that is what arithmetic makes of them.
            (Json::Number(a), Json::Number(b)) => Ok(a.as_f64() == b.as_f64()),
            (Json::String(a), Json::String(b)) => {
                self.budget.spend_steps(1 + a.len().min(b.len()) / 256)?;
                Ok(a == b)
            }
            _ => {
                self.budget.spend_step()?;
                Ok(left == right)
            }
        }
    }

    /// Whether a value counts as true: not the empty string, zero, null, the empty object, a
    /// function, nor an array without a true item.
    #[inline]
    pub(crate) fn truth(&mut self, value: &Value) -> Verdict {
        match value {
            Value::Json(Json::Bool(boolean)) => Ok(*boolean),
            Value::Undefined | Value::Json(Json::Null) | Value::Function(_) | Value::Tuples(_) => {
                Ok(false)
            }
            Value::Json(Json::Number(number)) => Ok(number.as_f64() != 0.0),
            Value::Json(Json::String(text)) => Ok(!text.is_empty()),
            Value::Json(Json::Object(object)) => Ok(!object.is_empty()),
            Value::Record(record) => Ok(!record.entries.borrow().is_empty()),
            Value::Json(Json::Array(_)) | Value::List(_) | Value::Range(_) => self.any_true(value),
        }
    }

    fn any_true(&mut self, array: &Value) -> Verdict {
        self.deeper()?;
        for item in array.elements() {
            self.budget.spend_step()?;
            if self.truth(&item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Refuses a result that would print longer than the evaluation may allocate.
    pub(super) fn measure(&mut self, json: &Json) -> Result<(), Box<Error>> {
        match json {
            Json::Null | Json::Bool(_) | Json::Number(_) => self.budget.spend_step(),
            Json::String(text) => self.budget.spend_bytes(text.len()),
            Json::Array(array) => {
                self.deeper()?;
                array.iter().try_for_each(|item| self.measure(item))
            }
            Json::Object(object) => {
                self.deeper()?;
                for (key, member) in object.iter() {
                    self.budget.spend_bytes(key.len())?;
                    self.measure(member)?;
                }
                Ok(())
            }
        }
    }

    fn deeper(&mut self) -> Result<(), Box<Error>> {
        self.budget.check_stack()?;
        self.budget.spend_step()
    }
}
