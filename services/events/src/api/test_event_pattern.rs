//! `TestEventPattern`

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::api::rules::parsed;
use crate::request::{Answer, Request};

/// `TestEventPattern`: an event has what events have.
pub(crate) fn test(request: &Request<'_>) -> Answer {
    const MEMBERS: [&str; 6] = ["id", "account", "source", "time", "region", "detail-type"];
    let pattern = parsed(request.required("EventPattern")?)?;
    let event = Json::parse(request.required("Event")?).ok();
    let event = event.filter(|event| event.as_object().is_some());
    let event = event
        .ok_or_else(|| Fault::caller("ValidationException", "Parameter Event is not valid."))?;
    if let Some(missing) = MEMBERS
        .into_iter()
        .find(|member| event.get(member).is_none())
    {
        return Err(Fault::caller(
            "ValidationException",
            format!("Parameter Event is not valid. Reason: {missing} is a required argument."),
        ));
    }
    let mut answer = ObjectBuilder::new();
    answer.insert("Result", pattern.matches(&event));
    Ok(Json::from(answer.build()))
}
