//! Functions: created, shown, changed, deleted.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use super::super::code::Code;
use super::super::configuration::Configuration;
use super::super::faults;
use super::super::record::FunctionRecord;
use super::super::request::Request;
use super::super::service::Lambda;
use super::super::source;
use super::{layer, version};

type Answer = Result<Json, Fault>;

/// `CreateFunction`
pub(in super::super) async fn create(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let mut configuration = Configuration::new(request, target.arn(), target.name.clone())?;
    if let Some(layers) = layer::used(lambda, request)? {
        configuration.layers = layers;
    }
    let source = request
        .get("Code")
        .ok_or_else(|| faults::invalid("Please provide a source for function code."))?;
    if lambda.table.find(&target)?.is_some() {
        return Err(exists(&target.name));
    }
    // Outside of the lock: unpacking takes its time.
    let code = code(lambda, request, source).await?;
    let _changing = lambda.changing();
    if lambda.table.find(&target)?.is_some() {
        return Err(exists(&target.name));
    }
    configuration.set_code(code);
    let mut record = FunctionRecord::new(configuration);
    record.tags.extend(request.texts("Tags"));
    let mut shown = record.latest.show(None);
    if request.flag("Publish") {
        shown = version::add(&mut record, None)?.show(None);
    }
    lambda.table.put(&target, &record)?;
    Ok(Json::from(shown))
}

/// `GetFunction`
pub(in super::super) fn get(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let record = lambda.table.get(&target)?;
    let configuration = record.version(&target)?;
    let mut code = ObjectBuilder::new();
    code.insert("RepositoryType", "S3");
    let mut answer = ObjectBuilder::new();
    answer
        .insert(
            "Configuration",
            configuration.show(target.qualifier.as_deref()),
        )
        .insert("Code", code.build());
    if let Some(reserved) = record.reserved_concurrency {
        let mut concurrency = ObjectBuilder::new();
        concurrency.insert("ReservedConcurrentExecutions", i64::from(reserved));
        answer.insert("Concurrency", concurrency.build());
    }
    if !record.tags.is_empty() {
        let tags = record.tags.iter();
        let tags = tags.map(|(key, value)| (key.as_str(), Json::from(value.as_str())));
        answer.insert("Tags", tags.collect::<Object>());
    }
    Ok(Json::from(answer.build()))
}

/// `GetFunctionConfiguration`
pub(in super::super) fn get_configuration(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let record = lambda.table.get(&target)?;
    let shown = record.version(&target)?.show(target.qualifier.as_deref());
    Ok(Json::from(shown))
}

/// `GetFunctionCodeSigningConfig`: there is never one.
pub(in super::super) fn get_code_signing(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    lambda.table.get(&target)?;
    let mut answer = ObjectBuilder::new();
    answer.insert("FunctionName", target.name);
    Ok(Json::from(answer.build()))
}

/// `UpdateFunctionCode`
pub(in super::super) async fn update_code(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    lambda.table.get(&target)?;
    let code = code(lambda, request, &request.call.parameters).await?;
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    check_revision(&record, request)?;
    record.latest.set_code(code);
    let mut shown = record.latest.show(None);
    if request.flag("Publish") {
        shown = version::add(&mut record, None)?.show(None);
    }
    if !request.flag("DryRun") {
        lambda.table.put(&target, &record)?;
    }
    Ok(Json::from(shown))
}

/// `UpdateFunctionConfiguration`
pub(in super::super) fn update_configuration(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    check_revision(&record, request)?;
    record.latest.update(request)?;
    if let Some(layers) = layer::used(lambda, request)? {
        record.latest.layers = layers;
    }
    lambda.table.put(&target, &record)?;
    Ok(Json::from(record.latest.show(None)))
}

/// `ListFunctions`
pub(in super::super) fn list(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let caller = &request.call.caller;
    let records = lambda
        .table
        .list(caller.account.as_str(), caller.region.as_str())?;
    let all_versions = request.text("FunctionVersion") == Some("ALL");
    let mut items = Vec::new();
    for record in &records {
        for configuration in record.configurations() {
            let latest = configuration.version == "$LATEST";
            if latest || all_versions {
                let place = version::place(configuration);
                let qualifier = all_versions.then_some(&*configuration.version);
                items.push((place, Json::from(configuration.show(qualifier))));
            }
        }
    }
    let (page, marker) = request.page(items);
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Functions", page)
        .insert_some("NextMarker", marker);
    Ok(Json::from(answer.build()))
}

/// `DeleteFunction`
pub(in super::super) fn delete(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    match target.qualifier.as_deref() {
        None => {
            lambda.table.delete(&target)?;
            lambda.event_settings.forget(&target)?;
            lambda.urls.forget(&target)?;
            if let Ok(arn) = passo_vocab::Arn::parse(&target.arn()) {
                lambda.functions.forget(&arn);
            }
        }
        Some("$LATEST") => {
            return Err(faults::invalid(
                "$LATEST version cannot be deleted without deleting the function.",
            ));
        }
        Some(version) => {
            if let Some((name, _)) = record
                .aliases
                .iter()
                .find(|(_, alias)| alias.points_at(version))
            {
                let message =
                    format!("Version {version} is used by the alias {name} and cannot be deleted.");
                return Err(faults::conflict(message));
            }
            record.provisioned.remove(version);
            record
                .versions
                .retain(|published| published.version != version);
            lambda.table.put(&target, &record)?;
        }
    }
    Ok(Json::from(Object::default()))
}

async fn code(lambda: &Lambda, request: &Request<'_>, source: &Json) -> Result<Code, Fault> {
    lambda
        .code
        .put(&source::archive(lambda, request, source).await?)
}

fn check_revision(record: &FunctionRecord, request: &Request<'_>) -> Result<(), Fault> {
    match request.text("RevisionId") {
        Some(revision) if revision != record.latest.revision_id => Err(Fault::caller(
            "PreconditionFailedException",
            "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
        )
        .with_status(412)),
        Some(_) | None => Ok(()),
    }
}

fn exists(name: &str) -> Fault {
    faults::conflict(format!("Function already exist: {name}"))
}
