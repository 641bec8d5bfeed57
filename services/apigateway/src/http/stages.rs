//! Stages and deployments.

use passo_json::{Json, Object, json};
use passo_service::Fault;

use super::nouns::{DEPLOYMENT, STAGE};
use super::{key, snapshot, text};
use crate::control::{Answer, Request, Verb, nothing, parts, with_defaults};
use crate::faults;

pub(super) fn answer(request: &Request<'_>) -> Option<Answer> {
    let operation = request.operation.name;
    if let Some(verb) = STAGE.verb(operation) {
        return Some(match verb {
            Verb::Create => create_stage(request),
            Verb::Update => STAGE.update(request, |stage| {
                has_deployment(request, &stage).map(|()| stage)
            }),
            Verb::Get | Verb::List | Verb::Delete => STAGE.perform(request, verb),
        });
    }
    if let Some(verb) = DEPLOYMENT.verb(operation) {
        return Some(match verb {
            Verb::Create => deploy(request),
            Verb::Delete => delete(request),
            Verb::Get | Verb::List | Verb::Update => DEPLOYMENT.perform(request, verb),
        });
    }
    match operation {
        "DeleteAccessLogSettings" => {
            Some(without(request, |stage| stage.without("AccessLogSettings")))
        }
        "DeleteRouteSettings" => Some(without(request, |stage| {
            let settings = stage.get("RouteSettings").and_then(Json::as_object);
            let settings = settings.cloned().unwrap_or_default();
            let settings = settings.without(request.text("RouteKey"));
            stage.clone().with("RouteSettings", settings)
        })),
        _ => None,
    }
}

pub(super) fn with_stage_defaults(request: &Request<'_>, stage: Object) -> Object {
    let stage = stage
        .with("CreatedDate", request.now())
        .with("LastUpdatedDate", request.now());
    with_defaults(
        stage,
        &json!({
            "AutoDeploy": false,
            "DefaultRouteSettings": {"DetailedMetricsEnabled": false},
            "RouteSettings": {},
            "StageVariables": {},
            "Tags": {}
        }),
    )
}

/// Source: API Gateway V2 API Reference, `CreateStage`.
fn create_stage(request: &Request<'_>) -> Answer {
    let name = request.text("StageName");
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name != "$default" && (name.is_empty() || !name.chars().all(legal)) {
        return Err(faults::bad_request(
            "Stage name only allows a-zA-Z0-9_- and $default",
        ));
    }
    let stage = with_stage_defaults(request, request.given_members());
    has_deployment(request, &stage)?;
    STAGE.create(request, stage)
}

fn has_deployment(request: &Request<'_>, stage: &Object) -> Result<(), Fault> {
    let id = text(stage, "DeploymentId");
    match id.is_empty() || DEPLOYMENT.find(request, id).is_ok() {
        true => Ok(()),
        false => Err(faults::bad_request("Invalid deployment id specified")),
    }
}

fn deploy(request: &Request<'_>) -> Answer {
    let change = request.shared.table.change();
    let api = request.text("ApiId");
    let whole = snapshot(&request.shared.table, api, &request.api(api)?)?;
    let id = request.shared.new_id(6);
    let row = Object::default()
        .with("DeploymentId", id.as_str())
        .with("DeploymentStatus", "DEPLOYED")
        .with("AutoDeployed", false)
        .with("CreatedDate", request.now());
    let row = match request.given.text("Description") {
        Some(description) => row.with("Description", description),
        None => row,
    };
    let mut rows = vec![
        (key(&DEPLOYMENT, api, &id), row.clone()),
        (
            vec!["Snapshot".to_owned(), api.to_owned(), id.clone()],
            whole,
        ),
    ];
    if let Some(stage) = request.given.text("StageName") {
        let old = STAGE.find(request, stage)?;
        let new = old
            .with("DeploymentId", id)
            .with("LastUpdatedDate", request.now());
        rows.push((key(&STAGE, api, stage), new));
    }
    change.put_all(rows)?;
    Ok(Json::from(row))
}

fn delete(request: &Request<'_>) -> Answer {
    let id = request.text("DeploymentId");
    DEPLOYMENT.find(request, id)?;
    let stages = STAGE.all(request)?;
    if stages.iter().any(|stage| text(stage, "DeploymentId") == id) {
        return Err(faults::bad_request(
            "Active stages pointing to this deployment must be moved or deleted",
        ));
    }
    let change = request.shared.table.change();
    change.remove(&["Deployment", request.text("ApiId"), id])?;
    change.remove(&["Snapshot", request.text("ApiId"), id])?;
    Ok(nothing())
}

/// A stage that has lost something.
fn without(request: &Request<'_>, change: impl Fn(&Object) -> Object) -> Answer {
    let changing = request.shared.table.change();
    let (api, name) = (request.text("ApiId"), request.text("StageName"));
    let stage = STAGE.find(request, name)?;
    changing.put(&parts(&key(&STAGE, api, name)), change(&stage))?;
    Ok(nothing())
}
