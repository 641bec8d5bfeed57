//! `SetQueueAttributes`: changes settings.

use std::sync::Arc;

use passo_json::Json;
use passo_service::Fault;

use crate::address::Address;
use crate::attributes::{self, Attributes, Occasion, Redrive, RedriveAllow};
use crate::faults;
use crate::queue::Queue;
use crate::record::Record;
use crate::request::Request;
use crate::sqs::{Core, nothing};

pub(crate) async fn call(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let given = request.map("Attributes");
    if given.is_empty() {
        return Err(faults::missing("Attribute.Name"));
    }
    attributes::check(&given, &queue.address, Occasion::Change)?;
    check_redrive(core, &queue.address, &given)?;
    let now = core.now();
    update(core, &queue, |record| {
        record.modified_at = now;
        record.attributes.extend(given);
        record.attributes.retain(|_, value| !value.is_empty());
        attributes::check_throughput(&record.attributes)
    })
    .await?;
    // Delay and visibility may be other ones now.
    queue.arrivals.notify_waiters();
    Ok(nothing())
}

/// Changes a queue's record durably.
///
/// # Errors
/// What `change` says, and where the store fails: nothing is changed then.
pub(crate) async fn update(
    core: &Core,
    queue: &Arc<Queue>,
    change: impl FnOnce(&mut Record) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let submitted = {
        let mut state = queue.open()?;
        let old = state.record.clone();
        let mut new = old.clone();
        change(&mut new)?;
        let batch = queue.put(&new);
        state.record = new;
        let owner = Arc::clone(queue);
        core.committer.submit(batch, move |durable| {
            if !durable {
                owner.lock().record = old;
            }
        })
    };
    submitted.durable().await
}

/// The dead-letter queue must be there, of the same kind, and take this queue's letters.
///
/// # Errors
/// In AWS's words.
pub(crate) fn check_redrive(
    core: &Core,
    source: &Address,
    given: &Attributes,
) -> Result<(), Fault> {
    let Some(policy) = given
        .get("RedrivePolicy")
        .filter(|policy| !policy.is_empty())
    else {
        return Ok(());
    };
    let refuse = |reason: &str| Err(faults::value(policy, "RedrivePolicy", reason));
    let redrive = Redrive::read(policy)?;
    let Some(target) = core.find(&redrive.target) else {
        return refuse("Dead letter target does not exist.");
    };
    if target.is_fifo() != source.is_fifo() {
        return refuse("Dead-letter queue must be same type of queue as the source.");
    }
    let allow = {
        let state = target.open()?;
        let allow = state.record.attributes.get("RedriveAllowPolicy");
        allow.and_then(|text| RedriveAllow::read(text).ok())
    };
    if allow.is_some_and(|allow| !allow.allows(&source.arn())) {
        return refuse("Dead letter target does not allow this source queue.");
    }
    Ok(())
}
