//! A call as a request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use md5::{Digest as _, Md5};
use passo_json::{Json, Object};
use passo_model::{Listed, Operation, Protocol};

use crate::form::{Form, Naming};
use crate::percent::{self, Slash};
use crate::problem::Problem;
use crate::rest::{Format, Rest, Side, Written};
use crate::{awsjson, cbor};

/// A request that wants a host and a signature.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The method.
    pub method: &'static str,
    /// The path, escaped, beginning with `/`.
    pub path: String,
    /// The query string, escaped, without `?`.
    pub query: String,
    /// Headers, without `Host`.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// What AWS's host name gets before it: `sync-`. Other servers need not know such names.
    pub host_prefix: String,
    /// Whether AWS takes it without a signature.
    pub is_unsigned: bool,
}

/// The request for `operation` with these canonical parameters, in the protocol that SDKs speak. `token` stands for
/// idempotency tokens that are not given.
///
/// # Errors
/// Where a part of the path is missing, or the parameters are nested too deeply.
pub fn write(
    listed: &'static Listed,
    operation: &'static Operation,
    parameters: &Json,
    token: &str,
) -> Result<Outgoing, Problem> {
    let parameters = with_tokens(listed, operation, parameters, token);
    let mut out = Outgoing {
        method: operation.method,
        path: "/".to_owned(),
        query: String::new(),
        headers: HeaderMap::new(),
        body: Vec::new(),
        host_prefix: host_prefix(listed, operation, &parameters),
        is_unsigned: operation.is_unsigned,
    };
    match listed.protocol() {
        Protocol::AwsJson => aws_json(&mut out, listed, operation, &parameters)?,
        Protocol::Cbor => rpc_cbor(&mut out, listed, operation, &parameters)?,
        Protocol::Query => form(&mut out, listed, operation, &parameters, Naming::Query)?,
        Protocol::Ec2 => form(&mut out, listed, operation, &parameters, Naming::Ec2)?,
        Protocol::RestJson => {
            set(&mut out.headers, ACCEPT, "application/json");
            rest(&mut out, listed, operation, &parameters, Format::Json)?;
        }
        Protocol::RestXml => rest(&mut out, listed, operation, &parameters, Format::Xml)?,
    }
    let name = HeaderName::from_static("content-md5");
    if operation.needs_checksum && !out.headers.contains_key(&name) {
        let sum = STANDARD.encode(Md5::digest(&out.body));
        set(&mut out.headers, name, &sum);
    }
    Ok(out)
}

fn set(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

fn with_tokens(
    listed: &'static Listed,
    operation: &Operation,
    parameters: &Json,
    token: &str,
) -> Json {
    let empty = Object::default();
    let given = parameters.as_object().unwrap_or(&empty);
    let structure = operation.input.and_then(|it| listed.model().structure(it));
    let members = structure.into_iter().flat_map(|it| &it.members);
    let missing = members.filter(|member| {
        let is_given = given.get(member.name).is_some_and(|it| !it.is_null());
        member.is_idempotency_token && !is_given
    });
    let complete = missing.fold(given.clone(), |all, member| all.with(member.name, token));
    Json::from(complete)
}

/// `sync-`, or `{AccountId}.` with that member.
fn host_prefix(listed: &'static Listed, operation: &Operation, parameters: &Json) -> String {
    let mut prefix = operation.host_prefix.to_owned();
    if !prefix.contains('{') {
        return prefix;
    }
    let structure = operation.input.and_then(|it| listed.model().structure(it));
    for member in structure.into_iter().flat_map(|it| &it.members) {
        let label = format!("{{{}}}", member.name);
        let given = parameters.get(member.name).and_then(Json::as_str);
        // What is no part of a host name must not choose another host.
        let is_label = |text: &&str| {
            let mut letters = text.chars();
            letters.all(|it| it.is_ascii_alphanumeric() || it == '-')
        };
        if member.is_host_label {
            prefix = prefix.replace(&label, given.filter(is_label).unwrap_or_default());
        }
    }
    prefix
}

fn aws_json(
    out: &mut Outgoing,
    listed: &'static Listed,
    operation: &Operation,
    parameters: &Json,
) -> Result<(), Problem> {
    let version = if listed.is_json_1_1 {
        "application/x-amz-json-1.1"
    } else {
        "application/x-amz-json-1.0"
    };
    set(&mut out.headers, CONTENT_TYPE, version);
    let target = format!("{}.{}", listed.target_prefix, operation.name);
    let name = HeaderName::from_static("x-amz-target");
    set(&mut out.headers, name, &target);
    out.body = awsjson::write_request(listed, operation, parameters)?.into_bytes();
    Ok(())
}

fn rpc_cbor(
    out: &mut Outgoing,
    listed: &'static Listed,
    operation: &Operation,
    parameters: &Json,
) -> Result<(), Problem> {
    let service = listed.target_prefix;
    out.path = format!("/service/{service}/operation/{}", operation.name);
    let name = HeaderName::from_static("smithy-protocol");
    set(&mut out.headers, name, "rpc-v2-cbor");
    set(&mut out.headers, ACCEPT, "application/cbor");
    if operation.input.is_some() {
        set(&mut out.headers, CONTENT_TYPE, "application/cbor");
        out.body = cbor::write(listed.model(), operation.input, parameters)?;
    }
    Ok(())
}

fn form(
    out: &mut Outgoing,
    listed: &'static Listed,
    operation: &Operation,
    parameters: &Json,
    naming: Naming,
) -> Result<(), Problem> {
    let model = listed.model();
    let mut pairs = vec![
        ("Action".to_owned(), operation.name.to_owned()),
        ("Version".to_owned(), listed.api_version.to_owned()),
    ];
    pairs.extend(Form { model, naming }.write(operation.input, parameters)?);
    let kind = "application/x-www-form-urlencoded; charset=utf-8";
    set(&mut out.headers, CONTENT_TYPE, kind);
    out.body = percent::join(&pairs).into_bytes();
    Ok(())
}

fn rest(
    out: &mut Outgoing,
    listed: &'static Listed,
    operation: &'static Operation,
    parameters: &Json,
    format: Format,
) -> Result<(), Problem> {
    let rest = Rest {
        listed,
        operation,
        format,
    };
    let Written {
        path,
        query,
        headers,
        body,
        ..
    } = rest.write(operation.input, parameters, Side::Request)?;
    out.path = path;
    for (name, value) in &query {
        if !out.query.is_empty() {
            out.query.push('&');
        }
        percent::encode(name, Slash::IsEscaped, &mut out.query);
        out.query.push('=');
        percent::encode(value, Slash::IsEscaped, &mut out.query);
    }
    out.headers.extend(headers);
    out.body = body;
    Ok(())
}
