//! JSONPath: what a path field costs. There is no rival: no crate speaks the same dialect.

use anyhow::{Context, Result};
use passo_expr::Path;
use passo_json::Json;

use crate::document;
use crate::measure::{Plan, Row};

const CASES: &[(&str, &str)] = &[
    (
        "jsonpath: $.customer.address.city",
        "$.customer.address.city",
    ),
    ("jsonpath: $.items[500].name", "$.items[500].name"),
    ("jsonpath: $.items[*].price", "$.items[*].price"),
    (
        "jsonpath: $.items[?(@.qty > 4)].id",
        "$.items[?(@.qty > 4)].id",
    ),
    ("jsonpath: $..name", "$..name"),
];

/// Measures reads of the shared document.
///
/// # Errors
/// When a path does not compile or finds nothing.
pub fn measure(plan: &Plan) -> Result<Vec<Row>> {
    let root = Json::parse(&document::text())?;
    let mut rows = Vec::new();
    for (name, source) in CASES.iter().filter(|(name, _)| plan.wants(name)) {
        let path = Path::parse(source).with_context(|| format!("`{source}` does not compile"))?;
        let found = path.read_from(&root);
        found.map_err(|error| anyhow::anyhow!("`{source}` finds nothing: {error:?}"))?;
        rows.extend(plan.compare(name, &|| path.read_from(&root).is_ok(), None));
    }
    Ok(rows)
}
