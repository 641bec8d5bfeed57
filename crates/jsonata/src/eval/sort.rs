//! Order-by, and the stable sort behind it and `$sort`.

use super::{Evaluator, compare_text};
use crate::code::{Node, Term};
use crate::error::Error;
use crate::frame::Frame;
use crate::value::Value;
use passo_json::Json;
use std::cmp::Ordering;
use std::rc::Rc;

/// Evaluates a term for the item at an index.
type Key<'k, 'e> = &'k mut dyn FnMut(&mut Evaluator<'e>, usize, &Node) -> Result<Value, Box<Error>>;

/// Tells whether the first of two items must come after the second.
pub(crate) type MustSwap<'s> = &'s mut dyn FnMut(usize, usize) -> Result<bool, Box<Error>>;

impl<'e> Evaluator<'e> {
    /// The items in the order that the terms say.
    pub(super) fn sort(
        &mut self,
        terms: &[Term],
        items: &[Value],
        frame: &Rc<Frame>,
        position: usize,
    ) -> Result<Vec<Value>, Box<Error>> {
        let order = self.order(
            terms,
            items.len(),
            position,
            &mut |evaluator, index, node| match items.get(index) {
                Some(item) => evaluator.eval(node, item, frame),
                None => Ok(Value::Undefined),
            },
        )?;
        Ok(order
            .into_iter()
            .filter_map(|index| items.get(index).cloned())
            .collect())
    }

    /// The order of `count` items. Each term is evaluated at most once an item.
    pub(super) fn order(
        &mut self,
        terms: &[Term],
        count: usize,
        position: usize,
        key: Key<'_, 'e>,
    ) -> Result<Vec<usize>, Box<Error>> {
        let mut order: Vec<usize> = (0..count).collect();
        if count < 2 {
            return Ok(order);
        }
        // An item is compared about once for each doubling of their number.
        let levels = usize::try_from(count.ilog2()).unwrap_or(0) + 1;
        self.budget
            .spend_steps(count.saturating_mul(1 + levels / 4))?;
        let item_bytes = size_of::<usize>() + terms.len() * size_of::<Option<Value>>();
        self.budget.spend_bytes(count.saturating_mul(item_bytes))?;
        let mut keys: Vec<Vec<Option<Value>>> = terms.iter().map(|_| vec![None; count]).collect();
        if let ([term], [column]) = (terms, keys.as_mut_slice()) {
            let mut values = Vec::with_capacity(count);
            for index in 0..count {
                values.push(key(self, index, &term.node)?);
            }
            if let Some(keys) = all_plain(&values)
                && self.sort_alike(&keys, term.descending, &mut order)?
            {
                return Ok(order);
            }
            *column = values.into_iter().map(Some).collect();
        }
        let mut swap = |a: usize, b: usize| {
            for (term, column) in terms.iter().zip(keys.iter_mut()) {
                let first = cached(column, a, |index| key(self, index, &term.node))?;
                let second = cached(column, b, |index| key(self, index, &term.node))?;
                let bytes = text_bytes(&first).min(text_bytes(&second));
                self.budget.spend_steps(bytes / 256)?;
                match compare(&first, &second, term.descending)
                    .map_err(|error| error.at(position))?
                {
                    Ordering::Equal => {}
                    Ordering::Greater => return Ok(true),
                    Ordering::Less => return Ok(false),
                }
            }
            Ok(false)
        };
        merge_sort(&mut order, &mut swap)?;
        Ok(order)
    }

    /// Sorts by keys that are all numbers or all strings; tells whether they were. `order` names
    /// the keys from the first to the last, and holds their order afterwards.
    pub(crate) fn sort_alike(
        &mut self,
        keys: &[&Json],
        descending: bool,
        order: &mut [usize],
    ) -> Result<bool, Box<Error>> {
        let levels = usize::try_from(keys.len().max(1).ilog2()).unwrap_or(0) + 1;
        let texts = keys.iter().filter_map(|key| key.as_str());
        let bytes: usize = texts.map(str::len).sum();
        self.budget
            .spend_steps((bytes / 256).saturating_mul(levels))?;
        Ok(sort_alike(keys, descending, order))
    }
}

fn text_bytes(key: &Value) -> usize {
    key.as_text().map_or(0, |text| text.len())
}

