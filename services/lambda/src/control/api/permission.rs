//! The policy of a function, as a record: nobody is kept from anything by it.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use super::super::faults;
use super::super::request::{Request, Target};
use super::super::service::Lambda;

/// Statements of one function, at most: AWS bounds a policy to 20 KB.
const STATEMENTS_MAX: usize = 100;

type Answer = Result<Json, Fault>;

/// `AddPermission`
pub(in super::super) fn add(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let id = request.required("StatementId")?;
    let statement = statement(&target, id, request)?;
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    if record.statements.iter().any(|known| sid(known) == Some(id)) {
        return Err(faults::conflict(format!(
            "The statement id ({id}) provided already exists. Please provide a new statement id, or remove the existing statement."
        )));
    }
    if record.statements.len() >= STATEMENTS_MAX {
        let message = "The final policy size is bigger than the limit.";
        return Err(Fault::caller("PolicyLengthExceededException", message));
    }
    record.statements.push(statement.clone());
    lambda.table.put(&target, &record)?;
    let mut answer = ObjectBuilder::new();
    answer.insert("Statement", statement.to_text());
    Ok(Json::from(answer.build()))
}

/// `GetPolicy`
pub(in super::super) fn get(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let record = lambda.table.get(&target)?;
    if record.statements.is_empty() {
        return Err(faults::missing(
            "The resource you requested does not exist.",
        ));
    }
    let mut policy = ObjectBuilder::new();
    policy
        .insert("Version", "2012-10-17")
        .insert("Id", "default")
        .insert("Statement", record.statements.clone());
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Policy", Json::from(policy.build()).to_text())
        .insert("RevisionId", record.latest.revision_id.as_str());
    Ok(Json::from(answer.build()))
}

/// `RemovePermission`
pub(in super::super) fn remove(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let id = request.required("StatementId")?;
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    let before = record.statements.len();
    record.statements.retain(|known| sid(known) != Some(id));
    if record.statements.len() == before {
        let message = format!("Statement {id} is not found in resource policy.");
        return Err(faults::missing(message));
    }
    lambda.table.put(&target, &record)?;
    Ok(Json::from(Object::default()))
}

fn statement(target: &Target, id: &str, request: &Request<'_>) -> Result<Json, Fault> {
    let action = request.required("Action")?;
    let given = request.required("Principal")?;
    let mut principal = ObjectBuilder::new();
    let kind = if given.contains(".amazonaws.com") {
        "Service"
    } else {
        "AWS"
    };
    principal.insert(kind, given);
    let mut statement = ObjectBuilder::new();
    statement
        .insert("Sid", id)
        .insert("Effect", "Allow")
        .insert("Principal", principal.build())
        .insert("Action", action)
        .insert("Resource", target.qualified_arn());
    let conditions = [
        (
            "FunctionUrlAuthType",
            "StringEquals",
            "lambda:FunctionUrlAuthType",
        ),
        ("SourceArn", "ArnLike", "AWS:SourceArn"),
        ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
    ];
    let mut condition = ObjectBuilder::new();
    for (member, operator, key) in conditions {
        if let Some(value) = request.text(member) {
            let mut pair = ObjectBuilder::new();
            pair.insert(key, value);
            condition.insert(operator, pair.build());
        }
    }
    let condition = condition.build();
    if !condition.is_empty() {
        statement.insert("Condition", condition);
    }
    Ok(Json::from(statement.build()))
}

fn sid(statement: &Json) -> Option<&str> {
    statement.get("Sid").and_then(Json::as_str)
}
