//! Choice rules: which one matches.
//!
//! Source: Amazon States Language, "Choice State"; order of strings is that of UTF-16 code units, numbers are
//! binary64, and nothing is converted.

use std::cmp::Ordering;
use std::sync::Arc;

use passo_asl::program::{ChoiceRule, Comparison, Condition, Operand, Operator, Order, TypeTest};
use passo_expr::{Expression, Path};
use passo_json::{Json, Kind, Payload};
use passo_vocab::Timestamp;

use super::{Evaluator, Fault};

/// Nesting of conditions is bounded by the definition's own depth; this is far above it.
const DEPTH_MAX: u32 = 1000;

/// What a Choice state decides.
pub(crate) enum Chosen<'a> {
    /// The first rule that matches.
    Rule(&'a ChoiceRule),
    /// None matches.
    Default,
}

impl Evaluator<'_> {
    /// The first of `rules` that matches `effective`.
    pub fn choose<'r>(
        &self,
        rules: &'r [ChoiceRule],
        effective: &Payload,
    ) -> Result<Chosen<'r>, Fault> {
        for (index, rule) in rules.iter().enumerate() {
            if self.holds(&rule.condition, effective, index, 0)? {
                return Ok(Chosen::Rule(rule));
            }
        }
        Ok(Chosen::Default)
    }

    fn holds(
        &self,
        condition: &Condition,
        effective: &Payload,
        index: usize,
        depth: u32,
    ) -> Result<bool, Fault> {
        if depth > DEPTH_MAX {
            return Err(Fault::runtime(
                "The condition of the Choice state is nested too deeply.",
            ));
        }
        let inner = |condition| self.holds(condition, effective, index, depth.saturating_add(1));
        match condition {
            Condition::And(conditions) => {
                for condition in conditions {
                    if !inner(condition)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Condition::Or(conditions) => {
                for condition in conditions {
                    if inner(condition)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Condition::Not(condition) => Ok(!inner(condition)?),
            Condition::Comparison(comparison) => self.compare(comparison, effective),
            Condition::Literal(value) => Ok(*value),
            Condition::Expression(expression) => self.truth(expression, index),
        }
    }

    fn truth(&self, expression: &Expression, index: usize) -> Result<bool, Fault> {
        let scope = self.scope(&self.frame.input.payload);
        let field = format!("Choices[{index}]/Condition");
        let value = expression.evaluate_kind(&scope, &field, Kind::Boolean)?;
        Ok(value.as_bool().unwrap_or(false))
    }

    fn compare(&self, comparison: &Comparison, effective: &Payload) -> Result<bool, Fault> {
        let variable = comparison.variable.read(&self.scope(effective));
        if let Operator::Is(TypeTest::Present, wanted) = comparison.operator {
            return Ok(variable.is_ok() == wanted);
        }
        let variable = variable.map_err(|_| invalid(&comparison.variable))?;
        match &comparison.operator {
            Operator::Is(test, wanted) => Ok(is(*test, &variable) == *wanted),
            Operator::BooleanEquals(operand) => match operand {
                Operand::Literal(right) => Ok(variable.as_bool() == Some(*right)),
                Operand::Path(path) => {
                    let right = self.operand(path, effective)?.as_bool();
                    Ok(right.is_some() && variable.as_bool() == right)
                }
            },
            Operator::Numeric(order, operand) => {
                let right = match operand {
                    Operand::Literal(right) => Some(right.as_f64()),
                    Operand::Path(path) => self.operand(path, effective)?.as_f64(),
                };
                Ok(ordered(*order, variable.as_f64(), right, |left, right| {
                    left.partial_cmp(right)
                }))
            }
            Operator::String(order, operand) => {
                let right = match operand {
                    Operand::Literal(right) => Some(Arc::clone(right)),
                    Operand::Path(path) => self.operand(path, effective)?.as_str().map(Arc::from),
                };
                let compare = |left: &Arc<str>, right: &Arc<str>| {
                    Some(left.encode_utf16().cmp(right.encode_utf16()))
                };
                Ok(ordered(
                    *order,
                    variable.as_str().map(Arc::from),
                    right,
                    compare,
                ))
            }
            Operator::StringMatches(pattern) => Ok(variable
                .as_str()
                .is_some_and(|text| matches_pattern(pattern, text))),
            Operator::Timestamp(order, operand) => {
                let right = match operand {
                    Operand::Literal(right) => Some(*right),
                    Operand::Path(path) => timestamp(&self.operand(path, effective)?),
                };
                Ok(ordered(
                    *order,
                    timestamp(&variable),
                    right,
                    |left, right| Some(left.cmp(right)),
                ))
            }
        }
    }

    fn operand(&self, path: &Path, effective: &Payload) -> Result<Json, Fault> {
        path.read(&self.scope(effective)).map_err(|_| invalid(path))
    }
}

fn invalid(path: &Path) -> Fault {
    Fault::runtime(format!(
        "Invalid path '{}': The choice state's condition path references an invalid value.",
        path.text()
    ))
}

fn timestamp(value: &Json) -> Option<Timestamp> {
    Timestamp::parse_rfc3339(value.as_str()?).ok()
}

fn is(test: TypeTest, value: &Json) -> bool {
    match test {
        TypeTest::Boolean => value.kind() == Kind::Boolean,
        TypeTest::Null => value.is_null(),
        TypeTest::Numeric => value.kind() == Kind::Number,
        TypeTest::Present => true,
        TypeTest::String => value.kind() == Kind::String,
        TypeTest::Timestamp => timestamp(value).is_some(),
    }
}

/// A value of another type is never in any order.
fn ordered<T>(
    order: Order,
    left: Option<T>,
    right: Option<T>,
    compare: impl Fn(&T, &T) -> Option<Ordering>,
) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        return false;
    };
    let Some(ordering) = compare(&left, &right) else {
        return false;
    };
    match order {
        Order::Equals => ordering == Ordering::Equal,
        Order::GreaterThan => ordering == Ordering::Greater,
        Order::GreaterThanEquals => ordering != Ordering::Less,
        Order::LessThan => ordering == Ordering::Less,
        Order::LessThanEquals => ordering != Ordering::Greater,
    }
}

/// `*` is any run of characters; `\*` and `\\` are the characters themselves. Takes time proportional to the
/// product of both lengths at most.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let mut wanted = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        wanted.push(match character {
            '*' => None,
            '\\' => Some(characters.next().unwrap_or('\\')),
            other => Some(other),
        });
    }
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut seen) = (0_usize, 0_usize);
    // After the last star: where it stands, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while let Some(character) = text.get(seen) {
        match wanted.get(at) {
            Some(Some(literal)) if literal == character => {
                at = at.saturating_add(1);
                seen = seen.saturating_add(1);
            }
            Some(None) => {
                star = Some((at, seen));
                at = at.saturating_add(1);
            }
            Some(Some(_)) | None => {
                let Some((place, taken)) = star else {
                    return false;
                };
                star = Some((place, taken.saturating_add(1)));
                at = place.saturating_add(1);
                seen = taken.saturating_add(1);
            }
        }
    }
    wanted.iter().skip(at).all(Option::is_none)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_match_runs() {
        for (pattern, text, expect) in [
            ("log-*.txt", "log-1.txt", true),
            ("log-*.txt", "log-.txt", true),
            ("log-*.txt", "log-1.tx", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a*b*c", "a--b--b-c", true),
            ("a*b*c", "a--b--b-", false),
            (r"a\*b", "a*b", true),
            (r"a\*b", "axb", false),
            (r"a\\b", r"a\b", true),
            ("*é*", "caféine", true),
        ] {
            assert_eq!(matches_pattern(pattern, text), expect, "{pattern} {text}");
        }
    }

    #[test]
    fn strings_are_ordered_by_utf16() {
        // U+10000 is D800 DC00 in UTF-16, below U+FFFF.
        let (high, low): (Arc<str>, Arc<str>) = ("\u{FFFF}".into(), "\u{10000}".into());
        let compare =
            |left: &Arc<str>, right: &Arc<str>| Some(left.encode_utf16().cmp(right.encode_utf16()));
        assert!(ordered(Order::GreaterThan, Some(high), Some(low), compare));
    }
}
