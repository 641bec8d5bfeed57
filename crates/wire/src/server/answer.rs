//! From an outcome to a response.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use passo_json::{Json, Object, ObjectBuilder};
use passo_model::Listed;
use passo_service::{Fault, FaultKind, RequestId};

use super::exchange::{Exchange, Wire};
use crate::awsjson::{self, party};
use crate::cbor;
use crate::problem::Problem;
use crate::rest::{Format, Rest, Side};
use crate::xml;
use crate::xmlbody::{Dialect, XmlBody, namespace};

const JSON_1_0: &str = "application/x-amz-json-1.0";
const JSON_1_1: &str = "application/x-amz-json-1.1";

/// A response that is being made.
struct Draft {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Draft {
    fn new(status: u16, content_type: &'static str, body: Vec<u8>) -> Draft {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Draft {
            status,
            headers,
            body,
        }
    }

    fn header(&mut self, name: &'static str, text: &str) {
        if let Ok(value) = HeaderValue::from_str(text) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
    }
}

impl Exchange {
    /// The response to a call with this outcome.
    pub fn answer(&self, outcome: &Result<Json, Fault>, request_id: &RequestId) -> Response<Bytes> {
        let mut draft = match outcome {
            Ok(output) => self.success(output, request_id).unwrap_or_else(|_| {
                // A service of ours answered what its model does not allow.
                let fault = Fault::service("The answer could not be written.");
                self.failure(&fault, request_id)
            }),
            Err(fault) => self.failure(fault, request_id),
        };
        draft.header("x-amzn-requestid", request_id.as_str());
        if self.wire == Wire::Cbor {
            draft.header("smithy-protocol", "rpc-v2-cbor");
        }
        let mut response = Response::new(Bytes::from(draft.body));
        *response.status_mut() =
            StatusCode::from_u16(draft.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = draft.headers;
        response
    }

    fn success(&self, output: &Json, request_id: &RequestId) -> Result<Draft, Problem> {
        let shape = || self.operation.and_then(|operation| operation.output);
        let format = match self.wire {
            Wire::AwsJson { is_1_1 } => {
                let body = match self.listed {
                    Some(listed) => awsjson::write(listed, output, || {
                        let operation = listed.model().operation(&self.operation_name);
                        operation.and_then(|operation| operation.output)
                    })?,
                    None => output.to_text(),
                };
                let version = if is_1_1 { JSON_1_1 } else { JSON_1_0 };
                return Ok(Draft::new(200, version, body.into_bytes()));
            }
            Wire::Cbor => {
                let body = match self.listed {
                    Some(listed) => cbor::write(listed.model(), shape(), output)?,
                    None => Vec::new(),
                };
                return Ok(Draft::new(200, "application/cbor", body));
            }
            Wire::Query => {
                let body = self.query_document(output, request_id)?;
                return Ok(Draft::new(200, "text/xml", body.into_bytes()));
            }
            Wire::Ec2 => {
                let body = self.ec2_document(output, request_id)?;
                return Ok(Draft::new(200, "text/xml;charset=UTF-8", body.into_bytes()));
            }
            Wire::RestJson => Format::Json,
            Wire::RestXml => Format::Xml,
        };
        let content_type = format.content_type();
        let (Some(listed), Some(operation)) = (self.listed, self.operation) else {
            return Ok(Draft::new(200, content_type, Vec::new()));
        };
        let rest = Rest {
            listed,
            operation,
            format,
        };
        let written = rest.write(operation.output, output, Side::Response)?;
        let status = written.status.unwrap_or(operation.status);
        // Some models give an answer with members the status of none, which has no room for them.
        let is_empty = matches!(&*written.body, b"" | b"{}");
        let (status, body) = match status {
            204 if is_empty => (204, Vec::new()),
            204 => (200, written.body),
            _ => (status, written.body),
        };
        let mut draft = Draft::new(status, content_type, body);
        draft.headers.extend(written.headers);
        Ok(draft)
    }

    fn dialect(&self) -> Dialect {
        match self.listed {
            Some(listed) if listed.is_query_compatible => Dialect::COMPATIBLE,
            Some(_) | None => Dialect::PLAIN,
        }
    }

    /// The members of an answer as elements.
    fn elements(&self, out: &mut String, output: &Json) -> Result<(), Problem> {
        let (Some(listed), Some(operation)) = (self.listed, self.operation) else {
            return Ok(());
        };
        let model = listed.model();
        let writer = XmlBody {
            model,
            dialect: self.dialect(),
        };
        match operation.output.and_then(|output| model.structure(output)) {
            Some(structure) => writer.write_structure(out, structure, output, 0),
            None => Ok(()),
        }
    }

    fn query_document(&self, output: &Json, request_id: &RequestId) -> Result<String, Problem> {
        let action = &self.operation_name;
        let mut body = format!("<{action}Response");
        if let Some(listed) = self
            .listed
            .filter(|listed| !listed.xml_namespace.is_empty())
        {
            namespace(&mut body, "", listed.xml_namespace);
        }
        body.push('>');
        if self
            .operation
            .is_some_and(|operation| operation.output.is_some())
        {
            let wrapper = self
                .operation
                .map_or("", |operation| operation.result_wrapper);
            let wrapper = if wrapper.is_empty() {
                format!("{action}Result")
            } else {
                wrapper.to_owned()
            };
            body.push_str(&format!("<{wrapper}>"));
            self.elements(&mut body, output)?;
            body.push_str(&format!("</{wrapper}>"));
        }
        body.push_str("<ResponseMetadata><RequestId>");
        xml::escape(&mut body, request_id.as_str());
        body.push_str(&format!(
            "</RequestId></ResponseMetadata></{action}Response>"
        ));
        Ok(body)
    }

    fn ec2_document(&self, output: &Json, request_id: &RequestId) -> Result<String, Problem> {
        let action = &self.operation_name;
        let mut body = format!("<{action}Response");
        if let Some(listed) = self.listed {
            namespace(&mut body, "", &format!("{}/", listed.xml_namespace));
        }
        body.push_str("><requestId>");
        xml::escape(&mut body, request_id.as_str());
        body.push_str("</requestId>");
        self.elements(&mut body, output)?;
        body.push_str(&format!("</{action}Response>"));
        Ok(body)
    }

    fn failure(&self, fault: &Fault, request_id: &RequestId) -> Draft {
        match self.wire {
            Wire::AwsJson { is_1_1 } => {
                let body = awsjson::fault_body(self.listed, fault);
                let version = if is_1_1 { JSON_1_1 } else { JSON_1_0 };
                let mut draft = Draft::new(fault.status, version, body.into_bytes());
                self.query_error(&mut draft, fault);
                draft
            }
            Wire::Cbor => {
                let mut draft = Draft::new(self.status(fault), "application/cbor", Vec::new());
                let name = match self.listed {
                    Some(listed) => awsjson::error_name(listed, fault),
                    None => &fault.code,
                };
                let mut body = ObjectBuilder::new();
                body.insert("__type", name)
                    .insert("message", fault.message.as_str());
                copy(&fault.members, &mut body);
                let model = self.listed.map(Listed::model);
                let body = Json::from(body.build());
                draft.body = model
                    .and_then(|model| cbor::write(model, None, &body).ok())
                    .unwrap_or_default();
                self.query_error(&mut draft, fault);
                draft
            }
            Wire::RestJson => self.rest_json_failure(fault),
            Wire::Query | Wire::Ec2 | Wire::RestXml => self.xml_failure(fault, request_id),
        }
    }

    fn query_error(&self, draft: &mut Draft, fault: &Fault) {
        if let Some(text) = awsjson::query_error(self.listed, fault) {
            draft.header("x-amzn-query-error", &text);
        }
    }

    /// The fault's status; where that is what faults have by default, the model's.
    fn status(&self, fault: &Fault) -> u16 {
        let of_model = || {
            let (_, traits) = self.listed?.model().error(&fault.code)?;
            traits.status
        };
        if fault.status == 400 {
            return of_model().unwrap_or(fault.status);
        }
        fault.status
    }

    fn rest_json_failure(&self, fault: &Fault) -> Draft {
        let mut body = ObjectBuilder::new();
        body.insert(
            "Type",
            match fault.kind {
                FaultKind::Caller => "User",
                FaultKind::Service | FaultKind::Machine => "Service",
            },
        );
        body.insert("Message", fault.message.as_str());
        // Clients of different age look under different names.
        body.insert("message", fault.message.as_str());
        copy(&fault.members, &mut body);
        let body = Json::from(body.build()).to_text();
        let mut draft = Draft::new(self.status(fault), "application/json", body.into_bytes());
        let name = match self.listed {
            Some(listed) => awsjson::error_name(listed, fault),
            None => &fault.code,
        };
        draft.header("x-amzn-errortype", name);
        draft
    }

    fn xml_failure(&self, fault: &Fault, request_id: &RequestId) -> Draft {
        let known = self
            .listed
            .and_then(|listed| listed.model().error(&fault.code));
        let of_model = known
            .map(|(_, traits)| traits.code)
            .filter(|code| !code.is_empty());
        let code = match &fault.query_code {
            Some(code) => code,
            None => of_model.unwrap_or(&fault.code),
        };
        let mut inner = String::new();
        let mut element = |name: &str, text: &str| {
            inner.push_str(&format!("<{name}>"));
            xml::escape(&mut inner, text);
            inner.push_str(&format!("</{name}>"));
        };
        if self.wire != Wire::Ec2 {
            element("Type", party(fault.kind));
        }
        element("Code", code);
        element("Message", &fault.message);
        for (name, value) in fault.members.iter() {
            if let Some(text) = value.as_str() {
                element(name, text);
            }
        }
        let id = request_id.as_str();
        let uri = self.listed.map_or("", |listed| listed.xml_namespace);
        let body = match self.wire {
            Wire::Ec2 => format!(
                "<Response><Errors><Error>{inner}</Error></Errors><RequestID>{id}</RequestID></Response>"
            ),
            _ => {
                let mut head = String::from("<ErrorResponse");
                if !uri.is_empty() {
                    namespace(&mut head, "", uri);
                }
                format!("{head}><Error>{inner}</Error><RequestId>{id}</RequestId></ErrorResponse>")
            }
        };
        Draft::new(self.status(fault), "text/xml", body.into_bytes())
    }
}

fn copy(members: &Object, out: &mut ObjectBuilder) {
    for (member, value) in members.iter() {
        out.insert(member.clone(), value.clone());
    }
}
