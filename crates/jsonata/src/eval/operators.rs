//! Operators on two values.

use super::{Evaluator, Outcome};
use crate::error::Error;
use crate::syntax::BinaryOperator;
use crate::value::{Range, Value};
use passo_json::Json;
use std::cmp::Ordering;

/// Numbers of a range at most, as in the reference implementation.
const RANGE_MAX: f64 = 1e7;

impl Evaluator<'_> {
    /// The value of `left operator right`. `and` and `or` are not for here: they may not evaluate
    /// their right side.
    pub(super) fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &Value,
        right: &Value,
    ) -> Outcome {
        match operator {
            BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Remainder => self.arithmetic(operator, left, right),
            BinaryOperator::Equal | BinaryOperator::NotEqual => {
                if left.is_undefined() || right.is_undefined() {
                    return Ok(Value::from(false));
                }
                let equal = self.is_equal(left, right)?;
                Ok(Value::from(equal == (operator == BinaryOperator::Equal)))
            }
            BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual => {
                let length = |value: &Value| value.as_text().map_or(0, |text| text.len());
                self.budget
                    .spend_steps(length(left).min(length(right)) / 256)?;
                comparison(operator, left, right)
            }
            BinaryOperator::Concatenate => self.concatenate(left, right),
            BinaryOperator::And | BinaryOperator::Or => {
                Ok(Value::from(self.truth(left)? && self.truth(right)?))
            }
            BinaryOperator::In => self.includes(left, right),
            BinaryOperator::Range => range(left, right),
        }
    }

    fn arithmetic(&self, operator: BinaryOperator, left: &Value, right: &Value) -> Outcome {
        let (Some(a), Some(b)) = (left.as_number(), right.as_number()) else {
            return not_numbers(operator, left, right);
        };
        self.number(match operator {
            BinaryOperator::Add => a + b,
            BinaryOperator::Subtract => a - b,
            BinaryOperator::Multiply => a * b,
            BinaryOperator::Divide => a / b,
            _ => a % b,
        })
    }

    /// `in`: only plain values are found, as objects and arrays are compared by identity.
    fn includes(&mut self, left: &Value, right: &Value) -> Outcome {
        self.budget.spend_steps(right.len())?;
        if left.is_array() || left.is_object() || left.is_undefined() {
            return Ok(Value::from(false));
        }
        for item in right.elements() {
            if self.is_equal(left, &item)? {
                return Ok(Value::from(true));
            }
        }
        Ok(Value::from(false))
    }

    fn concatenate(&mut self, left: &Value, right: &Value) -> Outcome {
        let mut text = String::new();
        for value in [left, right] {
            match value {
                Value::Undefined => {}
                Value::Json(Json::String(part)) => text.push_str(part),
                other => self.write_string(other, &mut text)?,
            }
        }
        self.text(text)
    }
}

fn not_numbers(operator: BinaryOperator, left: &Value, right: &Value) -> Outcome {
    let fault = |code, side, value: &Value| {
        let message = format!(
            "the {side} side of the \"{}\" operator must evaluate to a number",
            operator.text()
        );
        Err(Box::new(Error::new(code, message).value(value.describe())))
    };
    if !left.is_undefined() && left.as_number().is_none() {
        return fault("T2001", "left", left);
    }
    if !right.is_undefined() && right.as_number().is_none() {
        return fault("T2002", "right", right);
    }
    Ok(Value::Undefined)
}

fn is_comparable(value: &Value) -> bool {
    matches!(
        value,
        Value::Undefined | Value::Json(Json::Number(_) | Json::String(_))
    )
}

fn comparison(operator: BinaryOperator, left: &Value, right: &Value) -> Outcome {
    let ordering = match (left, right) {
        (Value::Json(Json::Number(a)), Value::Json(Json::Number(b))) => {
            a.as_f64().partial_cmp(&b.as_f64())
        }
        (Value::Json(Json::String(a)), Value::Json(Json::String(b))) => Some(compare_text(a, b)),
        _ if !is_comparable(left) || !is_comparable(right) => {
            let wrong = if is_comparable(left) { right } else { left };
            let message = format!(
                "the expressions either side of operator \"{}\" must evaluate to numeric or string values",
                operator.text()
            );
            return Err(Box::new(
                Error::new("T2010", message).value(wrong.describe()),
            ));
        }
        (Value::Undefined, _) | (_, Value::Undefined) => return Ok(Value::Undefined),
        _ => {
            let message = format!(
                "the values {} and {} either side of operator \"{}\" must be of the same data type",
                left.shown(),
                right.shown(),
                operator.text()
            );
            return Err(Box::new(
                Error::new("T2009", message).value(left.describe()),
            ));
        }
    };
    let Some(ordering) = ordering else {
        return Ok(Value::from(false));
    };
    Ok(Value::from(match operator {
        BinaryOperator::Less => ordering == Ordering::Less,
        BinaryOperator::LessOrEqual => ordering != Ordering::Greater,
        BinaryOperator::Greater => ordering == Ordering::Greater,
        _ => ordering != Ordering::Less,
    }))
}

/// Strings in the order of their UTF-16 code units, as ECMAScript has it. Only characters beyond the
/// basic plane are ordered differently by bytes.
pub(crate) fn compare_text(a: &str, b: &str) -> Ordering {
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let differs = |text: &str| text.as_bytes().get(same).copied().unwrap_or(0);
    if differs(a) < 0xED && differs(b) < 0xED {
        return a.cmp(b);
    }
    a.encode_utf16().cmp(b.encode_utf16())
}

fn range(left: &Value, right: &Value) -> Outcome {
    let whole = |value: &Value, code, side| {
        let number = value.as_number().filter(|number| number.fract() == 0.0);
        if number.is_none() && !value.is_undefined() {
            let message =
                format!("the {side} side of the range operator (..) must evaluate to an integer");
            return Err(Box::new(Error::new(code, message).value(value.describe())));
        }
        Ok(number)
    };
    let first = whole(left, "T2003", "left")?;
    let last = whole(right, "T2004", "right")?;
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(Value::Undefined);
    };
    if first > last {
        return Ok(Value::Undefined);
    }
    let size = last - first + 1.0;
    let too_long = || {
        let size = crate::number::to_text(size);
        let message = format!(
            "the size of the sequence allocated by the range operator (..) must not exceed 1e7. Attempted to allocate {size}."
        );
        Box::new(Error::new("D2014", message).value(size))
    };
    if size > RANGE_MAX {
        return Err(too_long());
    }
    let first = passo_json::Number::integral(first).and_then(|number| number.as_i64());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "1 to 1e7"
    )]
    let count = size as u32;
    first
        .map(|first| Value::Range(Range { first, count }))
        .ok_or_else(too_long)
}
