//! Published versions.

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use super::super::configuration::Configuration;
use super::super::faults;
use super::super::record::FunctionRecord;
use super::super::request::Request;
use super::super::service::Lambda;

/// Versions of one function, at most: a row stays small. AWS bounds only the storage of code.
const VERSIONS_MAX: usize = 1000;

type Answer = Result<Json, Fault>;

/// `PublishVersion`
pub(in super::super) fn publish(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    if let Some(wanted) = request.text("CodeSha256")
        && wanted != record.latest.code_sha256
    {
        return Err(faults::invalid(format!(
            "CodeSHA256 ({wanted}) is different from current CodeSHA256 in $LATEST ({}). Please try again with the CodeSHA256 in $LATEST.",
            record.latest.code_sha256
        )));
    }
    let published = add(&mut record, request.text("Description"))?;
    let qualifier = published.version.clone();
    let shown = published.show(Some(&qualifier));
    lambda.table.put(&target, &record)?;
    Ok(Json::from(shown))
}

/// `ListVersionsByFunction`
pub(in super::super) fn list(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let record = lambda.table.get(&request.target()?)?;
    let items = record.configurations().map(|configuration| {
        let shown = configuration.show(Some(&configuration.version));
        (place(configuration), Json::from(shown))
    });
    let (page, marker) = request.page(items.collect());
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Versions", page)
        .insert_some("NextMarker", marker);
    Ok(Json::from(answer.build()))
}

/// Publishes what `$LATEST` is. Where nothing has changed since the last version, that one stays the last.
pub(super) fn add<'a>(
    record: &'a mut FunctionRecord,
    description: Option<&str>,
) -> Result<&'a Configuration, Fault> {
    let mut published = record.latest.clone();
    published.version = record.next_version.to_string();
    if let Some(description) = description {
        description.clone_into(&mut published.description);
    }
    let unchanged = record.versions.last().is_some_and(|last| {
        let mut same = published.clone();
        same.version.clone_from(&last.version);
        same.revision_id.clone_from(&last.revision_id);
        same.last_modified.clone_from(&last.last_modified);
        same == *last
    });
    if !unchanged {
        if record.versions.len() >= VERSIONS_MAX {
            return Err(faults::invalid(format!(
                "A function has at most {VERSIONS_MAX} versions."
            )));
        }
        published.touch();
        record.next_version += 1;
        record.versions.push(published);
    }
    Ok(record.versions.last().unwrap_or(&record.latest))
}

/// Where a version stands in lists: by name, `$LATEST` first, then by number.
pub(super) fn place(configuration: &Configuration) -> String {
    let number: u64 = configuration.version.parse().unwrap_or(0);
    format!("{}:{number:020}", configuration.name)
}
