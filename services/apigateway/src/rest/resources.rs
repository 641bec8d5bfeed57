//! Resources: the tree of an API's paths.

use passo_json::{Json, Object};
use passo_service::Fault;

use crate::control::{Answer, Named, Noun, Request, nothing, paged, patch};
use crate::faults;

/// Resources of an API. Source: API Gateway quotas.
const RESOURCES_MAX: usize = 300;

pub(super) const RESOURCE: Noun = Noun {
    one: "Resource",
    many: "Resources",
    parents: &["restApiId"],
    parameter: "resourceId",
    member: "id",
    named: Named::New(6),
    missing: "Invalid Resource identifier specified",
};

pub(super) fn answer(request: &Request<'_>) -> Option<Answer> {
    Some(match request.operation.name {
        "CreateResource" => create(request),
        "GetResource" => {
            let found = RESOURCE.find(request, request.text("resourceId"));
            found.map(|row| Json::from(shown(request, row)))
        }
        "GetResources" => list(request),
        "UpdateResource" => update(request),
        "DeleteResource" => delete(request),
        _ => return None,
    })
}

pub(super) fn text<'r>(row: &'r Object, member: &str) -> &'r str {
    row.get(member).and_then(Json::as_str).unwrap_or_default()
}

/// The path of what is called `part` below the path `parent`.
pub(super) fn path_below(parent: &str, part: &str) -> String {
    format!("{}/{part}", parent.trim_end_matches('/'))
}

/// Whether a part of a path is one: a name, or a variable, perhaps a greedy one.
pub(super) fn is_part(part: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || "._-:~".contains(c);
    let inner = part.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    let name = inner.map_or(part, |it| it.strip_suffix('+').unwrap_or(it));
    !name.is_empty() && name.chars().all(legal)
}

fn create(request: &Request<'_>) -> Answer {
    let (parent, part) = (request.text("parentId"), request.text("pathPart"));
    let all = RESOURCE.all(request)?;
    let parent = all.iter().find(|row| text(row, "id") == parent);
    let parent = parent.ok_or_else(|| faults::not_found(RESOURCE.missing))?;
    if !is_part(part) {
        return Err(faults::bad_request(
            "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
        ));
    }
    taken(&all, text(parent, "id"), part)?;
    if text(parent, "path").ends_with("+}") {
        return Err(faults::bad_request(format!(
            "Cannot create a child of a resource with a greedy path variable: {}",
            text(parent, "path")
        )));
    }
    if all.len() >= RESOURCES_MAX {
        return Err(faults::bad_request(
            "Maximum number of resources for this API has been reached. Please contact AWS if you need additional resources.",
        ));
    }
    let row = Object::default()
        .with("parentId", text(parent, "id"))
        .with("pathPart", part)
        .with("path", path_below(text(parent, "path"), part));
    RESOURCE.create(request, row)
}

fn taken(all: &[Object], parent: &str, part: &str) -> Result<(), Fault> {
    let mut siblings = all.iter().filter(|row| text(row, "parentId") == parent);
    if siblings.any(|row| text(row, "pathPart") == part) {
        return Err(faults::conflict(format!(
            "Another resource with the same parent already has this name: {part}"
        )));
    }
    Ok(())
}

/// A resource without the inside of its methods, unless that is asked for.
fn shown(request: &Request<'_>, row: Object) -> Object {
    let is_embedded = request.given.texts("embed").contains(&"methods");
    let methods = row.get("resourceMethods").and_then(Json::as_object);
    match methods {
        Some(methods) if methods.is_empty() => row.without("resourceMethods"),
        Some(methods) if !is_embedded => {
            let names = methods.keys();
            let names: Object = names
                .map(|name| (name.clone(), Json::from(Object::default())))
                .collect();
            row.clone().with("resourceMethods", names)
        }
        Some(_) | None => row,
    }
}

fn list(request: &Request<'_>) -> Answer {
    let all = RESOURCE.all(request)?.into_iter();
    let all = all.map(|row| shown(request, row)).collect();
    paged(request, all, |row| text(row, "id"))
}

fn update(request: &Request<'_>) -> Answer {
    let change = request.shared.table.change();
    let (api, id) = (request.text("restApiId"), request.text("resourceId"));
    let mut all = RESOURCE.all(request)?;
    let old = all.iter().find(|row| text(row, "id") == id).cloned();
    let old = old.ok_or_else(|| faults::not_found(RESOURCE.missing))?;
    let new = match request.output() {
        Some(shape) => patch(request, shape, old.clone())?,
        None => old.clone(),
    };
    let (parent, part) = (text(&new, "parentId"), text(&new, "pathPart"));
    if !is_part(part) {
        return Err(faults::bad_request("Invalid path part specified"));
    }
    let others: Vec<Object> = all
        .iter()
        .filter(|row| text(row, "id") != id)
        .cloned()
        .collect();
    taken(&others, parent, part)?;
    let above = others.iter().find(|row| text(row, "id") == parent);
    let above = above.ok_or_else(|| faults::bad_request("Invalid parent specified"))?;
    let old_path = text(&old, "path").to_owned();
    let new_path = path_below(text(above, "path"), part);
    if new_path.starts_with(&format!("{old_path}/")) {
        return Err(faults::bad_request("Cannot move a resource below itself"));
    }
    let new = new.clone().with("path", new_path.as_str());
    let mut rows = Vec::new();
    for row in &mut all {
        let is_it = text(row, "id") == id;
        let below = text(row, "path").strip_prefix(&old_path);
        let below = below
            .filter(|rest| rest.starts_with('/'))
            .map(str::to_owned);
        let row = match (is_it, below) {
            (true, _) => new.clone(),
            (false, Some(rest)) => row.clone().with("path", format!("{new_path}{rest}")),
            (false, None) => continue,
        };
        let key = ["Resource", api, text(&row, "id")];
        rows.push((key.map(str::to_owned).to_vec(), row.clone()));
    }
    change.put_all(rows)?;
    Ok(Json::from(shown(request, new)))
}

fn delete(request: &Request<'_>) -> Answer {
    let change = request.shared.table.change();
    let (api, id) = (request.text("restApiId"), request.text("resourceId"));
    let all = RESOURCE.all(request)?;
    let row = all.iter().find(|row| text(row, "id") == id);
    let row = row.ok_or_else(|| faults::not_found(RESOURCE.missing))?;
    if text(row, "parentId").is_empty() {
        return Err(faults::bad_request("Root resource cannot be deleted"));
    }
    let below = format!("{}/", text(row, "path"));
    let gone = all
        .iter()
        .filter(|row| text(row, "id") == id || text(row, "path").starts_with(&below));
    for row in gone {
        change.remove(&["Resource", api, text(row, "id")])?;
    }
    Ok(nothing())
}
