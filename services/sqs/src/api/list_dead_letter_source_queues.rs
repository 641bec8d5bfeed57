//! `ListDeadLetterSourceQueues`: whose dead letters a queue takes.

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::address::Address;
use crate::request::{self, Request};
use crate::sqs::Core;

pub(crate) fn call(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let urls = sources(core, &queue.address)
        .iter()
        .map(|address| address.url(&core.endpoint))
        .collect();
    let (urls, token) = request::page(request, urls)?;
    let mut answer = ObjectBuilder::new();
    // This member has a small first letter.
    answer
        .insert("queueUrls", urls)
        .insert_some("NextToken", token);
    Ok(Json::from(answer.build()))
}

/// The queues whose dead letters the queue at `target` takes, by name.
pub(crate) fn sources(core: &Core, target: &Address) -> Vec<Address> {
    core.all()
        .iter()
        .filter(|queue| {
            let redrive = queue.lock().record.redrive();
            redrive.is_some_and(|redrive| redrive.target == *target)
        })
        .map(|queue| queue.address.clone())
        .collect()
}
