//! Aliases: names for versions.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use super::super::faults;
use super::super::record::{Alias, FunctionRecord};
use super::super::request::{Request, Target};
use super::super::service::Lambda;

/// Aliases of one function, at most: a row stays small.
const ALIASES_MAX: usize = 1000;

type Answer = Result<Json, Fault>;

/// `CreateAlias`
pub(in super::super) fn create(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let name = request.required("Name")?.to_owned();
    let version = request.required("FunctionVersion")?.to_owned();
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(legal) || name.chars().all(|c| c.is_ascii_digit()) {
        return Err(faults::constraint(
            &name,
            "name",
            "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
        ));
    }
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    check_version(&record, &target, &version)?;
    if record.aliases.contains_key(&name) {
        let arn = format!("{}:{name}", target.arn());
        return Err(faults::conflict(format!("Alias already exists: {arn}")));
    }
    if record.aliases.len() >= ALIASES_MAX {
        return Err(faults::invalid(format!(
            "A function has at most {ALIASES_MAX} aliases."
        )));
    }
    let alias = Alias {
        version,
        description: request.text("Description").unwrap_or_default().to_owned(),
        revision_id: crate::entropy::random_uuid(),
    };
    let shown = show(&target, &name, &alias);
    record.aliases.insert(name, alias);
    lambda.table.put(&target, &record)?;
    Ok(shown)
}

/// `GetAlias`
pub(in super::super) fn get(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let name = request.required("Name")?;
    let record = lambda.table.get(&target)?;
    let alias = record
        .aliases
        .get(name)
        .ok_or_else(|| unknown(&target, name))?;
    Ok(show(&target, name, alias))
}

/// `UpdateAlias`
pub(in super::super) fn update(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let name = request.required("Name")?;
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    if let Some(version) = request.text("FunctionVersion") {
        check_version(&record, &target, version)?;
    }
    let alias = record
        .aliases
        .get_mut(name)
        .ok_or_else(|| unknown(&target, name))?;
    if let Some(version) = request.text("FunctionVersion") {
        version.clone_into(&mut alias.version);
    }
    if let Some(description) = request.text("Description") {
        description.clone_into(&mut alias.description);
    }
    alias.revision_id = crate::entropy::random_uuid();
    let shown = show(&target, name, alias);
    lambda.table.put(&target, &record)?;
    Ok(shown)
}

/// `DeleteAlias`: one that is not there is gone, too.
pub(in super::super) fn delete(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let name = request.required("Name")?;
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    if record.aliases.remove(name).is_some() {
        lambda.table.put(&target, &record)?;
    }
    Ok(Json::from(Object::default()))
}

/// `ListAliases`
pub(in super::super) fn list(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let record = lambda.table.get(&target)?;
    let wanted = request.text("FunctionVersion");
    let aliases = record.aliases.iter();
    let aliases =
        aliases.filter(|(_, alias)| wanted.is_none_or(|version| alias.version == version));
    let items = aliases.map(|(name, alias)| (name.clone(), show(&target, name, alias)));
    let (page, marker) = request.page(items.collect());
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Aliases", page)
        .insert_some("NextMarker", marker);
    Ok(Json::from(answer.build()))
}

fn check_version(record: &FunctionRecord, target: &Target, version: &str) -> Result<(), Fault> {
    let known = record
        .configurations()
        .any(|published| published.version == version);
    if known {
        return Ok(());
    }
    Err(faults::not_found(&format!("{}:{version}", target.arn())))
}

fn unknown(target: &Target, name: &str) -> Fault {
    let arn = format!("{}:{name}", target.arn());
    faults::missing(format!("Cannot find alias arn: {arn}"))
}

fn show(target: &Target, name: &str, alias: &Alias) -> Json {
    let mut shown = ObjectBuilder::new();
    shown
        .insert("AliasArn", format!("{}:{name}", target.arn()))
        .insert("Name", name)
        .insert("FunctionVersion", alias.version.as_str())
        .insert("Description", alias.description.as_str())
        .insert("RevisionId", alias.revision_id.as_str());
    Json::from(shown.build())
}
