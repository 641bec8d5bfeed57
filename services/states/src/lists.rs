//! Listings, a page at a time.

use std::ops::ControlFlow;

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::quotas::PAGE_DEFAULT;
use crate::request::Request;
use crate::service::StepFunctions;

/// Takes an item and its position; says whether more are wanted.
pub(crate) type Take<'a> = dyn FnMut(&[u8], Json) -> ControlFlow<()> + 'a;

/// Answers a listing: `walk` visits what follows a position, in order; the answer has it as `member`.
///
/// # Errors
/// `InvalidToken`, and the errors of `walk`.
pub(crate) fn page(
    service: &StepFunctions,
    request: &Request,
    member: &str,
    walk: impl FnOnce(Option<&[u8]>, &mut Take<'_>) -> Result<(), Fault>,
) -> Result<Json, Fault> {
    let scope = scope(request);
    let now = service.clock.now();
    let after = match request.text("nextToken") {
        Some(token) => Some(service.tokens.read(&scope, token, now)?),
        None => None,
    };
    let limit = match request.integer("maxResults").map(usize::try_from) {
        None | Some(Ok(0) | Err(_)) => PAGE_DEFAULT,
        Some(Ok(limit)) => limit,
    };
    let mut items: Vec<Json> = Vec::new();
    let mut last = Vec::new();
    let mut has_more = false;
    walk(after.as_deref(), &mut |position, item| {
        if items.len() == limit {
            has_more = true;
            return ControlFlow::Break(());
        }
        items.push(item);
        last = position.to_vec();
        ControlFlow::Continue(())
    })?;
    let mut answer = ObjectBuilder::new();
    answer.insert(member, items);
    if has_more {
        answer.insert("nextToken", service.tokens.issue(&scope, &last, now));
    }
    Ok(Json::Object(answer.build()))
}

/// What a token is bound to: the operation, the caller, and everything asked for but the page itself.
fn scope(request: &Request) -> String {
    let caller = request.caller();
    let parameters = request
        .parameters()
        .as_object()
        .cloned()
        .unwrap_or_default();
    let parameters = Json::Object(parameters.without("nextToken").without("maxResults"));
    format!(
        "{}\n{}\n{}\n{parameters}",
        request.operation(),
        caller.account,
        caller.region
    )
}

/// A position that is text; a token of ours holds nothing else.
pub(crate) fn text_position(position: Option<&[u8]>) -> Option<&str> {
    position.and_then(|bytes| std::str::from_utf8(bytes).ok())
}

/// A position that is a number.
pub(crate) fn number_position(position: Option<&[u8]>) -> Option<u64> {
    position?.try_into().ok().map(u64::from_be_bytes)
}
