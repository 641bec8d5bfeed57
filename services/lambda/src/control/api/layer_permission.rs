//! The policy of a layer version, as a record: nobody is kept from anything by it.

use passo_json::{Json, Object, ObjectBuilder, json};
use passo_service::Fault;

use super::super::faults;
use super::super::request::Request;
use super::super::service::Lambda;
use super::layer;

/// Statements of one version, at most: a row stays small. AWS bounds the policy's bytes.
const STATEMENTS_MAX: usize = 100;

type Answer = Result<Json, Fault>;

/// `AddLayerVersionPermission`
pub(in super::super) fn add(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let (name, version) = layer::version(request)?;
    let id = request.required("StatementId")?;
    let (action, principal) = (request.required("Action")?, request.required("Principal")?);
    let _changing = lambda.changing();
    let row = layer::find(lambda, &name, version)?;
    let mut statements = statements(&row);
    if statements.iter().any(|known| sid(known) == Some(id)) {
        return Err(faults::conflict(format!(
            "The statement id ({id}) provided already exists. Please provide a new statement id, or remove the existing statement."
        )));
    }
    if statements.len() >= STATEMENTS_MAX {
        let message = "The final policy size is bigger than the limit.";
        return Err(Fault::caller("PolicyLengthExceededException", message));
    }
    let statement = json!({
        "Sid": id, "Effect": "Allow", "Principal": principal, "Action": action,
        "Resource": (format!("{}:{version}", name.arn()))
    });
    let text = statement.to_text();
    statements.push(statement);
    lambda
        .layers
        .put(&name, version, &row.with("Statements", statements))?;
    Ok(json!({"Statement": text, "RevisionId": (crate::entropy::random_uuid())}))
}

/// `GetLayerVersionPolicy`
pub(in super::super) fn get(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let (name, version) = layer::version(request)?;
    let statements = statements(&layer::find(lambda, &name, version)?);
    if statements.is_empty() {
        return Err(faults::missing(
            "No policy is associated with the given resource.",
        ));
    }
    let mut policy = ObjectBuilder::new();
    policy
        .insert("Version", "2012-10-17")
        .insert("Id", "default")
        .insert("Statement", statements);
    let policy = Json::from(policy.build()).to_text();
    Ok(json!({"Policy": policy, "RevisionId": (crate::entropy::random_uuid())}))
}

/// `RemoveLayerVersionPermission`
pub(in super::super) fn remove(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let (name, version) = layer::version(request)?;
    let id = request.required("StatementId")?;
    let _changing = lambda.changing();
    let row = layer::find(lambda, &name, version)?;
    let mut statements = statements(&row);
    let before = statements.len();
    statements.retain(|known| sid(known) != Some(id));
    if statements.len() == before {
        let message = format!("Statement {id} is not found in resource policy.");
        return Err(faults::missing(message));
    }
    lambda
        .layers
        .put(&name, version, &row.with("Statements", statements))?;
    Ok(Json::from(Object::default()))
}

fn statements(row: &Object) -> Vec<Json> {
    let statements = row.get("Statements").and_then(Json::as_array);
    statements
        .map(|statements| statements.to_vec())
        .unwrap_or_default()
}

fn sid(statement: &Json) -> Option<&str> {
    statement.get("Sid").and_then(Json::as_str)
}
