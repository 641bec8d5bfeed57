//! What a deployment would do: each resource of the template beside what the server has.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_json::Json;
use passo_template::{Made, Stack, StackResource, Values};

use super::files::Files;
use super::fingerprint::Fingerprint;
use super::kind::{Kind, Want};
use super::kinds;
use super::record::{Record, Records};
use crate::problem::Problem;

/// What becomes of one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is made.
    Create,
    /// It is changed.
    Update,
    /// Another one takes its place.
    Replace,
    /// It is as wanted.
    Unchanged,
    /// It is removed.
    Delete,
    /// It has left the template and stays.
    Retain,
    /// Its type is not known.
    Unsupported,
}

impl Change {
    /// As a word, for something that is still to be done.
    pub fn wish(self) -> &'static str {
        match self {
            Change::Create => "create",
            Change::Update => "update",
            Change::Replace => "replace",
            Change::Unchanged => "unchanged",
            Change::Delete => "delete",
            Change::Retain => "keep",
            Change::Unsupported => "not supported",
        }
    }

    /// As a word, for something that was done.
    pub fn done(self) -> &'static str {
        match self {
            Change::Create => "created",
            Change::Update => "updated",
            Change::Replace => "replaced",
            Change::Unchanged => "unchanged",
            Change::Delete => "deleted",
            Change::Retain => "kept",
            Change::Unsupported => "not supported",
        }
    }
}

/// One line of a plan.
#[derive(Clone, Debug)]
pub struct Step {
    /// The resource's name in the template.
    pub logical_id: Arc<str>,
    /// Its name, for people.
    pub name: String,
    /// Its kind, for people.
    pub kind: String,
    /// What becomes of it.
    pub change: Change,
    /// The properties that have changed.
    pub properties: Vec<Arc<str>>,
}

/// What a deployment would do, and what keeps some resources from being deployed.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// In the order in which they are done.
    pub(super) steps: Vec<Step>,
    /// The resources that are not right, and why.
    pub(super) broken: BTreeMap<Arc<str>, Problem>,
}

/// Sets a template beside what the server has of it.
pub(super) fn plan(stack: &Stack, files: &Files, records: &Records) -> Plan {
    let mut values = stack.values();
    let mut plan = Plan::default();
    for resource in stack.resources() {
        match step(stack, files, records, resource, &mut values) {
            Ok(step) => plan.steps.push(step),
            Err(problem) => {
                let id = &resource.logical_id;
                plan.broken.insert(Arc::clone(id), problem);
                values.insert_imagined(id, Made::new(Arc::clone(id)));
            }
        }
    }
    let leaving = leaving(stack, records).map(|(id, record)| Step {
        logical_id: Arc::clone(id),
        name: id.to_string(),
        kind: label_of(&record.resource_type).to_owned(),
        change: match record.is_retained {
            true => Change::Retain,
            false => Change::Delete,
        },
        properties: Vec::new(),
    });
    plan.steps.extend(leaving);
    plan
}

fn step(
    stack: &Stack,
    files: &Files,
    records: &Records,
    resource: &StackResource,
    values: &mut Values,
) -> Result<Step, Problem> {
    let Some(kind) = kinds::find(&resource.resource_type) else {
        let made = Made::new(Arc::clone(&resource.logical_id));
        values.insert_imagined(&resource.logical_id, made);
        return Ok(Step {
            logical_id: Arc::clone(&resource.logical_id),
            name: resource.logical_id.to_string(),
            kind: resource.resource_type.to_string(),
            change: Change::Unsupported,
            properties: Vec::new(),
        });
    };
    let want = wanted(stack, files, resource, kind, values)?;
    let parts = parts_of(&want);
    let record = records.get(&resource.logical_id);
    let (change, properties) = compare(kind, &parts, record);
    let expected = kind.expected(&want);
    match (change, record) {
        (Change::Unchanged, Some(record)) => {
            values.insert(&resource.logical_id, record.made.clone());
        }
        (Change::Update, Some(record)) => {
            let mut made = record.made.clone();
            made.attributes.extend(expected.attributes);
            values.insert_imagined(&resource.logical_id, made);
        }
        _ => values.insert_imagined(&resource.logical_id, expected),
    }
    Ok(Step {
        logical_id: Arc::clone(&resource.logical_id),
        name: shown_name(&want),
        kind: kind.label().to_owned(),
        change,
        properties,
    })
}

