//! Buses. The default one is there without having been made.

use passo_json::{Json, Limits, Object, ObjectBuilder};

use crate::faults;
use crate::names::{self, DEFAULT_BUS, bus_arn};
use crate::records::Bus;
use crate::request::{Answer, Request, nothing, seconds};

/// Characters of a bus's name. Source: API Reference, "CreateEventBus".
const NAME_MAX: usize = 256;

/// `CreateEventBus`
pub(crate) fn create(request: &Request<'_>) -> Answer {
    let name = request.required("Name")?;
    if !names::is_legal(name, NAME_MAX) || name.contains('/') {
        return Err(faults::validation("EventBus name is not valid."));
    }
    let change = request.service.tables.records.change();
    if request.bus(name).is_ok() {
        return Err(faults::bus_exists(name));
    }
    let bus = Bus {
        name: name.to_owned(),
        description: request.given.text("Description").map(str::to_owned),
        tags: request.given.tags("Tags"),
        created_at: request.now(),
        policy: None,
    };
    request.keep_bus(&change, &bus)?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("EventBusArn", arn(request, name))
        .insert_some("Description", bus.description);
    Ok(Json::from(answer.build()))
}

/// `UpdateEventBus`
pub(crate) fn update(request: &Request<'_>) -> Answer {
    let change = request.service.tables.records.change();
    let mut bus = request.bus(request.bus_name("Name"))?;
    if let Some(description) = request.given.text("Description") {
        bus.description = Some(description.to_owned());
    }
    request.keep_bus(&change, &bus)?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Arn", arn(request, &bus.name))
        .insert("Name", bus.name.as_str())
        .insert_some("Description", bus.description);
    Ok(Json::from(answer.build()))
}

/// `DescribeEventBus`
pub(crate) fn describe(request: &Request<'_>) -> Answer {
    let bus = request.bus(request.bus_name("Name"))?;
    Ok(shown(request, &bus))
}

/// `ListEventBuses`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    let (account, region) = (request.given.account(), request.given.region());
    let mut buses = request.service.tables.buses(account, region)?;
    if let Some(prefix) = request.given.text("NamePrefix") {
        buses.retain(|bus| bus.name.starts_with(prefix));
    }
    Ok(request.page(
        "EventBuses",
        buses,
        |bus| &bus.name,
        |bus| shown(request, bus),
    ))
}

/// `DeleteEventBus`: one that is not there is deleted already.
pub(crate) fn delete(request: &Request<'_>) -> Answer {
    let name = names::bus(request.required("Name")?);
    if name == DEFAULT_BUS {
        return Err(faults::validation("Cannot delete event bus default."));
    }
    let (account, region) = (request.given.account(), request.given.region());
    let change = request.service.tables.records.change();
    if !request
        .service
        .tables
        .rules(account, region, name)?
        .is_empty()
    {
        return Err(faults::validation(
            "Event bus can't be deleted since it has rules.",
        ));
    }
    change
        .remove(&["bus", account, region, name])
        .map_err(|error| faults::store(&error))?;
    Ok(nothing())
}

/// `PutPermission`: the policy is a record.
pub(crate) fn put_permission(request: &Request<'_>) -> Answer {
    let change = request.service.tables.records.change();
    let mut bus = request.bus(request.bus_name("EventBusName"))?;
    let given = request.given;
    if let Some(policy) = given.text("Policy") {
        if passo_json::validate(policy, Limits::default()).is_err() {
            return Err(faults::validation("Policy is not valid JSON."));
        }
        bus.policy = Some(policy.to_owned());
    } else {
        let id = request.required("StatementId")?;
        let mut statement = ObjectBuilder::new();
        statement
            .insert("Sid", id)
            .insert("Effect", "Allow")
            .insert("Principal", request.required("Principal")?)
            .insert("Action", request.required("Action")?)
            .insert("Resource", arn(request, &bus.name))
            .insert_some("Condition", given.get("Condition").cloned());
        let mut statements = statements(&bus);
        statements.retain(|one| one.get("Sid").and_then(Json::as_str) != Some(id));
        statements.push(Json::from(statement.build()));
        bus.policy = Some(policy(statements));
    }
    request.keep_bus(&change, &bus)?;
    Ok(nothing())
}

/// `RemovePermission`
pub(crate) fn remove_permission(request: &Request<'_>) -> Answer {
    let change = request.service.tables.records.change();
    let mut bus = request.bus(request.bus_name("EventBusName"))?;
    let mut left = statements(&bus);
    if request.given.flag("RemoveAllPermissions") {
        left.clear();
    } else {
        let id = request.required("StatementId")?;
        let before = left.len();
        left.retain(|one| one.get("Sid").and_then(Json::as_str) != Some(id));
        if left.len() == before {
            return Err(passo_service::Fault::caller(
                "ResourceNotFoundException",
                "Statement with the provided id does not exist.",
            ));
        }
    }
    bus.policy = (!left.is_empty()).then(|| policy(left));
    request.keep_bus(&change, &bus)?;
    Ok(nothing())
}

fn statements(bus: &Bus) -> Vec<Json> {
    let policy = bus
        .policy
        .as_deref()
        .and_then(|text| Json::parse(text).ok());
    let statements = policy.as_ref().and_then(|policy| policy.get("Statement"));
    statements
        .and_then(Json::as_array)
        .map(|list| list.to_vec())
        .unwrap_or_default()
}

fn policy(statements: Vec<Json>) -> String {
    let policy = Object::default()
        .with("Version", "2012-10-17")
        .with("Statement", statements);
    Json::from(policy).to_text()
}

fn arn(request: &Request<'_>, bus: &str) -> String {
    bus_arn(request.given.region(), request.given.account(), bus)
}

fn shown(request: &Request<'_>, bus: &Bus) -> Json {
    let mut shown = ObjectBuilder::new();
    shown
        .insert("Name", bus.name.as_str())
        .insert("Arn", arn(request, &bus.name))
        .insert_some("Description", bus.description.as_deref())
        .insert_some("Policy", bus.policy.as_deref())
        .insert("CreationTime", seconds(bus.created_at))
        .insert("LastModifiedTime", seconds(bus.created_at));
    Json::from(shown.build())
}
