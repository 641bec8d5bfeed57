//! Connections. They are authorised as soon as they are there: a token is fetched when the first request needs it.

use passo_json::{Json, Object};
use passo_service::Fault;

use crate::connection::{AUTHORIZED, Connection, DEAUTHORIZED};
use crate::request::{Answer, Request, seconds};
use crate::{faults, names};

/// Characters of a connection's name. Source: API Reference, "CreateConnection".
const NAME_MAX: usize = 64;

/// `CreateConnection`
pub(crate) fn create(request: &Request<'_>) -> Answer {
    let name = request.required("Name")?;
    if !names::is_legal(name, NAME_MAX) || name.contains('/') {
        return Err(faults::validation("Connection name is not valid."));
    }
    let authorization = request.required("AuthorizationType")?;
    let Some(parameters) = request.given.object("AuthParameters") else {
        return Err(faults::validation("AuthParameters is required."));
    };
    check(authorization, parameters)?;
    let change = request.service.tables.records.change();
    if find(request, name)?.is_some() {
        return Err(Fault::caller(
            "ResourceAlreadyExistsException",
            format!("Connection {name} already exists."),
        ));
    }
    let (region, account) = (request.given.region(), request.given.account());
    let id = request.service.uuid();
    let now = request.now();
    let connection = Connection {
        arn: format!("arn:aws:events:{region}:{account}:connection/{name}/{id}"),
        name: name.to_owned(),
        description: request.given.text("Description").map(str::to_owned),
        authorization: authorization.to_owned(),
        parameters: parameters.clone(),
        state: AUTHORIZED.to_owned(),
        created_at: now,
        modified_at: now,
        authorized_at: now,
    };
    keep(request, &change, &connection)?;
    Ok(Json::from(connection.outline().build()))
}

/// `UpdateConnection`: what is not given stays.
pub(crate) fn update(request: &Request<'_>) -> Answer {
    let change = request.service.tables.records.change();
    let mut connection = named(request)?;
    if let Some(authorization) = request.given.text("AuthorizationType") {
        authorization.clone_into(&mut connection.authorization);
    }
    if let Some(description) = request.given.text("Description") {
        connection.description = Some(description.to_owned());
    }
    let given = request.given.object("AuthParameters");
    for (kind, given) in given.into_iter().flat_map(Object::iter) {
        connection.parameters = connection.parameters.with(&**kind, given.clone());
    }
    check(&connection.authorization, &connection.parameters)?;
    connection.modified_at = request.now();
    connection.authorized_at = request.now();
    AUTHORIZED.clone_into(&mut connection.state);
    keep(request, &change, &connection)?;
    Ok(authorized(&connection))
}

/// `DeauthorizeConnection`: forgets its secrets.
pub(crate) fn deauthorize(request: &Request<'_>) -> Answer {
    let change = request.service.tables.records.change();
    let mut connection = named(request)?;
    connection.parameters = connection.shown_parameters();
    connection.modified_at = request.now();
    DEAUTHORIZED.clone_into(&mut connection.state);
    keep(request, &change, &connection)?;
    Ok(authorized(&connection))
}

/// `DescribeConnection`
pub(crate) fn describe(request: &Request<'_>) -> Answer {
    let connection = named(request)?;
    let mut shown = connection.outline();
    shown
        .insert("Name", connection.name.as_str())
        .insert_some("Description", connection.description.as_deref())
        .insert("AuthorizationType", connection.authorization.as_str())
        .insert("AuthParameters", connection.shown_parameters())
        .insert("LastAuthorizedTime", seconds(connection.authorized_at));
    Ok(Json::from(shown.build()))
}

/// `ListConnections`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    let mut found = request.listed("connection", Connection::decode, |one| &one.name)?;
    if let Some(state) = request.given.text("ConnectionState") {
        found.retain(|connection| connection.state == state);
    }
    let show = |connection: &Connection| {
        let mut shown = connection.outline();
        shown
            .insert("Name", connection.name.as_str())
            .insert("AuthorizationType", connection.authorization.as_str())
            .insert("LastAuthorizedTime", seconds(connection.authorized_at));
        Json::from(shown.build())
    };
    Ok(request.page("Connections", found, |connection| &connection.name, show))
}

/// `DeleteConnection`
pub(crate) fn delete(request: &Request<'_>) -> Answer {
    let change = request.service.tables.records.change();
    let mut connection = named(request)?;
    change
        .remove(&key(request, &connection.name))
        .map_err(|error| faults::store(&error))?;
    "DELETING".clone_into(&mut connection.state);
    Ok(authorized(&connection))
}

fn authorized(connection: &Connection) -> Json {
    let mut shown = connection.outline();
    shown.insert("LastAuthorizedTime", seconds(connection.authorized_at));
    Json::from(shown.build())
}

/// Each kind of authorisation needs its own parameters.
fn check(authorization: &str, parameters: &Object) -> Result<(), Fault> {
    let (kind, members): (_, &[&str]) = match authorization {
        "BASIC" => ("BasicAuthParameters", &["Username", "Password"]),
        "API_KEY" => ("ApiKeyAuthParameters", &["ApiKeyName", "ApiKeyValue"]),
        "OAUTH_CLIENT_CREDENTIALS" => (
            "OAuthParameters",
            &["ClientParameters", "AuthorizationEndpoint", "HttpMethod"],
        ),
        _ => return Err(faults::validation("AuthorizationType is not valid.")),
    };
    let given = parameters.get(kind);
    let missing = |member: &&&str| given.is_none_or(|given| given.get(member).is_none());
    match members.iter().find(missing) {
        None => Ok(()),
        Some(member) => {
            let message =
                format!("Authorization type {authorization} needs AuthParameters.{kind}.{member}.");
            Err(faults::validation(message))
        }
    }
}

fn named(request: &Request<'_>) -> Result<Connection, Fault> {
    let name = request.required("Name")?;
    find(request, name)?.ok_or_else(|| {
        Fault::caller(
            "ResourceNotFoundException",
            format!("Failed to describe the connection(s). Connection '{name}' does not exist."),
        )
    })
}

fn find(request: &Request<'_>, name: &str) -> Result<Option<Connection>, Fault> {
    request.find("connection", name, Connection::decode)
}

fn keep(
    request: &Request<'_>,
    change: &passo_records::Changing<'_>,
    connection: &Connection,
) -> Result<(), Fault> {
    change
        .put(&key(request, &connection.name), &connection.encode())
        .map_err(|error| faults::store(&error))
}

fn key<'a>(request: &Request<'a>, name: &'a str) -> [&'a str; 4] {
    let given = request.given;
    ["connection", given.account(), given.region(), name]
}
