//! The order of an array's items.

use crate::error::Error;
use crate::eval::{Evaluator, Outcome, compare_text, merge_sort};
use crate::functions::Arguments;
use crate::functions::callback::Callback;
use crate::value::Value;
use std::cmp::Ordering;

pub(super) fn reverse(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    if array.is_undefined() || array.len() <= 1 {
        return Ok(array);
    }
    evaluator.budget.spend_items(array.len())?;
    let mut items = array.into_items();
    items.reverse();
    evaluator.array(items)
}

/// A random order, from the environment's numbers: each item goes to a random place among those
/// before it.
pub(super) fn shuffle(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    if array.is_undefined() || array.len() <= 1 {
        return Ok(array);
    }
    evaluator.budget.spend_items(array.len())?;
    let mut items = array.into_items();
    for last in (1..items.len()).rev() {
        let bound = u64::try_from(last).unwrap_or(u64::MAX).saturating_add(1);
        let place = (evaluator.environment.random)() % bound;
        items.swap(last, usize::try_from(place).unwrap_or(last));
    }
    evaluator.array(items)
}

pub(super) fn sort(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    if array.is_undefined() || array.len() <= 1 {
        return Ok(array);
    }
    evaluator.budget.spend_items(array.len())?;
    let comparator = arguments.next();
    let items = array.into_items();
    let mut order: Vec<usize> = (0..items.len()).collect();
    if comparator.is_undefined() {
        sort_alike(&items, &mut order)?;
    } else {
        let callback = Callback::new(comparator)?;
        let item = |index: usize| items.get(index).cloned().unwrap_or_default();
        merge_sort(&mut order, &mut |a, b| {
            let verdict = callback.call_with(evaluator, vec![item(a), item(b)])?;
            evaluator.truth(&verdict)
        })?;
    }
    evaluator.array(
        order
            .into_iter()
            .filter_map(|index| items.get(index).cloned())
            .collect(),
    )
}

/// Sorts numbers, or strings.
fn sort_alike(items: &[Value], order: &mut [usize]) -> Result<(), Box<Error>> {
    let numbers: Option<Vec<f64>> = items.iter().map(Value::as_number).collect();
    if let Some(numbers) = numbers {
        let at = |index: &usize| numbers.get(*index).copied().unwrap_or(0.0);
        order.sort_by(|a, b| at(a).partial_cmp(&at(b)).unwrap_or(Ordering::Equal));
        return Ok(());
    }
    let texts: Option<Vec<&str>> = items
        .iter()
        .map(|item| item.as_text().map(|text| &**text))
        .collect();
    let Some(texts) = texts else {
        let message = "the single argument form of the sort function can only be applied to an array of strings or an array of numbers. Use the second argument to specify a comparison function";
        return Err(Box::new(Error::new("D3070", message)));
    };
    let at = |index: &usize| texts.get(*index).copied().unwrap_or("");
    order.sort_by(|a, b| compare_text(at(a), at(b)));
    Ok(())
}
