//! An endpoint behind a URL: HTTP/1.1, one connection a call. AWS JSON is spoken by hand, so that a fault in our own wire
//! layer does not cancel itself out; other protocols from the models.
//!
//! Requests carry a credential with the account but no valid signature: this is for servers that run for a test.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_json::{Json, Object, ObjectBuilder};

use super::archive::zip;
use super::endpoint::{Answer, Call, Endpoint};
use super::modelled::Modelled;

/// How long a server may take to answer one call.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(70);

/// Services with an AWS JSON protocol: name for SDKs, name in signatures, target prefix, version.
const SERVICES: &[(&str, &str, &str, &str)] = &[
    ("dynamodb", "dynamodb", "DynamoDB_20120810", "1.0"),
    ("events", "events", "AWSEvents", "1.1"),
    ("logs", "logs", "Logs_20140328", "1.1"),
    ("sqs", "sqs", "AmazonSQS", "1.0"),
    ("stepfunctions", "states", "AWSStepFunctions", "1.0"),
];

/// A server, by its address.
#[derive(Debug, PartialEq, Eq)]
pub struct Remote {
    /// `host:port`
    authority: String,
    /// The folder with the code of functions.
    functions: PathBuf,
}

impl Remote {
    /// The server at `url`, which is `http://host:port`; `functions` is the folder with the code of functions.
    ///
    /// # Errors
    /// When `url` has another form.
    pub fn new(url: &str, functions: PathBuf) -> Result<Self> {
        let rest = url
            .strip_prefix("http://")
            .context("an endpoint begins with `http://`")?;
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        ensure!(
            authority.contains(':') && !authority.contains('/'),
            "an endpoint is `http://host:port`"
        );
        Ok(Self {
            authority: authority.to_owned(),
            functions,
        })
    }

    fn request(&self, call: &Call<'_>) -> Result<String, String> {
        if (call.service, call.operation) == ("lambda", "CreateFunction") {
            let body = self.with_code(call.params)?.to_text();
            return Ok(self.post(
                "/2015-03-31/functions",
                "Content-Type: application/json",
                "lambda",
                call,
                &body,
            ));
        }
        let known = SERVICES.iter().find(|(name, ..)| *name == call.service);
        let (_, signed, target, version) =
            known.ok_or_else(|| format!("nothing serves `{}` over this endpoint", call.service))?;
        let body = plain_blobs(call.params).to_text();
        let headers = format!(
            "Content-Type: application/x-amz-json-{version}\r\nX-Amz-Target: {target}.{}",
            call.operation
        );
        Ok(self.post("/", &headers, signed, call, &body))
    }

    fn post(&self, path: &str, headers: &str, signed: &str, call: &Call<'_>, body: &str) -> String {
        format!(
            "POST {path} HTTP/1.1\r\n\
             Host: {}\r\n\
             {headers}\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential={}/20250101/us-east-1/{signed}/aws4_request, \
             SignedHeaders=host, Signature={}\r\n\
             Content-Length: {}\r\n\
             Connection: close\r\n\
             \r\n\
             {body}",
            self.authority,
            call.account,
            "0".repeat(64),
            body.len()
        )
    }

    /// The parameters of `CreateFunction` with the file that `$function` names as its zipped code.
    fn with_code(&self, params: &Json) -> Result<Json, String> {
        let Some(name) = params.pointer("/Code/$function").and_then(Json::as_str) else {
            return Ok(plain_blobs(params));
        };
        let file = self.functions.join(name);
        let code = std::fs::read(&file)
            .map_err(|error| format!("failed to read `{}`: {error}", file.display()))?;
        let archive = zip("handler.py", &code).ok_or("the code of a function is too large")?;
        let mut code = ObjectBuilder::new();
        code.insert("ZipFile", STANDARD.encode(archive));
        let params = params.as_object().cloned().unwrap_or_default();
        Ok(Json::from(params.with("Code", code.build())))
    }

    /// What `call` is where its service speaks no AWS JSON. Functions' code is a matter of its own.
    fn modelled(&self, call: &Call<'_>) -> Option<Modelled> {
        let is_json = SERVICES.iter().any(|(name, ..)| *name == call.service);
        if is_json || (call.service, call.operation) == ("lambda", "CreateFunction") {
            return None;
        }
        Modelled::find(call.service, call.operation)
    }

    fn connect(&self) -> Result<TcpStream> {
        let stream = TcpStream::connect(&self.authority)
            .with_context(|| format!("failed to reach `{}`", self.authority))?;
        stream.set_read_timeout(Some(ANSWER_TIME_MAX))?;
        Ok(stream)
    }

    fn exchange(&self, request: &str) -> Result<String> {
        let mut stream = self.connect()?;
        stream.write_all(request.as_bytes())?;
        let mut response = String::new();
        stream
            .read_to_string(&mut response)
            .context("failed to read the answer")?;
        Ok(response)
    }
}

impl Endpoint for Remote {
    fn call(&self, call: &Call<'_>) -> Result<Answer, String> {
        if let Some(modelled) = self.modelled(call) {
            let stream = self.connect().map_err(|error| format!("{error:#}"))?;
            return modelled.call(stream, &self.authority, call);
        }
        let request = self.request(call)?;
        let response = self
            .exchange(&request)
            .map_err(|error| format!("{error:#}"))?;
        answer(&response).ok_or_else(|| format!("the answer cannot be read: {response}"))
    }

