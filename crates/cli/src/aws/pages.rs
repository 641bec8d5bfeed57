//! Lists that come in pages.

use passo_json::Json;

use super::{Api, CallError};

/// Pages that are read of one list; AWS's are up to 1,000 long.
const PAGES_MAX: usize = 1_000;

/// The items called `member` of a Step Functions list, of every page, until `enough` of them are there.
///
/// # Errors
/// When a page cannot be had.
pub async fn pages(
    api: &Api,
    operation: &str,
    parameters: &Json,
    member: &str,
    enough: usize,
) -> Result<Vec<Json>, CallError> {
    let mut items = Vec::new();
    let mut token: Option<Json> = None;
    for _ in 0..PAGES_MAX {
        let mut asked = parameters.as_object().cloned().unwrap_or_default();
        if let Some(token) = token {
            asked = asked.with("nextToken", token);
        }
        let page = api.states(operation, &Json::from(asked)).await?;
        let found = page.get(member).and_then(Json::as_array);
        items.extend(found.into_iter().flat_map(|found| found.iter().cloned()));
        token = page
            .get("nextToken")
            .filter(|token| token.as_str().is_some())
            .cloned();
        if token.is_none() || items.len() >= enough {
            break;
        }
    }
    items.truncate(enough);
    Ok(items)
}

/// Every item of a Step Functions list.
///
/// # Errors
/// When a page cannot be had.
pub async fn all_pages(
    api: &Api,
    operation: &str,
    parameters: &Json,
    member: &str,
) -> Result<Vec<Json>, CallError> {
    pages(api, operation, parameters, member, usize::MAX).await
}
