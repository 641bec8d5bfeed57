//! Steps that select by name or take everything: fields, `*` and `**`.

use super::{Evaluator, Outcome};
use crate::error::Error;
use crate::value::{Origin, Value};
use passo_json::Json;

impl Evaluator<'_> {
    /// `*`: the values of all members, arrays flattened.
    #[inline(never)]
    pub(super) fn wildcard(&mut self, input: &Value) -> Outcome {
        let first = if input.origin().outer {
            input.item(0)
        } else {
            None
        };
        let input = first.as_ref().unwrap_or(input);
        let mut items = Vec::new();
        let members = match input {
            Value::Json(Json::Array(_)) | Value::List(_) | Value::Range(_) => {
                input.elements().collect()
            }
            _ => input
                .entries()
                .into_iter()
                .map(|(_, value)| value)
                .collect::<Vec<_>>(),
        };
        for value in members {
            if value.is_array() {
                self.flatten(&value, &mut items)?;
            } else {
                items.push(value);
            }
        }
        self.list(items, Origin::SEQUENCE)
    }

    fn flatten(&mut self, value: &Value, items: &mut Vec<Value>) -> Result<(), Box<Error>> {
        self.budget.spend_steps(value.len())?;
        self.budget.check_stack()?;
        for item in value.elements() {
            if item.is_array() {
                self.flatten(&item, items)?;
            } else {
                items.push(item);
            }
        }
        Ok(())
    }

    /// `**`: the value and everything below it, arrays themselves left out.
    #[inline(never)]
    pub(super) fn descendants(&mut self, input: &Value) -> Outcome {
        let mut items = Vec::new();
        if !input.is_undefined() {
            self.descend(input, &mut items)?;
        }
        self.sequence(items)
    }

    fn descend(&mut self, value: &Value, items: &mut Vec<Value>) -> Result<(), Box<Error>> {
        self.budget.spend_step()?;
        self.budget.check_stack()?;
        if value.is_array() {
            for item in value.elements() {
                self.descend(&item, items)?;
            }
            return Ok(());
        }
        items.push(value.clone());
        if let Value::Json(Json::Object(object)) = value {
            for member in object.values() {
                self.descend(&Value::Json(member.clone()), items)?;
            }
        } else if let Value::Record(_) = value {
            for (_, member) in value.entries() {
                self.descend(&member, items)?;
            }
        }
        Ok(())
    }

    /// The member of an object; of an array, the members of its objects.
    pub(crate) fn field(&mut self, name: &str, input: &Value) -> Outcome {
        match input {
            Value::Json(Json::Object(object)) => Ok(object
                .get(name)
                .cloned()
                .map(Value::Json)
                .unwrap_or_default()),
            Value::Record(record) => Ok(record.get(name).unwrap_or_default()),
            Value::Json(Json::Array(_)) | Value::List(_) => {
                let mut items = Vec::new();
                self.fields(name, input, &mut items)?;
                self.list(items, Origin::SEQUENCE)
            }
            _ => Ok(Value::Undefined),
        }
    }

    fn fields(
        &mut self,
        name: &str,
        input: &Value,
        items: &mut Vec<Value>,
    ) -> Result<(), Box<Error>> {
        self.budget.spend_steps(input.len())?;
        self.budget.check_stack()?;
        for item in input.elements() {
            if item.is_array() {
                self.fields(name, &item, items)?;
                continue;
            }
            match item.member(name) {
                Some(value) if value.is_array() => items.extend(value.elements()),
                Some(value) => items.push(value),
                None => {}
            }
        }
        Ok(())
    }
}