fn cached(
    column: &mut [Option<Value>],
    index: usize,
    evaluate: impl FnOnce(usize) -> Result<Value, Box<Error>>,
) -> Result<Value, Box<Error>> {
    let Some(cell) = column.get_mut(index) else {
        return Ok(Value::Undefined);
    };
    if let Some(value) = cell {
        return Ok(value.clone());
    }
    let value = evaluate(index)?;
    *cell = Some(value.clone());
    Ok(value)
}

/// The values, where all are plain JSON.
pub(crate) fn all_plain(values: &[Value]) -> Option<Vec<&Json>> {
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        let Value::Json(json) = value else {
            return None;
        };
        all.push(json);
    }
    Some(all)
}

fn sort_alike(keys: &[&Json], descending: bool, order: &mut [usize]) -> bool {
    let number = |key: &Json| match key {
        Json::Number(number) => Some(rank(number.as_f64(), descending)),
        _ => None,
    };
    if let Some(mut ranks) = with_places(keys, order, number) {
        ranks.sort_by_key(|(rank, _)| *rank);
        place(order, &ranks);
        return true;
    }
    let Some(mut texts) = with_places(keys, order, Json::as_str) else {
        return false;
    };
    texts.sort_by(|(a, _), (b, _)| directed(compare_text(a, b), descending));
    place(order, &texts);
    true
}

/// The keys in the form that they are compared in, each with its place; nothing where one has no
/// such form.
fn with_places<'k, K>(
    keys: &[&'k Json],
    order: &[usize],
    form: impl Fn(&'k Json) -> Option<K>,
) -> Option<Vec<(K, usize)>> {
    let mut all = Vec::with_capacity(keys.len());
    for (key, place) in keys.iter().zip(order) {
        all.push((form(key)?, *place));
    }
    Some(all)
}

fn place<K>(order: &mut [usize], sorted: &[(K, usize)]) {
    for (place, (_, index)) in order.iter_mut().zip(sorted) {
        *place = *index;
    }
}

/// A whole number that orders as the double does: much faster to sort by. Both zeros are the same.
fn rank(number: f64, descending: bool) -> u64 {
    const SIGN: u64 = 1 << 63;
    let bits = (number + 0.0).to_bits();
    let rank = if bits & SIGN == 0 { bits | SIGN } else { !bits };
    if descending { !rank } else { rank }
}

fn directed(ordering: Ordering, descending: bool) -> Ordering {
    if descending {
        ordering.reverse()
    } else {
        ordering
    }
}

/// Compares two keys. Undefined comes last in either direction.
fn compare(a: &Value, b: &Value, descending: bool) -> Result<Ordering, Error> {
    let ordering = match (a, b) {
        (Value::Undefined, Value::Undefined) => return Ok(Ordering::Equal),
        (Value::Undefined, _) => return Ok(Ordering::Greater),
        (_, Value::Undefined) => return Ok(Ordering::Less),
        (Value::Json(Json::Number(a)), Value::Json(Json::Number(b))) => a
            .as_f64()
            .partial_cmp(&b.as_f64())
            .unwrap_or(Ordering::Equal),
        (Value::Json(Json::String(a)), Value::Json(Json::String(b))) => compare_text(a, b),
        _ => {
            let is_key =
                |value: &Value| matches!(value, Value::Json(Json::Number(_) | Json::String(_)));
            if is_key(a) && is_key(b) {
                let message = format!(
                    "type mismatch when comparing values {} and {} in order-by clause",
                    a.shown(),
                    b.shown()
                );
                return Err(Error::new("T2007", message).value(a.describe()));
            }
            let wrong = if is_key(a) { b } else { a };
            let message = "the expressions within an order-by clause must evaluate to numeric or string values";
            return Err(Error::new("T2008", message).value(wrong.describe()));
        }
    };
    Ok(directed(ordering, descending))
}

/// A stable merge sort whose comparison may fail. It halves as the reference implementation does,
/// so that even a comparator that contradicts itself gives the same order.
pub(crate) fn merge_sort(order: &mut [usize], swap: MustSwap<'_>) -> Result<(), Box<Error>> {
    if order.len() < 2 {
        return Ok(());
    }
    let (left, right) = order.split_at_mut(order.len() / 2);
    merge_sort(left, swap)?;
    merge_sort(right, swap)?;
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if swap(**a, **b)? {
            right.next()
        } else {
            left.next()
        };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    order.copy_from_slice(&merged);
    Ok(())
}