/// A resource with its properties resolved and its files read.
///
/// # Errors
/// When that is not possible.
pub(super) fn wanted<'a>(
    stack: &'a Stack,
    files: &'a Files,
    resource: &'a StackResource,
    kind: &dyn Kind,
    values: &Values,
) -> Result<Want<'a>, Problem> {
    let refuse = || {
        Problem::new(format!(
            "the resource `{}` is not right",
            resource.logical_id
        ))
    };
    let properties = stack.properties(resource, values);
    let properties = properties.map_err(|error| refuse().why(error))?;
    let Json::Object(properties) = properties else {
        return Err(refuse().why("its properties are no object"));
    };
    let mut want = Want {
        logical_id: &resource.logical_id,
        properties,
        name_property: kind.name_property(),
        default_name: resource.logical_id.to_string(),
        content: None,
        place: stack.deployment(),
        files,
    };
    want.default_name = kind.default_name(&want);
    kind.prepare(&mut want)?;
    Ok(want)
}

/// The fingerprint of each property, and of what files hold.
pub(super) fn parts_of(want: &Want<'_>) -> BTreeMap<Arc<str>, Arc<str>> {
    let properties = want.properties.iter();
    let mut parts: BTreeMap<Arc<str>, Arc<str>> = properties
        .map(|(name, value)| {
            let fingerprint = Fingerprint::of(&[value.to_text().as_bytes()]);
            (Arc::clone(name), fingerprint.short().into())
        })
        .collect();
    if let Some(content) = &want.content {
        let fingerprint = Fingerprint::of(&[content]);
        parts.insert("content".into(), fingerprint.short().into());
    }
    parts
}

/// What has to be done, and the properties because of which.
pub(super) fn compare(
    kind: &dyn Kind,
    parts: &BTreeMap<Arc<str>, Arc<str>>,
    record: Option<&Record>,
) -> (Change, Vec<Arc<str>>) {
    let Some(record) = record else {
        return (Change::Create, Vec::new());
    };
    if *record.resource_type != *kind.resource_type() {
        return (Change::Replace, vec!["Type".into()]);
    }
    let names = parts.keys().chain(record.parts.keys());
    let mut changed: Vec<Arc<str>> = names
        .filter(|name| parts.get(*name) != record.parts.get(*name))
        .cloned()
        .collect();
    changed.sort();
    changed.dedup();
    let change = if changed.is_empty() {
        Change::Unchanged
    } else if changed.iter().any(|name| kind.is_replaced_by(name)) {
        Change::Replace
    } else {
        Change::Update
    };
    (change, changed)
}

/// The records of resources that have left the template: last made, first removed.
pub(super) fn leaving<'r>(
    stack: &Stack,
    records: &'r Records,
) -> impl Iterator<Item = (&'r Arc<str>, &'r Record)> {
    let stays = |id: &Arc<str>| {
        let mut resources = stack.resources().iter();
        resources.any(|resource| resource.logical_id == *id)
    };
    let mut leaving: Vec<_> = records.iter().filter(|(id, _)| !stays(id)).collect();
    leaving.sort_by_key(|(_, record)| std::cmp::Reverse(record.order));
    leaving.into_iter()
}

/// What people call a type.
pub(super) fn label_of(resource_type: &str) -> &str {
    kinds::find(resource_type).map_or(resource_type, |kind| kind.label())
}

/// What people call a resource: its name, where it has one.
pub(super) fn shown_name(want: &Want<'_>) -> String {
    match want.name_property {
        Some(_) => want.name().to_owned(),
        None => want.logical_id.to_owned(),
    }
}
