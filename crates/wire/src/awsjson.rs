//! AWS JSON 1.0 and 1.1: the operation in `X-Amz-Target`, parameters and answer as JSON bodies, errors by `__type`.
//!
//! Where a service's wire form is the canonical form, bodies are handed on untouched.

use passo_json::{Json, ObjectBuilder};
use passo_model::{Listed, Operation, ShapeId};
use passo_service::{Fault, FaultKind};

use crate::jsonbody;
use crate::problem::Problem;

/// A JSON object; an empty body is an empty object.
pub(crate) fn object(body: &[u8]) -> Result<Json, Problem> {
    let malformed = || Problem::new("The body is not a JSON object.");
    let text = std::str::from_utf8(body).map_err(|_| malformed())?;
    if text.trim().is_empty() {
        return Ok(Json::from(ObjectBuilder::new().build()));
    }
    let object = Json::parse(text).map_err(|_| malformed())?;
    if object.as_object().is_none() {
        return Err(malformed());
    }
    Ok(object)
}

/// The canonical form of a body.
pub(crate) fn read(
    listed: &'static Listed,
    body: &[u8],
    shape: impl FnOnce() -> Option<ShapeId>,
) -> Result<Json, Problem> {
    let given = object(body)?;
    if listed.is_plain_json {
        return Ok(given);
    }
    match shape() {
        Some(shape) => jsonbody::read(listed.model(), shape, &given),
        None => Ok(given),
    }
}

/// A body from its canonical form.
pub(crate) fn write(
    listed: &'static Listed,
    value: &Json,
    shape: impl FnOnce() -> Option<ShapeId>,
) -> Result<String, Problem> {
    if listed.is_plain_json {
        return Ok(value.to_text());
    }
    Ok(match shape() {
        Some(shape) => jsonbody::write(listed.model(), shape, value)?.to_text(),
        None => value.to_text(),
    })
}

/// A request's body from its canonical form: times as numbers even where they were given as text.
pub(crate) fn write_request(
    listed: &'static Listed,
    operation: &Operation,
    value: &Json,
) -> Result<String, Problem> {
    Ok(match operation.input {
        Some(shape) => jsonbody::write(listed.model(), shape, value)?.to_text(),
        None => "{}".to_owned(),
    })
}

/// The body of an error.
pub(crate) fn fault_body(listed: Option<&'static Listed>, fault: &Fault) -> String {
    let mut body = ObjectBuilder::new();
    match listed {
        // Services that have moved from Query name their errors in full (recorded: SQS).
        Some(listed) if listed.is_query_compatible => {
            let name = error_name(listed, fault);
            body.insert("__type", format!("com.amazonaws.{}#{name}", listed.id));
        }
        Some(_) | None => {
            body.insert("__type", &*fault.code);
        }
    }
    if !fault.message.is_empty() {
        body.insert("message", fault.message.as_str());
    }
    for (member, value) in fault.members.iter() {
        body.insert(member.clone(), value.clone());
    }
    Json::from(body.build()).to_text()
}

/// The name of the error's shape; its code where the model does not have it.
pub(crate) fn error_name<'a>(listed: &'static Listed, fault: &'a Fault) -> &'a str {
    let known = listed.model().error(&fault.code);
    known.map_or(&*fault.code, |(structure, _)| structure.name)
}

/// What `x-amzn-query-error` says, for services that have moved from Query.
pub(crate) fn query_error(listed: Option<&'static Listed>, fault: &Fault) -> Option<String> {
    let of_model = || {
        let listed = listed.filter(|listed| listed.is_query_compatible)?;
        let (structure, traits) = listed.model().error(&fault.code)?;
        Some(if traits.code.is_empty() {
            structure.name
        } else {
            traits.code
        })
    };
    let compatible = listed.is_some_and(|listed| listed.is_query_compatible);
    let code = match (&fault.query_code, of_model()) {
        (Some(code), _) => code,
        (None, Some(code)) => code,
        (None, None) if compatible => &*fault.code,
        (None, None) => return None,
    };
    Some(format!("{code};{}", party(fault.kind)))
}

/// Whose fault it is, as Query says it.
pub(crate) fn party(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Caller => "Sender",
        FaultKind::Service | FaultKind::Machine => "Receiver",
    }
}
