//! The JSON value against `serde_json::Value`.

use anyhow::Result;
use passo_json::{Json, Limits, validate};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::document;
use crate::measure::{Plan, Row};

const RIVAL: &str = "serde_json";

/// Measures what every state does to a payload.
///
/// # Errors
/// When the document is not JSON, for one of the two.
pub fn measure(plan: &Plan) -> Result<Vec<Row>> {
    let text = document::text();
    let ours = Json::parse(&text)?;
    let theirs: Value = serde_json::from_str(&text)?;
    let rows = [
        plan.compare(
            "json: clone",
            &|| !ours.clone().is_null(),
            Some((RIVAL, &|| !theirs.clone().is_null())),
        ),
        plan.compare(
            "json: parse",
            &|| Json::parse(&text).is_ok(),
            Some((RIVAL, &|| serde_json::from_str::<Value>(&text).is_ok())),
        ),
        plan.compare(
            "json: validate",
            &|| validate(&text, Limits::default()).is_ok(),
            Some((RIVAL, &|| serde_json::from_str::<IgnoredAny>(&text).is_ok())),
        ),
        plan.compare(
            "json: print",
            &|| ours.to_text().is_empty(),
            Some((RIVAL, &|| serde_json::to_string(&theirs).is_ok())),
        ),
        plan.compare("json: size of the print", &|| ours.text_bytes() == 0, None),
    ];
    Ok(rows.into_iter().flatten().collect())
}
