//! Provisioned concurrency, as records: processes start when they are needed, and stay warm for a while.

use passo_json::{Json, Object, ObjectBuilder, json};
use passo_service::Fault;

use super::super::faults;
use super::super::record::Provisioned;
use super::super::request::{Request, Target};
use super::super::service::Lambda;

type Answer = Result<Json, Fault>;

/// `PutProvisionedConcurrencyConfig`
pub(in super::super) fn put(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let (target, qualifier) = qualified(request)?;
    let wanted = request.get("ProvisionedConcurrentExecutions");
    let requested = wanted.and_then(Json::as_i64).unwrap_or(0);
    if requested < 1 {
        return Err(faults::constraint(
            &requested.to_string(),
            "provisionedConcurrentExecutions",
            "Member must have value greater than or equal to 1",
        ));
    }
    if qualifier == "$LATEST" {
        return Err(faults::invalid(
            "Provisioned Concurrency Configs cannot be applied to unpublished function versions.",
        ));
    }
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    record.version(&target)?;
    if i64::from(record.reserved_concurrency.unwrap_or(u32::MAX)) < requested {
        return Err(faults::invalid(
            "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function",
        ));
    }
    let provisioned = Provisioned {
        requested,
        last_modified: super::super::configuration::moment(),
    };
    let shown = show(&provisioned, "IN_PROGRESS", 0);
    record.provisioned.insert(qualifier, provisioned);
    lambda.table.put(&target, &record)?;
    Ok(Json::from(shown))
}

/// `GetProvisionedConcurrencyConfig`
pub(in super::super) fn get(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let (target, qualifier) = qualified(request)?;
    let record = lambda.table.get(&target)?;
    record.version(&target)?;
    let provisioned = record.provisioned.get(&qualifier).ok_or_else(none)?;
    Ok(Json::from(show(
        provisioned,
        "READY",
        provisioned.requested,
    )))
}

/// `DeleteProvisionedConcurrencyConfig`
pub(in super::super) fn delete(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let (target, qualifier) = qualified(request)?;
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    record.provisioned.remove(&qualifier).ok_or_else(none)?;
    lambda.table.put(&target, &record)?;
    Ok(Json::from(Object::default()))
}

/// `ListProvisionedConcurrencyConfigs`
pub(in super::super) fn list(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let record = lambda.table.get(&target)?;
    let items = record.provisioned.iter().map(|(qualifier, provisioned)| {
        let arn = format!("{}:{qualifier}", target.arn());
        let shown = show(provisioned, "READY", provisioned.requested);
        (
            qualifier.clone(),
            Json::from(shown.with("FunctionArn", arn)),
        )
    });
    let (page, marker) = request.page(items.collect());
    let mut answer = ObjectBuilder::new();
    answer
        .insert("ProvisionedConcurrencyConfigs", page)
        .insert_some("NextMarker", marker);
    Ok(Json::from(answer.build()))
}

fn qualified(request: &Request<'_>) -> Result<(Target, String), Fault> {
    let target = request.target()?;
    let qualifier = match target.qualifier.clone() {
        Some(qualifier) => qualifier,
        None => request.required("Qualifier")?.to_owned(),
    };
    Ok((target, qualifier))
}

fn none() -> Fault {
    let message = "No Provisioned Concurrency Config found for this function";
    Fault::caller("ProvisionedConcurrencyConfigNotFoundException", message).with_status(404)
}

fn show(provisioned: &Provisioned, status: &str, available: i64) -> Object {
    let shown = json!({
        "RequestedProvisionedConcurrentExecutions": (provisioned.requested),
        "AvailableProvisionedConcurrentExecutions": available,
        "AllocatedProvisionedConcurrentExecutions": available,
        "Status": status,
        "LastModified": (provisioned.last_modified.as_str())
    });
    shown.as_object().cloned().unwrap_or_default()
}
