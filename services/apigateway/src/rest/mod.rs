//! REST APIs as the service `apigateway` keeps them.
//!
//! Most of what an API holds follows the rules of [`crate::control`]; what has rules of its own has a module here.

mod apis;
mod deployments;
mod gateway_responses;
mod import;
mod methods;
mod nouns;
mod resources;
mod test_invoke;
mod usage;

pub(crate) use apis::{all as all_apis, delete_all as delete_api};
pub(crate) use gateway_responses::{DEFAULTS, Kind};
pub(crate) use test_invoke::test_invoke;

use crate::control::{Answer, Request, tags};
use crate::faults;

/// The answer to a call.
pub(crate) fn answer(request: &Request<'_>) -> Answer {
    let families = [
        apis::answer,
        resources::answer,
        methods::answer,
        deployments::answer,
        gateway_responses::answer,
        usage::answer,
        tags,
        nouns::answer,
    ];
    let mut answers = families.iter().filter_map(|family| family(request));
    let answer = answers.next();
    answer.unwrap_or_else(|| Err(faults::unknown_operation(request.operation.name)))
}
