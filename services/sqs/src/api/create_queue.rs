//! `CreateQueue`: makes a queue; making it again the same way yields the same one.

use std::sync::{Arc, PoisonError};

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::address::Address;
use crate::attributes::{self, Attributes, Occasion};
use crate::faults;
use crate::queue::Queue;
use crate::record::Record;
use crate::request::Request;
use crate::sqs::Core;

pub(crate) async fn call(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let name = request.required("QueueName")?;
    Address::check_name(name)?;
    let address = Address::of(&request.call.caller, name);
    let given = request.map("Attributes");
    attributes::check(&given, &address, Occasion::Creation)?;
    attributes::check_throughput(&given)?;
    // SDKs spell this member with a small letter.
    let mut tags = request.map("tags");
    tags.extend(request.map("Tags"));
    super::tags::check(&tags)?;
    let _making = core.making.lock().await;
    if let Some(queue) = core.find(&address) {
        compare(&queue, &given)?;
        return Ok(url(core, &address));
    }
    super::set_queue_attributes::check_redrive(core, &address, &given)?;
    let now = core.now();
    let record = Record {
        created_at: now,
        modified_at: now,
        store_id: core.sequences.next(now),
        purged_at: None,
        attributes: given,
        tags,
    };
    let queue = Arc::new(Queue::new(address.clone(), record.clone()));
    core.committer
        .submit(queue.put(&record), |_| {})
        .durable()
        .await?;
    let mut queues = core.queues.write().unwrap_or_else(PoisonError::into_inner);
    queues.insert(address.clone(), queue);
    Ok(url(core, &address))
}

/// What is asked for must be what is there.
fn compare(queue: &Queue, given: &Attributes) -> Result<(), Fault> {
    let state = queue.open()?;
    let differs = |(name, value): &(&String, &String)| {
        let is = state
            .record
            .attribute(name, &queue.address)
            .unwrap_or_default();
        is != value.as_str()
            && Json::parse(is).ok()
                != Json::parse(value)
                    .ok()
                    .filter(|json| json.as_object().is_some())
    };
    match given.iter().find(differs) {
        Some((name, _)) => Err(faults::queue_exists(name)),
        None => Ok(()),
    }
}

pub(crate) fn url(core: &Core, address: &Address) -> Json {
    let mut answer = ObjectBuilder::new();
    answer.insert("QueueUrl", address.url(&core.endpoint));
    Json::from(answer.build())
}
