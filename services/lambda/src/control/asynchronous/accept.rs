//! Accepting an event: it is durable when the caller gets its answer.

use passo_delivery::{Delivery, Retry};
use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use super::super::configuration::Configuration;
use super::super::faults;
use super::super::request::{Request, Target};
use super::super::service::Lambda;
use super::{Events, member};

/// Pauses before the first and the second retry. Source: Lambda Developer Guide, "Asynchronous invocation".
const PAUSES_MILLIS: (i64, i64) = (60_000, 120_000);

/// Keeps an event for the function that `target` names.
pub(in super::super) fn accept(
    lambda: &Lambda,
    request: &Request<'_>,
    target: &Target,
    configuration: &Configuration,
    payload: &str,
    client_context: Option<String>,
) -> Result<(), Fault> {
    let setting = lambda.event_settings.find(target)?.unwrap_or_default();
    let now = lambda.clock.now().epoch_millis();
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert(member::FUNCTION_NAME, target.arn())
        .insert_some(member::QUALIFIER, target.qualifier.as_deref())
        .insert(member::PAYLOAD, payload)
        .insert_some(member::CLIENT_CONTEXT, client_context)
        .insert(member::REQUEST_ID, request.call.request_id.as_str())
        .insert(member::UNTIL, now.saturating_add(setting.age_max_millis()));
    let dead_letter = configuration.shown.get("DeadLetterConfig");
    let dead_letter = dead_letter.and_then(|config| config.get("TargetArn")?.as_str());
    let mut note = ObjectBuilder::new();
    note.insert_some("OnSuccess", setting.on_success.as_deref())
        .insert_some("OnFailure", setting.on_failure.as_deref())
        .insert_some("DeadLetter", dead_letter.filter(|arn| !arn.is_empty()));
    let delivery = Delivery {
        service: Events::NAME.into(),
        operation: Events::ATTEMPT.into(),
        parameters: Json::from(parameters.build()),
        caller: request.call.caller.clone(),
        retry: Retry {
            retries_max: setting.retries(),
            // The attempt itself looks at the age: an event that is too old is one that is not tried any more.
            age_max_millis: i64::MAX,
            pause_first_millis: PAUSES_MILLIS.0,
            pause_max_millis: PAUSES_MILLIS.1,
        },
        dead_letter: None,
        group: None,
        note: Json::from(note.build()),
    };
    lambda
        .outbox
        .send(vec![delivery])
        .map_err(|error| faults::store(&error))
}
