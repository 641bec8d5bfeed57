//! API keys, and the usage plans that say where they open. Nobody is held to a plan's rates.

use passo_json::{Json, Object, ObjectBuilder, json};

use super::nouns::{API_KEY, USAGE_PLAN, USAGE_PLAN_KEY};
use super::resources::text;
use crate::control::{Answer, Request, Verb, paged, with_defaults};
use crate::faults;

pub(super) fn answer(request: &Request<'_>) -> Option<Answer> {
    let operation = request.operation.name;
    if operation == "CreateApiKey" {
        return Some(create_key(request));
    }
    if operation == "GetUsage" {
        return Some(usage(request));
    }
    if let Some(verb) = API_KEY.verb(operation) {
        return Some(key(request, verb));
    }
    if let Some(verb) = USAGE_PLAN.verb(operation) {
        return Some(match verb {
            Verb::Delete => delete_plan(request),
            verb => USAGE_PLAN.perform(request, verb),
        });
    }
    let verb = USAGE_PLAN_KEY.verb(operation)?;
    Some(match verb {
        Verb::Create => create_plan_key(request),
        verb => USAGE_PLAN
            .find(request, request.text("usagePlanId"))
            .and_then(|_| USAGE_PLAN_KEY.perform(request, verb)),
    })
}

fn create_key(request: &Request<'_>) -> Answer {
    let all = API_KEY.all(request)?;
    let value = match request.given.text("value") {
        Some(value) if value.len() < 20 => {
            return Err(faults::bad_request(
                "API Key value should be at least 20 characters",
            ));
        }
        Some(value) => value.to_owned(),
        None => request.shared.new_id(40),
    };
    if all.iter().any(|key| text(key, "value") == value) {
        return Err(faults::conflict("API Key already exists"));
    }
    // What names stages when it is given are texts when it is shown.
    let stages = request.given.list("stageKeys").iter().filter_map(|stage| {
        let text = |member: &str| stage.get(member).and_then(Json::as_str);
        Some(Json::from(format!(
            "{}/{}",
            text("restApiId")?,
            text("stageName")?
        )))
    });
    let stages: Vec<Json> = stages.collect();
    let members = request
        .given_members()
        .with("value", value)
        .with("stageKeys", stages);
    API_KEY.create(request, with_defaults(members, &json!({"enabled": false})))
}

/// A key's value is shown where it is asked for.
fn key(request: &Request<'_>, verb: Verb) -> Answer {
    match verb {
        Verb::Get => {
            let key = API_KEY.find(request, request.text("apiKey"))?;
            Ok(Json::from(match request.given.flag("includeValue") {
                true => key,
                false => key.without("value"),
            }))
        }
        Verb::List => {
            let name = request.given.text("nameQuery");
            let customer = request.given.text("customerId");
            let keys = API_KEY.all(request)?.into_iter().filter(|key| {
                name.is_none_or(|it| text(key, "name").starts_with(it))
                    && customer.is_none_or(|it| text(key, "customerId") == it)
            });
            let shown = keys.map(|key| match request.given.flag("includeValues") {
                true => key,
                false => key.without("value"),
            });
            paged(request, shown.collect(), |key| text(key, "id"))
        }
        Verb::Create | Verb::Update | Verb::Delete => API_KEY.perform(request, verb),
    }
}

fn create_plan_key(request: &Request<'_>) -> Answer {
    USAGE_PLAN.find(request, request.text("usagePlanId"))?;
    let key = API_KEY.find(request, request.text("keyId"))?;
    let row = Object::default()
        .with("id", text(&key, "id"))
        .with("type", request.text("keyType"))
        .with("value", text(&key, "value"))
        .with("name", text(&key, "name"));
    USAGE_PLAN_KEY.create(request, row)
}

fn delete_plan(request: &Request<'_>) -> Answer {
    let plan = USAGE_PLAN.find(request, request.text("usagePlanId"))?;
    if let Some(stages) = plan.get("apiStages").and_then(Json::as_array)
        && !stages.is_empty()
    {
        return Err(faults::bad_request(format!(
            "Cannot delete Usage Plan {} because API Stages are associated with it",
            text(&plan, "id")
        )));
    }
    let answer = USAGE_PLAN.perform(request, Verb::Delete)?;
    let change = request.shared.table.change();
    change.remove(&["UsagePlanKey", &request.place(), text(&plan, "id")])?;
    Ok(answer)
}

/// Uses are not counted.
fn usage(request: &Request<'_>) -> Answer {
    USAGE_PLAN.find(request, request.text("usagePlanId"))?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("usagePlanId", request.text("usagePlanId"))
        .insert("startDate", request.text("startDate"))
        .insert("endDate", request.text("endDate"))
        .insert("items", Object::default());
    Ok(Json::from(answer.build()))
}
