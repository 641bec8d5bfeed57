//! Deployments, which are an API as it was, and stages, which show one.

use passo_json::{Array, Json, Object, json};
use passo_service::Fault;

use super::nouns::{AUTHORIZER, DEPLOYMENT, GATEWAY_RESPONSE, MODEL, STAGE, VALIDATOR};
use super::resources::{RESOURCE, text};
use crate::control::{Answer, Noun, Request, nothing, patch, with_defaults};
use crate::faults;
use crate::table::Change;

pub(super) fn answer(request: &Request<'_>) -> Option<Answer> {
    Some(match request.operation.name {
        "CreateDeployment" => create(request),
        "DeleteDeployment" => delete(request),
        "CreateStage" => create_stage(request),
        "GetStages" => stages(request),
        "UpdateStage" => update_stage(request),
        "FlushStageCache" | "FlushStageAuthorizersCache" => {
            let stage = STAGE.find(request, request.text("stageName"));
            stage.map(|_| nothing())
        }
        operation => {
            let noun = [&STAGE, &DEPLOYMENT]
                .into_iter()
                .find_map(|noun| Some((noun, noun.verb(operation)?)));
            let (noun, verb) = noun?;
            noun.perform(request, verb)
        }
    })
}

/// The API as it is now, as a deployment keeps it.
fn snapshot(request: &Request<'_>) -> Result<Object, Fault> {
    let api = request.api(request.text("restApiId"))?;
    let resources = RESOURCE.all(request)?;
    let methods = resources.iter().filter_map(|row| {
        let methods = row.get("resourceMethods")?.as_object()?;
        (!methods.is_empty()).then(|| methods.clone())
    });
    let methods: Vec<Object> = methods.collect();
    if methods.is_empty() {
        return Err(faults::bad_request(
            "The REST API doesn't contain any methods",
        ));
    }
    let mut all = methods.iter().flat_map(Object::values);
    if all.any(|method| method.get("methodIntegration").is_none()) {
        return Err(faults::bad_request("No integration defined for method"));
    }
    let by_name = |noun: &Noun| -> Result<Object, Fault> {
        let rows = noun.all(request)?.into_iter();
        Ok(rows
            .map(|row| (text(&row, noun.member).to_owned(), Json::from(row.clone())))
            .collect())
    };
    let resources: Array = resources.into_iter().map(Json::from).collect();
    Ok(Object::default()
        .with("api", api)
        .with("resources", resources)
        .with("authorizers", by_name(&AUTHORIZER)?)
        .with("models", by_name(&MODEL)?)
        .with("validators", by_name(&VALIDATOR)?)
        .with("responses", by_name(&GATEWAY_RESPONSE)?))
}

fn create(request: &Request<'_>) -> Answer {
    let change = request.shared.table.change();
    let api = request.text("restApiId");
    let stage = request.given.text("stageName").filter(|it| !it.is_empty());
    if let Some(stage) = stage {
        check_name(stage)?;
    }
    let snapshot = snapshot(request)?;
    let id = request.shared.new_id(6);
    let description = request.given.text("description");
    let row = Object::default()
        .with("id", id.as_str())
        .with("createdDate", request.now());
    let row = match description {
        Some(description) => row.with("description", description),
        None => row,
    };
    let key = |kind: &str, name: &str| vec![kind.to_owned(), api.to_owned(), name.to_owned()];
    let mut rows = vec![
        (key("Snapshot", &id), snapshot),
        (key("Deployment", &id), row.clone()),
    ];
    if let Some(stage) = stage {
        let old = request.shared.table.find(&["Stage", api, stage])?;
        let new = stage_of(request, stage, &id, old);
        rows.push((key("Stage", stage), new));
    }
    change.put_all(rows)?;
    Ok(Json::from(row))
}

/// The stage that a deployment is shown on, new or as it was.
fn stage_of(request: &Request<'_>, name: &str, deployment: &str, old: Option<Object>) -> Object {
    let mut stage = old.unwrap_or_else(|| {
        let stage = Object::default()
            .with("stageName", name)
            .with("createdDate", request.now());
        with_defaults(stage, &stage_defaults())
    });
    for (member, given) in [
        ("description", "stageDescription"),
        ("variables", "variables"),
        ("cacheClusterEnabled", "cacheClusterEnabled"),
        ("cacheClusterSize", "cacheClusterSize"),
        ("tracingEnabled", "tracingEnabled"),
        ("canarySettings", "canarySettings"),
    ] {
        if let Some(given) = request.given.get(given) {
            stage = stage.with(member, given.clone());
        }
    }
    stage
        .with("deploymentId", deployment)
        .with("lastUpdatedDate", request.now())
}

fn stage_defaults() -> Json {
    json!({
        "cacheClusterEnabled": false,
        "cacheClusterStatus": "NOT_AVAILABLE",
        "methodSettings": {},
        "tracingEnabled": false
    })
}

/// A deployment that a stage shows stays.
fn delete(request: &Request<'_>) -> Answer {
    let id = request.text("deploymentId");
    DEPLOYMENT.find(request, id)?;
    let stages = STAGE.all(request)?;
    if stages.iter().any(|stage| text(stage, "deploymentId") == id) {
        return Err(faults::bad_request(
            "Active stages pointing to this deployment must be moved or deleted",
        ));
    }
    let change: Change<'_> = request.shared.table.change();
    let api = request.text("restApiId");
    change.remove(&["Deployment", api, id])?;
    change.remove(&["Snapshot", api, id])?;
    Ok(nothing())
}

/// Source: API Gateway REST API Reference, `CreateStage`.
fn check_name(name: &str) -> Result<(), Fault> {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.is_empty() || name.len() > 128 || !name.chars().all(legal) {
        return Err(faults::bad_request(
            "Stage name only allows a-zA-Z0-9_- and must be at most 128 characters",
        ));
    }
    Ok(())
}

fn has_deployment(request: &Request<'_>, id: &str) -> Result<(), Fault> {
    DEPLOYMENT
        .find(request, id)
        .map(drop)
        .map_err(|_| faults::bad_request("Deployment id does not exist"))
}

fn create_stage(request: &Request<'_>) -> Answer {
    let name = request.text("stageName");
    request.api(request.text("restApiId"))?;
    check_name(name)?;
    has_deployment(request, request.text("deploymentId"))?;
    if STAGE.find(request, name).is_ok() {
        return Err(faults::conflict("Stage already exists"));
    }
    let members = with_defaults(request.given_members(), &stage_defaults());
    STAGE.create(request, members)
}

/// Stages come in one page, under a name of their own.
fn stages(request: &Request<'_>) -> Answer {
    let wanted = request.given.text("deploymentId");
    let stages = STAGE.all(request)?.into_iter();
    let stages = stages.filter(|stage| wanted.is_none_or(|it| text(stage, "deploymentId") == it));
    let stages: Array = stages.map(Json::from).collect();
    Ok(json!({"item": stages}))
}

fn update_stage(request: &Request<'_>) -> Answer {
    let change = request.shared.table.change();
    let (api, name) = (request.text("restApiId"), request.text("stageName"));
    let stage = STAGE.find(request, name)?;
    let stage = match request.output() {
        Some(shape) => patch(request, shape, stage)?,
        None => stage,
    };
    has_deployment(request, text(&stage, "deploymentId"))?;
    let stage = stage.with("lastUpdatedDate", request.now());
    change.put(&["Stage", api, name], stage.clone())?;
    Ok(Json::from(stage))
}
