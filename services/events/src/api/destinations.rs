//! API destinations.

use passo_json::Json;
use passo_service::Fault;
use passo_vocab::Arn;

use crate::connection::Connection;
use crate::destination::{Destination, METHODS, RATE_DEFAULT};
use crate::request::{Answer, Request, nothing};
use crate::{faults, names};

/// Characters of a name. Source: API Reference, "CreateApiDestination".
const NAME_MAX: usize = 64;

/// `CreateApiDestination`
pub(crate) fn create(request: &Request<'_>) -> Answer {
    let name = request.required("Name")?;
    if !names::is_legal(name, NAME_MAX) || name.contains('/') {
        return Err(faults::validation("ApiDestination name is not valid."));
    }
    let change = request.service.tables.records.change();
    if find(request, name)?.is_some() {
        return Err(faults::exists(format!(
            "An api-destination '{name}' already exists."
        )));
    }
    let (region, account) = (request.given.region(), request.given.account());
    let id = request.service.uuid();
    let now = request.now();
    let destination = Destination {
        arn: format!("arn:aws:events:{region}:{account}:api-destination/{name}/{id}"),
        name: name.to_owned(),
        description: request.given.text("Description").map(str::to_owned),
        connection: request.required("ConnectionArn")?.to_owned(),
        endpoint: request.required("InvocationEndpoint")?.to_owned(),
        method: request.required("HttpMethod")?.to_owned(),
        rate: request
            .given
            .number("InvocationRateLimitPerSecond")
            .unwrap_or(RATE_DEFAULT),
        created_at: now,
        modified_at: now,
    };
    keep(request, &change, &destination)?;
    Ok(Json::from(destination.outline().build()))
}

/// `UpdateApiDestination`: what is not given stays.
pub(crate) fn update(request: &Request<'_>) -> Answer {
    let change = request.service.tables.records.change();
    let mut destination = named(request)?;
    let text = |member: &str| request.given.text(member).map(str::to_owned);
    destination.description = text("Description").or(destination.description);
    for (member, kept) in [
        ("ConnectionArn", &mut destination.connection),
        ("InvocationEndpoint", &mut destination.endpoint),
        ("HttpMethod", &mut destination.method),
    ] {
        if let Some(given) = text(member) {
            *kept = given;
        }
    }
    if let Some(rate) = request.given.number("InvocationRateLimitPerSecond") {
        destination.rate = rate;
    }
    destination.modified_at = request.now();
    keep(request, &change, &destination)?;
    Ok(Json::from(destination.outline().build()))
}

/// `DescribeApiDestination`
pub(crate) fn describe(request: &Request<'_>) -> Answer {
    let destination = named(request)?;
    let mut shown = destination.shown();
    shown.insert_some("Description", destination.description.as_deref());
    Ok(Json::from(shown.build()))
}

/// `ListApiDestinations`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    let mut found = request.listed("destination", Destination::decode, |one| &one.name)?;
    if let Some(connection) = request.given.text("ConnectionArn") {
        found.retain(|destination| destination.connection == connection);
    }
    let show = |destination: &Destination| Json::from(destination.shown().build());
    Ok(request.page("ApiDestinations", found, |one| &one.name, show))
}

/// `DeleteApiDestination`
pub(crate) fn delete(request: &Request<'_>) -> Answer {
    let change = request.service.tables.records.change();
    let destination = named(request)?;
    change
        .remove(&key(request, &destination.name))
        .map_err(|error| faults::store(&error))?;
    Ok(nothing())
}

fn check(request: &Request<'_>, destination: &Destination) -> Result<(), Fault> {
    if !METHODS.contains(&&*destination.method) {
        return Err(faults::validation("HttpMethod is not valid."));
    }
    let endpoint = &destination.endpoint;
    if !(endpoint.starts_with("https://") || endpoint.starts_with("http://")) {
        return Err(faults::validation("InvocationEndpoint is not valid."));
    }
    if destination.rate < 1 {
        return Err(faults::validation(
            "1 validation error detected: Value at 'invocationRateLimitPerSecond' failed to satisfy constraint: Member must have value greater than or equal to 1",
        ));
    }
    let arn = &destination.connection;
    let unknown = || {
        Fault::caller(
            "ResourceNotFoundException",
            format!("Connection '{arn}' does not exist."),
        )
    };
    let parsed = Arn::parse(arn).map_err(|_| unknown())?;
    let (account, region, name) = names::place(&parsed, "connection").ok_or_else(unknown)?;
    let records = &request.service.tables.records;
    let row = records.find(&["connection", account, region, name]);
    let row = row.map_err(|error| faults::store(&error))?;
    let found = row.as_ref().and_then(Connection::decode);
    match found {
        Some(found) if found.arn == *arn => Ok(()),
        Some(_) | None => Err(unknown()),
    }
}

fn named(request: &Request<'_>) -> Result<Destination, Fault> {
    let name = request.required("Name")?;
    find(request, name)?.ok_or_else(|| {
        Fault::caller(
            "ResourceNotFoundException",
            format!("Failed to describe the api-destination(s). An api-destination '{name}' does not exist."),
        )
    })
}

fn find(request: &Request<'_>, name: &str) -> Result<Option<Destination>, Fault> {
    request.find("destination", name, Destination::decode)
}

fn keep(
    request: &Request<'_>,
    change: &passo_records::Changing<'_>,
    destination: &Destination,
) -> Result<(), Fault> {
    check(request, destination)?;
    change
        .put(&key(request, &destination.name), &destination.encode())
        .map_err(|error| faults::store(&error))
}

fn key<'a>(request: &Request<'a>, name: &'a str) -> [&'a str; 4] {
    let given = request.given;
    ["destination", given.account(), given.region(), name]
}
