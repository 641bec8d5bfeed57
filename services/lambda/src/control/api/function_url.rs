//! The URLs of functions: made, shown, changed, removed.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use super::super::configuration::moment;
use super::super::faults;
use super::super::function_url::{AuthType, Place, UrlSettings};
use super::super::request::{Request, Target};
use super::super::service::Lambda;

type Answer = Result<Json, Fault>;

/// `CreateFunctionUrlConfig`
pub(in super::super) fn create(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = target(lambda, request)?;
    request.required("AuthType")?;
    let settings = lambda.urls.change(&target, |known| {
        if known.is_some() {
            return Err(faults::conflict(format!(
                "Failed to create function url config for [functionArn = {}]. Error message:  FunctionUrlConfig exists for this Lambda function",
                target.qualified_arn()
            )));
        }
        let now = moment();
        let settings = UrlSettings {
            id: Place::new_id(),
            account: target.account.clone(),
            region: target.region.clone(),
            name: target.name.clone(),
            qualifier: target.qualifier.clone(),
            auth_type: AuthType::None,
            cors: None,
            invoke_mode: "BUFFERED".to_owned(),
            created: now.clone(),
            modified: now,
        };
        changed(settings, request)
    })?;
    Ok(settings.show(lambda.port))
}

/// `GetFunctionUrlConfig`
pub(in super::super) fn get(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let found = lambda.urls.find(&target(lambda, request)?)?;
    Ok(found.ok_or_else(none)?.show(lambda.port))
}

/// `UpdateFunctionUrlConfig`
pub(in super::super) fn update(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = target(lambda, request)?;
    let settings = lambda.urls.change(&target, |known| {
        let mut settings = known.ok_or_else(none)?;
        settings.modified = moment();
        changed(settings, request)
    })?;
    Ok(settings.show(lambda.port))
}

/// `DeleteFunctionUrlConfig`
pub(in super::super) fn delete(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = target(lambda, request)?;
    if !lambda.urls.remove(&target)? {
        return Err(none());
    }
    Ok(Json::from(Object::default()))
}

/// `ListFunctionUrlConfigs`
pub(in super::super) fn list(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    lambda.table.get(&target)?;
    let all = lambda.urls.list(&target)?.into_iter();
    let items = all.map(|settings| {
        let place = settings.qualifier.clone().unwrap_or_default();
        (format!("/{place}"), settings.show(lambda.port))
    });
    let (page, marker) = request.page(items.collect());
    let mut answer = ObjectBuilder::new();
    answer
        .insert("FunctionUrlConfigs", page)
        .insert_some("NextMarker", marker);
    Ok(Json::from(answer.build()))
}

/// The function or alias, which is there.
fn target(lambda: &Lambda, request: &Request<'_>) -> Result<Target, Fault> {
    let mut target = request.target()?;
    let record = lambda.table.get(&target)?;
    target.qualifier = target.qualifier.filter(|qualifier| qualifier != "$LATEST");
    match target.qualifier.as_deref() {
        Some(qualifier) if qualifier.chars().all(|c| c.is_ascii_digit()) => {
            Err(faults::constraint(
                qualifier,
                "qualifier",
                "Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)",
            ))
        }
        Some(alias) if !record.aliases.contains_key(alias) => {
            Err(faults::not_found(&target.qualified_arn()))
        }
        Some(_) | None => Ok(target),
    }
}

fn changed(mut settings: UrlSettings, request: &Request<'_>) -> Result<UrlSettings, Fault> {
    if let Some(given) = request.text("AuthType") {
        settings.auth_type = AuthType::parse(given).ok_or_else(|| {
            let rule = "Member must satisfy enum value set: [NONE, AWS_IAM]";
            faults::constraint(given, "authType", rule)
        })?;
    }
    if let Some(given) = request.text("InvokeMode") {
        if !matches!(given, "BUFFERED" | "RESPONSE_STREAM") {
            let rule = "Member must satisfy enum value set: [BUFFERED, RESPONSE_STREAM]";
            return Err(faults::constraint(given, "invokeMode", rule));
        }
        given.clone_into(&mut settings.invoke_mode);
    }
    if let Some(cors) = request.get("Cors").and_then(Json::as_object) {
        // An empty one takes away what is there.
        settings.cors = Some(cors.clone()).filter(|cors| !cors.is_empty());
    }
    Ok(settings)
}

fn none() -> Fault {
    faults::missing("The resource you requested does not exist.")
}
