//! Tags of whatever an ARN of API Gateway names. They are kept apart from what they are on.

use passo_json::{Json, Object};
use passo_service::Fault;

use super::{Answer, Request, Style, nothing};

/// `TagResource`, `UntagResource`, `GetTags`; none for other operations.
pub(crate) fn tags(request: &Request<'_>) -> Option<Answer> {
    let change: fn(&Request<'_>) -> Answer = match request.operation.name {
        "TagResource" => add,
        "UntagResource" => remove,
        "GetTags" => |request| {
            let (member, tags) = (names(request).1, found(request)?);
            Ok(Json::from(Object::default().with(member, tags)))
        },
        _ => return None,
    };
    Some(change(request))
}

/// The parameters: the resource, its tags, the tags to remove.
fn names(request: &Request<'_>) -> (&'static str, &'static str, &'static str) {
    match request.style {
        Style::Rest => ("resourceArn", "tags", "tagKeys"),
        Style::Http => ("ResourceArn", "Tags", "TagKeys"),
    }
}

fn found(request: &Request<'_>) -> Result<Object, Fault> {
    let arn = request.text(names(request).0);
    let row = request
        .shared
        .table
        .find(&["tags", &request.place(), arn])?;
    Ok(row.unwrap_or_default())
}

fn add(request: &Request<'_>) -> Answer {
    let change = request.shared.table.change();
    let given = request.given.object(names(request).1).cloned();
    let given = given.unwrap_or_default();
    let tags = given.iter().fold(found(request)?, |tags, (key, value)| {
        tags.with(key.clone(), value.clone())
    });
    let arn = request.text(names(request).0);
    change.put(&["tags", &request.place(), arn], tags)?;
    Ok(nothing())
}

fn remove(request: &Request<'_>) -> Answer {
    let change = request.shared.table.change();
    let keys = request.given.texts(names(request).2);
    let tags = keys
        .iter()
        .fold(found(request)?, |tags, key| tags.without(key));
    let arn = request.text(names(request).0);
    change.put(&["tags", &request.place(), arn], tags)?;
    Ok(nothing())
}
