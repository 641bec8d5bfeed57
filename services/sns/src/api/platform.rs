//! Platform applications and their endpoints, kept as records: push messages go nowhere.

use passo_json::{Json, Object, ObjectBuilder};
use passo_records::Parameters;
use passo_service::Fault;

use super::{listed, one, required};
use crate::faults;
use crate::sns::{Sns, nothing};

pub(crate) fn create_application(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let name = required(&request, "Name")?;
    let platform = required(&request, "Platform")?;
    let resource = format!("app/{platform}/{name}");
    let arn = arn(&request, &resource);
    let attributes = request.object("Attributes").cloned().unwrap_or_default();
    put(sns, &arn, attributes.with("Enabled", "true"))?;
    Ok(one("PlatformApplicationArn", arn))
}

/// The same token yields the same endpoint.
pub(crate) fn create_endpoint(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let application = required(&request, "PlatformApplicationArn")?;
    let token = required(&request, "Token")?;
    find(sns, application)?;
    let of = endpoints_of(application);
    let known = rows(sns, &request)?.into_iter().find(|(resource, row)| {
        let same = row.pointer("/attributes/Token").and_then(Json::as_str) == Some(token);
        resource.starts_with(&of) && same
    });
    if let Some((resource, _)) = known {
        return Ok(one("EndpointArn", arn(&request, &resource)));
    }
    let arn = arn(&request, &format!("{of}{}", sns.uuid()));
    let mut attributes = request.object("Attributes").cloned().unwrap_or_default();
    if let Some(data) = request.text("CustomUserData") {
        attributes = attributes.with("CustomUserData", data);
    }
    put(
        sns,
        &arn,
        attributes.with("Enabled", "true").with("Token", token),
    )?;
    Ok(one("EndpointArn", arn))
}

pub(crate) fn delete(sns: &Sns, request: Parameters<'_>, member: &str) -> Result<Json, Fault> {
    let arn = required(&request, member)?;
    let change = sns.platform.change();
    change
        .remove(&key(arn))
        .map_err(|error| faults::store(&error))?;
    Ok(nothing())
}

pub(crate) fn get_attributes(
    sns: &Sns,
    request: Parameters<'_>,
    member: &str,
) -> Result<Json, Fault> {
    let row = find(sns, required(&request, member)?)?;
    let attributes = row.get("attributes").cloned();
    Ok(one("Attributes", attributes.unwrap_or_else(nothing)))
}

pub(crate) fn set_attributes(
    sns: &Sns,
    request: Parameters<'_>,
    member: &str,
) -> Result<Json, Fault> {
    let arn = required(&request, member)?;
    let row = find(sns, arn)?;
    let mut attributes = row
        .get("attributes")
        .and_then(Json::as_object)
        .cloned()
        .unwrap_or_default();
    for (name, value) in request.map("Attributes") {
        attributes = attributes.with(name, value);
    }
    put(sns, arn, attributes)?;
    Ok(nothing())
}

pub(crate) fn list_applications(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    list(
        sns,
        &request,
        "app/",
        "PlatformApplications",
        "PlatformApplicationArn",
    )
}

pub(crate) fn list_endpoints(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let application = required(&request, "PlatformApplicationArn")?;
    find(sns, application)?;
    list(
        sns,
        &request,
        &endpoints_of(application),
        "Endpoints",
        "EndpointArn",
    )
}

/// The row of an application or an endpoint.
///
/// # Errors
/// Where there is none.
pub(crate) fn find(sns: &Sns, arn: &str) -> Result<Json, Fault> {
    let row = sns.platform.find(&key(arn));
    let row = row.map_err(|error| faults::store(&error))?;
    row.ok_or_else(|| {
        faults::not_found(if arn.contains(":endpoint/") {
            "Endpoint does not exist"
        } else {
            "PlatformApplication does not exist"
        })
    })
}

fn list(
    sns: &Sns,
    request: &Parameters<'_>,
    prefix: &str,
    member: &'static str,
    arn_member: &'static str,
) -> Result<Json, Fault> {
    let rows = rows(sns, request)?.into_iter();
    let rows = rows.filter(|(resource, _)| resource.starts_with(prefix));
    let items = rows.map(|(resource, row)| {
        let mut item = ObjectBuilder::new();
        item.insert(arn_member, arn(request, &resource))
            .insert_some("Attributes", row.get("attributes").cloned());
        (resource, Json::from(item.build()))
    });
    Ok(listed(request, member, items.collect()))
}

fn rows(sns: &Sns, request: &Parameters<'_>) -> Result<Vec<(String, Json)>, Fault> {
    let rows = sns
        .platform
        .list(&[request.account(), request.region(), "platform"]);
    rows.map_err(|error| faults::store(&error))
}

fn put(sns: &Sns, arn: &str, attributes: Object) -> Result<(), Fault> {
    let change = sns.platform.change();
    change
        .put(&key(arn), &one("attributes", attributes))
        .map_err(|error| faults::store(&error))
}

/// The beginning of the resources of an application's endpoints.
fn endpoints_of(application: &str) -> String {
    let resource = application.splitn(6, ':').nth(5).unwrap_or_default();
    let of = resource.strip_prefix("app/").unwrap_or(resource);
    format!("endpoint/{of}/")
}

fn arn(request: &Parameters<'_>, resource: &str) -> String {
    format!(
        "arn:aws:sns:{}:{}:{resource}",
        request.region(),
        request.account()
    )
}

/// Account, region and resource of an ARN; parts that are missing are empty.
fn key(arn: &str) -> [&str; 4] {
    let mut parts = arn.splitn(6, ':').skip(3);
    let region = parts.next().unwrap_or_default();
    let account = parts.next().unwrap_or_default();
    [
        account,
        region,
        "platform",
        parts.next().unwrap_or_default(),
    ]
}
