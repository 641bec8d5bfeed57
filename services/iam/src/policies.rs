//! Managed policies, each with one version.

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::iam::nothing;
use crate::record::{Record, encoded};
use crate::request::{Request, now};
use crate::table::Kind;
use crate::{Iam, faults};

type Answer = Result<Json, Fault>;

/// `CreatePolicy`
pub(crate) fn create(iam: &Iam, request: &Request<'_>) -> Answer {
    let name = request.name("PolicyName")?;
    let document = request.document("PolicyDocument")?;
    let account = request.account();
    let _changing = iam.table.changing();
    if iam.table.find(account, Kind::Policy, name)?.is_some() {
        return Err(faults::exists(format!(
            "A policy called {name} already exists. Duplicate names are not allowed."
        )));
    }
    let (path, at) = (request.path(), now().to_string());
    let mut shown = ObjectBuilder::new();
    shown
        .insert("PolicyName", name)
        .insert("PolicyId", request.unique_id("ANPA"))
        .insert("Arn", format!("arn:aws:iam::{account}:policy{path}{name}"))
        .insert("Path", path)
        .insert("DefaultVersionId", "v1")
        .insert("AttachmentCount", 0)
        .insert("IsAttachable", true)
        .insert_some("Description", request.text("Description"))
        .insert("CreateDate", at.as_str())
        .insert("UpdateDate", at.as_str());
    let record = Record {
        shown: shown.build(),
        document: document.to_owned(),
        tags: request.tags().into_iter().collect(),
        ..Record::default()
    };
    iam.table.put(account, Kind::Policy, name, &record)?;
    Ok(wrapped("Policy", Json::from(record.shown)))
}

/// `GetPolicy`
pub(crate) fn get(iam: &Iam, request: &Request<'_>) -> Answer {
    let policy = find(iam, request)?;
    Ok(wrapped("Policy", Json::from(policy.shown)))
}

/// `GetPolicyVersion`
pub(crate) fn get_version(iam: &Iam, request: &Request<'_>) -> Answer {
    let policy = find(iam, request)?;
    Ok(wrapped("PolicyVersion", version(&policy, true)))
}

/// `ListPolicyVersions`
pub(crate) fn list_versions(iam: &Iam, request: &Request<'_>) -> Answer {
    let policy = find(iam, request)?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Versions", vec![version(&policy, false)])
        .insert("IsTruncated", false);
    Ok(Json::from(answer.build()))
}

/// `ListPolicies`
pub(crate) fn list(iam: &Iam, request: &Request<'_>) -> Answer {
    let policies = iam.table.list(request.account(), Kind::Policy)?;
    let policies: Vec<Json> = policies
        .into_iter()
        .map(|policy| Json::from(policy.shown))
        .collect();
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Policies", policies)
        .insert("IsTruncated", false);
    Ok(Json::from(answer.build()))
}

/// `DeletePolicy`
pub(crate) fn delete(iam: &Iam, request: &Request<'_>) -> Answer {
    let _changing = iam.table.changing();
    let policy = find(iam, request)?;
    iam.table
        .delete(request.account(), Kind::Policy, policy.text("PolicyName"))?;
    Ok(nothing())
}

fn find(iam: &Iam, request: &Request<'_>) -> Result<Record, Fault> {
    let arn = request.required("PolicyArn")?;
    let name = arn.rsplit('/').next().unwrap_or_default();
    let found = iam.table.find(request.account(), Kind::Policy, name)?;
    found
        .filter(|policy| policy.text("Arn") == arn)
        .ok_or_else(|| faults::no_such_entity(format!("Policy {arn} was not found.")))
}

fn version(policy: &Record, with_document: bool) -> Json {
    let mut version = ObjectBuilder::new();
    version
        .insert_some("Document", with_document.then(|| encoded(&policy.document)))
        .insert("VersionId", "v1")
        .insert("IsDefaultVersion", true)
        .insert("CreateDate", policy.text("CreateDate"));
    Json::from(version.build())
}

fn wrapped(member: &str, value: Json) -> Json {
    let mut answer = ObjectBuilder::new();
    answer.insert(member, value);
    Json::from(answer.build())
}
