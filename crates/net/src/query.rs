//! The Query protocol: the operation is the form field `Action`, answers are XML.
//!
//! Source: AWS Query protocol (Smithy specification), as IAM and STS speak it.

use std::collections::BTreeMap;
use std::sync::Arc;

use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use passo_json::{Json, Object, ObjectBuilder};
use passo_service::{Call, Directory, Fault, FaultKind, RequestId, Service};

use crate::{aws_json, credentials, percent};

/// Names in a field's path, at most: deeper ones are refused rather than nested without bound.
const DEPTH_MAX: usize = 16;

/// Finds the service and the operation of a request and reads its parameters.
///
/// # Errors
/// `InvalidAction` where no service here is meant, `MalformedInput` where the body is not a form.
pub(crate) fn read(
    directory: &Directory,
    headers: &HeaderMap,
    body: &[u8],
    request_id: RequestId,
) -> Result<(Arc<dyn Service>, Call), Fault> {
    let malformed = || Fault::caller("MalformedInput", "The request is not a form.");
    let text = std::str::from_utf8(body).map_err(|_| malformed())?;
    let pairs = percent::pairs(text).ok_or_else(malformed)?;
    let field = |name: &str| {
        let mut pairs = pairs.iter();
        pairs
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.clone())
    };
    let action = field("Action").ok_or_else(|| {
        Fault::caller(
            "MissingAction",
            "The request must contain the parameter Action.",
        )
    })?;
    let unknown = || {
        let message = format!("Could not find operation {action}.");
        Fault::caller("InvalidAction", message)
    };
    let authorization = aws_json::text(headers, "authorization");
    let name = credentials::service(authorization).ok_or_else(unknown)?;
    let service = directory.by_name(name).ok_or_else(unknown)?;
    let call = Call {
        operation: Arc::from(action.as_str()),
        parameters: nested(&pairs).ok_or_else(malformed)?,
        caller: credentials::caller(authorization).ok_or_else(unknown)?,
        request_id,
    };
    Ok((service.clone(), call))
}

#[derive(Default)]
struct Node {
    text: Option<String>,
    members: BTreeMap<String, Node>,
}

/// `Tags.member.1.Key=a` as `{"Tags": [{"Key": "a"}]}`.
fn nested(pairs: &[(String, String)]) -> Option<Json> {
    let mut root = Node::default();
    for (name, value) in pairs {
        if name == "Action" || name == "Version" {
            continue;
        }
        let mut node = &mut root;
        let mut depth = 0;
        for part in name.split('.') {
            depth += 1;
            if depth > DEPTH_MAX {
                return None;
            }
            node = node.members.entry(part.to_owned()).or_default();
        }
        node.text = Some(value.clone());
    }
    Some(node_json(root))
}

/// As deep as [`DEPTH_MAX`].
fn node_json(mut node: Node) -> Json {
    if let Some(text) = node.text {
        return Json::from(text);
    }
    let list = match node.members.len() {
        1 => node.members.remove("member"),
        _ => None,
    };
    if let Some(list) = list {
        let mut items: Vec<(u32, Node)> = list
            .members
            .into_iter()
            .filter_map(|(index, item)| Some((index.parse().ok()?, item)))
            .collect();
        items.sort_by_key(|(index, _)| *index);
        let items: Vec<Json> = items.into_iter().map(|(_, item)| node_json(item)).collect();
        return Json::from(items);
    }
    let members = node.members.into_iter();
    let object: Object = members
        .map(|(name, node)| (name, node_json(node)))
        .collect();
    Json::from(object)
}

/// The answer to a call of `action`.
pub(crate) fn answer(
    outcome: &Result<Json, Fault>,
    request_id: &RequestId,
    action: &str,
) -> Response<Full<Bytes>> {
    let mut body = String::new();
    match outcome {
        Ok(output) => {
            body.push_str(&format!("<{action}Response>"));
            element(&mut body, &format!("{action}Result"), output, 0);
            body.push_str(&format!(
                "<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{action}Response>"
            ));
        }
        Err(fault) => {
            let mut error = ObjectBuilder::new();
            error
                .insert(
                    "Type",
                    match fault.kind {
                        FaultKind::Caller => "Sender",
                        FaultKind::Service | FaultKind::Machine => "Receiver",
                    },
                )
                .insert("Code", &**fault.query_code.as_ref().unwrap_or(&fault.code))
                .insert("Message", fault.message.as_str());
            body.push_str("<ErrorResponse>");
            element(&mut body, "Error", &Json::Object(error.build()), 0);
            body.push_str(&format!(
                "<RequestId>{request_id}</RequestId></ErrorResponse>"
            ));
        }
    }
    let mut response = Response::new(Full::new(Bytes::from(body)));
    if let Err(fault) = outcome {
        *response.status_mut() = aws_json::status(fault);
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    if let Ok(value) = HeaderValue::from_str(request_id.as_str()) {
        headers.insert("x-amzn-requestid", value);
    }
    response
}

/// One element; null members are left out, and so is what is nested too deep for any answer of ours.
fn element(out: &mut String, name: &str, value: &Json, depth: usize) {
    if value.is_null() || depth > DEPTH_MAX {
        return;
    }
    out.push_str(&format!("<{name}>"));
    match value {
        Json::Object(object) => {
            for (member, value) in object.iter() {
                element(out, member, value, depth + 1);
            }
        }
        Json::Array(array) => {
            for value in array.iter() {
                element(out, "member", value, depth + 1);
            }
        }
        Json::String(text) => escape(out, text),
        Json::Null | Json::Bool(_) | Json::Number(_) => out.push_str(&value.to_text()),
    }
    out.push_str(&format!("</{name}>"));
}

fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no way to write other control characters.
            control if control.is_control() && !matches!(control, '\t' | '\n' | '\r') => {
                out.push('\u{fffd}');
            }
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_nested() {
        for (form, expect) in [
            ("Action=A&Version=1", "{}"),
            ("RoleName=r", r#"{"RoleName":"r"}"#),
            (
                "Tags.member.2.Key=b&Tags.member.1.Key=a&Tags.member.1.Value=x",
                r#"{"Tags":[{"Key":"a","Value":"x"},{"Key":"b"}]}"#,
            ),
        ] {
            let parameters = nested(&percent::pairs(form).unwrap()).unwrap();
            assert_eq!(parameters.to_text(), expect);
        }
        let deep = ["a"; 40].join(".");
        assert!(nested(&[(deep, "x".to_owned())]).is_none());
    }

    #[test]
    fn answers_are_xml() {
        let output = passo_json::json!({"Names": ["a<b"], "Count": 2, "None": null});
        let mut text = String::new();
        element(&mut text, "R", &output, 0);
        assert_eq!(
            text,
            "<R><Names><member>a&lt;b</member></Names><Count>2</Count></R>"
        );
    }
}
