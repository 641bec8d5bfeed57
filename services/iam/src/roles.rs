//! Roles.

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::iam::nothing;
use crate::record::{Record, encoded};
use crate::request::{Request, now};
use crate::table::Kind;
use crate::{Iam, faults};

type Answer = Result<Json, Fault>;

/// `CreateRole`
pub(crate) fn create(iam: &Iam, request: &Request<'_>) -> Answer {
    let name = request.name("RoleName")?;
    let document = request.document("AssumeRolePolicyDocument")?;
    let account = request.account();
    let _changing = iam.table.changing();
    if iam.table.find(account, Kind::Role, name)?.is_some() {
        return Err(faults::exists(format!(
            "Role with name {name} already exists."
        )));
    }
    let path = request.path();
    let mut shown = ObjectBuilder::new();
    shown
        .insert("Path", path.as_str())
        .insert("RoleName", name)
        .insert("RoleId", request.unique_id("AROA"))
        .insert("Arn", format!("arn:aws:iam::{account}:role{path}{name}"))
        .insert("CreateDate", now().to_string())
        .insert_some("Description", request.text("Description"))
        .insert(
            "MaxSessionDuration",
            request.text("MaxSessionDuration").unwrap_or("3600"),
        );
    let record = Record {
        shown: shown.build(),
        document: document.to_owned(),
        tags: request.tags().into_iter().collect(),
        ..Record::default()
    };
    iam.table.put(account, Kind::Role, name, &record)?;
    Ok(wrapped(&record))
}

/// `GetRole`
pub(crate) fn get(iam: &Iam, request: &Request<'_>) -> Answer {
    Ok(wrapped(&find(iam, request)?))
}

/// `ListRoles`
pub(crate) fn list(iam: &Iam, request: &Request<'_>) -> Answer {
    let prefix = request.text("PathPrefix").unwrap_or("/");
    let roles = iam.table.list(request.account(), Kind::Role)?;
    let roles = roles
        .iter()
        .filter(|role| role.text("Path").starts_with(prefix));
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Roles", roles.map(show).collect::<Vec<_>>())
        .insert("IsTruncated", false);
    Ok(Json::from(answer.build()))
}

/// `UpdateRole`
pub(crate) fn update(iam: &Iam, request: &Request<'_>) -> Answer {
    change(iam, request, |role| {
        for member in ["Description", "MaxSessionDuration"] {
            if let Some(value) = request.text(member) {
                role.shown = role.shown.clone().with(member, value);
            }
        }
    })
}

/// `UpdateAssumeRolePolicy`
pub(crate) fn update_trust(iam: &Iam, request: &Request<'_>) -> Answer {
    let document = request.document("PolicyDocument")?;
    change(iam, request, |role| document.clone_into(&mut role.document))
}

/// `DeleteRole`
pub(crate) fn delete(iam: &Iam, request: &Request<'_>) -> Answer {
    let _changing = iam.table.changing();
    let role = find(iam, request)?;
    if !role.inline.is_empty() {
        return Err(faults::conflict(
            "Cannot delete entity, must delete policies first.",
        ));
    }
    if !role.attached.is_empty() {
        return Err(faults::conflict(
            "Cannot delete entity, must detach all policies first.",
        ));
    }
    iam.table
        .delete(request.account(), Kind::Role, role.text("RoleName"))?;
    Ok(nothing())
}

/// `TagRole`
pub(crate) fn tag(iam: &Iam, request: &Request<'_>) -> Answer {
    change(iam, request, |role| role.tags.extend(request.tags()))
}

/// `UntagRole`
pub(crate) fn untag(iam: &Iam, request: &Request<'_>) -> Answer {
    change(iam, request, |role| {
        for key in request.texts("TagKeys") {
            role.tags.remove(key);
        }
    })
}

/// `ListRoleTags`
pub(crate) fn list_tags(iam: &Iam, request: &Request<'_>) -> Answer {
    let role = find(iam, request)?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Tags", role.tags_shown())
        .insert("IsTruncated", false);
    Ok(Json::from(answer.build()))
}

/// `ListInstanceProfilesForRole`: there are none.
pub(crate) fn list_instance_profiles(iam: &Iam, request: &Request<'_>) -> Answer {
    find(iam, request)?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("InstanceProfiles", Vec::<Json>::new())
        .insert("IsTruncated", false);
    Ok(Json::from(answer.build()))
}

/// The role that `RoleName` names.
pub(crate) fn find(iam: &Iam, request: &Request<'_>) -> Result<Record, Fault> {
    let name = request.name("RoleName")?;
    let found = iam.table.find(request.account(), Kind::Role, name)?;
    found.ok_or_else(|| faults::no_role(name))
}

/// Changes the role that `RoleName` names.
pub(crate) fn change(iam: &Iam, request: &Request<'_>, change: impl FnOnce(&mut Record)) -> Answer {
    let _changing = iam.table.changing();
    let mut role = find(iam, request)?;
    change(&mut role);
    let name = role.text("RoleName").to_owned();
    iam.table.put(request.account(), Kind::Role, &name, &role)?;
    Ok(nothing())
}

fn wrapped(role: &Record) -> Json {
    let mut answer = ObjectBuilder::new();
    answer.insert("Role", show(role));
    Json::from(answer.build())
}

fn show(role: &Record) -> Json {
    let mut shown = role
        .shown
        .clone()
        .with("AssumeRolePolicyDocument", encoded(&role.document));
    if !role.tags.is_empty() {
        shown = shown.with("Tags", role.tags_shown());
    }
    Json::from(shown)
}
