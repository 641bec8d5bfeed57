//! `|pattern|update,delete|`: a copy of an object, changed where the pattern finds it.

use super::{Evaluator, Outcome};
use crate::code::Transform;
use crate::error::Error;
use crate::frame::Frame;
use crate::signature::kinds;
use crate::value::{Origin, Record, Value};
use passo_json::Json;
use std::rc::Rc;

impl Evaluator<'_> {
    /// Applies a transform to a value.
    #[inline(never)]
    pub(super) fn transform(
        &mut self,
        code: &Transform,
        value: Value,
        frame: &Rc<Frame>,
    ) -> Outcome {
        if value.is_undefined() {
            return Ok(value);
        }
        if value.kind_bit() & (kinds::OBJECT | kinds::ARRAY) == 0 {
            let message = "argument 1 of a transform must be an object or an array";
            return Err(Box::new(
                Error::new("T0410", message)
                    .at(code.position)
                    .value(value.describe()),
            ));
        }
        let copy = self.mutable(&value)?;
        let matches = self.eval(&code.pattern, &copy, frame)?.without_tuples();
        if !matches.is_undefined() {
            for found in matches.elements() {
                self.budget.enter()?;
                self.update(code, &found, frame)?;
                self.delete(code, &found, frame)?;
                self.budget.leave();
            }
        }
        self.settled(&copy)
    }

    fn update(
        &mut self,
        code: &Transform,
        found: &Value,
        frame: &Rc<Frame>,
    ) -> Result<(), Box<Error>> {
        let update = self.eval(&code.update, found, frame)?;
        if update.is_undefined() {
            return Ok(());
        }
        if !update.is_object() {
            let message = format!(
                "the insert/update clause of the transform expression must evaluate to an object: {}",
                update.shown()
            );
            let error = Error::new("T2011", message).at(code.update.position);
            return Err(Box::new(error.value(update.describe())));
        }
        let Value::Record(record) = found else {
            return Ok(());
        };
        for (key, value) in update.entries() {
            // A copy, so that no object ever holds itself.
            let value = self.mutable(&value)?;
            self.budget.check_nesting(value.depth())?;
            self.budget.spend_steps(record.len() / 16)?;
            record.set(&key, value);
        }
        Ok(())
    }

    fn delete(
        &mut self,
        code: &Transform,
        found: &Value,
        frame: &Rc<Frame>,
    ) -> Result<(), Box<Error>> {
        let Some(node) = &code.delete else {
            return Ok(());
        };
        let names = self.eval(node, found, frame)?;
        if names.is_undefined() {
            return Ok(());
        }
        if !names.elements().all(|name| name.as_text().is_some()) {
            let message = format!(
                "the delete clause of the transform expression must evaluate to a string or array of strings: {}",
                names.shown()
            );
            let error = Error::new("T2012", message).at(node.position);
            return Err(Box::new(error.value(names.describe())));
        }
        if let Value::Record(record) = found {
            let doomed: Vec<Value> = names.elements().collect();
            let compared = record.len().saturating_mul(doomed.len());
            self.budget.spend_steps(compared / 16)?;
            let is_doomed = |key: &str| {
                doomed
                    .iter()
                    .any(|name| name.as_text().is_some_and(|name| &**name == key))
            };
            record
                .entries
                .borrow_mut()
                .retain(|(key, _)| !is_doomed(key));
        }
        Ok(())
    }

    /// A deep copy whose objects can change.
    fn mutable(&mut self, value: &Value) -> Outcome {
        self.budget.spend_bytes(64)?;
        self.budget.check_stack()?;
        match value {
            Value::Json(Json::Array(_)) | Value::List(_) => {
                let mut items = Vec::with_capacity(value.len());
                for item in value.elements() {
                    items.push(self.mutable(&item)?);
                }
                Ok(Value::list(items, Origin::default()))
            }
            Value::Json(Json::Object(_)) | Value::Record(_) => {
                let mut entries = value.entries();
                for (_, member) in &mut entries {
                    *member = self.mutable(member)?;
                }
                Ok(Value::Record(Rc::new(Record::changing(entries))))
            }
            other => Ok(other.clone()),
        }
    }

    /// The copy as it is now, no longer changing: plain JSON, where JSON can hold it.
    fn settled(&mut self, copy: &Value) -> Outcome {
        self.budget.spend_step()?;
        self.budget.check_stack()?;
        match copy {
            Value::List(list) => {
                let mut items = Vec::with_capacity(list.items.len());
                for item in &list.items {
                    items.push(self.settled(item)?);
                }
                self.array(items)
            }
            Value::Record(_) => {
                let mut entries = copy.entries();
                for (_, member) in &mut entries {
                    *member = self.settled(member)?;
                }
                self.object_value(entries)
            }
            other => Ok(other.clone()),
        }
    }
}