    fn pause(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// `params` with every `{"$b64": text}` as the text, which is how blobs travel in JSON.
fn plain_blobs(params: &Json) -> Json {
    match params {
        Json::Object(object) => match object.get("$b64") {
            Some(blob) if object.len() == 1 => blob.clone(),
            _ => {
                let plain = object
                    .iter()
                    .map(|(key, value)| (key.clone(), plain_blobs(value)));
                Json::from(plain.collect::<Object>())
            }
        },
        Json::Array(items) => Json::from(items.iter().map(plain_blobs).collect::<Vec<_>>()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => params.clone(),
    }
}

fn answer(response: &str) -> Option<Answer> {
    let (head, body) = response.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?;
    let body = if body.is_empty() {
        Json::from(Object::default())
    } else {
        Json::parse(body).ok()?
    };
    if status.starts_with('2') {
        return Some(Answer::Output(body));
    }
    let header = head.lines().filter_map(|line| line.split_once(": "));
    let mut header = header.filter(|(name, _)| name.eq_ignore_ascii_case("x-amzn-errortype"));
    let code = header.next().map(|(_, code)| code);
    let code = code.or_else(|| body.get("__type").and_then(Json::as_str))?;
    Some(Answer::Fault(fault(code, body.as_object()?)))
}

/// The fault as SDKs show it: the bare code, `message` in lower case, then the fields of its kind.
fn fault(code: &str, body: &Object) -> Json {
    let bare = code.split(':').next().unwrap_or(code);
    let bare = bare.rsplit('#').next().unwrap_or(bare);
    let mut fault = ObjectBuilder::new();
    fault.insert("code", bare);
    for (key, value) in body.iter().filter(|(key, _)| &***key != "__type") {
        let key = if &**key == "Message" {
            "message".into()
        } else {
            key.clone()
        };
        fault.insert(key, value.clone());
    }
    Json::from(fault.build())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;
    use passo_json::json;

    /// Asks a server that answers once, with `response`: what it was asked, and what came of it.
    fn ask(call: &Call<'_>, response: &'static str) -> (String, Result<Answer, String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let remote = Remote::new(
            &format!("http://{}", listener.local_addr().unwrap()),
            PathBuf::new(),
        )
        .unwrap();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = String::new();
            let mut buffer = [0; 4096];
            while !request.ends_with('}') {
                let count = stream.read(&mut buffer).unwrap();
                request.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
            }
            stream.write_all(response.as_bytes()).unwrap();
            request
        });
        let answer = remote.call(call);
        (server.join().unwrap(), answer)
    }

    #[test]
    fn a_call_travels_as_aws_json() {
        let params = json!({"input": {"$b64": "aGk="}});
        let call = Call {
            account: "123456789012",
            service: "stepfunctions",
            operation: "StartExecution",
            params: &params,
        };
        let (request, answer) = ask(
            &call,
            "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n{\"a\": 1}",
        );
        assert_eq!(answer, Ok(Answer::Output(json!({"a": 1}))));
        for part in [
            "X-Amz-Target: AWSStepFunctions.StartExecution\r\n",
            "Content-Type: application/x-amz-json-1.0\r\n",
            "Credential=123456789012/",
            "\r\n\r\n{\"input\":\"aGk=\"}",
        ] {
            assert!(request.contains(part), "{part} in {request}");
        }
    }

    #[test]
    fn a_fault_has_its_bare_code() {
        for response in [
            "HTTP/1.1 400 Bad Request\r\n\r\n{\"__type\": \"com.amazonaws.states#Bad\", \"message\": \"no\"}",
            "HTTP/1.1 400 Bad Request\r\nX-Amzn-ErrorType: Bad:http://x\r\n\r\n{\"Message\": \"no\"}",
        ] {
            assert_eq!(
                answer(response),
                Some(Answer::Fault(json!({"code": "Bad", "message": "no"})))
            );
        }
        assert_eq!(
            answer("HTTP/1.1 200 OK\r\n\r\n"),
            Some(Answer::Output(json!({})))
        );
        for bad in [
            "",
            "HTTP/1.1 500 Oh\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n<html>",
        ] {
            assert_eq!(answer(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_endpoint_is_a_host_and_a_port() {
        assert!(Remote::new("http://localhost:4566", PathBuf::new()).is_ok());
        assert_eq!(
            Remote::new("http://localhost:4566/", PathBuf::new()).ok(),
            Remote::new("http://localhost:4566", PathBuf::new()).ok()
        );
        for bad in [
            "localhost:4566",
            "https://localhost:4566",
            "http://localhost",
            "http://a:1/b",
        ] {
            assert!(Remote::new(bad, PathBuf::new()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_service_that_is_not_served_is_named() {
        let call = Call {
            account: "1",
            service: "quantum",
            operation: "X",
            params: &json!({}),
        };
        let unreachable = Remote::new("http://127.0.0.1:1", PathBuf::new()).unwrap();
        assert_eq!(
            unreachable.call(&call),
            Err("nothing serves `quantum` over this endpoint".to_owned())
        );
    }
}
