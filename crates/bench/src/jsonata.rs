//! JSONata against `jsonata-core`, on compiled expressions.
//!
//! Passo evaluates on the value it has. A host of the rival has to convert its values first, so one line shows what a
//! typical short expression costs with that.

use anyhow::{Context, Result, ensure};
use passo_json::Json;
use passo_jsonata::{Environment, Expression, Limits, NoBindings, NoHostFunctions, Profile};

use crate::document;
use crate::measure::{Plan, Row};

const CASES: &[(&str, &str)] = &[
    (
        "jsonata: $sum(items.(price*qty))",
        "$sum(items.(price*qty))",
    ),
    (
        "jsonata: filter and construct",
        "items[price>50 and qty>2].{'id': id, 'total': price*qty}",
    ),
    (
        "jsonata: $map with a function",
        "$map(items, function($v){$v.price * $v.qty})",
    ),
    ("jsonata: sort", "items^(>price).id"),
    (
        "jsonata: $sort with a function",
        "$sort(items, function($a, $b){$a.price > $b.price}).id",
    ),
    (
        "jsonata: $reduce with a function",
        "$reduce(items.price, function($a, $b){$a + $b})",
    ),
    (
        "jsonata: $filter with a function",
        "$filter(items, function($v){$v.price > 50}).id",
    ),
    ("jsonata: $distinct", "$distinct(items.tags)"),
    ("jsonata: $join", "$join(items.name, ', ')"),
    (
        "jsonata: a bound sequence",
        "($x := items.price; $sum($x)/$count($x))",
    ),
    (SHORT, "customer.name"),
];
const SHORT: &str = "jsonata: customer.name";

/// Measures expressions of the kinds that workflows have.
///
/// # Errors
/// When an expression does not compile or evaluate, or the two engines disagree about its value.
pub fn measure(plan: &Plan) -> Result<Vec<Row>> {
    let text = document::text();
    let input = Json::parse(&text)?;
    let mut rows = Vec::new();
    for (name, source) in CASES.iter().filter(|(name, _)| plan.wants(name)) {
        let expression = Expression::compile(source, &Profile::default())
            .with_context(|| format!("`{source}` does not compile"))?;
        let random = || 4;
        let environment = Environment {
            now_millis: 0,
            random: &random,
            host_functions: &NoHostFunctions,
        };
        let limits = Limits::default();
        let evaluate = || expression.evaluate(Some(&input), &NoBindings, &environment, &limits);
        let value = evaluate().with_context(|| format!("`{source}` does not evaluate"))?;
        ensure!(value.is_some(), "`{source}` yields nothing");
        rows.extend(compare(plan, name, source, &text, value.as_ref(), &|| {
            evaluate().is_ok()
        })?);
    }
    Ok(rows)
}

#[cfg(not(feature = "rivals"))]
fn compare(
    plan: &Plan,
    name: &str,
    _source: &str,
    _text: &str,
    _value: Option<&Json>,
    ours: &dyn Fn() -> bool,
) -> Result<Vec<Row>> {
    Ok(plan.compare(name, ours, None).into_iter().collect())
}

#[cfg(feature = "rivals")]
fn compare(
    plan: &Plan,
    name: &str,
    source: &str,
    text: &str,
    value: Option<&Json>,
    ours: &dyn Fn() -> bool,
) -> Result<Vec<Row>> {
    use jsonata_core::value::JValue;

    const RIVAL: &str = "jsonata-core";
    let tree: serde_json::Value = serde_json::from_str(text)?;
    let input = JValue::from(tree.clone());
    let rival = jsonata_core::Expression::compile(source)
        .map_err(|error| anyhow::anyhow!("the rival does not compile `{source}`: {error}"))?;
    let theirs = rival
        .evaluate(&input)
        .map_err(|error| anyhow::anyhow!("the rival does not evaluate `{source}`: {error}"))?;
    let theirs = Json::parse(&theirs.to_json_string()?)?;
    ensure!(
        same(value, &theirs),
        "the two engines disagree about `{source}`"
    );

    let evaluate = || rival.evaluate(&input).is_ok();
    let mut rows = vec![plan.compare(name, ours, Some((RIVAL, &evaluate)))];
    if name == SHORT {
        let convert = || rival.evaluate(&JValue::from(tree.clone())).is_ok();
        let name = format!("{name}, input converted");
        rows.push(plan.compare(&name, ours, Some((RIVAL, &convert))));
    }
    Ok(rows.into_iter().flatten().collect())
}

/// Whether the two agree, up to the last digits of sums.
#[cfg(feature = "rivals")]
fn same(ours: Option<&Json>, theirs: &Json) -> bool {
    let Some(ours) = ours else { return false };
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() <= 1e-9 * ours.abs(),
        _ => ours == theirs,
    }
}
