//! `ListQueues`: URLs of the caller's queues, by name.

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::request::{self, Request};
use crate::sqs::Core;

pub(crate) fn call(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let caller = &request.call.caller;
    let prefix = request.text("QueueNamePrefix").unwrap_or_default();
    let urls = core
        .all()
        .iter()
        .map(|queue| &queue.address)
        .filter(|address| {
            address.account == caller.account.as_str()
                && address.region == caller.region.as_str()
                && address.name.starts_with(prefix)
        })
        .map(|address| address.url(&core.endpoint))
        .collect();
    let (urls, token) = request::page(request, urls)?;
    let mut answer = ObjectBuilder::new();
    if !urls.is_empty() {
        answer.insert("QueueUrls", urls);
    }
    answer.insert_some("NextToken", token);
    Ok(Json::from(answer.build()))
}
