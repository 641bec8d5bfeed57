//! `GetQueueUrl`: a queue's URL from its name.

use passo_json::Json;
use passo_service::Fault;

use crate::address::Address;
use crate::faults;
use crate::request::Request;
use crate::sqs::Core;

pub(crate) fn call(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let mut address = Address::of(&request.call.caller, request.required("QueueName")?);
    if let Some(owner) = request.text("QueueOwnerAWSAccountId") {
        owner.clone_into(&mut address.account);
    }
    match core.find(&address) {
        Some(_) => Ok(super::create_queue::url(core, &address)),
        None => Err(faults::no_queue()),
    }
}
