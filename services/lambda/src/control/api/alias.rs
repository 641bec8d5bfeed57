//! Aliases: names for versions.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use super::super::faults;
use super::super::record::{Alias, FunctionRecord, number};
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
    let second = weights(&record, &target, &version, request)?.unwrap_or_default();
    let alias = Alias {
        version,
        second,
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
    let known = record
        .aliases
        .get(name)
        .ok_or_else(|| unknown(&target, name))?;
    if let Some(version) = request.text("FunctionVersion") {
        check_version(&record, &target, version)?;
    }
    let version = request.text("FunctionVersion").unwrap_or(&known.version);
    let second = weights(&record, &target, version, request)?;
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
    if let Some(second) = second {
        alias.second = second;
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
        record.provisioned.remove(name);
        let alias = Target {
            qualifier: Some(name.to_owned()),
            ..target.clone()
        };
        lambda.urls.remove(&alias)?;
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

/// What a `RoutingConfig` says; `None` where there is none.
fn weights(
    record: &FunctionRecord,
    target: &Target,
    first: &str,
    request: &Request<'_>,
) -> Result<Option<Option<(String, f64)>>, Fault> {
    let Some(routing) = request.get("RoutingConfig") else {
        return Ok(None);
    };
    let given = routing
        .get("AdditionalVersionWeights")
        .and_then(Json::as_object);
    let mut given = given.into_iter().flat_map(Object::iter);
    let Some((version, weight)) = given.next() else {
        return Ok(Some(None));
    };
    if given.next().is_some() {
        return Err(faults::invalid(
            "Number of items in AdditionalVersionWeights cannot be greater than 1",
        ));
    }
    let weight = weight
        .as_f64()
        .filter(|weight| (0.0..=1.0).contains(weight));
    let weight = weight
        .ok_or_else(|| faults::invalid("Additional version weight must be in range [0.0, 1.0]"))?;
    if first == "$LATEST" || &**version == "$LATEST" {
        return Err(faults::invalid(
            "$LATEST is not supported for an alias pointing to more than 1 version",
        ));
    }
    if &**version == first {
        let message = format!(
            "Invalid function version {first}. Function version {first} is already included in routing configuration."
        );
        return Err(faults::invalid(message));
    }
    check_version(record, target, version)?;
    Ok(Some(Some((version.to_string(), weight))))
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
    if let Some((version, weight)) = &alias.second {
        let weights: Object = number(*weight)
            .map(|weight| (version.as_str(), weight))
            .into_iter()
            .collect();
        shown.insert(
            "RoutingConfig",
            Object::default().with("AdditionalVersionWeights", weights),
        );
    }
    Json::from(shown.build())
}
