//! Calls of services that do not speak AWS JSON, from AWS's public models: SNS, S3, API Gateway and the like.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use passo_json::{Json, Object, ObjectBuilder};
use passo_model::{Listed, Operation};
use passo_wire::client;

use super::endpoint::{Answer, Call};

/// What a call is, if AWS knows it.
pub(super) struct Modelled {
    listed: &'static Listed,
    operation: &'static Operation,
}

impl Modelled {
    /// The call of this operation of this service; none where the models have no such thing.
    pub(super) fn find(service: &str, operation: &str) -> Option<Modelled> {
        let listed = passo_model::find(service)?;
        let operation = listed.model().operation(operation)?;
        Some(Modelled { listed, operation })
    }

    /// Makes the call over `stream`, with a credential of the account but no valid signature.
    pub(super) fn call(
        &self,
        mut stream: TcpStream,
        authority: &str,
        call: &Call<'_>,
    ) -> Result<Answer, String> {
        let parameters = canonical(call.params);
        let written = client::write(self.listed, self.operation, &parameters, "token");
        let mut out = written.map_err(|problem| problem.to_string())?;
        // The SDK that recorded the cases says what a body is only where it is told; S3 keeps what is said.
        if self.listed.id == "s3" && call.params.get("ContentType").is_none() {
            out.headers.remove(CONTENT_TYPE);
        }
        let query = match out.query.is_empty() {
            true => String::new(),
            false => format!("?{}", out.query),
        };
        let mut head = format!(
            "{} {}{query} HTTP/1.1\r\nHost: {authority}\r\nContent-Length: {}\r\nConnection: close\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential={}/20250101/us-east-1/{}/aws4_request, \
             SignedHeaders=host, Signature={}\r\nX-Amz-Date: 20250101T000000Z\r\n\
             X-Amz-Content-Sha256: UNSIGNED-PAYLOAD\r\n",
            out.method,
            out.path,
            out.body.len(),
            call.account,
            self.listed.signing_name,
            "0".repeat(64),
        )
        .into_bytes();
        for (name, value) in &out.headers {
            head.extend_from_slice(name.as_str().as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        let mut response = Vec::new();
        stream
            .write_all(&head)
            .and_then(|()| stream.write_all(&out.body))
            .and_then(|()| stream.read_to_end(&mut response))
            .map_err(|error| format!("the call failed: {error}"))?;
        let (status, headers, body) =
            parts(&response).ok_or("the answer is no HTTP that is understood here")?;
        match client::read(self.listed, self.operation, status, &headers, body) {
            Ok(output) => Ok(Answer::Output(output)),
            Err(fault) => {
                let mut shown = ObjectBuilder::new();
                shown
                    .insert("code", &*fault.code)
                    .insert("message", fault.message);
                for (name, value) in fault.members.iter() {
                    shown.insert(name.clone(), value.clone());
                }
                Ok(Answer::Fault(Json::from(shown.build())))
            }
        }
    }
}

/// Status, headers and body of a response that says how long it is, or ends with its connection.
fn parts(response: &[u8]) -> Option<(u16, HeaderMap, &[u8])> {
    let end = response.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(response.get(..end)?).ok()?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let name = HeaderName::try_from(name.trim()).ok()?;
        headers.append(name, HeaderValue::try_from(value.trim()).ok()?);
    }
    Some((status, headers, response.get(end + 4..)?))
}

/// Parameters as the wire layer takes them: a blob is base64, one that is a whole body says so.
fn canonical(params: &Json) -> Json {
    match params {
        Json::Object(object) => match object.get("$b64") {
            Some(blob) if object.len() == 1 => {
                Json::from(Object::default().with("$base64", blob.clone()))
            }
            _ => {
                let members = object.iter();
                let members = members.map(|(key, value)| (key.clone(), canonical(value)));
                Json::from(members.collect::<Object>())
            }
        },
        Json::Array(items) => Json::from(items.iter().map(canonical).collect::<Vec<_>>()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => params.clone(),
    }
}
