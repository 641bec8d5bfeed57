//! Archives.

use passo_json::Json;
use passo_records::Changing;
use passo_service::Fault;
use passo_store::Batch;

use crate::api::rules::parsed;
use crate::archive::Archive;
use crate::faults;
use crate::names;
use crate::request::{Answer, Request, nothing, seconds};

/// Characters of a name. Source: API Reference, "CreateArchive".
const NAME_MAX: usize = 48;

/// `CreateArchive`
pub(crate) fn create(request: &Request<'_>) -> Answer {
    let name = request.required("ArchiveName")?;
    if !names::is_legal(name, NAME_MAX) || name.contains('/') {
        return Err(faults::validation("Archive name is not valid."));
    }
    let source = request.required("EventSourceArn")?;
    request.bus(names::bus(source))?;
    let pattern = pattern(request)?;
    let change = request.service.tables.records.change();
    if find(request, name)?.is_some() {
        return Err(faults::exists(format!("Archive {name} already exists.")));
    }
    let archive = Archive {
        id: request.service.uuid(),
        account: request.given.account().to_owned(),
        region: request.given.region().to_owned(),
        name: name.to_owned(),
        source: source.to_owned(),
        description: request.given.text("Description").map(str::to_owned),
        pattern,
        retention_days: request.given.number("RetentionDays").unwrap_or(0).max(0),
        created_at: request.now(),
    };
    keep(request, &change, &archive)?;
    Ok(outline(&archive))
}

/// `UpdateArchive`: what is not given stays.
pub(crate) fn update(request: &Request<'_>) -> Answer {
    let change = request.service.tables.records.change();
    let mut archive = named(request)?;
    if let Some(pattern) = pattern(request)? {
        archive.pattern = Some(pattern);
    }
    if let Some(description) = request.given.text("Description") {
        archive.description = Some(description.to_owned());
    }
    if let Some(days) = request.given.number("RetentionDays") {
        archive.retention_days = days.max(0);
    }
    keep(request, &change, &archive)?;
    Ok(outline(&archive))
}

/// `DescribeArchive`; what is too old goes on this occasion.
pub(crate) fn describe(request: &Request<'_>) -> Answer {
    let archive = named(request)?;
    let store = &request.service.ports.store;
    let mut batch = Batch::new();
    archive.forget_old(&mut batch, request.now());
    let held = match batch.is_empty() {
        true => Ok(()),
        false => store.commit(&batch, passo_store::Durability::Buffered),
    };
    let held = held.and_then(|()| archive.held(store, request.now()));
    let held = held.map_err(|error| faults::store(&error))?;
    let mut shown = archive.shown(held);
    shown
        .insert("ArchiveArn", archive.arn())
        .insert_some("Description", archive.description.as_deref())
        .insert_some("EventPattern", archive.pattern.as_deref());
    Ok(Json::from(shown.build()))
}

/// `ListArchives`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    request.one_filter("ListArchives")?;
    let (account, region) = (request.given.account(), request.given.region());
    let found = request.service.tables.archives(account, region)?;
    let mut found: Vec<Archive> = found;
    if let Some(prefix) = request.given.text("NamePrefix") {
        found.retain(|archive| archive.name.starts_with(prefix));
    }
    if let Some(source) = request.given.text("EventSourceArn") {
        found.retain(|archive| archive.source == source);
    }
    if request
        .given
        .text("State")
        .is_some_and(|state| state != "ENABLED")
    {
        found.clear();
    }
    let store = &request.service.ports.store;
    let show = |archive: &Archive| {
        let held = archive.held(store, request.now()).unwrap_or_default();
        Json::from(archive.shown(held).build())
    };
    Ok(request.page("Archives", found, |archive| &archive.name, show))
}

/// `DeleteArchive`: its events go with it.
pub(crate) fn delete(request: &Request<'_>) -> Answer {
    let change = request.service.tables.records.change();
    let archive = named(request)?;
    let mut batch = Batch::new();
    archive.forget_all(&mut batch);
    change.remove_into(&mut batch, &key(request, &archive.name));
    change
        .commit(&batch)
        .map_err(|error| faults::store(&error))?;
    let (account, region) = (request.given.account(), request.given.region());
    request
        .service
        .tables
        .changed(account, region, archive.bus());
    Ok(nothing())
}

fn pattern(request: &Request<'_>) -> Result<Option<String>, Fault> {
    let given = request.given.text("EventPattern");
    let given = given.filter(|pattern| !pattern.is_empty());
    if let Some(pattern) = given {
        parsed(pattern)?;
    }
    Ok(given.map(str::to_owned))
}

fn outline(archive: &Archive) -> Json {
    let mut shown = passo_json::ObjectBuilder::new();
    shown
        .insert("ArchiveArn", archive.arn())
        .insert("State", "ENABLED")
        .insert("CreationTime", seconds(archive.created_at));
    Json::from(shown.build())
}

fn named(request: &Request<'_>) -> Result<Archive, Fault> {
    let name = request.required("ArchiveName")?;
    find(request, name)?.ok_or_else(|| faults::no_archive(name))
}

fn find(request: &Request<'_>, name: &str) -> Result<Option<Archive>, Fault> {
    let row = request.service.tables.records.find(&key(request, name));
    let row = row.map_err(|error| faults::store(&error))?;
    Ok(row.as_ref().and_then(Archive::decode))
}

fn keep(request: &Request<'_>, change: &Changing<'_>, archive: &Archive) -> Result<(), Fault> {
    change
        .put(&key(request, &archive.name), &archive.encode())
        .map_err(|error| faults::store(&error))?;
    let (account, region) = (request.given.account(), request.given.region());
    request
        .service
        .tables
        .changed(account, region, archive.bus());
    Ok(())
}

fn key<'a>(request: &Request<'a>, name: &'a str) -> [&'a str; 4] {
    let given = request.given;
    ["archive", given.account(), given.region(), name]
}
