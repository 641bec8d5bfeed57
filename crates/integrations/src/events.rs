//! EventBridge: `events:putEvents`.
//!
//! Source: Developer Guide, "Add EventBridge events with Step Functions"; recorded: answers and failures of such tasks.

use passo_json::{Json, Object, Payload};
use passo_vocab::{Arn, ErrorName, Failure};

use crate::plan::missing;
use crate::step_functions::text;
use crate::{Completion, ErrorStyle, Plan, Shape};

/// The plan of `events:putEvents`. A detail that is no string is sent as its JSON.
pub(crate) fn put_events(parameters: &Payload, completion: Completion) -> Result<Plan, Failure> {
    let given = parameters.json().as_object().cloned().unwrap_or_default();
    let Some(entries) = given.get("Entries") else {
        return Err(missing("Entries", parameters));
    };
    let entries = entries.as_array().into_iter().flat_map(|list| list.iter());
    let entries: Vec<Json> = entries.map(with_detail).collect();
    Ok(Plan {
        service: "events",
        operation: "PutEvents".to_owned(),
        parameters: Json::from(given.with("Entries", entries)),
        shape: Shape::Events,
        errors: ErrorStyle::V1 {
            prefix: "EventBridge",
            service: "AmazonEventBridge",
        },
        completion,
        lookup: None,
    })
}

fn with_detail(entry: &Json) -> Json {
    let detail = entry.get("Detail").map(text);
    match (entry.as_object(), detail) {
        (Some(entry), Some(detail)) => Json::from(entry.clone().with("Detail", detail)),
        _ => entry.clone(),
    }
}

/// Each entry's `Resources` also name the execution and its state machine, as Step Functions adds them.
pub(crate) fn with_execution(parameters: &Json, execution_arn: &str) -> Json {
    let arns = [Some(execution_arn.to_owned()), state_machine(execution_arn)];
    let arns: Vec<Json> = arns.into_iter().flatten().map(Json::from).collect();
    let Some(given) = parameters.as_object() else {
        return parameters.clone();
    };
    let entries = given.get("Entries").and_then(Json::as_array);
    let entries = entries
        .into_iter()
        .flat_map(|list| list.iter())
        .map(|entry| {
            let Some(members) = entry.as_object() else {
                return entry.clone();
            };
            let resources = members.get("Resources").and_then(Json::as_array);
            let mut resources = resources.map(|list| list.to_vec()).unwrap_or_default();
            resources.extend(arns.iter().cloned());
            Json::from(members.clone().with("Resources", resources))
        });
    let entries: Vec<Json> = entries.collect();
    Json::from(given.clone().with("Entries", entries))
}

fn state_machine(execution_arn: &str) -> Option<String> {
    let arn = Arn::parse(execution_arn).ok()?;
    let mut parts = arn.resource().split(':');
    let (_, name) = (parts.next()?, parts.next()?);
    let (region, account) = (arn.region(), arn.account());
    Some(format!(
        "arn:aws:states:{region}:{account}:stateMachine:{name}"
    ))
}

/// The result; a call of which an entry failed has failed.
pub(crate) fn result(answer: &Json) -> Result<Payload, Failure> {
    let members = ["Entries", "FailedEntryCount"];
    let members = members
        .into_iter()
        .filter_map(|name| Some((name, answer.get(name)?.clone())));
    let shown = Json::from(members.collect::<Object>());
    match answer.get("FailedEntryCount").and_then(Json::as_i64) {
        None | Some(0) => Ok(Payload::from(shown)),
        Some(_) => Err(Failure::new(
            ErrorName::new("EventBridge.FailedEntry"),
            shown.to_text(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn details_are_text_and_resources_name_the_execution() {
        let parameters = r#"{"Entries":[{"Detail":{"a":1},"Source":"s","Resources":["r"]}]}"#;
        let parameters = Payload::from_text(parameters).unwrap();
        let plan = put_events(&parameters, Completion::Answer).unwrap();
        let execution = "arn:aws:states:us-east-1:000000000000:execution:m:e";
        let sent = with_execution(&plan.parameters, execution);
        let entry = sent.get("Entries").unwrap().at(0).unwrap();
        assert_eq!(entry.get("Detail"), Some(&json!("{\"a\":1}")));
        let machine = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
        assert_eq!(
            entry.get("Resources"),
            Some(&json!(["r", execution, machine]))
        );
        let none = Payload::from_text("{}").unwrap();
        assert!(put_events(&none, Completion::Answer).is_err());
    }

    #[test]
    fn a_failed_entry_fails_the_task() {
        let good = json!({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]});
        let shown = result(&good).unwrap();
        assert_eq!(
            shown.text(),
            r#"{"Entries":[{"EventId":"1"}],"FailedEntryCount":0}"#
        );
        let bad = json!({"FailedEntryCount": 1, "Entries": [{"ErrorCode": "MalformedDetail"}]});
        let failure = result(&bad).unwrap_err();
        assert_eq!(
            failure.error.as_ref().map(ErrorName::as_str),
            Some("EventBridge.FailedEntry")
        );
        assert_eq!(
            failure.cause.as_deref(),
            Some(r#"{"Entries":[{"ErrorCode":"MalformedDetail"}],"FailedEntryCount":1}"#)
        );
    }
}
