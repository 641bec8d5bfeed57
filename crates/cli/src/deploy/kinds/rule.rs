//! `AWS::Events::Rule`, with its targets.

use passo_json::{Json, Object};
use passo_template::Made;

use crate::aws::names::member;
use crate::aws::{Api, CallError};
use crate::deploy::kind::{Kind, Making, Removing, Want, gone};

/// Rules.
pub(super) struct Rule;

/// See [`Rule`].
pub(super) const RULE: Rule = Rule;

/// The name of the bus that a rule names by its ARN or its name; empty for the default one.
fn bus<'a>(want: &'a Want<'_>) -> &'a str {
    let bus = want.text("EventBusName");
    let name = bus.rsplit('/').next().unwrap_or(bus);
    if name == "default" { "" } else { name }
}

impl Kind for Rule {
    fn resource_type(&self) -> &'static str {
        "AWS::Events::Rule"
    }

    fn label(&self) -> &'static str {
        "rule"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("Name")
    }

    fn default_name(&self, want: &Want<'_>) -> String {
        // Source: PutRule: names have at most 64 characters.
        want.logical_id.chars().take(64).collect()
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        matches!(property, "Name" | "EventBusName")
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let (name, bus) = (want.name(), bus(want));
        let (reference, resource) = match bus {
            "" => (name.to_owned(), format!("rule/{name}")),
            bus => (format!("{bus}|{name}"), format!("rule/{bus}/{name}")),
        };
        Made::new(reference)
            .with("Arn", &*want.place.arn("events", &resource))
            .with("passo:name", name)
            .with("passo:bus", want.text("EventBusName"))
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let made = self.expected(want);
            let parameters = want.parameters(&["Targets"]);
            api.call("events", "PutRule", &Json::from(parameters))
                .await?;
            let wanted = want.items("Targets");
            let there = targets(api, &made).await?;
            let gone: Vec<String> = there
                .into_iter()
                .filter(|id| !wanted.iter().any(|target| member(target, "Id") == *id))
                .collect();
            remove_targets(api, &made, &gone).await?;
            for some in wanted.chunks(TARGETS_IN_A_CALL) {
                let parameters = of(&made, "Rule").with("Targets", some.to_vec());
                let put = "PutTargets";
                let answer = api.call("events", put, &Json::from(parameters)).await?;
                failed(&answer)?;
            }
            Ok(made)
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        self.create(api, want)
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let there = match targets(api, was).await {
                Err(error) if error.is_not_found() => return Ok(()),
                there => there?,
            };
            remove_targets(api, was, &there).await?;
            let parameters = Json::from(of(was, "Name"));
            gone(api.call("events", "DeleteRule", &parameters).await)
        })
    }
}

/// Source: PutTargets.
const TARGETS_IN_A_CALL: usize = 10;

/// Parameters that name a rule.
fn of(made: &Made, member: &'static str) -> Object {
    let parameters = Object::default().with(member, made.attribute("passo:name"));
    match made.attribute("passo:bus") {
        "" => parameters,
        bus => parameters.with("EventBusName", bus),
    }
}

async fn targets(api: &Api, made: &Made) -> Result<Vec<String>, CallError> {
    let parameters = Json::from(of(made, "Rule"));
    let answer = api.call("events", "ListTargetsByRule", &parameters).await?;
    let targets = answer.get("Targets").and_then(Json::as_array);
    let targets = targets.into_iter().flat_map(|targets| targets.iter());
    Ok(targets
        .map(|target| member(target, "Id").to_owned())
        .collect())
}

async fn remove_targets(api: &Api, made: &Made, ids: &[String]) -> Result<(), CallError> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<Json> = ids.iter().map(|id| Json::from(id.as_str())).collect();
    let parameters = of(made, "Rule").with("Ids", ids);
    let remove = "RemoveTargets";
    let answer = api.call("events", remove, &Json::from(parameters)).await?;
    failed(&answer)
}

/// A call that was carried out in part.
fn failed(answer: &Json) -> Result<(), CallError> {
    let entries = answer.get("FailedEntries").and_then(Json::as_array);
    let Some(entry) = entries.and_then(|entries| entries.iter().next()) else {
        return Ok(());
    };
    Err(CallError::Fault {
        code: member(entry, "ErrorCode").to_owned(),
        message: member(entry, "ErrorMessage").to_owned(),
        status: 400,
    })
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn a_part_that_fails_is_a_fault() {
        assert!(failed(&json!({"FailedEntryCount": 0, "FailedEntries": []})).is_ok());
        let answer = json!({"FailedEntries": [{"ErrorCode": "A", "ErrorMessage": "b"}]});
        assert_eq!(failed(&answer).unwrap_err().to_string(), "A: b");
    }
}
