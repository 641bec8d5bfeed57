//! A response as an answer, or as a fault.

use http::header::HeaderMap;
use passo_json::{Json, Object, ObjectBuilder};
use passo_model::{Listed, Operation, Protocol};
use passo_service::{Fault, FaultKind};

use crate::problem::Problem;
use crate::rest::{Format, Head, Rest};
use crate::xml::{self, Element};
use crate::xmlbody::{Dialect, XmlBody};
use crate::{awsjson, cbor};

/// The canonical answer of a response.
///
/// # Errors
/// The fault that the service answers with; a fault of kind [`FaultKind::Service`] where the response is none that the
/// service can give.
pub fn read(
    listed: &'static Listed,
    operation: &'static Operation,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Json, Fault> {
    let protocol = listed.protocol();
    // S3 may find only after the status that it failed.
    let is_late_error = || {
        let start = String::from_utf8_lossy(body.get(..200).unwrap_or(body)).into_owned();
        let root = start.split_once("?>").map_or(&*start, |(_, root)| root);
        listed.id == "s3" && root.trim_start().starts_with("<Error>")
    };
    if status >= 300 || (protocol == Protocol::RestXml && is_late_error()) {
        return Err(fault(listed, protocol, status, headers, body));
    }
    let answer = match protocol {
        Protocol::AwsJson => awsjson::read(listed, body, || operation.output),
        Protocol::Cbor => cbor::read(listed.model(), operation.output, body),
        Protocol::Query | Protocol::Ec2 => document(listed, operation, body),
        Protocol::RestJson | Protocol::RestXml => {
            let rest = Rest {
                listed,
                operation,
                format: if protocol == Protocol::RestJson {
                    Format::Json
                } else {
                    Format::Xml
                },
            };
            let head = Head {
                labels: &[],
                query: "",
                headers,
                status: Some(status),
            };
            rest.read(operation.output, head, body)
        }
    };
    answer.map_err(|problem| unreadable(status, &problem))
}

fn unreadable(status: u16, problem: &Problem) -> Fault {
    Fault::service(format!("The answer cannot be read: {problem}")).with_status(status)
}

/// The answer in a Query or EC2 document.
fn document(listed: &'static Listed, operation: &Operation, body: &[u8]) -> Result<Json, Problem> {
    let empty = || Json::from(ObjectBuilder::new().build());
    let model = listed.model();
    let Some(structure) = operation.output.and_then(|output| model.structure(output)) else {
        return Ok(empty());
    };
    let text = std::str::from_utf8(body).map_err(|_| Problem::new("It is not UTF-8."))?;
    let root = xml::parse(text)?;
    let wrapper = operation.result_wrapper;
    let element = match root.child(wrapper) {
        Some(element) if !wrapper.is_empty() => element,
        Some(_) | None => &root,
    };
    let reader = XmlBody {
        model,
        dialect: Dialect::PLAIN,
    };
    let mut answer = reader.read_structure(structure, element, 0)?;
    Ok(Json::from(answer.build()))
}

/// What an error says of itself.
#[derive(Default)]
struct Said {
    code: Option<String>,
    message: Option<String>,
    members: Object,
}

fn fault(
    listed: &'static Listed,
    protocol: Protocol,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) -> Fault {
    let said = match protocol {
        Protocol::AwsJson | Protocol::RestJson => of_json(headers, body),
        Protocol::Cbor => {
            let answer = cbor::read(listed.model(), None, body).ok();
            answer.map(|answer| of_members(&answer)).unwrap_or_default()
        }
        Protocol::Query | Protocol::Ec2 | Protocol::RestXml => of_xml(body),
    };
    let header = headers
        .get("x-amzn-query-error")
        .and_then(|it| it.to_str().ok());
    let query_code = header.and_then(|it| it.split(';').next());
    let kind = if status >= 500 {
        FaultKind::Service
    } else {
        FaultKind::Caller
    };
    let code = said.code.unwrap_or_else(|| status.to_string());
    let mut fault = Fault::caller(code, said.message.unwrap_or_default())
        .with_kind(kind)
        .with_status(status);
    fault.members = said.members;
    fault.query_code = query_code.map(|code| code.to_owned().into());
    fault
}

fn of_json(headers: &HeaderMap, body: &[u8]) -> Said {
    let text = std::str::from_utf8(body).unwrap_or_default();
    let mut said = Json::parse(text)
        .map(|answer| of_members(&answer))
        .unwrap_or_default();
    let header = headers
        .get("x-amzn-errortype")
        .and_then(|it| it.to_str().ok());
    if let Some(code) = header {
        said.code = Some(name_of(code).to_owned());
    }
    said
}

/// `com.amazonaws.sqs#QueueDoesNotExist`, `ValidationException:http://…`
fn name_of(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or(code);
    code.rsplit('#').next().unwrap_or(code)
}

fn of_members(answer: &Json) -> Said {
    let text = |name: &str| answer.get(name).and_then(Json::as_str);
    let code = text("__type").or_else(|| text("code")).map(name_of);
    let message = text("message")
        .or_else(|| text("Message"))
        .or_else(|| text("errorMessage"));
    let known = [
        "__type",
        "code",
        "message",
        "Message",
        "errorMessage",
        "Type",
    ];
    let members = answer.as_object().into_iter().flat_map(Object::iter);
    let members = members.filter(|(name, _)| !known.contains(&&***name));
    Said {
        code: code.map(str::to_owned),
        message: message.map(str::to_owned),
        members: members
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    }
}

fn of_xml(body: &[u8]) -> Said {
    let text = std::str::from_utf8(body).unwrap_or_default();
    let Ok(root) = xml::parse(text) else {
        return Said::default();
    };
    let inside = root.child("Errors").unwrap_or(&root);
    let error: &Element = inside.child("Error").unwrap_or(&root);
    let text = |name: &str| error.child_text(name).map(str::to_owned);
    let known = ["Code", "Message", "Type", "RequestId", "HostId"];
    let members = error.children.iter();
    let members = members.filter(|it| it.children.is_empty() && !known.contains(&&*it.name));
    Said {
        code: text("Code"),
        message: text("Message"),
        members: members
            .map(|it| (it.name.as_str(), Json::from(it.text.as_str())))
            .collect(),
    }
}
