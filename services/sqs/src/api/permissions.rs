//! `AddPermission` and `RemovePermission`: statements of the queue's policy, kept as records. Nobody is kept from anything.

use passo_json::{Array, Json, ObjectBuilder, json};
use passo_service::Fault;

use super::set_queue_attributes::update;
use crate::faults;
use crate::record::Record;
use crate::request::Request;
use crate::sqs::{Core, nothing};

/// Actions that one statement may allow. Source: SQS API Reference, "AddPermission".
const ACTIONS_MAX: usize = 7;
/// What others can be allowed to do. Source: as above.
const ACTIONS: [&str; 7] = [
    "*",
    "ChangeMessageVisibility",
    "DeleteMessage",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ReceiveMessage",
    "SendMessage",
];

pub(crate) async fn add(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let label = request.required("Label")?;
    let accounts = request.texts(&["AWSAccountIds"]);
    let actions = request.texts(&["Actions"]);
    for (name, list) in [("AWSAccountIds", &accounts), ("Actions", &actions)] {
        if list.is_empty() {
            return Err(faults::missing(name));
        }
    }
    if actions.len() > ACTIONS_MAX {
        let message = format!(
            "{} Actions were found, maximum allowed is {ACTIONS_MAX}.",
            actions.len()
        );
        return Err(Fault::caller("OverLimit", message).with_status(403));
    }
    if let Some(action) = actions.iter().find(|action| !ACTIONS.contains(*action)) {
        let reason = "Please refer to the appropriate WSDL for a list of valid actions.";
        return Err(faults::value(format!("SQS:{action}"), "ActionName", reason));
    }
    let is_account =
        |account: &&str| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if !accounts.iter().all(is_account) {
        let given = format!("[{}]", accounts.join(", "));
        return Err(faults::value(given, "PrincipalId", "Unable to verify."));
    }
    let principals: Vec<Json> = accounts
        .iter()
        .map(|account| Json::from(format!("arn:aws:iam::{account}:root")))
        .collect();
    let actions: Vec<Json> = actions
        .iter()
        .map(|action| Json::from(format!("SQS:{action}")))
        .collect();
    let mut statement = ObjectBuilder::new();
    statement
        .insert("Sid", label)
        .insert("Effect", "Allow")
        .insert("Principal", json!({"AWS": (Json::from(principals))}))
        .insert("Action", actions)
        .insert("Resource", queue.arn.as_str());
    let statement = Json::from(statement.build());
    update(core, &queue, |record| {
        let mut statements = statements(record);
        if statements.iter().any(|one| is_labelled(one, label)) {
            return Err(faults::value(label, "Label", "Already exists."));
        }
        statements.push(statement);
        put(record, &queue.arn, statements);
        Ok(())
    })
    .await?;
    Ok(nothing())
}

pub(crate) async fn remove(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let label = request.required("Label")?;
    update(core, &queue, |record| {
        let mut statements = statements(record);
        let before = statements.len();
        statements.retain(|one| !is_labelled(one, label));
        if statements.len() == before {
            let reason = "can't find label on existing policy.";
            return Err(faults::value(label, "Label", reason));
        }
        put(record, &queue.arn, statements);
        Ok(())
    })
    .await?;
    Ok(nothing())
}

fn is_labelled(statement: &Json, label: &str) -> bool {
    statement.get("Sid").and_then(Json::as_str) == Some(label)
}

fn statements(record: &Record) -> Vec<Json> {
    let policy = record.attributes.get("Policy");
    let policy = policy.and_then(|text| Json::parse(text).ok());
    let list = policy.as_ref().and_then(|policy| policy.get("Statement"));
    match list {
        Some(Json::Array(list)) => list.to_vec(),
        Some(one @ Json::Object(_)) => vec![one.clone()],
        Some(_) | None => Vec::new(),
    }
}

fn put(record: &mut Record, queue_arn: &str, statements: Vec<Json>) {
    if statements.is_empty() {
        record.attributes.remove("Policy");
        return;
    }
    let mut policy = ObjectBuilder::new();
    policy
        .insert("Version", "2012-10-17")
        .insert("Id", format!("{queue_arn}/SQSDefaultPolicy"))
        .insert("Statement", Array::from(statements));
    let policy = Json::from(policy.build()).to_text();
    record.attributes.insert("Policy".to_owned(), policy);
}
