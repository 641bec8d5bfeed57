//! `GetQueueAttributes`: settings, and how many messages there are.

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;
use passo_store::Batch;

use crate::attributes::{COMPUTED, is_known, names};
use crate::faults;
use crate::queue::{Queue, State};
use crate::request::Request;
use crate::sqs::Core;

pub(crate) fn call(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let wanted = request.texts(&["AttributeNames"]);
    if let Some(unknown) = wanted
        .iter()
        .find(|name| **name != "All" && !is_known(name))
    {
        return Err(faults::unknown_attribute(unknown));
    }
    let all = wanted.contains(&"All");
    let mut state = queue.open()?;
    let mut batch = Batch::new();
    queue.advance(&mut state, core.now(), &mut batch);
    if !batch.is_empty() {
        // What is too old is gone for those who look; nobody need wait for the disk.
        drop(core.committer.submit(batch, |_| {}));
    }
    let mut attributes = ObjectBuilder::new();
    for name in COMPUTED.into_iter().chain(names()) {
        if all || wanted.contains(&name) {
            attributes.insert_some(name, value(&queue, &state, name));
        }
    }
    let attributes = attributes.build();
    let mut answer = ObjectBuilder::new();
    if !attributes.is_empty() {
        answer.insert("Attributes", attributes);
    }
    Ok(Json::from(answer.build()))
}

fn value(queue: &Queue, state: &State, name: &str) -> Option<String> {
    let counts = state.index.counts();
    Some(match name {
        "QueueArn" => queue.arn.clone(),
        "ApproximateNumberOfMessages" => counts.visible.to_string(),
        "ApproximateNumberOfMessagesNotVisible" => counts.in_flight.to_string(),
        "ApproximateNumberOfMessagesDelayed" => counts.delayed.to_string(),
        "CreatedTimestamp" => state.record.created_at.div_euclid(1000).to_string(),
        "LastModifiedTimestamp" => state.record.modified_at.div_euclid(1000).to_string(),
        other => {
            return state
                .record
                .attribute(other, &queue.address)
                .map(str::to_owned);
        }
    })
}
