//! Groups.

use passo_json::{Json, ObjectBuilder};

use crate::faults;
use crate::group::{self, DEFAULT_GROUP, Group};
use crate::quotas::{GROUPS_MAX, TAGS_MAX};
use crate::request::{Answer, Request, nothing};
use crate::schedule::seconds;

/// `CreateScheduleGroup`: a second time with the same token it is the same group.
pub(crate) fn create(request: &Request<'_>) -> Answer {
    let name = request.name()?;
    let token = request.text("ClientToken");
    let change = request.service.records.change();
    if let Some(old) = request.find_group(name)? {
        if token.is_none() || old.token.as_deref() != token {
            return Err(faults::conflict(format!(
                "Schedule group {name} already exists."
            )));
        }
    } else {
        if all(request)?.len() >= GROUPS_MAX {
            return Err(faults::quota(
                "The account has reached its maximum number of schedule groups.",
            ));
        }
        let tags = request.given.tags("Tags");
        if tags.len() > TAGS_MAX {
            return Err(faults::quota("A schedule group has at most 50 tags."));
        }
        let now = request.service.now();
        let group = Group {
            name: name.to_owned(),
            tags,
            token: token.map(str::to_owned),
            created_at: now,
            modified_at: now,
        };
        change
            .put(&request.group_key(name), &group.encode())
            .map_err(|error| faults::store(&error))?;
    }
    let mut answer = ObjectBuilder::new();
    answer.insert("ScheduleGroupArn", arn(request, name));
    Ok(Json::from(answer.build()))
}

/// `GetScheduleGroup`
pub(crate) fn get(request: &Request<'_>) -> Answer {
    let group = request.group(request.name()?)?;
    Ok(shown(request, &group))
}

/// `DeleteScheduleGroup`: its schedules go with it, at once.
pub(crate) fn delete(request: &Request<'_>) -> Answer {
    let name = request.name()?;
    if name == DEFAULT_GROUP {
        return Err(faults::validation(
            "The default schedule group can't be deleted.",
        ));
    }
    let change = request.service.records.change();
    request.group(name)?;
    let (account, region) = (request.given.account(), request.given.region());
    let removed = change
        .remove(&["schedule", account, region, name])
        .and_then(|()| change.remove(&request.group_key(name)));
    removed.map_err(|error| faults::store(&error))?;
    let below = format!("{account}\0{region}\0{name}\0");
    request.service.index().remove_below(&below);
    Ok(nothing())
}

/// `ListScheduleGroups`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    let mut groups = all(request)?;
    if let Some(prefix) = request.text("NamePrefix") {
        groups.retain(|group| group.name.starts_with(prefix));
    }
    let groups = groups.into_iter().map(|group| (group.name.clone(), group));
    request.page("ScheduleGroups", groups.collect(), |group| {
        shown(request, group)
    })
}

fn all(request: &Request<'_>) -> Result<Vec<Group>, passo_service::Fault> {
    let (account, region) = (request.given.account(), request.given.region());
    let rows = request.service.records.list(&["group", account, region]);
    let rows = rows.map_err(|error| faults::store(&error))?;
    let rows = rows.iter().filter_map(|(_, row)| Group::decode(row));
    let mut groups: Vec<Group> = rows.collect();
    if !groups.iter().any(|group| group.name == DEFAULT_GROUP) {
        groups.push(Group::default_group());
        groups.sort_by(|a, b| a.name.cmp(&b.name));
    }
    Ok(groups)
}

fn arn(request: &Request<'_>, name: &str) -> String {
    group::arn(request.given.region(), request.given.account(), name)
}

fn shown(request: &Request<'_>, group: &Group) -> Json {
    let mut shown = ObjectBuilder::new();
    shown
        .insert("Arn", arn(request, &group.name))
        .insert("Name", group.name.as_str())
        .insert("State", "ACTIVE")
        .insert("CreationDate", seconds(group.created_at))
        .insert("LastModificationDate", seconds(group.modified_at));
    Json::from(shown.build())
}
