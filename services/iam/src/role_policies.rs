//! Policies of roles: inside of them, and attached to them.

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::record::encoded;
use crate::request::Request;
use crate::{Iam, faults, roles};

type Answer = Result<Json, Fault>;

/// `PutRolePolicy`
pub(crate) fn put(iam: &Iam, request: &Request<'_>) -> Answer {
    let name = request.name("PolicyName")?;
    let document = request.document("PolicyDocument")?;
    roles::change(iam, request, |role| {
        role.inline.insert(name.to_owned(), document.to_owned());
    })
}

/// `GetRolePolicy`
pub(crate) fn get(iam: &Iam, request: &Request<'_>) -> Answer {
    let role = roles::find(iam, request)?;
    let name = request.name("PolicyName")?;
    let document = role.inline.get(name).ok_or_else(|| no_policy(name))?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("RoleName", role.text("RoleName"))
        .insert("PolicyName", name)
        .insert("PolicyDocument", encoded(document));
    Ok(Json::from(answer.build()))
}

/// `DeleteRolePolicy`
pub(crate) fn delete(iam: &Iam, request: &Request<'_>) -> Answer {
    let name = request.name("PolicyName")?;
    if !roles::find(iam, request)?.inline.contains_key(name) {
        return Err(no_policy(name));
    }
    roles::change(iam, request, |role| {
        role.inline.remove(name);
    })
}

/// `ListRolePolicies`
pub(crate) fn list(iam: &Iam, request: &Request<'_>) -> Answer {
    let role = roles::find(iam, request)?;
    let names: Vec<Json> = role
        .inline
        .keys()
        .map(|name| Json::from(name.as_str()))
        .collect();
    let mut answer = ObjectBuilder::new();
    answer
        .insert("PolicyNames", names)
        .insert("IsTruncated", false);
    Ok(Json::from(answer.build()))
}

/// `AttachRolePolicy`
pub(crate) fn attach(iam: &Iam, request: &Request<'_>) -> Answer {
    let arn = request.required("PolicyArn")?;
    roles::change(iam, request, |role| {
        if !role.attached.iter().any(|attached| attached == arn) {
            role.attached.push(arn.to_owned());
        }
    })
}

/// `DetachRolePolicy`
pub(crate) fn detach(iam: &Iam, request: &Request<'_>) -> Answer {
    let arn = request.required("PolicyArn")?;
    if !roles::find(iam, request)?
        .attached
        .iter()
        .any(|attached| attached == arn)
    {
        return Err(faults::no_such_entity(format!(
            "Policy {arn} was not found."
        )));
    }
    roles::change(iam, request, |role| {
        role.attached.retain(|attached| attached != arn);
    })
}

/// `ListAttachedRolePolicies`
pub(crate) fn list_attached(iam: &Iam, request: &Request<'_>) -> Answer {
    let role = roles::find(iam, request)?;
    let attached = role.attached.iter().map(|arn| {
        let mut policy = ObjectBuilder::new();
        policy
            .insert("PolicyName", arn.rsplit('/').next().unwrap_or_default())
            .insert("PolicyArn", arn.as_str());
        Json::from(policy.build())
    });
    let mut answer = ObjectBuilder::new();
    answer
        .insert("AttachedPolicies", attached.collect::<Vec<_>>())
        .insert("IsTruncated", false);
    Ok(Json::from(answer.build()))
}

fn no_policy(name: &str) -> Fault {
    faults::no_such_entity(format!("The role policy with name {name} cannot be found."))
}
